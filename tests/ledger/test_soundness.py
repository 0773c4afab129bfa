"""The quarter-hourly proof is cheap, sees one moment, and still finds what is wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.databases import Urls
from tests.ledger.test_post import placed
from weike import ledger
from weike.kernel import Database, TenantId, Tx, utc_now
from weike.ledger import CheckResult, queries
from weike.ledger.reconcile import SAFETY_LAG, proof_is_due, reconcile_and_keep

if TYPE_CHECKING:
    Owner = asyncpg.Connection[asyncpg.Record]


@pytest.fixture
async def owner(fresh_urls: Urls) -> AsyncIterator[Owner]:
    connection = await asyncpg.connect(fresh_urls.owner)
    yield connection
    await connection.close()


async def _plant(
    owner: Owner, tenant_id: TenantId, *, written_at: datetime, with_transfer: bool = True
) -> None:
    """One entry without its other side, past the trigger that would refuse it."""
    transfer_id = uuid4()
    await owner.execute("alter table ledger.entries disable trigger entries_balance")
    if with_transfer:
        await owner.execute(
            "insert into ledger.transfers values ($1, $2, 'order_placed', '', 'order', $2, $3)",
            *(tenant_id, transfer_id, written_at),
        )
    await owner.execute(
        "insert into ledger.entries values ($1, $2, 0, 'escrow', $3, 7, 'CNY', $4, $4)",
        *(tenant_id, transfer_id, UUID(int=0), written_at),
    )
    await owner.execute("alter table ledger.entries enable trigger entries_balance")


async def _wrong(database: Database, tenant_id: TenantId, *, is_thorough: bool) -> dict[str, int]:
    report = await database.run(
        tenant_id,
        lambda tx: ledger.reconcile(tx, now=utc_now(), is_thorough=is_thorough),
        one_snapshot=True,
    )
    return {check.key: check.found for check in report.checks if not check.ok}


@pytest.mark.any_statement
async def test_what_is_new_and_wrong_is_found_by_the_cheap_proof(
    fresh_database: Database, owner: Owner, tenant_id: TenantId, now: datetime
) -> None:
    database = fresh_database
    await database.run(tenant_id, lambda tx: ledger.post(tx, placed(500, now=now)))
    await database.run(tenant_id, lambda tx: reconcile_and_keep(tx, [], now=utc_now()))
    assert await _wrong(database, tenant_id, is_thorough=False) == {}
    await _plant(owner, tenant_id, written_at=utc_now())
    await _plant(owner, tenant_id, written_at=utc_now(), with_transfer=False)
    found = {
        "ledger.sum_zero": 14,
        "ledger.transfers_balance": 2,
        "ledger.entries_owned": 1,
    }
    assert await _wrong(database, tenant_id, is_thorough=False) == found
    assert await _wrong(database, tenant_id, is_thorough=True) == found


@pytest.mark.any_statement
async def test_what_is_old_and_wrong_still_shows_in_the_sums_and_is_named_at_night(
    fresh_database: Database, owner: Owner, tenant_id: TenantId, now: datetime
) -> None:
    database = fresh_database
    await _plant(owner, tenant_id, written_at=utc_now() - timedelta(hours=2))
    await database.run(tenant_id, lambda tx: queries.roll_up(tx, utc_now() - SAFETY_LAG))
    await database.run(
        tenant_id,
        lambda tx: queries.insert_finding(tx, at=utc_now(), ok=True, checks=[], is_thorough=False),
    )
    assert await _wrong(database, tenant_id, is_thorough=False) == {
        "ledger.sum_zero": 7,
        "ledger.snapshots": 7,
    }
    assert await _wrong(database, tenant_id, is_thorough=True) == {
        "ledger.sum_zero": 7,
        "ledger.transfers_balance": 1,
    }


async def test_money_that_moves_during_the_proof_is_no_difference(
    fresh_database: Database, tenant_id: TenantId, now: datetime
) -> None:
    """The check reads its states, somebody pays, the check reads the balance."""
    database = fresh_database
    await database.run(tenant_id, lambda tx: ledger.post(tx, placed(500, now=now)))

    async def check(tx: Tx) -> list[CheckResult]:
        before = await ledger.balance(tx, "buyer_due")
        await database.run(tenant_id, lambda other: ledger.post(other, placed(300, now=now)))
        after = await ledger.balance(tx, "buyer_due")
        return [CheckResult(key="test.moving", expected=before.minor, found=after.minor)]

    report = await database.run(
        tenant_id, lambda tx: ledger.reconcile(tx, [check], now=now), one_snapshot=True
    )
    assert report.ok, report
    # The same without one snapshot is the false alarm.
    report = await database.run(tenant_id, lambda tx: ledger.reconcile(tx, [check], now=now))
    assert not report.ok


async def test_the_whole_is_proven_once_in_a_night() -> None:
    night = datetime(2026, 11, 11, 19, 0, tzinfo=UTC)  # three in the morning in China
    day = night + timedelta(hours=9)
    assert proof_is_due(None, day)
    assert proof_is_due(night - timedelta(hours=23), night)
    assert not proof_is_due(night, night + timedelta(hours=1))
    assert not proof_is_due(night, day)
    assert proof_is_due(day - timedelta(hours=31), day)
