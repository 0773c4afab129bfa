"""Ask about one parcel because somebody at the desk wants to know now."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike.kernel import Tx, derived_id
from weike.trade.errors import TrackingRefused, TrackingUnreachable, UnknownParcel
from weike.trade.fulfilment import queries as parcel_queries
from weike.trade.fulfilment.tracking import queries
from weike.trade.fulfilment.tracking.ports import Journey, Ok, Refused, Unknown
from weike.trade.fulfilment.tracking.queries import Wish


async def wish_to_ask(tx: Tx, *, order_id: UUID, parcel_id: UUID, now: datetime) -> Wish:
    """The wish of the parcel's number, made where nobody asked before. Refuses with
    UnknownParcel."""
    parcel = await parcel_queries.parcel_by_id(tx, parcel_id)
    if parcel is None or parcel.order_id != order_id or parcel.kind != "express":
        raise UnknownParcel()
    return await queries.insert_wish(
        tx,
        derived_id(parcel_id, f"trade.tracking:{parcel.courier}:{parcel.tracking_no}"),
        parcel_id=parcel_id,
        courier=parcel.courier,
        tracking_no=parcel.tracking_no,
        now=now,
    )


def refuse_unless_told(told: Ok[Journey] | Refused | Unknown) -> None:
    """Refuses with TrackingRefused or TrackingUnreachable."""
    match told:
        case Refused(code, _):
            raise TrackingRefused(provider_code=code)
        case Unknown():
            raise TrackingUnreachable(retry_after=5)
