"""Days, bills and differences as people see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from weike.kernel import Page, Tx, page_of
from weike.payment.desk import proposal_queries
from weike.payment.desk.carry_out import can_take_in
from weike.payment.desk.proposal_model import Proposal
from weike.payment.reconciliation import difference_queries, queries
from weike.payment.reconciliation.difference_queries import Difference
from weike.payment.reconciliation.errors import BillNotFound, DifferenceNotFound
from weike.payment.reconciliation.model import CHANNELS, DAYS_BACK, day_of, ready_at
from weike.payment.reconciliation.queries import Bill

DayState = Literal["green", "waiting", "red", "late", "pending", "none"]
"""green: nothing open; waiting: only edges of the day; red: differences; late: should be here and
is not; pending: not written by the channel yet; none: no bill was ever asked for."""


class ChannelDay(Struct, frozen=True, kw_only=True):
    """One merchant number on one day."""

    config_id: UUID
    provider: str
    state: DayState
    bill_id: UUID | None = None
    open: int = 0
    differences: int = 0
    paid_minor: int = 0


class DayView(Struct, frozen=True, kw_only=True):
    day: date
    channels: list[ChannelDay]


class Calendar(Struct, frozen=True, kw_only=True):
    days: list[DayView]
    open: int
    """Differences that are open, on all days."""


class SidesView(Struct, frozen=True, kw_only=True):
    """What each of the three says came in and went back."""

    theirs_minor: int
    ours_minor: int
    ledger_minor: int


class BillView(Struct, frozen=True, kw_only=True):
    id: UUID
    config_id: UUID
    provider: str
    day: date
    state: DayState
    last_code: str | None
    next_at: datetime | None
    taken_at: datetime | None
    compared_at: datetime | None
    payments: int
    refunds: int
    paid: SidesView
    refunded: SidesView
    fee_minor: int
    fee_booked_minor: int
    open: int
    differences: int


class DifferenceView(Struct, frozen=True, kw_only=True):
    """`class` is one of the classes of docs/algorithms/reconciliation.md."""

    id: UUID
    bill_id: UUID
    day: date
    provider: str
    class_: str = msgspec.field(name="class")
    kind: str
    number: str
    txn: str
    out_trade_no: str
    order_id: UUID | None
    line_no: int | None
    theirs_minor: int | None
    theirs_state: str | None
    theirs_at: datetime | None
    ours_minor: int | None
    ours_state: str | None
    ours_at: datetime | None
    ledger_minor: int | None
    fee_minor: int | None
    state: str
    resolution: str | None
    reason: str | None
    resolved_at: datetime | None
    first_seen_at: datetime
    can_query: bool
    can_take_in: bool
    proposals: list[Proposal]


async def calendar(tx: Tx, *, first: date, last: date, now: datetime) -> Calendar:
    configs = await queries.configs_with_bills(tx, CHANNELS)
    bills = {
        (bill.config_id, bill.day): bill for bill in await queries.bills_between(tx, first, last)
    }
    counts = await _counts(tx, first, last)
    days = []
    day = first
    while day <= last:
        channels = [
            _channel_day(config["id"], config["provider"], bills.get((config["id"], day)), counts)
            if (config["id"], day) in bills
            else ChannelDay(
                config_id=config["id"],
                provider=config["provider"],
                state=_without_bill(day, day_of(config["created_at"]), now),
            )
            for config in configs
        ]
        days.append(DayView(day=day, channels=channels))
        day += timedelta(days=1)
    return Calendar(days=days, open=await difference_queries.open_count(tx))


async def bill_view(tx: Tx, bill_id: UUID) -> BillView:
    """Refuses with BillNotFound."""
    bill = await queries.bill_by_id(tx, bill_id)
    if bill is None:
        raise BillNotFound()
    open_, waiting, all_ = (await _counts(tx, bill.day, bill.day)).get(bill.id, (0, 0, 0))
    return BillView(
        id=bill.id,
        config_id=bill.config_id,
        provider=bill.provider,
        day=bill.day,
        state=_state(bill, open_, waiting),
        last_code=bill.last_code,
        next_at=bill.next_at,
        taken_at=bill.taken_at,
        compared_at=bill.compared_at,
        payments=bill.payments,
        refunds=bill.refunds,
        paid=SidesView(
            theirs_minor=bill.paid_minor,
            ours_minor=bill.ours_paid_minor,
            ledger_minor=bill.ledger_in_minor,
        ),
        refunded=SidesView(
            theirs_minor=bill.refunded_minor,
            ours_minor=bill.ours_refunded_minor,
            ledger_minor=bill.ledger_out_minor,
        ),
        fee_minor=bill.fee_minor,
        fee_booked_minor=bill.fee_booked_minor,
        open=open_,
        differences=all_,
    )


async def difference_page(
    tx: Tx,
    *,
    first: date | None,
    last: date | None,
    provider: str | None,
    class_: str | None,
    state: str | None,
    number: str | None,
    after: tuple[date, UUID] | None,
    limit: int,
) -> Page[DifferenceView]:
    found = await difference_queries.differences(
        tx,
        first=first,
        last=last,
        provider=provider,
        class_=class_,
        state=state,
        number=number,
        after=after,
        limit=limit + 1,
    )
    proposals = await proposal_queries.of_subjects(tx, [one.id for one in found])
    return page_of(
        found,
        limit=limit,
        item=lambda one: _shown(one, proposals.get(one.id, [])),
        key=lambda one: (one.day, one.id),
    )


async def difference_view(tx: Tx, difference_id: UUID) -> DifferenceView:
    """Refuses with DifferenceNotFound."""
    found = await difference_queries.difference_by_id(tx, difference_id)
    if found is None:
        raise DifferenceNotFound()
    proposals = await proposal_queries.of_subjects(tx, [found.id])
    return _shown(found, proposals.get(found.id, []))


def _shown(one: Difference, proposals: Sequence[Proposal]) -> DifferenceView:
    shared = {
        name: getattr(one, name)
        for name in DifferenceView.__struct_fields__
        if name not in ("can_query", "can_take_in", "proposals")
    }
    return DifferenceView(
        **shared,
        can_query=one.state == "open" and bool(one.intent_id or one.refund_id),
        can_take_in=one.state == "open" and can_take_in(one),
        proposals=list(proposals),
    )


async def _counts(tx: Tx, first: date, last: date) -> dict[UUID, tuple[int, int, int]]:
    return {
        row["bill_id"]: (row["open"], row["waiting"], row["all"])
        for row in await difference_queries.counts_of_bills(tx, first, last)
    }


def _channel_day(
    config_id: UUID, provider: str, bill: Bill | None, counts: dict[UUID, tuple[int, int, int]]
) -> ChannelDay:
    assert bill is not None  # noqa: S101  # asked only for days with a bill
    open_, waiting, all_ = counts.get(bill.id, (0, 0, 0))
    return ChannelDay(
        config_id=config_id,
        provider=provider,
        state=_state(bill, open_, waiting),
        bill_id=bill.id,
        open=open_,
        differences=all_,
        paid_minor=bill.paid_minor,
    )


def _state(bill: Bill, open_: int, waiting: int) -> DayState:
    if bill.state != "compared":
        return "late"
    if not open_:
        return "green"
    return "waiting" if open_ == waiting else "red"


def _without_bill(day: date, since: date, now: datetime) -> DayState:
    today = day_of(now)
    if day < since or day > today or day < today - timedelta(days=DAYS_BACK):
        return "none"
    return "pending" if ready_at(day) > now else "late"
