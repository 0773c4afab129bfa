"""Other goods for what came back: shipped by the merchant, confirmed by the buyer or by time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike import inventory
from weike.kernel import Tx
from weike.trade.after_sale.errors import AfterSaleNotPossible
from weike.trade.after_sale.model import CONFIRM_WITHIN, Case, CaseState
from weike.trade.after_sale.queries import CaseTold
from weike.trade.after_sale.steps import allow, held, moved
from weike.trade.errors import OutOfStock
from weike.trade.model import Actor
from weike.trade.order import queries as order_queries


async def ship_replacement(
    tx: Tx, *, case_id: UUID, actor: Actor, courier: str, tracking_no: str, now: datetime
) -> Case:
    """Refuses with UnknownAfterSale, AfterSaleNotPossible, OutOfStock."""
    _, case = await held(tx, case_id, actor=actor)
    allow(case, "replace", actor=actor, by=("staff",))
    sku_id = case.replacement_sku_id
    if case.kind != "exchange" or case.stopped_at is not None or sku_id is None:
        raise AfterSaleNotPossible(number=case.number, state=case.state.value, step="replace")
    (line,) = case.lines
    short = await inventory.send_replacement(
        tx,
        order_id=case.order_id,
        sku_id=sku_id,
        quantity=line.quantity,
        cause=case.id,
        now=now,
    )
    if short is not None:
        titles = {
            one.position: one.title for one in await order_queries.lines_of(tx, case.order_id)
        }
        raise OutOfStock(title=titles[line.position], available=short)
    facts = {"courier": courier, "tracking_no": tracking_no}
    return await moved(
        tx,
        case,
        CaseState.REPLACED,
        CaseTold(case.id, "replaced", actor, facts=facts),
        now=now,
        replacement_courier=courier,
        replacement_tracking_no=tracking_no,
        deadline_at=now + CONFIRM_WITHIN,
    )


async def confirm_replacement(tx: Tx, *, case_id: UUID, actor: Actor, now: datetime) -> Case:
    """Refuses with UnknownAfterSale, AfterSaleNotPossible."""
    _, case = await held(tx, case_id, actor=actor)
    allow(case, "confirm", actor=actor, by=("member", "job"))
    kind = "confirmed_by_time" if actor.kind == "job" else "confirmed"
    return await moved(tx, case, CaseState.DONE, CaseTold(case.id, kind, actor), now=now)
