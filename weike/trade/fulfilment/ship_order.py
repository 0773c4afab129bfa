"""Ship an order: a parcel is on its way, and the clock of automatic receipt begins."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from weike import tenancy
from weike.kernel import IdTakenByOther, Tx
from weike.trade.errors import BeingRefunded, NotShippable
from weike.trade.events import OrderShipped
from weike.trade.model import Actor
from weike.trade.order import queries
from weike.trade.order.queries import Told


async def ship_order(
    tx: Tx,
    *,
    parcel_id: UUID,
    order_id: UUID,
    courier: str,
    tracking_no: str,
    actor: Actor,
    now: datetime,
) -> None:
    """The same parcel again changes nothing.

    Refuses with UnknownOrder, NotShippable, BeingRefunded, IdTakenByOther.
    """
    # Locked first: of two that ask for the same parcel at once, the second finds it.
    order = await queries.lock_order(tx, order_id)
    if earlier := await queries.parcel_by_id(tx, parcel_id):
        if earlier != (order_id, courier, tracking_no):
            raise IdTakenByOther(field="id")
        return
    if order.state == "paid" and order.pay_state == "refunding":
        raise BeingRefunded(number=order.number)
    if (order.state, order.pay_state) != ("paid", "paid"):
        raise NotShippable(number=order.number, state=order.state)
    shop = await tenancy.shop_settings(tx)
    await queries.mark_shipped(
        tx, order_id, now=now, auto_receive_at=now + timedelta(days=shop.auto_receive_days)
    )
    await queries.insert_parcel(
        tx,
        parcel_id,
        order_id,
        courier=courier,
        tracking_no=tracking_no,
        staff_id=actor.id,
        now=now,
    )
    facts = {"courier": courier, "tracking_no": tracking_no}
    await queries.tell(tx, [Told(order_id, "shipped", actor, facts=facts)], now=now)
    tx.announce(
        OrderShipped(order_id=order_id, member_id=order.member_id, parcel_id=parcel_id, at=now)
    )
