"""Migrations: each file once, in its own transaction; changed files and held locks are refused."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime

import asyncpg
import pytest

from tests.databases import PASSWORDS, Urls
from weike.entry.contexts import contexts
from weike.kernel.migrate import Migration, MigrationRefused, migrate, migrations_of

ADDED = Migration("kernel", "9001_tea.sql", "create table kernel.tea (cup integer)")


async def _migrate(url: str, *migrations: Migration, now: datetime) -> int:
    return await migrate(
        url,
        migrations,
        app_password=PASSWORDS["weike_app"],
        report_password=PASSWORDS["weike_report"],
        now=now,
    )


async def test_a_file_is_applied_once(fresh_urls: Urls, now: datetime) -> None:
    assert await _migrate(fresh_urls.owner, ADDED, now=now) == 1
    assert await _migrate(fresh_urls.owner, ADDED, now=now) == 0


async def test_a_changed_file_is_refused(fresh_urls: Urls, now: datetime) -> None:
    await _migrate(fresh_urls.owner, ADDED, now=now)
    changed = Migration(ADDED.context, ADDED.name, ADDED.sql + ";")
    with pytest.raises(MigrationRefused, match="write a new migration"):
        await _migrate(fresh_urls.owner, changed, now=now)


async def test_a_failing_file_leaves_nothing(fresh_urls: Urls, now: datetime) -> None:
    broken = Migration("kernel", "9002_broken.sql", ADDED.sql + "; select 1 / 0")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await _migrate(fresh_urls.owner, broken, now=now)
    assert await _migrate(fresh_urls.owner, ADDED, now=now) == 1


async def test_two_that_start_together_apply_each_file_once(
    fresh_urls: Urls, now: datetime
) -> None:
    done = await asyncio.gather(*(_migrate(fresh_urls.owner, ADDED, now=now) for _ in range(3)))
    assert sorted(done) == [0, 0, 1]


async def test_a_lock_that_does_not_come_is_given_up(fresh_urls: Urls, now: datetime) -> None:
    holder = await asyncpg.connect(fresh_urls.owner)
    held = holder.transaction()
    await held.start()
    await holder.execute("lock table kernel.counters in access share mode")
    altering = Migration(
        "kernel", "9003_alter.sql", "alter table kernel.counters add column note text"
    )
    started = time.monotonic()
    with pytest.raises(asyncpg.LockNotAvailableError):
        await _migrate(fresh_urls.owner, altering, now=now)
    assert 4 < time.monotonic() - started < 8
    await held.rollback()
    await holder.close()


async def test_the_application_cannot_change_the_schema(fresh_urls: Urls) -> None:
    connection = await asyncpg.connect(fresh_urls.app)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("create table kernel.mine (id int)")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("alter table kernel.outbox disable row level security")
    finally:
        await connection.close()


async def test_the_reports_role_only_reads(fresh_urls: Urls) -> None:
    connection = await asyncpg.connect(fresh_urls.report)
    try:
        assert await connection.fetch("select * from kernel.outbox") == []
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await connection.execute("delete from kernel.outbox")
    finally:
        await connection.close()


def test_every_migration_begins_with_a_sentence() -> None:
    silent = [
        f"{migration.context}/{migration.name}"
        for migration in migrations_of(contexts())
        if not migration.sql.startswith("-- ")
    ]
    assert silent == []
