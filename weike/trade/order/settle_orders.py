"""Settle orders: the after-sale window is over, the money leaves escrow and is the merchant's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from weike import ledger
from weike.kernel import Money, Tx
from weike.kernel.each import all_or_each
from weike.trade import bookings
from weike.trade.events import OrderSettled
from weike.trade.model import BY_TIME
from weike.trade.order import queries
from weike.trade.order.queries import Told

AT_ONCE = 100


async def settle_due(tx: Tx, now: datetime) -> int:
    due = await queries.lock_due_settlements(tx, now=now, limit=AT_ONCE)
    return len(
        await all_or_each(
            tx, due, lambda ids: _settle(tx, ids, now=now), name="trade.settle_orders"
        )
    )


async def _settle(tx: Tx, due: Sequence[UUID], *, now: datetime) -> Sequence[object]:
    settled = await queries.mark_settled(tx, due, now=now)
    await ledger.post_many(
        tx,
        [
            bookings.order_settled(order.id, Money(order.settled_minor, order.currency), at=now)
            for order in settled
            if order.settled_minor
        ],
    )
    await queries.tell(tx, [Told(order.id, "settled", BY_TIME) for order in settled], now=now)
    for order in settled:
        tx.announce(
            OrderSettled(
                order_id=order.id,
                settled_minor=order.settled_minor,
                currency=order.currency,
                at=now,
            )
        )
    return settled
