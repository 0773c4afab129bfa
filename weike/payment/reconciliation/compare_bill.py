"""Compare a bill: lay it beside our states and the ledger, name what differs, book the fees.

Comparing again gives the same list; what is not found any more has been repaired by the facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from weike import ledger
from weike.kernel import Record, Tx, derived_id
from weike.payment.reconciliation import compare_queries, difference_queries, queries
from weike.payment.reconciliation.book_fees import book_fees
from weike.payment.reconciliation.difference_queries import Difference
from weike.payment.reconciliation.errors import BillNotFound, BillNotReady
from weike.payment.reconciliation.model import (
    Candidate,
    Class,
    Surroundings,
    Verdict,
    classify,
    span_of,
)
from weike.payment.reconciliation.queries import Bill

_AT_ONCE = 5000
_TOLD_BY_BILLS = (
    *("payment_received", "payment_quarantined", "balance_topped_up"),
    *("payment_refunded", "quarantine_refunded", "balance_out_done"),
)
"""Fees stand in another column, and what is paid out to promoters in another bill."""


class Compared(Struct, frozen=True):
    """How many differences the bill has now, and how many of them are open."""

    found: int
    open: int


async def compare_bill(tx: Tx, bill_id: UUID, *, now: datetime) -> Compared:
    """Also looks again at the edges of both neighbouring days, which this bill may settle.

    Refuses with BillNotFound, BillNotReady.
    """
    bill = await queries.lock_bill(tx, bill_id)
    if bill is None:
        raise BillNotFound()
    if not bill.is_taken:
        raise BillNotReady(day=bill.day)
    await book_fees(tx, bill, now=now)
    compared = await _compare(tx, bill, now)
    for neighbour in await queries.neighbours(tx, bill):
        if neighbour is not None and neighbour.state == "compared":
            await _compare(tx, neighbour, now)
    return compared


async def _compare(tx: Tx, bill: Bill, now: datetime) -> Compared:
    before, after = await queries.neighbours(tx, bill)
    around = Surroundings(
        day=bill.day, now=now, has_previous=before is not None, has_next=after is not None
    )
    found: dict[UUID, Difference] = {}
    for row in await compare_queries.unreadable_lines(tx, bill):
        one = _unreadable(bill, row, now)
        found[one.id] = one
    for candidate in await compare_queries.candidates(tx, bill):
        verdict = classify(candidate, around)
        if verdict:
            one = _difference(bill, candidate, verdict, now)
            found.setdefault(one.id, one)
    for one in await _not_in_the_ledger(tx, bill, now):
        # Who is missing at the channel or elsewhere wrong is named by that already.
        found.setdefault(one.id, one)
    await difference_queries.write_found(tx, list(found.values()))
    await difference_queries.mark_gone(tx, bill.id, still=list(found), now=now)
    await _keep_sums(tx, bill, now)
    return Compared(len(found), sum(one.state == "open" for one in found.values()))


async def _not_in_the_ledger(tx: Tx, bill: Bill, now: datetime) -> list[Difference]:
    """Payments and refunds of the day without their entry of the same amount."""
    account = ledger.channel_cash(bill.provider)
    missing: list[Difference] = []
    after: tuple[datetime, UUID] | None = None
    while rows := await compare_queries.moved_by_us(tx, bill, after=after, limit=_AT_ONCE):
        ids = [_transfer_id(row) for row in rows]
        held = await ledger.entered(tx, account, ids)
        for row, transfer_id in zip(rows, ids, strict=True):
            sign = 1 if row["kind"] == "payment" else -1
            if held.get(transfer_id) != sign * row["amount_minor"]:
                missing.append(_of_ledger(bill, row, held.get(transfer_id), now))
        if len(rows) < _AT_ONCE:
            break
        after = (rows[-1]["at"], rows[-1]["id"])
    return missing


def _transfer_id(row: Record) -> UUID:
    purpose = "ledger.payment" if row["kind"] == "payment" else "ledger.refund"
    return derived_id(row["id"], purpose)


async def _keep_sums(tx: Tx, bill: Bill, now: datetime) -> None:
    ours = await compare_queries.ours_of_day(tx, bill)
    since, until = span_of(bill.day)
    came_in, went_out = await ledger.moved(
        tx,
        ledger.channel_cash(bill.provider),
        since=since,
        until=until,
        kinds=_TOLD_BY_BILLS,
    )
    await queries.mark_compared(
        tx,
        bill.id,
        ours_paid_minor=ours["paid_minor"],
        ours_refunded_minor=ours["refunded_minor"],
        ledger_in_minor=came_in,
        ledger_out_minor=went_out,
        now=now,
    )


def difference_id(bill_id: UUID, parts: Sequence[str]) -> UUID:
    """Of the bill and the number only: a difference whose class changes is the same one."""
    return derived_id(bill_id, "payment.difference." + ".".join(parts))


def _difference(bill: Bill, c: Candidate, verdict: Verdict, now: datetime) -> Difference:
    return Difference(
        id=difference_id(bill.id, (c.kind, c.number, c.txn)),
        bill_id=bill.id,
        day=bill.day,
        provider=bill.provider,
        class_=verdict.name,
        kind=c.kind,
        number=c.number,
        txn=c.txn,
        out_trade_no=c.out_trade_no,
        order_id=c.order_id,
        intent_id=c.intent_id,
        refund_id=c.refund_id,
        line_no=c.line_no,
        theirs_minor=c.theirs_minor,
        theirs_state=c.theirs_state,
        theirs_at=c.theirs_at,
        ours_minor=c.ours_minor,
        ours_state=c.ours_state,
        ours_at=c.ours_at,
        fee_minor=c.fee_minor if c.line_no is not None else None,
        state="repaired" if verdict.settled else "open",
        resolution="matched" if verdict.settled else None,
        resolved_at=now if verdict.settled else None,
        first_seen_at=now,
        last_seen_at=now,
    )


def _of_ledger(bill: Bill, row: Record, held: int | None, now: datetime) -> Difference:
    named: Class = "ledger"
    return Difference(
        id=difference_id(bill.id, (row["kind"], row["number"], row["txn"])),
        bill_id=bill.id,
        day=bill.day,
        provider=bill.provider,
        class_=named,
        kind=row["kind"],
        number=row["number"],
        txn=row["txn"],
        out_trade_no=row["out_trade_no"],
        order_id=row["order_id"],
        intent_id=row["intent_id"],
        refund_id=row["refund_id"],
        ours_minor=row["amount_minor"],
        ours_state="paid" if row["kind"] == "payment" else "succeeded",
        ours_at=row["at"],
        ledger_minor=held or 0,
        first_seen_at=now,
        last_seen_at=now,
    )


def _unreadable(bill: Bill, row: Record, now: datetime) -> Difference:
    named: Class = "unreadable"
    return Difference(
        id=difference_id(bill.id, ("line", str(row["line_no"]))),
        bill_id=bill.id,
        day=bill.day,
        provider=bill.provider,
        class_=named,
        kind="unreadable",
        number="",
        txn="",
        out_trade_no="",
        line_no=row["line_no"],
        theirs_state=row["state"],
        first_seen_at=now,
        last_seen_at=now,
    )
