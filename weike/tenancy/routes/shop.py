"""The shop's settings for the merchant, its profile for everybody in it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, put
from litestar.handlers import HTTPRouteHandler
from msgspec import Meta

from weike.kernel import Database, Tx
from weike.kernel.edge import SHOP, Caller, cached, staff
from weike.tenancy import shop
from weike.tenancy.model import Tenant
from weike.tenancy.ports import ShopFacts
from weike.tenancy.routes.sign_in import Name


class ShopInput(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`slug` may be sent back as it was read; it never changes. What is left out stays."""

    name: Name
    slug: str | None = None
    logo_media_id: UUID | None = None
    intro: Annotated[str, Meta(max_length=500)] | None = None
    contact_phone: Annotated[str, Meta(max_length=30, pattern=r"^[0-9+() -]*$")] | None = None
    licence_name: Annotated[str, Meta(max_length=100)] | None = None
    licence_no: Annotated[str, Meta(max_length=50, pattern="^[0-9A-Za-z-]*$")] | None = None
    allow_negative_margin: bool | None = None
    channel_fee_bp: Annotated[int, Meta(ge=0, le=1000)] | None = None
    order_expire_minutes: Annotated[int, Meta(ge=5, le=1440)] | None = None
    auto_receive_days: Annotated[int, Meta(ge=1, le=60)] | None = None
    after_sale_days: Annotated[int, Meta(ge=7, le=90)] | None = None
    """Seven days are the law's."""
    return_name: Annotated[str, Meta(max_length=50)] | None = None
    return_phone: Annotated[str, Meta(max_length=30, pattern=r"^[0-9+() -]*$")] | None = None
    return_address: Annotated[str, Meta(max_length=200)] | None = None


class ShopOutput(msgspec.Struct, kw_only=True):
    name: str
    slug: str
    intro: str
    contact_phone: str
    licence_name: str
    licence_no: str
    logo_media_id: UUID | None
    logo_url: str | None
    currency: str
    time_zone: str
    allow_negative_margin: bool
    channel_fee_bp: int
    order_expire_minutes: int
    auto_receive_days: int
    after_sale_days: int
    return_name: str
    return_phone: str
    return_address: str


_OF_THE_SHOP = frozenset({"name", "slug", "logo_media_id"})


@get(
    "/api/console/shop",
    opt=staff("settings.read"),
    operation_id="read_shop_settings",
    tags=["console"],
)
async def read_shop(caller: Caller, database: Database, shop_facts: ShopFacts) -> ShopOutput:
    async def read(tx: Tx) -> ShopOutput:
        tenant = await shop.tenant_of(tx)
        return _shown(tenant, await shop.logo_url(tx, shop_facts, tenant))

    return await database.run(caller.tenant_id, read)


@put(
    "/api/console/shop",
    opt=staff("settings.write"),
    operation_id="change_shop_settings",
    tags=["console"],
)
async def change_shop(
    caller: Caller, database: Database, shop_facts: ShopFacts, data: ShopInput, now: datetime
) -> ShopOutput:
    given = {
        key: value
        for key, value in msgspec.structs.asdict(data).items()
        if key not in _OF_THE_SHOP and value is not None
    }

    async def work(tx: Tx) -> ShopOutput:
        tenant = await shop.change_shop(
            tx,
            caller=caller,
            name=data.name,
            logo_media_id=data.logo_media_id,
            changes=given,
            now=now,
        )
        return _shown(tenant, await shop.logo_url(tx, shop_facts, tenant))

    return await database.run(caller.tenant_id, work)


@get("/api/shop/profile", opt=cached(SHOP), operation_id="shop_profile", tags=["shop"])
async def read_profile(
    caller: Caller, database: Database, shop_facts: ShopFacts, now: datetime
) -> shop.ShopProfile:
    """What a visitor may know about the shop."""
    return await database.run(
        caller.tenant_id, lambda tx: shop.shop_profile(tx, shop_facts, now=now)
    )


def _shown(tenant: Tenant, logo_url: str | None) -> ShopOutput:
    return ShopOutput(
        name=tenant.name,
        slug=tenant.slug,
        logo_media_id=tenant.logo_media_id,
        logo_url=logo_url,
        **msgspec.structs.asdict(tenant.settings),
    )


SHOP_ROUTES: tuple[HTTPRouteHandler, ...] = (read_shop, change_shop, read_profile)
