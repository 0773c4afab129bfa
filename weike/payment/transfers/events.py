"""What has happened to money on its way to people."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from weike.kernel import Event


class TransferRequested(Event, frozen=True, kw_only=True):
    """It is decided; the provider must be asked."""

    topic: ClassVar[str] = "payment.transfer_requested"
    transfer_id: UUID


class TransferWaits(Event, frozen=True, kw_only=True):
    """The payee must confirm at the provider within a day."""

    topic: ClassVar[str] = "payment.transfer_waits"
    transfer_id: UUID
    purpose_id: UUID
    at: datetime


class TransferSucceeded(Event, frozen=True, kw_only=True):
    """The money is with the payee."""

    topic: ClassVar[str] = "payment.transfer_succeeded"
    transfer_id: UUID
    purpose_id: UUID
    amount_minor: int
    currency: str
    at: datetime


class TransferFailed(Event, frozen=True, kw_only=True):
    """No money moved, and none will under this number."""

    topic: ClassVar[str] = "payment.transfer_failed"
    transfer_id: UUID
    purpose_id: UUID
    code: str
    at: datetime
