"""Receive orders: by the buyer's word or by time. The after-sale window begins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from weike import tenancy
from weike.kernel import Tx
from weike.kernel.each import all_or_each
from weike.trade.errors import NotReceivable
from weike.trade.events import OrderReceived
from weike.trade.model import BY_TIME, Actor
from weike.trade.order import queries
from weike.trade.order.queries import Told

AT_ONCE = 100


async def receive_order(tx: Tx, *, order_id: UUID, member_id: UUID, now: datetime) -> None:
    """Refuses with UnknownOrder or NotReceivable; saying it again is no error."""
    order = await queries.lock_order(tx, order_id, member_id=member_id)
    if order.state in ("received", "settled"):
        return
    if order.state != "shipped":
        raise NotReceivable(number=order.number, state=order.state)
    await receive(tx, [order_id], actor=Actor("member", member_id), kind="received", now=now)


async def receive_due(tx: Tx, now: datetime) -> int:
    """Those that nobody confirmed in time."""

    async def receive_all(order_ids: Sequence[UUID]) -> Sequence[UUID]:
        await receive(tx, order_ids, actor=BY_TIME, kind="received_by_time", now=now)
        return order_ids

    due = await queries.lock_overdue_receipts(tx, now=now, limit=AT_ONCE)
    return len(await all_or_each(tx, due, receive_all, name="trade.receive_orders"))


async def receive(
    tx: Tx, order_ids: Sequence[UUID], *, actor: Actor, kind: str, now: datetime
) -> None:
    """Shipped orders whose rows are ours; others among them stay as they are. `kind` is what the
    timeline says."""
    if not order_ids:
        return
    shop = await tenancy.shop_settings(tx)
    settle_at = now + timedelta(days=shop.after_sale_days)
    received = await queries.mark_received(tx, order_ids, now=now, settle_at=settle_at)
    await queries.tell(tx, [Told(order.id, kind, actor) for order in received], now=now)
    for order in received:
        tx.announce(
            OrderReceived(order_id=order.id, member_id=order.member_id, at=now, settle_at=settle_at)
        )
