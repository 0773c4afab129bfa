"""How much a commission is, and what the facts of its order ask of it.

docs/algorithms/commission.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from weike.kernel import BASIS_POINTS


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
