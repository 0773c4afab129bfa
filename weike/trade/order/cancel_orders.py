"""Cancel orders that are not paid: by the buyer, by the shop, by time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from weike import inventory, ledger, payment
from weike.kernel import Money, Tx
from weike.kernel.each import all_or_each
from weike.trade import bookings
from weike.trade.errors import NotCancellable
from weike.trade.events import OrderCancelled
from weike.trade.model import BY_TIME, Actor
from weike.trade.order import queries
from weike.trade.order.queries import Told
from weike.trade.ports import Ports
from weike.trade.price.take_discounts import give_back_discounts

AT_ONCE = 100


async def cancel_order(
    tx: Tx, ports: Ports, *, order_id: UUID, actor: Actor, reason: str, now: datetime
) -> None:
    """Refuses with UnknownOrder or NotCancellable. A member cancels only their own.

    Cancelling again what is cancelled already changes nothing and is no error.
    """
    order = await queries.lock_order(tx, order_id, member_id=_own(actor))
    if order.state == "cancelled":
        return
    if order.state != "placed" or not await payment.close_intent(tx, order_id=order_id, now=now):
        raise NotCancellable(number=order.number, state=order.state)
    await _cancel(tx, ports, [order_id], actor=actor, kind="cancelled", reason=reason, now=now)


async def expire_orders(tx: Tx, now: datetime, *, ports: Ports) -> int:
    """Those whose time to pay is over. One that was paid at the last moment is left alone."""

    async def expire(order_ids: Sequence[UUID]) -> list[UUID]:
        ended = [id for id in order_ids if await payment.close_intent(tx, order_id=id, now=now)]
        await _cancel(tx, ports, ended, actor=BY_TIME, kind="expired", reason="expired", now=now)
        return ended

    due = await queries.lock_expired(tx, now=now, limit=AT_ONCE)
    return len(await all_or_each(tx, due, expire, name="trade.expire_orders"))


async def _cancel(
    tx: Tx,
    ports: Ports,
    order_ids: Sequence[UUID],
    *,
    actor: Actor,
    kind: str,
    reason: str,
    now: datetime,
) -> None:
    """Their rows are locked and none of them is paid."""
    if not order_ids:
        return
    ended = await queries.mark_cancelled(tx, order_ids, reason=reason, now=now)
    await inventory.release(tx, order_ids)
    await give_back_discounts(
        tx, ports.price_rules, {order.id: order.price_notes for order in ended}, now=now
    )
    await ledger.post_many(
        tx,
        [
            bookings.order_due_ended(
                order.id, Money(order.payable_minor, order.currency), paid=False, at=now
            )
            for order in ended
            if order.payable_minor
        ],
    )
    await queries.tell(tx, [Told(order.id, kind, actor, reason) for order in ended], now=now)
    for order in ended:
        tx.announce(
            OrderCancelled(order_id=order.id, member_id=order.member_id, reason=reason, at=now)
        )


def _own(actor: Actor) -> UUID | None:
    return actor.id if actor.kind == "member" else None
