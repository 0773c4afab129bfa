"""What of an order is still to be handed over, and what follows when nothing is."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from weike import tenancy
from weike.kernel import Tx
from weike.trade.events import OrderShipped, ParcelSent
from weike.trade.fulfilment import queries
from weike.trade.fulfilment.model import ParcelKind, left_of, receive_days
from weike.trade.model import Actor
from weike.trade.order import queries as order_queries
from weike.trade.order.queries import OrderRow, Told


async def unshipped(tx: Tx, order_id: UUID) -> dict[int, int]:
    """Pieces still to be handed over by position; positions with none are absent."""
    return left_of(await queries.lines_of(tx, order_id))


async def ship_if_complete(tx: Tx, order_id: UUID, *, now: datetime) -> bool:
    """A partly shipped order of which nothing is left, because the rest was called off, is
    shipped. Whether it moved."""
    order = await order_queries.lock_order(tx, order_id)
    if (order.state, order.pay_state) != ("paid", "paid"):
        return False
    parcels = await queries.parcels_of(tx, order_id)
    if not parcels or await unshipped(tx, order_id):
        return False
    if await queries.has_pieces_asked_back(tx, order_id):
        return False
    kinds = [parcel.kind for parcel in parcels]
    await mark_all_shipped(tx, order, kinds=kinds, parcel_id=parcels[-1].id, now=now)
    return True


async def mark_all_shipped(
    tx: Tx, order: OrderRow, *, kinds: list[ParcelKind], parcel_id: UUID, now: datetime
) -> None:
    """The clock of automatic receipt begins with the last parcel."""
    shop = await tenancy.shop_settings(tx)
    days = receive_days(kinds, shop.auto_receive_days)
    await order_queries.mark_shipped(
        tx, order.id, now=now, auto_receive_at=now + timedelta(days=days)
    )
    tx.announce(
        OrderShipped(order_id=order.id, member_id=order.member_id, parcel_id=parcel_id, at=now)
    )


async def hand_over(
    tx: Tx,
    order: OrderRow,
    parcel_id: UUID,
    *,
    kind: ParcelKind,
    pieces: dict[int, int],
    actor: Actor,
    told_whole: str,
    told_part: str,
    courier: str = "",
    tracking_no: str = "",
    note: str = "",
    now: datetime,
) -> bool:
    """A parcel leaves; whether it was the last. The order's row is ours, and the pieces are left.

    `told_whole` and `told_part` are what the timeline says when it is the last one, or not.
    """
    await queries.insert_parcel(
        tx,
        parcel_id,
        order.id,
        kind=kind,
        pieces=pieces,
        courier=courier,
        tracking_no=tracking_no,
        note=note,
        staff_id=actor.id if actor.kind == "staff" else None,
        now=now,
    )
    # Pieces asked back in an open case may still have to be handed over: not before it closes is
    # anything the last parcel (`ship_if_complete`).
    is_last = not (
        await unshipped(tx, order.id) or await queries.has_pieces_asked_back(tx, order.id)
    )
    facts: dict[str, object] = {"pieces": sum(pieces.values())}
    if tracking_no:
        facts |= {"courier": courier, "tracking_no": tracking_no}
    told = Told(order.id, told_whole if is_last else told_part, actor, facts=facts)
    await order_queries.tell(tx, [told], now=now)
    tx.announce(
        ParcelSent(
            order_id=order.id,
            member_id=order.member_id,
            parcel_id=parcel_id,
            kind=kind,
            is_last=is_last,
            at=now,
        )
    )
    if is_last:
        kinds = [parcel.kind for parcel in await queries.parcels_of(tx, order.id)]
        await mark_all_shipped(tx, order, kinds=kinds, parcel_id=parcel_id, now=now)
    else:
        await queries.mark_fulfilment(tx, order.id, "part")
    return is_last
