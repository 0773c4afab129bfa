"""The edge of a day: what two clocks put on different days waits for the neighbouring bill, and is
called missing when the time of grace is over."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from datetime import date, timedelta

import asyncpg
import pytest
from msgspec.structs import replace

from tests.databases import Urls
from tests.payment.reconciliation.days import DAY, Day, Moved, clean_day, write
from tests.payment.reconciliation.test_twenty_thousand import Desk, OneGateway
from weike.kernel import Database, TenantId, Tx
from weike.payment.providers.fake import FakeGateway
from weike.payment.reconciliation import difference_queries, queries
from weike.payment.reconciliation.compare_bill import compare_bill
from weike.payment.reconciliation.difference_queries import Difference
from weike.payment.reconciliation.jobs import jobs
from weike.payment.reconciliation.model import ready_at, span_of
from weike.payment.reconciliation.take_bill import take_bill
from weike.sandbox.bills import BillRow, wechat_text

pytestmark = pytest.mark.any_statement
NEXT = DAY + timedelta(days=1)
_, END = span_of(DAY)


@pytest.fixture
async def desk(
    fresh_urls: Urls, fresh_database: Database, tenant_id: TenantId
) -> AsyncIterator[Desk]:
    owner = await asyncpg.connect(fresh_urls.owner)
    yield Desk(fresh_database, owner, tenant_id)
    await owner.close()


def at_the_edge(day: Day) -> tuple[Moved, BillRow]:
    """One payment, a second before midnight by our clock."""
    one = day.payments[0]
    assert one.row
    row, one.row, one.at = one.row, None, END - timedelta(seconds=1)
    return one, row


async def bring(desk: Desk, day: Day, of: date, rows: list[BillRow]) -> None:
    """The bill of a day is taken and compared, the morning after."""
    gateway = FakeGateway("1900000001", bills={of: gzip.compress(wechat_text(rows).encode())})
    now = ready_at(of) + timedelta(minutes=3)
    assert await take_bill(
        desk.database,
        OneGateway(gateway),
        desk.tenant_id,
        config_id=day.config_id,
        day=of,
        now=now,
    )
    bill_id = queries.bill_id_of(day.config_id, of)
    await desk.database.run(desk.tenant_id, lambda tx: compare_bill(tx, bill_id, now=now))


async def listed(desk: Desk) -> list[tuple[date, str, str, str | None]]:
    async def read(tx: Tx) -> list[Difference]:
        return await difference_queries.differences(
            tx,
            first=None,
            last=None,
            provider=None,
            class_=None,
            state=None,
            number=None,
            after=None,
            limit=10,
        )

    found = await desk.database.run(desk.tenant_id, read)
    return sorted((one.day, one.class_, one.state, one.resolution) for one in found)


async def test_the_next_day_s_bill_settles_the_edge_on_both_days(desk: Desk) -> None:
    day = clean_day("wechat", 1, payments=5, refunds=1)
    _, row = at_the_edge(day)
    await write(desk.owner, desk.tenant_id, day)
    await bring(desk, day, DAY, day.rows())
    assert await listed(desk) == [(DAY, "date_edge", "open", None)]
    await bring(desk, day, NEXT, [row])
    assert await listed(desk) == [
        (DAY, "date_edge", "repaired", "gone"),
        (NEXT, "date_edge", "repaired", "matched"),
    ]


async def test_a_line_that_came_early_is_no_loss_on_its_own_day(desk: Desk) -> None:
    """Ours a second after midnight, theirs a second before it."""
    day = clean_day("wechat", 2, payments=5, refunds=1)
    one, row = at_the_edge(day)
    one.at = END + timedelta(seconds=1)
    await write(desk.owner, desk.tenant_id, day)
    await bring(desk, day, DAY, [*day.rows(), row])
    assert await listed(desk) == [(DAY, "date_edge", "repaired", "matched")]
    await bring(desk, day, NEXT, [])
    assert await listed(desk) == [(DAY, "date_edge", "repaired", "matched")]


async def test_what_the_next_bill_lacks_too_is_missing(desk: Desk) -> None:
    day = clean_day("wechat", 3, payments=5, refunds=1)
    at_the_edge(day)
    await write(desk.owner, desk.tenant_id, day)
    await bring(desk, day, DAY, day.rows())
    await bring(desk, day, NEXT, [])
    assert await listed(desk) == [(DAY, "missing_at_channel", "open", None)]


async def test_the_time_of_grace_ends_by_itself(desk: Desk, fresh_urls: Urls) -> None:
    day = clean_day("wechat", 4, payments=5, refunds=1)
    at_the_edge(day)
    await write(desk.owner, desk.tenant_id, day)
    await bring(desk, day, DAY, day.rows())
    (job,) = jobs(OneGateway(FakeGateway("1900000001")))
    later = END + timedelta(hours=48, minutes=1)
    reports = await asyncpg.connect(fresh_urls.report)
    for now, is_due in ((END + timedelta(hours=20), False), (later, True)):
        due = await reports.fetch(job.due_tenants.replace("$1", "$1::timestamptz"), now)
        # At any hour of the day after, the next bill is asked for; only grace is of interest here.
        waits = await desk.database.run(
            desk.tenant_id,
            lambda tx, now=now: difference_queries.bills_that_wait(tx, now=now, limit=9),  # type: ignore[misc]
        )
        assert bool(waits) is is_due
        assert desk.tenant_id in [row["tenant_id"] for row in due] or not is_due
    await reports.close()
    await job.run(desk.database, desk.tenant_id, later)
    assert (DAY, "missing_at_channel", "open", None) in await listed(desk)


async def test_a_number_in_two_bills_is_a_duplicate_of_the_later(desk: Desk) -> None:
    day = clean_day("wechat", 5, payments=5, refunds=1)
    await write(desk.owner, desk.tenant_id, day)
    rows = day.rows()
    await bring(desk, day, DAY, rows)
    await bring(desk, day, NEXT, [rows[0]])
    assert await listed(desk) == [(NEXT, "duplicated", "open", None)]


async def test_a_taken_bill_books_its_fees_once_and_only_the_rest_later(desk: Desk) -> None:
    day = clean_day("wechat", 6, payments=5, refunds=1)
    await write(desk.owner, desk.tenant_id, day)
    for ppm in (6000, 6000, 3800, 6000):
        rows = [replace(row, fee_ppm=ppm) for row in day.rows()]
        await bring(desk, day, DAY, rows)
        bill = await desk.bill(day.config_id)
        assert bill.fee_minor == bill.fee_booked_minor == sum(row.fee for row in rows)
        booked = await desk.owner.fetchval(
            "select sum(amount_minor) from ledger.entries where account = 'fees'"
        )
        assert booked == bill.fee_minor
    assert await listed(desk) == []
