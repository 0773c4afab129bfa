"""HTTP of reconciliation: the calendar, bills, differences and what repairs them.

Handlers are given `gateways`, besides the kernel's.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from litestar.response import Stream
from msgspec import Meta, Struct

from weike import tenancy
from weike.kernel import PAGE_LIMIT, Database, Page, Tx, decode_cursor
from weike.kernel.edge import Caller, limited, staff
from weike.kernel.edge.sheets import FileForm, Row, rows_by_page, sheet_stream, yuan
from weike.kernel.words import Words
from weike.payment.desk import show_bills as show
from weike.payment.desk.ask_again import ask_again
from weike.payment.desk.proposal_model import Action, Proposal
from weike.payment.desk.propose import approve, propose, reject
from weike.payment.desk.show_bills import (
    BillView,
    Calendar,
    DifferenceView,
)
from weike.payment.gateways import ProviderGateways
from weike.payment.reconciliation.compare_bill import compare_bill
from weike.payment.reconciliation.errors import BillNotReady, DayNotOver
from weike.payment.reconciliation.model import DAYS_BACK, Class, DifferenceState, ready_at
from weike.payment.reconciliation.queries import bill_id_of
from weike.payment.reconciliation.take_bill import take_bill

_LONGEST_SPAN = timedelta(days=62)
_SHEET_PAGE = 500
_COLUMNS = (
    *("day", "channel", "class", "kind", "number", "txn", "theirs", "ours", "state", "reason"),
)
_Number = Annotated[str | None, QueryParameter(max_length=64)]


class BillAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    """The bill of one merchant number and one day in China."""

    config_id: UUID
    day: date


class ProposalAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    """`id` is made by whoever asks; the same id again answers the first time."""

    id: UUID
    reason: Annotated[str, Meta(min_length=2, max_length=200)]


@get(
    "/api/console/reconciliation/calendar",
    opt=staff("ledger.read"),
    operation_id="reconciliation_calendar",
    tags=["console"],
)
async def reconciliation_calendar(
    caller: Caller, database: Database, first: date, last: date, now: datetime
) -> Calendar:
    """Two months at most."""
    last = max(first, min(last, first + _LONGEST_SPAN))
    return await database.run(
        caller.tenant_id, lambda tx: show.calendar(tx, first=first, last=last, now=now)
    )


@get(
    "/api/console/reconciliation/bills/{bill_id:uuid}",
    opt=staff("ledger.read"),
    operation_id="show_bill",
    tags=["console"],
)
async def show_bill(caller: Caller, database: Database, bill_id: UUID) -> BillView:
    return await database.run(caller.tenant_id, lambda tx: show.bill_view(tx, bill_id))


@post(
    "/api/console/reconciliation/bills",
    opt=limited(staff("ledger.write"), per_minute=20),
    operation_id="take_bill",
    status_code=200,
    tags=["console"],
)
async def take_bill_now(
    caller: Caller,
    database: Database,
    gateways: ProviderGateways,
    data: BillAsked,
    now: datetime,
) -> BillView:
    """Fetches it (again) and compares it. Refuses with `payment.bill_not_ready` while the channel
    has not written it."""
    if not ready_at(data.day) <= now <= ready_at(data.day) + timedelta(days=DAYS_BACK):
        raise DayNotOver(field="day")
    taken = await take_bill(
        database, gateways, caller.tenant_id, config_id=data.config_id, day=data.day, now=now
    )
    if not taken:
        raise BillNotReady(day=data.day)
    return await _compare(database, caller, bill_id_of(data.config_id, data.day), now)


@post(
    "/api/console/reconciliation/bills/{bill_id:uuid}/compare",
    opt=limited(staff("ledger.write"), per_minute=20),
    operation_id="compare_bill",
    status_code=200,
    tags=["console"],
)
async def compare_bill_again(
    caller: Caller, database: Database, bill_id: UUID, now: datetime
) -> BillView:
    return await _compare(database, caller, bill_id, now)


async def _compare(database: Database, caller: Caller, bill_id: UUID, now: datetime) -> BillView:
    async def work(tx: Tx) -> BillView:
        compared = await compare_bill(tx, bill_id, now=now)
        await tenancy.record_audit(
            tx,
            actor=caller,
            action="payment.bill_compared",
            subject_type="bill",
            subject_id=bill_id,
            detail={"found": compared.found, "open": compared.open},
            now=now,
        )
        return await show.bill_view(tx, bill_id)

    return await database.run(caller.tenant_id, work)


@get(
    "/api/console/reconciliation/differences",
    opt=staff("ledger.read"),
    operation_id="list_differences",
    tags=["console"],
)
async def list_differences(
    caller: Caller,
    database: Database,
    first: date | None = None,
    last: date | None = None,
    provider: Annotated[str | None, QueryParameter(max_length=16)] = None,
    kind: Annotated[Class | None, QueryParameter(name="class")] = None,
    difference_state: Annotated[DifferenceState | None, QueryParameter(name="state")] = None,
    number: _Number = None,
    cursor: str | None = None,
    limit: Annotated[int, QueryParameter(ge=1, le=PAGE_LIMIT)] = 20,
) -> Page[DifferenceView]:
    """Newest day first. `number` is the beginning of a payment's or refund's number."""
    after = decode_cursor(cursor, tuple[date, UUID])
    return await database.run(
        caller.tenant_id,
        lambda tx: show.difference_page(
            tx,
            first=first,
            last=last,
            provider=provider,
            class_=kind,
            state=difference_state,
            number=number or None,
            after=after,
            limit=limit,
        ),
    )


@get(
    "/api/console/reconciliation/differences/{difference_id:uuid}",
    opt=staff("ledger.read"),
    operation_id="show_difference",
    tags=["console"],
)
async def show_difference(
    caller: Caller, database: Database, difference_id: UUID
) -> DifferenceView:
    return await database.run(caller.tenant_id, lambda tx: show.difference_view(tx, difference_id))


@get(
    "/api/console/reconciliation/differences/export",
    opt=limited(staff("ledger.read"), per_minute=10),
    operation_id="export_differences",
    tags=["console"],
)
async def export_differences(
    caller: Caller,
    database: Database,
    words: Words,
    form: FileForm = "xlsx",
    first: date | None = None,
    last: date | None = None,
    provider: Annotated[str | None, QueryParameter(max_length=16)] = None,
    kind: Annotated[Class | None, QueryParameter(name="class")] = None,
    difference_state: Annotated[DifferenceState | None, QueryParameter(name="state")] = None,
    number: _Number = None,
) -> Stream:
    """What the list shows, all of it."""

    async def page(tx: Tx, cursor: str | None) -> tuple[list[Row], str | None]:
        found = await show.difference_page(
            tx,
            first=first,
            last=last,
            provider=provider,
            class_=kind,
            state=difference_state,
            number=number or None,
            after=decode_cursor(cursor, tuple[date, UUID]),
            limit=_SHEET_PAGE,
        )
        return [_row(one, words) for one in found.items], found.next_cursor

    return sheet_stream(
        form,
        "differences",
        [words(f"payment.difference.column.{head}") for head in _COLUMNS],
        rows_by_page(database, caller.tenant_id, page),
    )


def _row(one: DifferenceView, words: Words) -> Row:
    return [
        one.day.isoformat(),
        words(f"ledger.channel.{one.provider}"),
        words(f"payment.difference.class.{one.class_}"),
        words(f"payment.difference.kind.{one.kind}"),
        one.number,
        one.txn,
        yuan(one.theirs_minor),
        yuan(one.ours_minor),
        words(f"payment.difference.state.{one.state}"),
        one.reason or "",
    ]


@post(
    "/api/console/reconciliation/differences/{difference_id:uuid}/query",
    opt=limited(staff("ledger.write"), per_minute=60),
    operation_id="query_difference",
    status_code=200,
    tags=["console"],
)
async def query_difference(
    caller: Caller,
    database: Database,
    gateways: ProviderGateways,
    difference_id: UUID,
    now: datetime,
) -> DifferenceView:
    """Asks the channel about the payment or refund once more, and compares again."""
    await ask_again(database, gateways, caller.tenant_id, difference_id=difference_id, now=now)
    return await database.run(caller.tenant_id, lambda tx: show.difference_view(tx, difference_id))


async def _proposed(
    action: Action,
    difference_id: UUID,
    data: ProposalAsked,
    caller: Caller,
    database: Database,
    now: datetime,
) -> DifferenceView:
    async def work(tx: Tx) -> DifferenceView:
        await propose(
            tx,
            proposal_id=data.id,
            subject_type="difference",
            subject_id=difference_id,
            action=action,
            reason=data.reason,
            caller=caller,
            now=now,
        )
        return await show.difference_view(tx, difference_id)

    return await database.run(caller.tenant_id, work)


@post(
    "/api/console/reconciliation/differences/{difference_id:uuid}/explain",
    opt=staff("ledger.write"),
    operation_id="explain_difference",
    status_code=200,
    tags=["console"],
)
async def explain_difference(
    caller: Caller, database: Database, difference_id: UUID, data: ProposalAsked, now: datetime
) -> DifferenceView:
    """Carried out when a second person approves it, where the class asks for two."""
    return await _proposed("explain", difference_id, data, caller, database, now)


@post(
    "/api/console/reconciliation/differences/{difference_id:uuid}/take-in",
    opt=staff("ledger.write"),
    operation_id="take_in_difference",
    status_code=200,
    tags=["console"],
)
async def take_in_difference(
    caller: Caller, database: Database, difference_id: UUID, data: ProposalAsked, now: datetime
) -> DifferenceView:
    """Books what the bill says came in as quarantined money, to be refunded or accepted there."""
    return await _proposed("take_in", difference_id, data, caller, database, now)


@post(
    "/api/console/proposals/{proposal_id:uuid}/approve",
    opt=staff("ledger.write"),
    operation_id="approve_proposal",
    status_code=200,
    tags=["console"],
)
async def approve_proposal(
    caller: Caller, database: Database, proposal_id: UUID, now: datetime
) -> Proposal:
    """By another person than the one who proposed it."""
    return await database.run(
        caller.tenant_id, lambda tx: approve(tx, proposal_id, caller=caller, now=now)
    )


@post(
    "/api/console/proposals/{proposal_id:uuid}/reject",
    opt=staff("ledger.write"),
    operation_id="reject_proposal",
    status_code=200,
    tags=["console"],
)
async def reject_proposal(
    caller: Caller, database: Database, proposal_id: UUID, now: datetime
) -> Proposal:
    """By another person, or taken back."""
    return await database.run(
        caller.tenant_id, lambda tx: reject(tx, proposal_id, caller=caller, now=now)
    )


ROUTES: tuple[HTTPRouteHandler, ...] = (
    reconciliation_calendar,
    show_bill,
    take_bill_now,
    compare_bill_again,
    list_differences,
    show_difference,
    export_differences,
    query_difference,
    explain_difference,
    take_in_difference,
    approve_proposal,
    reject_proposal,
)
