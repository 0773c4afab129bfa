"""Give money of an order back, line by line, in as many parts as it takes, to whoever paid.

Asking promises the money; what the provider answers ends it: the lines have given it back and
pieces that never left lie on the shelf again, or everything stands as if nobody had asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from weike import catalog, inventory, ledger, payment
from weike.kernel import Money, Tx
from weike.trade import bookings
from weike.trade.errors import NotRefundable
from weike.trade.events import OrderRefunded, RefundedLine
from weike.trade.model import BY_PAYMENT, Actor
from weike.trade.order import queries, refund_queries
from weike.trade.order.queries import LineRow, OrderRow, Told
from weike.trade.order.refund_queries import RefundLine
from weike.trade.price.refunding import everything_left


async def ask_refund(
    tx: Tx,
    *,
    refund_id: UUID,
    order: OrderRow,
    lines: Sequence[RefundLine],
    actor: Actor,
    reason: str,
    now: datetime,
) -> bool:
    """Whether it is done already, as what costs nothing is: no provider has to be asked.

    The order is locked. Refuses with NotRefundable when less is left than the lines say.
    """
    amount = Money(sum(line.amount_minor for line in lines), order.currency)
    # What is not in escrow any more comes back from the merchant first.
    covered = max(0, amount.minor - (order.left_minor - order.settled_minor))
    if not await refund_queries.mark_promised(
        tx, order.id, amount_minor=amount.minor, covered_minor=covered
    ):
        raise NotRefundable(number=order.number, state=order.state)
    await queries.tell(
        tx,
        [
            Told(
                order.id,
                "refund_requested",
                actor,
                reason,
                facts={"amount_minor": amount.minor},
            )
        ],
        now=now,
    )
    if not amount:
        await _complete(tx, order, refund_id, amount, lines, by=actor, at=now, now=now)
        return True
    await refund_queries.promise_lines(tx, order.id, lines)
    await refund_queries.insert_refund(
        tx,
        refund_id,
        order.id,
        amount=amount,
        covered_minor=covered,
        reason=reason,
        actor=actor,
        now=now,
    )
    if lines:
        await refund_queries.insert_lines(tx, refund_id, order.id, lines)
    if covered:
        await ledger.post(
            tx,
            bookings.refund_covered(refund_id, order.id, Money(covered, order.currency), at=now),
        )
    await payment.request_refund(
        tx, refund_id=refund_id, order_id=order.id, amount=amount, reason=reason, now=now
    )
    return False


async def ask_again_late(
    tx: Tx, *, refund_id: UUID, order: OrderRow, actor: Actor, reason: str, now: datetime
) -> None:
    """A payment that came too late and whose refund was refused: its lines never knew of it."""
    amount = Money(order.left_minor, order.currency)
    if not amount or not await refund_queries.mark_promised(
        tx, order.id, amount_minor=amount.minor, covered_minor=0
    ):
        raise NotRefundable(number=order.number, state=order.state)
    await refund_queries.insert_refund(
        tx, refund_id, order.id, amount=amount, reason=reason, actor=actor, now=now
    )
    await queries.tell(tx, [Told(order.id, "refund_requested", actor, reason)], now=now)
    await payment.request_refund(
        tx, refund_id=refund_id, order_id=order.id, amount=amount, reason=reason, now=now
    )


async def complete_refund(
    tx: Tx, *, refund_id: UUID, order_id: UUID, at: datetime, now: datetime
) -> bool:
    """The money is with the buyer. Whether this was news; being told again does nothing."""
    order = await queries.lock_order(tx, order_id)
    ended = await refund_queries.end_refund(tx, refund_id, state="succeeded", now=at)
    if ended is None:
        return False
    lines = await refund_queries.lines_of_refund(tx, refund_id)
    await refund_queries.promise_lines(tx, order_id, lines, sign=-1)
    amount = Money(ended["amount_minor"], order.currency)
    await _complete(tx, order, refund_id, amount, lines, by=BY_PAYMENT, at=at, now=now)
    return True


async def resume_after_refusal(
    tx: Tx, *, refund_id: UUID, order_id: UUID, provider_code: str, now: datetime
) -> bool:
    """The provider will not refund: the order stands as before, and its timeline says why."""
    order = await queries.lock_order(tx, order_id)
    ended = await refund_queries.end_refund(tx, refund_id, state="refused", now=now)
    if ended is None:
        return False
    lines = await refund_queries.lines_of_refund(tx, refund_id)
    await refund_queries.promise_lines(tx, order_id, lines, sign=-1)
    await refund_queries.mark_kept(
        tx,
        order_id,
        amount_minor=ended["amount_minor"],
        covered_minor=ended["covered_minor"],
    )
    if covered := Money(ended["covered_minor"], order.currency):
        await ledger.post(tx, bookings.refund_uncovered(refund_id, order_id, covered, at=now))
    await queries.tell(tx, [Told(order_id, "refund_refused", BY_PAYMENT, provider_code)], now=now)
    return True


async def _complete(
    tx: Tx,
    order: OrderRow,
    refund_id: UUID,
    amount: Money,
    parts: Sequence[RefundLine],
    *,
    by: Actor,
    at: datetime,
    now: datetime,
) -> None:
    """The order is locked, and what was promised is promised no more."""
    is_late = order.state == "cancelled"  # A payment that came too late never reached the lines.
    lines = [] if is_late else await queries.lines_of(tx, order.id)
    if not parts:
        parts = [_all_of(line) for line in lines]
    nothing_shipped = order.state == "paid" and order.fulfilment_state not in ("part", "shipped")
    is_all = order.refunded_minor + amount.minor == order.paid_minor and (
        amount.minor > 0 or _every_piece(lines, parts)
    )
    if is_all and nothing_shipped:
        # What cost nothing goes with the rest: nobody ships a present without its order.
        known = {part.position for part in parts}
        parts = [*parts, *(_all_of(line) for line in lines if line.position not in known)]
    await refund_queries.mark_back(
        tx,
        order.id,
        amount_minor=amount.minor,
        is_all=is_all,
        cancels=is_all and nothing_shipped,
        now=now,
    )
    told = Told(order.id, "refunded", by, facts={"amount_minor": amount.minor})
    await queries.tell(tx, [told], now=at)
    if not is_late:
        await refund_queries.write_back(tx, order.id, parts)
        await _goods_back(tx, order, refund_id, lines, parts, now=now)
        tx.announce(_refunded(order, refund_id, amount, lines, parts, is_all=is_all, at=at))


async def _goods_back(
    tx: Tx,
    order: OrderRow,
    refund_id: UUID,
    lines: Sequence[LineRow],
    parts: Sequence[RefundLine],
    *,
    now: datetime,
) -> None:
    """Fewer were sold, and what never left the house lies on the shelf."""
    by_position = {line.position: line for line in lines}
    unsold: dict[UUID, int] = {}
    unshipped: dict[UUID, int] = {}
    for part in parts:
        line = by_position[part.position]
        unsold[line.product_id] = unsold.get(line.product_id, 0) - part.quantity
        unshipped[line.sku_id] = unshipped.get(line.sku_id, 0) + part.unshipped_quantity
    await catalog.add_sold(tx, {product: pieces for product, pieces in unsold.items() if pieces})
    await inventory.bring_back(
        tx, order_id=order.id, pieces=unshipped, cause=refund_id, reason="restored", now=now
    )


def _refunded(
    order: OrderRow,
    refund_id: UUID,
    amount: Money,
    lines: Sequence[LineRow],
    parts: Sequence[RefundLine],
    *,
    is_all: bool,
    at: datetime,
) -> OrderRefunded:
    back = {part.position: part for part in parts}

    def told(line: LineRow) -> RefundedLine:
        part = back.get(line.position, RefundLine(line.position, 0, 0, 0, 0))
        freight = line.refunded_freight_minor + part.freight_minor
        total = line.refunded_minor + part.amount_minor
        return RefundedLine(
            position=line.position,
            refunded_minor=part.amount_minor,
            cumulative_refunded_minor=total,
            cumulative_goods_refunded_minor=min(
                total - freight, line.paid_minor - line.freight_share_minor
            ),
            quantity=part.quantity,
            cumulative_quantity=line.refunded_quantity + part.quantity,
        )

    return OrderRefunded(
        order_id=order.id,
        refund_id=refund_id,
        member_id=order.member_id,
        amount_minor=amount.minor,
        is_all=is_all,
        lines=[told(line) for line in lines],
        at=at,
    )


def _all_of(line: LineRow) -> RefundLine:
    left = everything_left(line.money)
    return RefundLine(
        position=line.position,
        quantity=left.quantity,
        unshipped_quantity=left.quantity,
        goods_minor=left.goods_minor,
        freight_minor=left.freight_minor,
    )


def _every_piece(lines: Sequence[LineRow], parts: Sequence[RefundLine]) -> bool:
    back = {part.position: part.quantity for part in parts}
    return all(
        line.refunded_quantity + back.get(line.position, 0) == line.quantity for line in lines
    )
