"""Points as values: what is granted, spent and returned, and the rules of lots. Pure.

docs/algorithms/points_and_levels.md
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

CURRENCY = "PTS"

GRACE = timedelta(days=7)
"""How long points live at least that come back from an order."""

_FOR_EVER = datetime.max.replace(tzinfo=UTC)


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How points work in a shop."""

    enabled: bool = False
    per_yuan: int = 1
    """Earned per yuan paid for goods."""
    value_minor: int = 1
    """What one point takes off, in fen."""
    most_share_bp: int = 5000
    """How much of an order points may pay."""
    least: int = 100
    """Fewer than this cannot be used at once."""
    life_months: int = 12
    """0: they never expire."""
    review: int = 20
    """For a review, whatever it says."""
    approve_above: int = 1000
    """More than this, by hand, needs a second person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """`id` is the lot's. A pending grant is spent only after its release."""

    id: UUID
    member_id: UUID
    points: int
    source_type: str
    source_id: UUID
    reason: str = ""
    expires_at: datetime | None = None
    pending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    id: UUID
    member_id: UUID
    points: int
    source_type: str
    source_id: UUID
    reason: str = ""


@dataclass(slots=True)
class Lot:
    """What is left of one grant, while a deed works on it."""

    id: UUID
    member_id: UUID
    remaining: int
    expires_at: datetime | None
    granted_at: datetime

    @property
    def turn(self) -> tuple[datetime, datetime, UUID]:
        """Soonest to expire first, then the oldest."""
        return (self.expires_at or _FOR_EVER, self.granted_at, self.id)


@dataclass(slots=True)
class Use:
    """What a spend took of one lot, in its order of taking."""

    spend_id: UUID
    position: int
    lot_id: UUID
    points: int
    given_back: int = 0


def take_from(lots: Sequence[Lot], points: int) -> list[tuple[UUID, int]]:
    """Lowers what remains of the lots, in their turn; (lot, points) for as much as there was."""
    taken = []
    for lot in sorted(lots, key=lambda one: one.turn):
        part = min(lot.remaining, points)
        if part > 0:
            lot.remaining -= part
            points -= part
            taken.append((lot.id, part))
    return taken


def undo_last(uses: Sequence[Use], points: int) -> list[tuple[Use, int]]:
    """What was taken last comes back first, so that what stays spent is what a smaller spend
    would have taken."""
    returned = []
    for use in sorted(uses, key=lambda one: one.position, reverse=True):
        part = min(use.points - use.given_back, points)
        if part > 0:
            use.given_back += part
            points -= part
            returned.append((use, part))
    return returned


def lives_long_enough(expires_at: datetime | None, *, now: datetime) -> bool:
    """Whether what comes back into this lot can still be used for a while."""
    return expires_at is None or expires_at >= now + GRACE


def usable(settings: Settings, *, balance: int, goods_minor: int) -> int:
    """How many points may pay for goods that cost this much before points."""
    if not settings.enabled:
        return 0
    allowed_minor = goods_minor * settings.most_share_bp // 10_000
    points = min(max(balance, 0), allowed_minor // settings.value_minor)
    return points if points >= max(settings.least, 1) else 0


def earned(settings: Settings, *, paid_minor: int, multiplier_bp: int) -> int:
    """What an order earns for goods that were paid with this much."""
    if not settings.enabled:
        return 0
    return paid_minor * settings.per_yuan * multiplier_bp // (100 * 10_000)
