"""The money of a case: started, with the buyer, or refused by the provider."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike.kernel import Tx, derived_id
from weike.trade.after_sale import queries
from weike.trade.after_sale.errors import AmountTooHigh, TooManyPiecesBack
from weike.trade.after_sale.model import (
    RETRY_WITHIN,
    Case,
    CaseLine,
    CaseState,
    Limits,
    limits_of,
)
from weike.trade.after_sale.queries import CaseTold
from weike.trade.after_sale.steps import allow, held, moved
from weike.trade.fulfilment.shipped_pieces import ship_if_complete
from weike.trade.model import BY_PAYMENT, BY_TIME, Actor
from weike.trade.order import queries as order_queries
from weike.trade.order.queries import OrderRow
from weike.trade.order.refund_order import ask_refund
from weike.trade.order.refund_queries import RefundLine
from weike.trade.price.refunding import spread


async def limits_now(tx: Tx, case: Case) -> Limits:
    """What the case may give back as things stand. Refuses with TooManyPiecesBack."""
    lines = {line.position: line.money for line in await order_queries.lines_of(tx, case.order_id)}
    for asked in case.lines:
        if asked.quantity > lines[asked.position].pieces_left:
            raise TooManyPiecesBack(left=lines[asked.position].pieces_left)
    return limits_of(case.kind, case.reason_code, case.lines, lines)


async def start_refund(
    tx: Tx,
    order: OrderRow,
    case: Case,
    *,
    amount_minor: int,
    actor: Actor,
    now: datetime,
) -> Case:
    """Refuses with TooManyPiecesBack, AmountTooHigh, NotRefundable."""
    limits = await limits_now(tx, case)
    if amount_minor > limits.most_minor:
        raise AmountTooHigh(field="amount_minor", limit_minor=limits.most_minor)
    attempt = case.refund_attempts
    refund_id = derived_id(case.id, f"trade.refund:{attempt}") if attempt else case.id
    refunding = await moved(
        tx,
        case,
        CaseState.REFUNDING,
        CaseTold(case.id, "refunding", actor, facts={"amount_minor": amount_minor}),
        now=now,
        amount_minor=amount_minor,
        refund_id=refund_id,
        refund_attempts=attempt + 1,
    )
    done = await ask_refund(
        tx,
        refund_id=refund_id,
        order=order,
        lines=_lines(case.lines, limits, amount_minor),
        actor=actor,
        reason=case.remark or case.number,
        now=now,
    )
    return await _finish(tx, refunding, now=now) if done else refunding


async def refund_again(tx: Tx, *, case_id: UUID, actor: Actor, now: datetime) -> Case:
    """The goods are back and the refund had failed. Refuses with AfterSaleNotPossible and more."""
    order, case = await held(tx, case_id, actor=actor)
    allow(case, "refund", actor=actor, by=("staff", "job"))
    return await start_refund(tx, order, case, amount_minor=case.amount_minor, actor=actor, now=now)


async def finish_refund(tx: Tx, *, refund_id: UUID, now: datetime) -> None:
    """The money of a case is with the buyer; a refund of none is passed over."""
    case = await queries.case_of_refund(tx, refund_id)
    if case is not None and case.state is CaseState.REFUNDING:
        await _finish(tx, case, now=now)


async def fail_refund(tx: Tx, *, refund_id: UUID, provider_code: str, now: datetime) -> None:
    """The case goes back to the merchant, with the provider's reason."""
    case = await queries.case_of_refund(tx, refund_id)
    if case is None or case.state is not CaseState.REFUNDING:
        return
    await moved(
        tx,
        case,
        CaseState.RECEIVED if case.needs_goods_back else CaseState.ASKED,
        CaseTold(case.id, "refund_failed", BY_PAYMENT, provider_code),
        now=now,
        deadline_at=now + RETRY_WITHIN,
    )


async def _finish(tx: Tx, case: Case, *, now: datetime) -> Case:
    told = CaseTold(case.id, "done", BY_PAYMENT if case.amount_minor else BY_TIME)
    done = await moved(tx, case, CaseState.DONE, told, now=now)
    if any(line.unshipped_quantity for line in case.lines):
        # What was called off may have been all that an order still waited for.
        await ship_if_complete(tx, case.order_id, now=now)
    return done


def _lines(asked: tuple[CaseLine, ...], limits: Limits, amount_minor: int) -> list[RefundLine]:
    return [
        RefundLine(
            position=part.position,
            quantity=part.quantity,
            unshipped_quantity=line.unshipped_quantity,
            goods_minor=part.goods_minor,
            freight_minor=part.freight_minor,
        )
        for line, part in zip(asked, spread(amount_minor, limits.parts), strict=True)
    ]
