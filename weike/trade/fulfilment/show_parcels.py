"""Parcels with their journeys, as buyers and the merchant's people read them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from weike.kernel import Tx
from weike.kernel.words import Words
from weike.trade.errors import UnknownOrder, UnknownParcel
from weike.trade.fulfilment import queries
from weike.trade.fulfilment.tracking import queries as tracking
from weike.trade.fulfilment.wechat.reports import ShippingReport, report_of_order
from weike.trade.order import reading_queries
from weike.trade.order.show_orders import ParcelView, courier_name, parcel_views


class StepView(msgspec.Struct, frozen=True, kw_only=True):
    at: datetime
    state: str
    state_text: str
    text: str
    place: str


class Tracking(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel and its journey, newest first. `others` counts the order's other parcels."""

    parcel: ParcelView
    steps: list[StepView]
    order_number: str
    region: str
    others: int


class CorrectionView(msgspec.Struct, frozen=True, kw_only=True):
    """A number that was wrong."""

    at: datetime
    courier_name: str
    tracking_no: str


class ShopParcel(msgspec.Struct, frozen=True, kw_only=True):
    parcel: ParcelView
    steps: list[StepView]
    corrections: list[CorrectionView]


class ShopParcels(msgspec.Struct, frozen=True, kw_only=True):
    """`wechat_report` says what WeChat was told of the order's shipping, if it was."""

    items: list[ShopParcel]
    wechat_report: ShippingReport | None


async def my_tracking(
    tx: Tx, *, order_id: UUID, parcel_id: UUID, member_id: UUID, words: Words
) -> Tracking:
    """Refuses with UnknownOrder, also for somebody else's, and UnknownParcel."""
    order = await reading_queries.order_by_id(tx, order_id, member_id=member_id)
    if order is None:
        raise UnknownOrder()
    lines = (await reading_queries.lines_of_orders(tx, [order_id]))[order_id]
    parcels = await parcel_views(tx, order_id, lines, words)
    parcel = next((one for one in parcels if one.id == parcel_id), None)
    if parcel is None:
        raise UnknownParcel()
    address = order["address"]
    return Tracking(
        parcel=parcel,
        steps=await _steps(tx, parcel, words),
        order_number=order["number"],
        region="".join(dict.fromkeys((address["city"], address["district"]))),
        others=len(parcels) - 1,
    )


async def shop_parcels(tx: Tx, *, order_id: UUID, words: Words) -> ShopParcels:
    """Refuses with UnknownOrder."""
    if await reading_queries.order_by_id(tx, order_id, member_id=None) is None:
        raise UnknownOrder()
    lines = (await reading_queries.lines_of_orders(tx, [order_id]))[order_id]
    parcels = await parcel_views(tx, order_id, lines, words)
    wrong = await queries.corrections_of(tx, [parcel.id for parcel in parcels])
    items = [
        ShopParcel(
            parcel=parcel,
            steps=await _steps(tx, parcel, words),
            corrections=[
                CorrectionView(
                    at=row["at"],
                    courier_name=courier_name(row["courier"], words),
                    tracking_no=row["tracking_no"],
                )
                for row in wrong
                if row["parcel_id"] == parcel.id
            ],
        )
        for parcel in parcels
    ]
    return ShopParcels(items=items, wechat_report=await report_of_order(tx, order_id))


async def _steps(tx: Tx, parcel: ParcelView, words: Words) -> list[StepView]:
    if parcel.kind != "express":
        return []
    return [
        StepView(
            at=row["at"],
            state=row["state"],
            state_text=words(f"trade.parcel.{row['state']}"),
            text=row["text"],
            place=row["place"],
        )
        for row in await tracking.steps_of(tx, parcel.id, parcel.tracking_no)
    ]
