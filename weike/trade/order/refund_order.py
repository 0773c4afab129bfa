"""Refund an order that is paid and not shipped: all of it, back to whoever paid.

Asking promises the money back and stops the order; what the provider answers ends it: with the
goods on the shelf again, or with the order standing as if nobody had asked.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike import catalog, inventory, payment
from weike.kernel import IdTakenByOther, Invalid, Money, Tx, is_chosen
from weike.trade.errors import BeingRefunded, NotRefundable
from weike.trade.events import OrderRefunded, RefundedLine
from weike.trade.model import BY_PAYMENT, Actor
from weike.trade.order import queries, refund_queries
from weike.trade.order.accept_payment import pieces_by_product
from weike.trade.order.queries import OrderRow, Told
from weike.trade.price.pricing import nothing_back, spread_refund


async def refund_order(
    tx: Tx, *, refund_id: UUID, order_id: UUID, actor: Actor, reason: str, now: datetime
) -> None:
    """The same refund again changes nothing. A member refunds only their own. An order that cost
    nothing is given up at once: no provider has to be asked.

    Refuses with Invalid (an id that is no uuid v7), UnknownOrder, NotRefundable, BeingRefunded,
    IdTakenByOther.
    """
    if not is_chosen(refund_id):
        raise Invalid(field="id")
    order = await queries.lock_order(
        tx, order_id, member_id=actor.id if actor.kind == "member" else None
    )
    if earlier := await refund_queries.refund_by_id(tx, refund_id):
        if earlier.order_id != order_id:
            raise IdTakenByOther(field="id")
        return
    if order.pay_state == "refunding":
        raise BeingRefunded(number=order.number)
    if not order.paid_minor and order.pay_state == "refunded":
        return
    if not order.paid_minor and (order.state, order.pay_state) == ("paid", "paid"):
        await queries.mark_refunding(tx, order_id)
        await queries.tell(tx, [Told(order_id, "refund_requested", actor, reason)], now=now)
        await _complete(tx, order, refund_id, amount_minor=0, by=actor, at=now, now=now)
        return
    amount = Money(order.paid_minor - order.refunded_minor, order.currency)
    if order.state not in ("paid", "cancelled") or order.pay_state != "paid" or not amount:
        raise NotRefundable(number=order.number, state=order.state)
    await queries.mark_refunding(tx, order_id)
    await refund_queries.insert_refund(
        tx, refund_id, order_id, amount=amount, reason=reason, actor=actor, now=now
    )
    await queries.tell(tx, [Told(order_id, "refund_requested", actor, reason)], now=now)
    await payment.request_refund(
        tx, refund_id=refund_id, order_id=order_id, amount=amount, reason=reason, now=now
    )


async def complete_refund(
    tx: Tx, *, refund_id: UUID, order_id: UUID, at: datetime, now: datetime
) -> bool:
    """The money is with the buyer. Whether this was news; being told again does nothing."""
    order = await queries.lock_order(tx, order_id)
    amount_minor = await refund_queries.end_refund(tx, refund_id, state="succeeded", now=at)
    if amount_minor is None:
        return False
    await _complete(tx, order, refund_id, amount_minor=amount_minor, by=BY_PAYMENT, at=at, now=now)
    return True


async def _complete(
    tx: Tx,
    order: OrderRow,
    refund_id: UUID,
    *,
    amount_minor: int,
    by: Actor,
    at: datetime,
    now: datetime,
) -> None:
    """The order is locked and being refunded."""
    await queries.mark_refunded(tx, order.id, amount_minor=amount_minor, now=now)
    told = Told(order.id, "refunded", by, facts={"amount_minor": amount_minor})
    await queries.tell(tx, [told], now=at)
    if order.state == "cancelled":  # A payment that came too late never reached the lines.
        return
    lines = await queries.lines_of(tx, order.id)
    paid = [(line.paid_minor, line.refunded_minor) for line in lines]
    parts = spread_refund(amount_minor, paid) if amount_minor else nothing_back(paid)
    await queries.add_refunded(
        tx, order.id, {part.position: part.cumulative_refunded_minor for part in parts}
    )
    await catalog.add_sold(tx, pieces_by_product(lines, sign=-1))
    await inventory.restore(tx, [order.id], now=now)
    tx.announce(
        OrderRefunded(
            order_id=order.id,
            refund_id=refund_id,
            member_id=order.member_id,
            lines=[
                RefundedLine(
                    position=line.position,
                    refunded_minor=part.refunded_minor,
                    cumulative_refunded_minor=part.cumulative_refunded_minor,
                    # Money that goes back is for the goods first, then for their freight.
                    cumulative_goods_refunded_minor=min(
                        part.cumulative_refunded_minor, line.paid_minor - line.freight_share_minor
                    ),
                    quantity=line.quantity,
                )
                for line, part in zip(lines, parts, strict=True)
            ],
            at=at,
        )
    )


async def resume_after_refusal(
    tx: Tx, *, refund_id: UUID, order_id: UUID, provider_code: str, now: datetime
) -> bool:
    """The provider will not refund: the order stands as before, and its timeline says why."""
    await queries.lock_order(tx, order_id)
    if await refund_queries.end_refund(tx, refund_id, state="refused", now=now) is None:
        return False
    await queries.mark_refund_refused(tx, order_id)
    await queries.tell(tx, [Told(order_id, "refund_refused", BY_PAYMENT, provider_code)], now=now)
    return True
