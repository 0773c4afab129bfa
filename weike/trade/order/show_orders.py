"""Orders as their buyer reads them: what stands where, what may be done next, what is promised."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID

import msgspec

from weike import members
from weike.kernel import Page, Record, Tx, page_of
from weike.kernel.words import Words
from weike.trade.errors import UnknownOrder
from weike.trade.model import DeliveryKind
from weike.trade.order import reading_queries as queries
from weike.trade.order.preview_order import reason_text
from weike.trade.order.price_views import TakenOff, notes_of, taken_off
from weike.trade.ports import Attribution

ShopList = Literal["all", "placed", "paid", "shipped", "received", "refunded"]


class BoughtLine(msgspec.Struct, frozen=True, kw_only=True):
    position: int
    product_id: UUID
    sku_id: UUID
    title: str
    spec_text: str
    image_url: str | None
    quantity: int
    unit_price_minor: int
    paid_minor: int
    refunded_minor: int


class OrderCard(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    number: str
    state: str
    pay_state: str
    refund_state: str
    placed_at: datetime
    expires_at: datetime | None
    payable_minor: int
    lines: list[BoughtLine]
    delivery_kind: DeliveryKind
    fulfilment_state: str
    actions: list[str]


class TimelineEntry(msgspec.Struct, frozen=True, kw_only=True):
    at: datetime
    kind: str
    text: str
    actor_kind: str


class ParcelLineView(msgspec.Struct, frozen=True, kw_only=True):
    position: int
    title: str
    spec_text: str
    image_url: str | None
    quantity: int


class ParcelView(msgspec.Struct, frozen=True, kw_only=True):
    """What was handed over at once: `express`, `pickup`, `virtual` (read `note`) or `card_key`.
    `latest` is what the courier said last."""

    id: UUID
    kind: Literal["express", "pickup", "virtual", "card_key"]
    state: str
    state_text: str
    courier: str
    courier_name: str
    tracking_no: str
    note: str
    shipped_at: datetime
    lines: list[ParcelLineView]
    latest: str | None


class PickupView(msgspec.Struct, frozen=True, kw_only=True):
    """Where the goods are fetched, as the point is today."""

    id: UUID
    name: str
    address: str
    hours: str
    phone: str


class AttributionView(msgspec.Struct, frozen=True, kw_only=True):
    promoter_nickname: str | None
    source: str
    reasons: list[str]


class Guarantee(msgspec.Struct, frozen=True, kw_only=True):
    """`amount_minor` is what is held for the buyer now; `state` says why, `until` for how long."""

    state: str
    amount_minor: int
    until: datetime | None
    text: str


class OrderDetail(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    number: str
    state: str
    pay_state: str
    refund_state: str
    currency: str
    goods_minor: int
    discount_minor: int
    freight_minor: int
    payable_minor: int
    paid_minor: int
    refunded_minor: int
    remark: str
    placed_at: datetime
    expires_at: datetime | None
    paid_at: datetime | None
    shipped_at: datetime | None
    auto_receive_at: datetime | None
    received_at: datetime | None
    settle_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str | None
    lines: list[BoughtLine]
    address: members.Address
    timeline: list[TimelineEntry]
    parcels: list[ParcelView]
    attribution: AttributionView
    delivery_kind: DeliveryKind
    fulfilment_state: str
    pickup: PickupView | None
    discounts: list[TakenOff]
    guarantee: Guarantee
    server_time: datetime
    actions: list[str]


class OrderMoved(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a step: where the order stands now."""

    id: UUID
    number: str
    state: str
    pay_state: str
    refund_state: str
    actions: list[str]


def buyer_actions(state: str, pay_state: str, fulfilment_state: str) -> list[str]:
    """What the buyer may do next, the main thing first.

    Once a part has left, no button refunds all of it: what has not left is asked for by after-sale.
    """
    match state, pay_state, fulfilment_state:
        case "placed", _, _:
            return ["pay", "cancel"]
        case "paid", "paid", "part":
            return []
        case "paid", "paid", _:
            return ["refund"]
        case "shipped", _, _:
            return ["receive"]
        case _:
            return []


def bought_line(row: Record, words: Words) -> BoughtLine:
    line = BoughtLine(**{name: row[name] for name in BoughtLine.__struct_fields__})
    return msgspec.structs.replace(
        line,
        title=words.of(row["title"], row["title_en"]),
        spec_text=words.of(row["spec_text"], row["spec_text_en"]),
    )


def attribution_of(row: Record) -> Attribution:
    return msgspec.convert(row["attribution"] or {}, Attribution)


def timeline_entry(row: Record, words: Words) -> TimelineEntry:
    facts: dict[str, Any] = {**row["facts"], "reason": row["reason"]}
    if courier := facts.get("courier"):
        facts["courier"] = courier_name(courier, words)
    return TimelineEntry(
        at=row["at"],
        kind=row["kind"],
        text=words(f"trade.event.{row['kind']}", **facts),
        actor_kind=row["actor_kind"],
    )


def courier_name(courier: str, words: Words) -> str:
    """A known code's name; what the merchant wrote otherwise."""
    key = f"trade.courier.{courier}"
    return words(key) if words.texts.has(key) else courier


def guarantee_of(row: Record, words: Words) -> Guarantee:
    """What the buyer may rely on as the order stands, and until when."""
    state, pay_state = row["state"], row["pay_state"]
    until: datetime | None = None
    if pay_state in ("refunding", "refunded"):
        key = pay_state
    elif row["after_sale_since"] is not None:
        key = "paused"
    elif state == "paid" and row["fulfilment_state"] == "part":
        key = "part"
    elif state == "shipped":
        key, until = "shipped", row["auto_receive_at"]
    elif state == "received":
        key, until = "received", row["settle_at"]
    else:
        key = state
    return Guarantee(
        state=key,
        amount_minor=row["paid_minor"] - row["refunded_minor"] - row["settled_minor"],
        until=until,
        text=words(f"trade.guarantee.{key}"),
    )


async def attribution_view(tx: Tx, row: Record, words: Words) -> AttributionView:
    attribution = attribution_of(row)
    nickname = None
    if promoter_id := attribution.promoter_id:
        card = (await members.member_cards(tx, [promoter_id])).get(promoter_id)
        nickname = card.nickname if card else None
    return AttributionView(
        promoter_nickname=nickname,
        source=attribution.source,
        reasons=reason_text(attribution.reasons, words),
    )


async def parcel_views(
    tx: Tx, order_id: UUID, lines: Sequence[Record], words: Words
) -> list[ParcelView]:
    by_position = {line["position"]: line for line in lines}
    return [
        ParcelView(
            id=row["id"],
            kind=row["kind"],
            state=row["state"],
            state_text=words(f"trade.parcel.{row['state']}"),
            courier=row["courier"],
            courier_name=courier_name(row["courier"], words) if row["courier"] else "",
            tracking_no=row["tracking_no"],
            note=row["note"],
            shipped_at=row["shipped_at"],
            lines=[
                _parcel_line(by_position[position], quantity, words)
                for position, quantity in zip(row["positions"], row["quantities"], strict=True)
            ],
            latest=row["latest"],
        )
        for row in await queries.parcels_of(tx, order_id)
    ]


def _parcel_line(line: Record, quantity: int, words: Words) -> ParcelLineView:
    return ParcelLineView(
        position=line["position"],
        title=words.of(line["title"], line["title_en"]),
        spec_text=words.of(line["spec_text"], line["spec_text_en"]),
        image_url=line["image_url"],
        quantity=quantity,
    )


async def pickup_view(tx: Tx, order: Record) -> PickupView | None:
    if order["pickup_point_id"] is None:
        return None
    point = await queries.pickup_point_of(tx, order["pickup_point_id"])
    if point is None:
        return None
    place = (point["province"], point["city"], point["district"], point["street"])
    return PickupView(
        id=point["id"],
        name=point["name"],
        address="".join(dict.fromkeys(place)),
        hours=point["hours"],
        phone=point["phone"],
    )


async def my_orders(
    tx: Tx,
    *,
    member_id: UUID,
    state: ShopList,
    after: queries.AfterKey | None,
    limit: int,
    words: Words,
) -> Page[OrderCard]:
    """Newest first."""
    rows = await queries.orders_of_member(tx, member_id, state=state, after=after, limit=limit + 1)
    lines = await queries.lines_of_orders(tx, [row["id"] for row in rows[:limit]])
    return page_of(
        rows,
        limit=limit,
        item=lambda row: _card(row, lines, words),
        key=lambda row: (row["placed_at"], row["id"]),
    )


def _card(row: Record, lines: Mapping[UUID, Sequence[Record]], words: Words) -> OrderCard:
    return OrderCard(
        id=row["id"],
        number=row["number"],
        state=row["state"],
        pay_state=row["pay_state"],
        refund_state=row["refund_state"],
        placed_at=row["placed_at"],
        expires_at=row["expires_at"] if row["state"] == "placed" else None,
        payable_minor=row["payable_minor"],
        lines=[bought_line(line, words) for line in lines[row["id"]]],
        delivery_kind=row["delivery_kind"],
        fulfilment_state=row["fulfilment_state"],
        actions=buyer_actions(row["state"], row["pay_state"], row["fulfilment_state"]),
    )


async def my_counts(tx: Tx, *, member_id: UUID) -> dict[str, int]:
    counts = await queries.counts(tx, member_id=member_id)
    return {name: counts[name] for name in get_args(ShopList)}


async def my_order(
    tx: Tx,
    *,
    order_id: UUID,
    member_id: UUID,
    seal: members.PhoneSeal,
    words: Words,
    now: datetime,
) -> OrderDetail:
    """Refuses with UnknownOrder, also for somebody else's."""
    row = await queries.order_by_id(tx, order_id, member_id=member_id)
    if row is None:
        raise UnknownOrder()
    lines = await queries.lines_of_orders(tx, [order_id])
    return OrderDetail(
        **{name: row[name] for name in _PLAIN},
        expires_at=row["expires_at"] if row["state"] == "placed" else None,
        lines=[bought_line(line, words) for line in lines[order_id]],
        discounts=taken_off(notes_of(row["price_notes"]), words),
        address=open_address(tx, row, seal),
        timeline=[timeline_entry(one, words) for one in await queries.timeline_of(tx, order_id)],
        parcels=await parcel_views(tx, order_id, lines[order_id], words),
        pickup=await pickup_view(tx, row),
        attribution=await attribution_view(tx, row, words),
        guarantee=guarantee_of(row, words),
        server_time=now,
        actions=buyer_actions(row["state"], row["pay_state"], row["fulfilment_state"]),
    )


def open_address(tx: Tx, row: Record, seal: members.PhoneSeal) -> members.Address:
    return seal.open_address(tx.tenant_id, kept_address(row))


def kept_address(row: Record) -> members.AddressSnapshot:
    """The order's own copy, as it was when the order was placed."""
    return msgspec.convert(row["address"], members.AddressSnapshot)


_MADE = {
    "pickup",
    *("expires_at", "lines", "address", "timeline", "parcels", "attribution", "guarantee"),
    *("server_time", "actions", "discounts"),
}
_PLAIN = tuple(name for name in OrderDetail.__struct_fields__ if name not in _MADE)


async def order_moved(
    tx: Tx, order_id: UUID, *, actions: Callable[[str, str, str], list[str]] = buyer_actions
) -> OrderMoved:
    """Where an order stands that was moved in this transaction."""
    row = await queries.order_by_id(tx, order_id, member_id=None)
    if row is None:
        raise UnknownOrder()
    return OrderMoved(
        id=row["id"],
        number=row["number"],
        state=row["state"],
        pay_state=row["pay_state"],
        refund_state=row["refund_state"],
        actions=actions(row["state"], row["pay_state"], row["fulfilment_state"]),
    )
