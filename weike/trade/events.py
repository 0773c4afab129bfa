"""What has happened to orders."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec

from weike.kernel import Event
from weike.trade.ports import Attribution


class OrderPlaced(Event, frozen=True, kw_only=True):
    """Stock is held; money is awaited."""

    topic: ClassVar[str] = "trade.order_placed"
    order_id: UUID
    number: str
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


class OrderRefunded(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "trade.order_refunded"
    order_id: UUID
    refund_id: UUID
    member_id: UUID
    lines: list[RefundedLine]
    at: datetime
