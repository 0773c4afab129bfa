"""What has happened in distribution."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from weike.kernel import Event


class PromoterJoined(Event, frozen=True, kw_only=True):
    """A member accepted the agreement."""

    topic: ClassVar[str] = "distribution.promoter_joined"

    member_id: UUID
    at: datetime


class CommissionAvailable(Event, frozen=True, kw_only=True):
    """The hold has passed; the promoter may withdraw it."""

    topic: ClassVar[str] = "distribution.commission_available"

    commission_id: UUID
    promoter_id: UUID
    amount_minor: int
    at: datetime
