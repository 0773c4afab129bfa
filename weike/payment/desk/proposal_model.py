"""Values and rules of proposals. No SQL, no web, no clock."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

PERMISSION = "ledger.write"
"""Whoever holds it may propose, and decide what another one proposed."""

Subject = Literal["difference", "quarantined"]
Action = Literal["explain", "take_in", "return", "accept"]
State = Literal["proposed", "approved", "rejected"]

ACTIONS: dict[Subject, tuple[Action, ...]] = {
    "difference": ("explain", "take_in"),
    "quarantined": ("return", "accept"),
}
ONE_PERSON_EXPLAINS = frozenset({"unreadable", "date_edge", "fee"})
"""Classes of differences behind which no payment or refund is missing."""


class Proposal(Struct, frozen=True, kw_only=True):
    """A row of `payment.proposals`."""

    id: UUID
    subject_type: Subject
    subject_id: UUID
    action: Action
    reason: str
    state: State
    proposed_by: UUID
    proposed_name: str
    proposed_at: datetime
    decided_by: UUID | None = None
    decided_name: str | None = None
    decided_at: datetime | None = None
    alone: bool = False


def needs_two(action: Action, difference_class: str | None) -> bool:
    """Whether money moves, or is written off, by it."""
    return not (action == "explain" and difference_class in ONE_PERSON_EXPLAINS)
