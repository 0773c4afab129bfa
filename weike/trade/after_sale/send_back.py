"""Goods on their way back: the buyer sends them, the merchant accepts or refuses what arrives."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from weike import inventory
from weike.kernel import Tx
from weike.trade.after_sale import queries
from weike.trade.after_sale.errors import TooManyPiecesBack
from weike.trade.after_sale.model import (
    ACCEPT_WITHIN,
    APPEAL_WITHIN,
    REPLACE_WITHIN,
    Case,
    CaseState,
)
from weike.trade.after_sale.queries import CaseTold
from weike.trade.after_sale.refund_case import start_refund
from weike.trade.after_sale.steps import allow, held, moved, pictures_of, reason_of
from weike.trade.model import Actor
from weike.trade.order import queries as order_queries


async def send_back(
    tx: Tx, *, case_id: UUID, actor: Actor, courier: str, tracking_no: str, now: datetime
) -> Case:
    """Refuses with UnknownAfterSale, AfterSaleNotPossible."""
    _, case = await held(tx, case_id, actor=actor)
    allow(case, "send_back", actor=actor, by=("member",))
    facts = {"courier": courier, "tracking_no": tracking_no}
    return await moved(
        tx,
        case,
        CaseState.SENT_BACK,
        CaseTold(case.id, "sent_back", actor, facts=facts),
        now=now,
        return_courier=courier,
        return_tracking_no=tracking_no,
        deadline_at=now + ACCEPT_WITHIN,
    )


async def accept_return(
    tx: Tx,
    *,
    case_id: UUID,
    actor: Actor,
    resaleable: Mapping[int, int],
    note: str = "",
    now: datetime,
) -> Case:
    """`resaleable`: by position, how many of the pieces can be sold again; they lie on the shelf
    at once. Refuses with UnknownAfterSale, AfterSaleNotPossible, TooManyPiecesBack."""
    order, case = await held(tx, case_id, actor=actor)
    allow(case, "accept", actor=actor, by=("staff", "job"))
    sent = {line.position: line.quantity for line in case.lines}
    for position, quantity in resaleable.items():
        if not 0 <= quantity <= sent.get(position, 0):
            raise TooManyPiecesBack(field="resaleable", left=sent.get(position, 0))
    await _on_the_shelf(tx, case, {at: resaleable.get(at, 0) for at in sent}, now=now)
    kind = "accepted_by_time" if actor.kind == "job" else "accepted"
    told = CaseTold(case.id, kind, actor, note, facts={"resaleable": sum(resaleable.values())})
    if case.kind == "exchange":
        return await moved(
            tx, case, CaseState.RECEIVED, told, now=now, deadline_at=now + REPLACE_WITHIN
        )
    await queries.tell(tx, told, now=now)
    return await start_refund(tx, order, case, amount_minor=case.amount_minor, actor=actor, now=now)


async def refuse_return(
    tx: Tx,
    *,
    case_id: UUID,
    actor: Actor,
    reason: str,
    media_ids: tuple[UUID, ...] = (),
    now: datetime,
) -> Case:
    """Refuses with UnknownAfterSale, AfterSaleNotPossible, ReasonNeeded."""
    _, case = await held(tx, case_id, actor=actor)
    allow(case, "refuse", actor=actor, by=("staff",))
    told = CaseTold(
        case.id, "refused", actor, reason_of(reason), media_ids=await pictures_of(tx, media_ids)
    )
    return await moved(
        tx,
        case,
        CaseState.REFUSED_ON_RECEIPT,
        told,
        now=now,
        stopped_at=CaseState.SENT_BACK.value,
        deadline_at=now + APPEAL_WITHIN,
    )


async def _on_the_shelf(
    tx: Tx, case: Case, resaleable: Mapping[int, int], *, now: datetime
) -> None:
    await queries.set_resaleable(tx, case, resaleable)
    if not any(resaleable.values()):
        return
    skus = {line.position: line.sku_id for line in await order_queries.lines_of(tx, case.order_id)}
    # What was exchanged before is another SKU than the one that was ordered.
    skus |= await queries.replaced_skus(tx, case.order_id)
    pieces: dict[UUID, int] = {}
    for position, quantity in resaleable.items():
        pieces[skus[position]] = pieces.get(skus[position], 0) + quantity
    await inventory.bring_back(
        tx, order_id=case.order_id, pieces=pieces, cause=case.id, reason="returned", now=now
    )
