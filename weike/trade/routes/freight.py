"""Freight templates over HTTP, for the merchant."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import delete, get, post, put
from litestar.handlers import HTTPRouteHandler
from msgspec import Meta, Struct

from weike.kernel import Database, Tx
from weike.kernel.edge import Caller, refusing, staff
from weike.kernel.words import Words
from weike.trade.errors import (
    DefaultTemplate,
    RegionTwice,
    TooManyTemplates,
    UnknownTemplate,
)
from weike.trade.freight.keep_templates import (
    KeptTemplate,
    kept_templates,
    put_template,
    remove_template,
)
from weike.trade.freight.rules import FreightRules, Load, check_rules, fee_of, zone_for
from weike.trade.order.price_views import freight_text
from weike.trade.price.pricing import FreightPart

_Name = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f]+$")]


class TemplateAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    name: _Name
    rules: FreightRules
    is_default: bool = False


class ExampleAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    """What would it cost: rules as they are being edited, a district, and goods."""

    rules: FreightRules
    region_code: Annotated[str, Meta(pattern="^[0-9]{6}$")] | None = None
    pieces: Annotated[int, Meta(ge=1, le=100_000)] = 1
    weight_g: Annotated[int, Meta(ge=0, le=100_000_000)] = 0
    goods_minor: Annotated[int, Meta(ge=0, le=1_000_000_000)] = 0


class Example(Struct, kw_only=True):
    """`fee_minor` is none where nothing is delivered."""

    fee_minor: int | None
    text: str


class Templates(Struct, kw_only=True):
    items: list[KeptTemplate]


@get(
    "/api/console/freight-templates",
    opt=staff("products.read"),
    operation_id="list_freight_templates",
    tags=["console"],
)
async def list_templates(caller: Caller, database: Database) -> Templates:
    """The default one first."""
    return Templates(items=await database.run(caller.tenant_id, kept_templates))


@put(
    "/api/console/freight-templates/{template_id:uuid}",
    opt=refusing(staff("settings.write"), RegionTwice, TooManyTemplates),
    operation_id="put_freight_template",
    tags=["console"],
)
async def put_one(
    caller: Caller, database: Database, template_id: UUID, data: TemplateAsked, now: datetime
) -> Templates:
    """Makes the template or replaces it; answers all of them."""

    async def work(tx: Tx) -> Templates:
        await put_template(
            tx,
            template_id=template_id,
            name=data.name,
            rules=data.rules,
            is_default=data.is_default,
            caller=caller,
            now=now,
        )
        return Templates(items=await kept_templates(tx))

    return await database.run(caller.tenant_id, work)


@delete(
    "/api/console/freight-templates/{template_id:uuid}",
    opt=refusing(staff("settings.write"), UnknownTemplate, DefaultTemplate),
    operation_id="remove_freight_template",
    tags=["console"],
)
async def remove_one(caller: Caller, database: Database, template_id: UUID, now: datetime) -> None:
    """Its products take the default from then on."""
    await database.run(
        caller.tenant_id,
        lambda tx: remove_template(tx, template_id=template_id, caller=caller, now=now),
    )


@post(
    "/api/console/freight-templates/example",
    opt=refusing(staff("products.read"), RegionTwice),
    operation_id="freight_example",
    status_code=200,
    tags=["console"],
)
async def example(data: ExampleAsked, words: Words) -> Example:
    """The same rules that orders are computed with; nothing is kept."""
    check_rules(data.rules)
    zone = zone_for(data.rules, data.region_code)
    if zone is None:
        return Example(fee_minor=None, text=words("trade.preview.not_delivered"))
    load = Load(pieces=data.pieces, weight_g=data.weight_g, goods_paid_minor=data.goods_minor)
    fee = fee_of(zone, data.rules.measure, load)
    part = FreightPart(
        measure=data.rules.measure, zone=zone, load=load, fee_minor=fee, positions=()
    )
    return Example(fee_minor=fee, text=freight_text(part, words))


FREIGHT_ROUTES: tuple[HTTPRouteHandler, ...] = (list_templates, put_one, remove_one, example)
