"""Correct the number of a parcel that was typed wrongly; what was wrong is kept."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike.kernel import Tx, derived_id
from weike.trade.errors import NotCorrectable, UnknownParcel
from weike.trade.events import ParcelCorrected
from weike.trade.fulfilment import queries
from weike.trade.fulfilment.model import ENDED
from weike.trade.model import Actor
from weike.trade.order import queries as order_queries
from weike.trade.order.queries import Told


async def correct_tracking(
    tx: Tx,
    *,
    order_id: UUID,
    parcel_id: UUID,
    courier: str,
    tracking_no: str,
    actor: Actor,
    now: datetime,
) -> None:
    """The same number again changes nothing. Refuses with UnknownOrder, UnknownParcel,
    NotCorrectable."""
    order = await order_queries.lock_order(tx, order_id)
    parcel = await queries.parcel_by_id(tx, parcel_id)
    if parcel is None or parcel.order_id != order_id:
        raise UnknownParcel()
    if (parcel.courier, parcel.tracking_no) == (courier, tracking_no):
        return
    if parcel.kind != "express" or parcel.state in ENDED or order.state not in ("paid", "shipped"):
        raise NotCorrectable(number=order.number)
    before = len(await queries.corrections_of(tx, [parcel_id]))
    await queries.correct_parcel(
        tx,
        parcel,
        correction_id=derived_id(parcel_id, f"trade.correction:{before}"),
        courier=courier,
        tracking_no=tracking_no,
        staff_id=actor.id,
        now=now,
    )
    facts = {
        "courier": courier,
        "tracking_no": tracking_no,
        "wrong_tracking_no": parcel.tracking_no,
    }
    await order_queries.tell(
        tx, [Told(order_id, "tracking_corrected", actor, facts=facts)], now=now
    )
    tx.announce(ParcelCorrected(order_id=order_id, parcel_id=parcel_id, at=now))
