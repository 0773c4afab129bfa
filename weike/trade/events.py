"""What has happened to orders."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec

from weike.kernel import Event
from weike.trade.ports import Attribution


class OrderPlaced(Event, frozen=True, kw_only=True):
    """Stock is held; money is awaited. The number is given while this is being written, so it is
    read from the order."""

    topic: ClassVar[str] = "trade.order_placed"
    order_id: UUID
    member_id: UUID
    payable_minor: int
    currency: str
    promoter_id: UUID | None
    attribution: Attribution
    placed_at: datetime


class PaidLine(msgspec.Struct, frozen=True, kw_only=True):
    position: int
    product_id: UUID
    sku_id: UUID
    category_id: UUID | None
    title: str
    quantity: int
    paid_minor: int
    freight_share_minor: int
    cost_minor: int | None
    commission_rate_bp: int | None


class OrderPaid(Event, frozen=True, kw_only=True):
    """The buyer's money is in escrow."""

    topic: ClassVar[str] = "trade.order_paid"
    order_id: UUID
    number: str
    member_id: UUID
    paid_minor: int
    currency: str
    promoter_id: UUID | None
    share_id: UUID | None
    attribution: Attribution
    lines: list[PaidLine]
    at: datetime


class OrderShipped(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "trade.order_shipped"
    order_id: UUID
    member_id: UUID
    parcel_id: UUID
    at: datetime


class ParcelSent(Event, frozen=True, kw_only=True):
    """Goods left for the buyer, with a courier or otherwise; the last parcel ships the order."""

    topic: ClassVar[str] = "trade.parcel_sent"
    order_id: UUID
    member_id: UUID
    parcel_id: UUID
    kind: str
    is_last: bool
    at: datetime


class ParcelCorrected(Event, frozen=True, kw_only=True):
    """The number of a parcel was wrong and is another one now."""

    topic: ClassVar[str] = "trade.parcel_corrected"
    order_id: UUID
    parcel_id: UUID
    at: datetime


class OrderReceived(Event, frozen=True, kw_only=True):
    """By the buyer's word or by time. The money is the merchant's at `settle_at`."""

    topic: ClassVar[str] = "trade.order_received"
    order_id: UUID
    member_id: UUID
    at: datetime
    settle_at: datetime


class OrderSettled(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "trade.order_settled"
    order_id: UUID
    settled_minor: int
    currency: str
    at: datetime


class OrderCancelled(Event, frozen=True, kw_only=True):
    """Never paid. A paid order that is refunded announces OrderRefunded instead."""

    topic: ClassVar[str] = "trade.order_cancelled"
    order_id: UUID
    member_id: UUID
    reason: str
    at: datetime


class RefundedLine(msgspec.Struct, frozen=True, kw_only=True):
    """Cumulative amounts let a listener compute reversals without drift; those of goods leave
    out the line's share of the freight."""

    position: int
    refunded_minor: int
    cumulative_refunded_minor: int
    cumulative_goods_refunded_minor: int
    quantity: int
    """Pieces of this refund."""
    cumulative_quantity: int = 0


class OrderRefunded(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "trade.order_refunded"
    order_id: UUID
    refund_id: UUID
    member_id: UUID
    amount_minor: int = 0
    is_all: bool = False
    """Nothing that was paid is left."""
    lines: list[RefundedLine]
    at: datetime


class AfterSaleOpened(Event, frozen=True, kw_only=True):
    """Until it is closed the merchant is not paid and no commission is released."""

    topic: ClassVar[str] = "trade.after_sale_opened"
    after_sale_id: UUID
    order_id: UUID
    member_id: UUID
    kind: str
    positions: list[int]
    at: datetime


class AfterSaleClosed(Event, frozen=True, kw_only=True):
    """`state` says how: done, declined, withdrawn, … An appeal may open it again."""

    topic: ClassVar[str] = "trade.after_sale_closed"
    after_sale_id: UUID
    order_id: UUID
    member_id: UUID
    kind: str
    state: str
    positions: list[int]
    at: datetime


class ReviewPosted(Event, frozen=True, kw_only=True):
    """A buyer wrote about a line; `part` 2 is what was appended later.

    The score is left out on purpose: a reward that depends on it is against the law.
    """

    topic: ClassVar[str] = "trade.review_posted"
    review_id: UUID
    part: int
    order_id: UUID
    position: int
    product_id: UUID
    member_id: UUID
    text_length: int
    pictures: int
    at: datetime
