"""Rules of promoters, relations and commissions as pure functions. No SQL, no clock.

Prose that people agree on: docs/algorithms/attribution.md and docs/algorithms/commission.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from weike.kernel import BASIS_POINTS

AGREEMENT_VERSION = "2026-11"
"""The agreement a promoter accepts; its text is in texts/agreement_{zh,en}.toml."""


class PromoterState(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    """New orders are not attributed; commissions wait."""
    BANNED = "banned"
    QUIT = "quit"
    """New orders are not attributed; what was earned goes on."""


class CommissionState(StrEnum):
    ESTIMATED = "estimated"
    """The order is paid; shown, but in no balance."""
    PENDING = "pending"
    """The goods are received; waits for `hold_until`."""
    AVAILABLE = "available"
    RESERVED = "reserved"
    """Inside a withdrawal."""
    PAID = "paid"
    VOID = "void"
    ON_HOLD = "on_hold"


@dataclass(frozen=True, slots=True)
class Programme:
    """The merchant's rules in force from `effective_at`; a new version never changes the past."""

    version: int
    rate_bp: int
    cap_bp: int
    hold_days: int
    click_window_days: int
    protect_days: int
    validity_days: int


DEFAULT_PROGRAMME = Programme(
    version=0,
    rate_bp=1000,
    cap_bp=3000,
    hold_days=7,
    click_window_days=7,
    protect_days=15,
    validity_days=365,
)
"""What a shop starts with: 10 %, at most 30 %, one tier, the law's seven days of hold."""


@dataclass(frozen=True, slots=True)
class Relation:
    id: UUID
    customer_id: UUID
    promoter_id: UUID
    bound_at: datetime
    protected_until: datetime
    expires_at: datetime


class Binding(StrEnum):
    """What a touch does to the customer's relation, and why."""

    NEW = "new"
    EXPIRED = "expired"
    REPLACED = "replaced"
    SAME = "same"
    PROTECTED = "protected"
    SELF = "self"
    NOT_PROMOTER = "not_promoter"

    @property
    def binds(self) -> bool:
        return self in (Binding.NEW, Binding.EXPIRED, Binding.REPLACED)


def decide_binding(
    current: Relation | None,
    *,
    customer_id: UUID,
    sharer_id: UUID,
    sharer_state: PromoterState | None,
    now: datetime,
) -> Binding:
    if sharer_id == customer_id:
        return Binding.SELF
    if sharer_state is not PromoterState.ACTIVE:
        return Binding.NOT_PROMOTER
    if current is None:
        return Binding.NEW
    if current.expires_at <= now:
        return Binding.EXPIRED
    if current.promoter_id == sharer_id:
        return Binding.SAME
    if current.protected_until > now:
        return Binding.PROTECTED
    return Binding.REPLACED


def relation_times(programme: Programme, now: datetime) -> tuple[datetime, datetime]:
    """`(protected_until, expires_at)` of a relation bound now."""
    return (
        now + timedelta(days=programme.protect_days),
        now + timedelta(days=programme.validity_days),
    )


@dataclass(frozen=True, slots=True)
class Rate:
    rate_bp: int
    source: str
    """"line" when the goods carried their own rate, else "programme"."""


def resolve_rate(line_rate_bp: int | None, programme: Programme) -> Rate:
    if line_rate_bp is not None:
        return Rate(line_rate_bp, "line")
    return Rate(programme.rate_bp, "programme")


def commission_amount(
    *, base_minor: int, rate_bp: int, cap_bp: int, margin_minor: int | None
) -> int:
    """floor(base × rate), never over floor(base × cap) nor over the known margin, never below 0."""
    wanted = base_minor * rate_bp // BASIS_POINTS
    limits = [base_minor * cap_bp // BASIS_POINTS]
    if margin_minor is not None:
        limits.append(margin_minor)
    return max(0, min(wanted, *limits))


def reversed_in_all(*, amount_minor: int, base_minor: int, refunded_minor: int) -> int:
    """How much of a commission is reversed once this much of its base was refunded in all.

    floor(C × F / P): cumulative, so no sequence of refunds drifts, and F = P reverses all.
    """
    if base_minor == 0:
        return amount_minor
    return amount_minor * min(refunded_minor, base_minor) // base_minor


@dataclass(frozen=True, slots=True)
class Commission:
    id: UUID
    promoter_id: UUID
    position: int
    base_minor: int
    amount_minor: int
    reversed_minor: int
    state: CommissionState
    currency: str

    @property
    def left_minor(self) -> int:
        return self.amount_minor - self.reversed_minor


@dataclass(frozen=True, slots=True)
class Advance:
    """What the facts of the order ask of one commission: a reversal first, then a new state."""

    reverse_minor: int
    state: CommissionState


def advance(
    commission: Commission, *, refunded_minor: int, received_at: datetime | None
) -> Advance:
    """Idempotent: asked again with the same facts it asks for nothing more."""
    total = reversed_in_all(
        amount_minor=commission.amount_minor,
        base_minor=commission.base_minor,
        refunded_minor=refunded_minor,
    )
    reverse = max(0, total - commission.reversed_minor)
    state = commission.state
    if state in (CommissionState.ESTIMATED, CommissionState.PENDING):
        if commission.left_minor - reverse == 0:
            state = CommissionState.VOID
        elif state is CommissionState.ESTIMATED and received_at is not None:
            state = CommissionState.PENDING
    return Advance(reverse_minor=reverse, state=state)
