"""Keep freight templates: list them with what uses them, put one, remove one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from weike import catalog, tenancy
from weike.kernel import Tx
from weike.kernel.edge import Caller
from weike.trade.errors import DefaultTemplate, TooManyTemplates, UnknownTemplate
from weike.trade.freight import queries
from weike.trade.freight.rules import FreightRules, check_rules

TEMPLATES_LIMIT = 50


class KeptTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """`products_count`: how many products take it, by name or because it is the default."""

    id: UUID
    name: str
    rules: FreightRules
    is_default: bool
    products_count: int
    updated_at: datetime


async def kept_templates(tx: Tx) -> list[KeptTemplate]:
    """The default one first."""
    rows = await queries.kept_templates(tx)
    named = await catalog.products_by_freight_template(tx)
    known = {row["id"] for row in rows}
    by_default = sum(count for id, count in named.items() if id not in known)
    return [
        KeptTemplate(
            id=row["id"],
            name=row["name"],
            rules=msgspec.convert(row["rules"], FreightRules),
            is_default=row["is_default"],
            products_count=named.get(row["id"], 0) + (by_default if row["is_default"] else 0),
            updated_at=row["updated_at"],
        )
        for row in rows
    ]


async def put_template(
    tx: Tx,
    *,
    template_id: UUID,
    name: str,
    rules: FreightRules,
    is_default: bool,
    caller: Caller,
    now: datetime,
) -> None:
    """Makes it or replaces it; the first one is the default, and the default stays so until
    another one is. Refuses with RegionTwice or TooManyTemplates."""
    check_rules(rules)
    known = await queries.lock_templates(tx)
    if template_id not in known and len(known) >= TEMPLATES_LIMIT:
        raise TooManyTemplates(limit=TEMPLATES_LIMIT)
    is_default = is_default or not known
    if is_default:
        await queries.clear_default(tx, except_id=template_id)
    await queries.put_template(
        tx, template_id, name=name, rules=rules, is_default=is_default, now=now
    )
    await _record(tx, caller, "freight.changed", template_id, name, now=now)


async def remove_template(tx: Tx, *, template_id: UUID, caller: Caller, now: datetime) -> None:
    """Its products take the default from then on. Refuses with UnknownTemplate or
    DefaultTemplate."""
    if template_id not in await queries.lock_templates(tx):
        raise UnknownTemplate()
    if not await queries.delete_template(tx, template_id):
        raise DefaultTemplate()
    await _record(tx, caller, "freight.removed", template_id, "", now=now)


async def _record(
    tx: Tx, caller: Caller, action: str, template_id: UUID, name: str, *, now: datetime
) -> None:
    await tenancy.record_audit(
        tx,
        actor=caller,
        action=action,
        subject_type="freight_template",
        subject_id=template_id,
        detail={"name": name} if name else {},
        now=now,
    )
