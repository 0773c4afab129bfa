"""Balances: snapshot plus newer entries equals the sum, wherever the watermark stands."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ledger.test_post import placed
from weike import ledger
from weike.kernel import Database, Money, TenantId, Tx, utc_now, uuid7
from weike.ledger import Check, CheckResult, Entry, Transfer
from weike.ledger import queries as ledger_queries
from weike.ledger.jobs import jobs
from weike.ledger.reconcile import reconcile_and_keep

PROMOTERS = [UUID(int=n) for n in (1, 2, 3)]


@st.composite
def transfers(draw: st.DrawFn) -> Transfer:
    """Two to five entries over a few accounts and owners, made to balance."""
    accounts = ["escrow", "merchant", "commission_pending", "channel_cash:wechat"]
    parts = draw(
        st.lists(
            st.tuples(
                st.sampled_from(accounts),
                st.sampled_from([ledger.SHOP, *PROMOTERS]),
                st.integers(-(10**9), 10**9).filter(bool),
            ),
            min_size=1,
            max_size=4,
        ).filter(lambda parts: sum(amount for _, _, amount in parts) != 0)
    )
    entries = [Entry(account, amount, owner) for account, owner, amount in parts]
    entries.append(Entry("quarantine", -sum(entry.amount_minor for entry in entries)))
    return Transfer(
        id=draw(st.uuids(version=4)),
        kind="order_settled",
        source_type="order",
        source_id=UUID(int=9),
        at=datetime(2026, 11, 11, tzinfo=UTC),
        entries=tuple(entries),
    )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(batches=st.lists(st.lists(transfers(), max_size=5), max_size=4), rolled=st.integers(0, 4))
async def test_balances_equal_the_sum_of_all_entries(
    database: Database, batches: list[list[Transfer]], rolled: int
) -> None:
    tenant_id = TenantId(uuid7(utc_now()))
    expected: Counter[tuple[str, UUID]] = Counter()
    seen: set[UUID] = set()

    for nth, batch in enumerate(batches):

        async def write(tx: Tx, batch: list[Transfer] = batch) -> None:
            await ledger.post_many(tx, batch)

        await database.run(tenant_id, write)
        for transfer in batch:
            if transfer.id not in seen:
                seen.add(transfer.id)
                for entry in transfer.entries:
                    expected[entry.account, entry.owner_id] += entry.amount_minor
        if nth < rolled:
            await database.run(tenant_id, lambda tx: ledger_queries.roll_up(tx, utc_now()))

    async def check(tx: Tx) -> None:
        found = {
            (b.account, b.owner_id): b.normal_side.sign * b.balance.minor
            for b in await ledger.balances(tx)
        }
        assert {k: v for k, v in found.items() if v} == {k: v for k, v in expected.items() if v}
        for (account, owner_id), minor in expected.items():
            sign = ledger.account_of(account).normal_side.sign
            assert await ledger.balance(tx, account, owner_id) == Money(sign * minor)
        assert (await ledger.reconcile(tx, now=utc_now())).ok

    await database.run(tenant_id, check)


async def test_the_roll_up_leaves_young_entries_alone(
    database: Database, tenant_id: TenantId, now: datetime
) -> None:
    (roll_up, _) = jobs(())
    await database.run(tenant_id, lambda tx: ledger.post(tx, placed(500, now=now)))
    await database.run(tenant_id, lambda tx: roll_up.run(tx, utc_now()))

    async def snapshots(tx: Tx) -> int:
        count = await tx.fetchval(
            "select count(*) from ledger.snapshots s where s.tenant_id = $1", tx.tenant_id
        )
        return int(count)

    assert await database.run(tenant_id, snapshots) == 0
    await database.run(tenant_id, lambda tx: roll_up.run(tx, utc_now() + timedelta(hours=1)))
    assert await database.run(tenant_id, snapshots) == 2
    assert await database.run(tenant_id, lambda tx: ledger.balance(tx, "buyer_due")) == Money(500)


async def test_the_watermark_never_goes_back(
    database: Database, tenant_id: TenantId, now: datetime
) -> None:
    await database.run(tenant_id, lambda tx: ledger.post(tx, placed(500, now=now)))
    later = utc_now() + timedelta(hours=1)

    assert await database.run(tenant_id, lambda tx: ledger_queries.roll_up(tx, later))
    assert not await database.run(
        tenant_id, lambda tx: ledger_queries.roll_up(tx, later - timedelta(hours=2))
    )
    assert await database.run(tenant_id, lambda tx: ledger.balance(tx, "buyer_due")) == Money(500)


@pytest.mark.any_statement
async def test_a_snapshot_that_lies_is_found(tx: Tx, now: datetime) -> None:
    await ledger.post(tx, placed(500, now=now))
    await ledger_queries.roll_up(tx, utc_now() + timedelta(hours=1))
    await tx.execute(
        "update ledger.snapshots set balance_minor = balance_minor + 3 "
        "where tenant_id = $1 and account = 'buyer_due'",
        tx.tenant_id,
    )

    report = await ledger.reconcile(tx, now=now)

    assert not report.ok
    assert [(c.key, c.found) for c in report.checks if not c.ok] == [("ledger.snapshots", 3)]


async def test_checks_of_upper_contexts_are_part_of_the_report(tx: Tx, now: datetime) -> None:
    async def commissions(tx: Tx) -> list[CheckResult]:
        return [CheckResult(key="distribution.pending", expected=7, found=8)]

    check: Check = commissions
    report = await reconcile_and_keep(tx, [check], now=now)

    assert not report.ok
    assert report.checks[-1].key == "distribution.pending"
    assert (
        await tx.fetchval(
            "select b.is_sound from ledger.books b where b.tenant_id = $1", tx.tenant_id
        )
        is False
    )
