"""Values and rules of reconciliation: days, lines, and what a difference is called.

No SQL, no web, no clock. The prose is docs/algorithms/reconciliation.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Literal
from uuid import UUID

from msgspec import Struct

CHINA = timezone(timedelta(hours=8))
EDGE = timedelta(minutes=15)
"""So near to midnight, two clocks may disagree about the day."""
GRACE = timedelta(hours=48)
"""So long after a day's end its edge waits for the neighbouring bill."""
READY_HOUR = 10
"""Bills are there from ten in the morning of the next day."""
DAYS_BACK = 90
TRY_AGAIN_SECONDS = (900, 1800, 3600)

CHANNELS = ("wechat", "alipay")
"""Providers that write bills; a shop's own balance is none."""

LineKind = Literal["payment", "refund"]
Class = Literal[
    "unreadable",
    "duplicated",
    "missing_at_us",
    "state",
    "amount",
    "date_edge",
    "missing_at_channel",
    "ledger",
    "fee",
]
DifferenceState = Literal["open", "repaired", "explained"]


@dataclass(frozen=True, slots=True)
class BillLine:
    """One row of a bill. Amounts are positive fen; a fee is positive when the channel keeps it."""

    line_no: int
    kind: LineKind
    number: str
    txn: str
    out_trade_no: str
    amount_minor: int
    fee_minor: int
    rate_ppm: int | None
    is_done: bool
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BadLine:
    """A row that cannot be read; `why` is a short stable word."""

    line_no: int
    why: str


@dataclass(frozen=True, slots=True)
class Said:
    """What the bill says of itself at its end."""

    payments: int | None = None
    refunds: int | None = None
    rows: int | None = None


class BillUnsound(Exception):
    """The file is not the whole bill; `reason` is a short stable word. It is fetched again."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Candidate(Struct, frozen=True, kw_only=True):
    """A number on which the sides may disagree, as SQL brings it: both sides and the surroundings.

    `theirs_*` are None when the day's bill has no line of it, `ours_*` when we do not know it.
    """

    kind: LineKind
    number: str
    txn: str
    out_trade_no: str
    line_no: int | None = None
    done_lines: int = 0
    theirs_done: bool = False
    theirs_minor: int | None = None
    theirs_state: str | None = None
    theirs_at: datetime | None = None
    fee_minor: int = 0
    rate_ppm: int | None = None
    earlier_bill_has_it: bool = False
    neighbour_has_it: bool = False
    """Only for what the day's bill does not have."""
    ours_done: bool = False
    ours_minor: int | None = None
    ours_state: str | None = None
    ours_at: datetime | None = None
    ours_has_other_txn: bool = False
    """We know the number and know it done, under another id of the channel."""
    order_id: UUID | None = None
    intent_id: UUID | None = None
    refund_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known about a bill's neighbours when it is compared."""

    day: date
    now: datetime
    has_previous: bool
    has_next: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """`settled`: both sides are known and nothing needs to be done."""

    name: Class
    settled: bool = False


def day_of(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()


def span_of(day: date) -> tuple[datetime, datetime]:
    """From the first moment of a day in China to the first of the next, in UTC."""
    start = datetime.combine(day, time(), CHINA).astimezone(UTC)
    return start, start + timedelta(days=1)


def ready_at(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(READY_HOUR), CHINA).astimezone(UTC)


def classify(candidate: Candidate, around: Surroundings) -> Verdict | None:
    """What this difference is called; None when the sides agree after all."""
    c = candidate
    if c.line_no is None:
        return _ours_only(c, around)
    if c.done_lines > 1 or (c.theirs_done and (c.earlier_bill_has_it or c.ours_has_other_txn)):
        return Verdict("duplicated")
    if c.ours_state is None:
        # A line that moved no money, of a number we never had, is nobody's business here.
        return Verdict("missing_at_us") if c.theirs_done else None
    if c.theirs_done != c.ours_done:
        return Verdict("state")
    if not c.theirs_done:
        return None
    if c.theirs_minor != c.ours_minor:
        return Verdict("amount")
    if c.ours_at is not None and day_of(c.ours_at) != around.day:
        return Verdict("date_edge", settled=is_near_midnight(c.ours_at, around.day))
    return None if fee_is_plausible(c) else Verdict("fee")


def _ours_only(c: Candidate, around: Surroundings) -> Verdict | None:
    if not c.ours_done or c.ours_at is None or c.neighbour_has_it:
        return None
    start, end = span_of(around.day)
    if around.now < end + GRACE:
        if c.ours_at >= end - EDGE and not around.has_next:
            return Verdict("date_edge")
        if c.ours_at < start + EDGE and not around.has_previous:
            return Verdict("date_edge")
    return Verdict("missing_at_channel")


def is_near_midnight(moment: datetime, day: date) -> bool:
    """Whether a moment outside a day lies within the edge of it."""
    start, end = span_of(day)
    return start - EDGE <= moment < end + EDGE


def fee_is_plausible(c: Candidate) -> bool:
    """Within one fen of amount x the row's own rate, never above the amount, on the right side.

    A refund gives the fee back or keeps it: both are the channel's rules.
    """
    amount = c.theirs_minor or 0
    sign = 1 if c.kind == "payment" else -1
    fee = sign * c.fee_minor
    if fee < 0 or fee > amount:
        return False
    if c.rate_ppm is None or (c.kind == "refund" and fee == 0):
        return True
    # Doubled, so that no half is rounded away before it is compared.
    return abs(2 * 1_000_000 * fee - 2 * amount * c.rate_ppm) <= 2 * 1_000_000


def next_try_at(attempts: int, now: datetime) -> datetime:
    seconds = TRY_AGAIN_SECONDS[min(attempts, len(TRY_AGAIN_SECONDS) - 1)]
    return now + timedelta(seconds=seconds)
