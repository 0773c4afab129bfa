"""Ship an order, or some pieces of it: a parcel is on its way with a courier."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from weike import catalog
from weike.kernel import IdTakenByOther, Tx
from weike.trade.errors import (
    BeingRefunded,
    FetchedByBuyer,
    NothingToShip,
    NotShippable,
    TooManyShipped,
)
from weike.trade.fulfilment import queries
from weike.trade.fulfilment.model import Line, left_of, too_many
from weike.trade.fulfilment.shipped_pieces import hand_over
from weike.trade.model import Actor
from weike.trade.order import queries as order_queries


async def ship_order(
    tx: Tx,
    *,
    parcel_id: UUID,
    order_id: UUID,
    courier: str,
    tracking_no: str,
    actor: Actor,
    now: datetime,
    pieces: Mapping[int, int] | None = None,
) -> None:
    """`pieces` says how many of which line, by position; without it, everything that is left.

    The same parcel again changes nothing. Refuses with UnknownOrder, NotShippable, BeingRefunded,
    FetchedByBuyer, NothingToShip, TooManyShipped, IdTakenByOther.
    """
    # Locked first: of two that ask for the same parcel at once, the second finds it.
    order = await order_queries.lock_order(tx, order_id)
    if earlier := await queries.parcel_by_id(tx, parcel_id):
        same = (earlier.order_id, earlier.courier, earlier.tracking_no)
        if same != (order_id, courier, tracking_no) or (
            pieces is not None and dict(pieces) != await queries.pieces_of_parcel(tx, parcel_id)
        ):
            raise IdTakenByOther(field="id")
        return
    if order.state == "paid" and order.pay_state == "refunding":
        raise BeingRefunded(number=order.number)
    if (order.state, order.pay_state) != ("paid", "paid"):
        raise NotShippable(number=order.number, state=order.state)
    if (await queries.delivery_of(tx, order_id))["delivery_kind"] == "pickup":
        raise FetchedByBuyer(number=order.number)
    left = left_of(await carried_lines(tx, order_id))
    if not left:
        raise NothingToShip(number=order.number)
    asked = left if pieces is None else dict(pieces)
    position = too_many(asked, left)
    if position is not None or not asked:
        titles = await queries.titles_of(tx, order_id)
        raise TooManyShipped(
            field="lines",
            title=titles.get(position or 0, ""),
            left=left.get(position, 0) if position is not None else 0,
        )
    await hand_over(
        tx,
        order,
        parcel_id,
        kind="express",
        pieces=asked,
        actor=actor,
        told_whole="shipped",
        told_part="part_shipped",
        courier=courier,
        tracking_no=tracking_no,
        now=now,
    )


async def carried_lines(tx: Tx, order_id: UUID) -> list[Line]:
    """Those that somebody has to carry; the others are delivered at payment."""
    lines = await queries.lines_of(tx, order_id)
    ways = await catalog.hand_overs(tx, [line.product_id for line in lines])
    return [line for line in lines if ways[line.product_id].kind is catalog.ProductKind.PHYSICAL]
