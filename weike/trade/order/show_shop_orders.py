"""Orders as the merchant's people read them: whose, from whom, what every line carries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from weike import catalog, ledger, members, payment
from weike.kernel import Tx
from weike.kernel.words import Words
from weike.trade.errors import UnknownOrder
from weike.trade.model import DeliveryKind
from weike.trade.order import reading_queries as queries
from weike.trade.order.price_views import TakenOff, notes_of, taken_off
from weike.trade.order.show_orders import (
    AttributionView,
    ParcelView,
    PickupView,
    TimelineEntry,
    attribution_view,
    kept_address,
    open_address,
    parcel_views,
    pickup_view,
    timeline_entry,
)


class Buyer(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    nickname: str
    avatar_url: str | None
    phone_tail: str | None


class ShopOrderRow(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    number: str
    state: str
    pay_state: str
    refund_state: str
    fulfilment_state: str
    delivery_kind: DeliveryKind
    paid_by: str | None
    receiver: str
    """First character of the name and last four digits of the phone."""
    member: Buyer
    placed_at: datetime
    paid_at: datetime | None
    payable_minor: int
    promoter_nickname: str | None
    lines_count: int
    first_image_url: str | None
    first_title: str
    actions: list[str]


class AllocatedLine(msgspec.Struct, frozen=True, kw_only=True):
    """Every column of the price, as refund, commission and settlement read it."""

    position: int
    sku_id: UUID
    product_id: UUID
    title: str
    spec_text: str
    image_url: str | None
    quantity: int
    unit_price_minor: int
    list_minor: int
    activity_minor: int
    member_minor: int
    full_reduction_minor: int
    coupon_platform_minor: int
    coupon_store_minor: int
    points_minor: int
    freight_share_minor: int
    paid_minor: int
    refunded_minor: int
    refunded_quantity: int
    called_off_quantity: int
    shipped_quantity: int
    kind: str
    """`physical` lines are carried, the others were delivered at payment."""
    cost_minor: int | None
    commission_rate_bp: int | None


class PaymentView(msgspec.Struct, frozen=True, kw_only=True):
    intent_id: UUID
    method: str
    state: str
    amount_minor: int
    transaction_id: str | None
    paid_at: datetime | None


class RefundView(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    amount_minor: int
    state: str
    reason: str
    actor_kind: str
    requested_at: datetime
    ended_at: datetime | None


class ShopOrder(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    number: str
    state: str
    pay_state: str
    fulfilment_state: str
    refund_state: str
    currency: str
    goods_minor: int
    discount_minor: int
    freight_minor: int
    payable_minor: int
    paid_minor: int
    refunded_minor: int
    settled_minor: int
    remark: str
    placed_at: datetime
    expires_at: datetime
    paid_at: datetime | None
    shipped_at: datetime | None
    auto_receive_at: datetime | None
    received_at: datetime | None
    settle_at: datetime | None
    settled_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str | None
    member: Buyer
    lines: list[AllocatedLine]
    delivery_kind: DeliveryKind
    discounts: list[TakenOff]
    address: members.Address
    timeline: list[TimelineEntry]
    parcels: list[ParcelView]
    paid_by: str | None
    pickup: PickupView | None
    attribution: AttributionView
    transfers: list[ledger.TransferView]
    payments: list[PaymentView]
    refunds: list[RefundView]
    actions: list[str]


def staff_actions(state: str, pay_state: str, fulfilment_state: str) -> list[str]:
    match state, pay_state, fulfilment_state:
        case "placed", _, _:
            return ["cancel"]
        case "paid", "paid", "part":
            return ["ship"]
        case "paid", "paid", _:
            return ["ship", "refund"]
        case "cancelled", "paid", _:  # A late payment whose refund was refused.
            return ["refund"]
        case _:
            return []


def buyer_of(member_id: UUID, cards: Mapping[UUID, members.MemberCard]) -> Buyer:
    card = cards.get(member_id)
    return Buyer(
        id=member_id,
        nickname=card.nickname if card else "",
        avatar_url=card.avatar_url if card else None,
        phone_tail=card.phone_tail if card else None,
    )


async def shop_order(
    tx: Tx, *, order_id: UUID, seal: members.PhoneSeal | None, words: Words
) -> ShopOrder:
    """Without a seal the address stays masked. Refuses with UnknownOrder."""
    row = await queries.order_by_id(tx, order_id, member_id=None)
    if row is None:
        raise UnknownOrder()
    lines = await queries.lines_of_orders(tx, [order_id])
    kinds = await catalog.hand_overs(tx, [line["product_id"] for line in lines[order_id]])
    shipped = await queries.shipped_pieces(tx, order_id)
    cards = await members.member_cards(tx, [row["member_id"]])
    intent = await payment.intent_of(tx, order_id)
    return ShopOrder(
        **{name: row[name] for name in _PLAIN},
        member=buyer_of(row["member_id"], cards),
        lines=[
            AllocatedLine(
                **{name: line[name] for name in _PLAIN_OF_LINE},
                title=words.of(line["title"], line["title_en"]),
                spec_text=words.of(line["spec_text"], line["spec_text_en"]),
                shipped_quantity=shipped.get(line["position"], 0),
                kind=kinds[line["product_id"]].kind,
            )
            for line in lines[order_id]
        ],
        discounts=taken_off(notes_of(row["price_notes"]), words),
        address=open_address(tx, row, seal) if seal else members.masked_address(kept_address(row)),
        timeline=[timeline_entry(one, words) for one in await queries.timeline_of(tx, order_id)],
        parcels=await parcel_views(tx, order_id, lines[order_id], words),
        pickup=await pickup_view(tx, row),
        attribution=await attribution_view(tx, row, words),
        transfers=[
            ledger.transfer_view(transfer, words)
            for transfer in await ledger.transfers_of(tx, "order", order_id)
        ],
        payments=[_payment(intent)] if intent else [],
        refunds=[RefundView(**dict(one)) for one in await queries.refunds_of(tx, order_id)],
        actions=staff_actions(row["state"], row["pay_state"], row["fulfilment_state"]),
    )


def _payment(intent: payment.Intent) -> PaymentView:
    return PaymentView(
        intent_id=intent.id,
        method=intent.method,
        state=intent.state,
        amount_minor=intent.amount_minor,
        transaction_id=intent.transaction_id,
        paid_at=intent.paid_at,
    )


_PLAIN_OF_LINE = tuple(
    name
    for name in AllocatedLine.__struct_fields__
    if name not in ("title", "spec_text", "shipped_quantity", "kind")
)
_MADE = {
    "pickup",
    *("member", "lines", "address", "timeline", "parcels", "attribution", "transfers"),
    *("payments", "refunds", "actions", "discounts"),
}
_PLAIN = tuple(name for name in ShopOrder.__struct_fields__ if name not in _MADE)
