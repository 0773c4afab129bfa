"""Accept a payment: the order is paid, its goods leave the shelf, those concerned hear of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from weike import catalog, inventory, ledger, payment
from weike.kernel import Money, Tx, derived_id
from weike.trade import bookings
from weike.trade.events import OrderPaid, PaidLine
from weike.trade.model import BY_PAYMENT
from weike.trade.order import queries, refund_queries
from weike.trade.order.queries import LineRow, Told


async def accept_payment(
    tx: Tx, *, order_id: UUID, intent_id: UUID, amount: Money, paid_at: datetime, now: datetime
) -> bool:
    """Whether it moved the order; a payment that is told again does nothing.

    Money for an order that was cancelled in between is sent back.
    """
    paid = await queries.mark_paid(tx, order_id, amount=amount, paid_at=paid_at)
    if paid is None:
        await _give_back_if_late(tx, order_id, intent_id, amount, now=now)
        return False
    lines = await queries.lines_of(tx, order_id)
    # The product before its stock, as whoever edits both does: nobody waits in a circle.
    await catalog.add_sold(tx, pieces_by_product(lines))
    await inventory.take(tx, [order_id], now=now)
    if amount:
        await ledger.post(tx, bookings.order_due_ended(order_id, amount, paid=True, at=paid_at))
    await queries.tell(tx, [Told(order_id, "paid", BY_PAYMENT)], now=paid_at)
    tx.announce(
        OrderPaid(
            order_id=order_id,
            number=paid.number,
            member_id=paid.member_id,
            paid_minor=amount.minor,
            currency=amount.currency,
            promoter_id=paid.attribution.promoter_id,
            share_id=paid.attribution.share_id,
            attribution=paid.attribution,
            lines=[
                PaidLine(
                    position=line.position,
                    product_id=line.product_id,
                    sku_id=line.sku_id,
                    category_id=line.category_id,
                    title=line.title,
                    quantity=line.quantity,
                    paid_minor=line.paid_minor,
                    freight_share_minor=line.freight_share_minor,
                    cost_minor=line.cost_minor,
                    commission_rate_bp=line.commission_rate_bp,
                )
                for line in lines
            ],
            at=paid_at,
        )
    )
    return True


def pieces_by_product(lines: Sequence[LineRow], *, sign: int = 1) -> dict[UUID, int]:
    """How much better each product has sold; worse, when the sign is negative."""
    pieces: dict[UUID, int] = {}
    for line in lines:
        pieces[line.product_id] = pieces.get(line.product_id, 0) + sign * line.quantity
    return pieces


async def _give_back_if_late(
    tx: Tx, order_id: UUID, intent_id: UUID, amount: Money, *, now: datetime
) -> None:
    refund_id = derived_id(intent_id, "trade.late_payment")
    if not await queries.mark_paid_too_late(tx, order_id, amount=amount, paid_at=now):
        return
    await refund_queries.insert_refund(
        tx, refund_id, order_id, amount=amount, reason="late_payment", actor=BY_PAYMENT, now=now
    )
    await queries.tell(tx, [Told(order_id, "late_payment", BY_PAYMENT)], now=now)
    await payment.request_refund(
        tx,
        refund_id=refund_id,
        order_id=order_id,
        amount=amount,
        reason="订单已取消，自动退款",
        now=now,
    )
