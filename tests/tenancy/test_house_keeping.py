"""What is long over is forgotten; every role and permission has a name in both languages."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import asyncpg

from tests.databases import FreshDatabases, Urls
from tests.members.builders import a_member, seal
from tests.tenancy.builders import a_shop
from weike.entry.wiring import routes
from weike.kernel import Database, Job, Tx
from weike.kernel.edge import policy_of
from weike.members import open_member_session
from weike.members import queries as member_queries
from weike.members.jobs import JOBS as MEMBERS_JOBS
from weike.tenancy import PERMISSIONS, PRESET_ROLES
from weike.tenancy.jobs import JOBS as TENANCY_JOBS
from weike.tenancy.wording import permission_name, role_name


async def due(urls: Urls, job: Job, now: datetime) -> list[object]:
    """As the worker asks: with the role that only reads, across tenants."""
    connection = await asyncpg.connect(urls.report)
    try:
        return [row["tenant_id"] for row in await connection.fetch(job.due_tenants, now)]
    finally:
        await connection.close()


async def _run(job: Job, now: datetime, tx: Tx) -> int:
    return await job.run(tx, now)


async def test_sessions_codes_and_ways_are_forgotten_when_long_over(
    fresh_databases: FreshDatabases, fresh_urls: Urls, now: datetime
) -> None:
    database: Database = await fresh_databases.open(fresh_urls)
    shop = await a_shop(database, now)
    member_id = await a_member(database, shop.tenant_id, now)

    async def leave_traces(tx: Tx) -> None:
        await open_member_session(tx, member_id, now=now)
        await member_queries.insert_state(
            tx, state_hash=b"s", browser_hash=b"b", expires_at=now + timedelta(minutes=10)
        )
        await member_queries.put_code(
            tx,
            phone_hash=seal.find_by(tx.tenant_id, "13900139001"),
            code_hash=b"c",
            expires_at=now + timedelta(minutes=5),
            sent_before=now,
            now=now,
        )

    await database.run(shop.tenant_id, leave_traces)
    much_later = now + timedelta(days=90)
    forgetting = [job for job in (*TENANCY_JOBS, *MEMBERS_JOBS) if job.name.endswith(".forget")]
    assert len(forgetting) == 2
    for job in forgetting:
        assert await due(fresh_urls, job, now) == []
        assert await due(fresh_urls, job, much_later) == [shop.tenant_id]
        await database.run(shop.tenant_id, partial(_run, job, much_later))
        assert await due(fresh_urls, job, much_later) == []


def test_every_role_and_permission_has_a_name() -> None:
    for language in ("zh", "en"):
        for key in PERMISSIONS:
            assert not permission_name(key, language).startswith("tenancy."), key
        for key in PRESET_ROLES:
            assert not role_name(key, language).startswith("tenancy."), key


def test_roles_grant_only_what_there_is_and_routes_ask_only_for_that() -> None:
    known = set(PERMISSIONS)
    assert len(known) == len(PERMISSIONS)
    for role, granted in PRESET_ROLES.items():
        assert set(granted) <= known, role
    asked = {
        policy.permission
        for handler in routes()
        if (policy := policy_of(getattr(handler, "opt", {}))) and policy.permission
    }
    assert asked == known
