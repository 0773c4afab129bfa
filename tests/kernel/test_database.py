"""Transactions are bound to one tenant by the database itself."""

from __future__ import annotations

import contextlib
from datetime import datetime
from uuid import UUID

import asyncpg
import pytest

from weike.kernel import Database, TenantId, Tx, Unavailable, uuid7


async def _count_up(tx: Tx) -> int:
    value: int = await tx.fetchval(
        "insert into kernel.counters (tenant_id, kind, value) values ($1, 'order', 1) "
        "on conflict (tenant_id, kind) do update set value = counters.value + 1 returning value",
        tx.tenant_id,
    )
    return value


async def test_a_tenant_sees_only_its_own_rows(database: Database, now: datetime) -> None:
    one, other = TenantId(uuid7(now)), TenantId(uuid7(now))
    await database.run(one, _count_up)

    async def others_rows(tx: Tx) -> int:
        return len(await tx.fetch("select 1 from kernel.counters where tenant_id = $1", one))

    assert await database.run(one, others_rows) == 1
    assert await database.run(other, others_rows) == 0


async def test_writing_for_another_tenant_is_refused(tx: Tx, now: datetime) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await tx.execute(
            "insert into kernel.counters (tenant_id, kind, value) values ($1, 'order', 1)",
            uuid7(now),
        )


async def test_without_a_tenant_a_query_finds_nothing(
    database: Database, tenant_id: TenantId
) -> None:
    await database.run(tenant_id, _count_up)
    found = await database.reference(
        "select 1 from kernel.counters where tenant_id = $1", UUID(str(tenant_id))
    )
    assert found == []


async def test_a_savepoint_undoes_its_own_part_only(tx: Tx) -> None:
    async def undone() -> None:
        async with tx.savepoint():
            await _count_up(tx)
            async with tx.savepoint():
                await _count_up(tx)
            raise ZeroDivisionError

    await _count_up(tx)
    with pytest.raises(ZeroDivisionError):
        await undone()
    assert await _count_up(tx) == 2


async def test_work_that_passes_over_a_failed_statement_is_not_taken_for_done(
    database: Database, tenant_id: TenantId
) -> None:
    async def careless(tx: Tx) -> int:
        counted = await _count_up(tx)
        with contextlib.suppress(asyncpg.PostgresError):
            await tx.execute("select 1 / 0")
        return counted

    # PostgreSQL answers such a commit with ROLLBACK and no error: it looked done, and was not.
    with pytest.raises(AssertionError, match="nothing was committed"):
        await database.run(tenant_id, careless)


async def test_a_statement_over_its_limit_is_answered_with_come_back_later(
    database: Database, tenant_id: TenantId
) -> None:
    async def slow(tx: Tx) -> None:
        await tx.execute("set local statement_timeout = '20ms'")
        await tx.execute("select pg_sleep(5)")

    with pytest.raises(Unavailable):
        await database.run(tenant_id, slow)


async def test_generic_plans_are_asked_for_by_one_transaction_only(
    database: Database, tenant_id: TenantId
) -> None:
    async def mode(tx: Tx) -> str:
        return str(await tx.fetchval("select current_setting('plan_cache_mode')"))

    assert await database.run(tenant_id, mode, generic_plans=True) == "force_generic_plan"
    assert await database.run(tenant_id, mode) == "auto"
