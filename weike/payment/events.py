"""What has happened to money. Topics are stable; amounts are minor units of `currency`."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from weike.kernel import Event


class PaymentReceived(Event, frozen=True, kw_only=True):
    """The buyer's money is in and matches what was asked. Announced once for an order."""

    topic: ClassVar[str] = "payment.payment_received"
    order_id: UUID
    intent_id: UUID
    amount_minor: int
    currency: str
    transaction_id: str
    paid_at: datetime


class PaymentQuarantined(Event, frozen=True, kw_only=True):
    """The provider's verified word does not match what was asked; a person must look."""

    topic: ClassVar[str] = "payment.payment_quarantined"
    config_id: UUID
    order_id: UUID | None
    reason: str
    at: datetime


class PaymentReturned(Event, frozen=True, kw_only=True):
    """Money nobody wanted any more (paid twice, or after the order was closed) is back with
    the buyer. The order never was, or stays, paid by another payment."""

    topic: ClassVar[str] = "payment.payment_returned"
    refund_id: UUID
    order_id: UUID
    intent_id: UUID
    amount_minor: int
    currency: str
    at: datetime


class CloseRequested(Event, frozen=True, kw_only=True):
    """This intent shall not be paid any more; the provider must be told."""

    topic: ClassVar[str] = "payment.close_requested"
    intent_id: UUID


class RefundRequested(Event, frozen=True, kw_only=True):
    """A refund is decided; the provider must be asked."""

    topic: ClassVar[str] = "payment.refund_requested"
    refund_id: UUID


class RefundSucceeded(Event, frozen=True, kw_only=True):
    """The money of a refund of an order is with the buyer."""

    topic: ClassVar[str] = "payment.refund_succeeded"
    refund_id: UUID
    order_id: UUID
    amount_minor: int
    currency: str
    at: datetime


class RefundRefused(Event, frozen=True, kw_only=True):
    """The provider will not refund; nothing moved, and the amount may be asked for again."""

    topic: ClassVar[str] = "payment.refund_refused"
    refund_id: UUID
    order_id: UUID
    amount_minor: int
    currency: str
    provider_code: str
    at: datetime


class BalanceToppedUp(Event, frozen=True, kw_only=True):
    """A member's money is in, and is her balance with the shop."""

    topic: ClassVar[str] = "payment.balance_topped_up"
    top_up_id: UUID
    member_id: UUID
    amount_minor: int
    currency: str
    at: datetime
