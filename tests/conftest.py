"""One real PostgreSQL for the whole run; a transaction, or a database, for every test.

`tx`              one transaction of `tenant_id` as the application's role, rolled back afterwards
`database`        commits for real into the database of the run: use fresh tenants and ids
`fresh_database`  a database of its own, cloned from the migrated template: for races
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from tests.architecture.statements import StatementRecorder
from tests.databases import PASSWORDS, FreshDatabases, Server, Urls
from weike.entry.contexts import contexts
from weike.kernel import Database, Record, TenantId, Tx, open_pool, utc_now, uuid7
from weike.kernel.embedded import EmbeddedDatabase
from weike.kernel.migrate import migrate, migrations_of

TEMPLATE = "weike_template"
_RECORDER = StatementRecorder(role="weike_app")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Our embedded server in a temporary folder, or the one of WEIKE_TEST_DATABASE_URL."""
    given = os.environ.get("WEIKE_TEST_DATABASE_URL")
    if given:
        yield Server(given)
        return
    kept = os.environ.get("WEIKE_TEST_DATA")
    folder = Path(kept) if kept else Path(tempfile.mkdtemp(prefix="weike-tests-"))
    with EmbeddedDatabase(folder, password="owner of the tests", durable=False) as embedded:
        yield Server(embedded.url(name="postgres"))
    if not kept:
        shutil.rmtree(folder, ignore_errors=True)


def _chosen_contexts() -> tuple[str, ...]:
    """All, or those of WEIKE_TEST_CONTEXTS: to work on one part while another is being changed."""
    chosen = os.environ.get("WEIKE_TEST_CONTEXTS")
    return contexts() if chosen is None else tuple(chosen.split(","))


@pytest.fixture(scope="session")
async def template(server: Server) -> str:
    """The migrated database that all others are cloned from."""
    await server.drop(TEMPLATE)
    urls = await server.create(TEMPLATE, template="template0")
    await migrate(
        urls.owner,
        migrations_of(_chosen_contexts()),
        app_password=PASSWORDS["weike_app"],
        report_password=PASSWORDS["weike_report"],
        now=utc_now(),
    )
    connection = await asyncpg.connect(urls.owner)
    rows = await connection.fetch("select name from kernel.tables where kind = 'tenant'")
    await connection.close()
    _RECORDER.tenant_tables = frozenset(row["name"] for row in rows)
    return TEMPLATE


@pytest.fixture(scope="session")
async def urls(server: Server, template: str) -> AsyncIterator[Urls]:
    """The database of this run."""
    name = f"weike_run_{uuid4().hex[:12]}"
    yield await server.create(name, template=template)
    await server.drop(name)


@pytest.fixture(scope="session")
def database_url(urls: Urls) -> str:
    """The owner's address of the database of this run, for looking at the catalogue."""
    return urls.owner


@pytest.fixture(scope="session")
async def pool(urls: Urls) -> AsyncIterator[asyncpg.Pool[Record]]:
    pool = await open_pool(urls.app, size=8)
    yield pool
    await pool.close()


@pytest.fixture(scope="session")
async def database(pool: asyncpg.Pool[Record]) -> Database:
    return Database(pool, listeners={}, clock=utc_now)


@pytest.fixture
async def fresh_databases(server: Server, template: str) -> AsyncIterator[FreshDatabases]:
    fresh = FreshDatabases(server, template)
    yield fresh
    await fresh.close()


@pytest.fixture
async def fresh_urls(fresh_databases: FreshDatabases) -> Urls:
    return await fresh_databases.create()


@pytest.fixture
async def fresh_database(fresh_databases: FreshDatabases, fresh_urls: Urls) -> Database:
    return await fresh_databases.open(fresh_urls)


@pytest.fixture
def now() -> datetime:
    """The eleventh of November, eleven in the morning in Hangzhou."""
    return datetime(2026, 11, 11, 3, 0, tzinfo=UTC)


@pytest.fixture
def tenant_id(now: datetime) -> TenantId:
    """A shop nobody else in this run uses (only its id: rows are the builders' business)."""
    return TenantId(uuid7(now))


@pytest.fixture
async def tx(pool: asyncpg.Pool[Record], tenant_id: TenantId) -> AsyncIterator[Tx]:
    async with pool.acquire() as connection:
        await connection.execute(f"begin; set local app.tenant_id = '{tenant_id!s}'")
        try:
            yield Tx(connection, tenant_id)
        finally:
            await connection.execute("rollback")


@pytest.fixture(scope="session", autouse=True)
def _record_statements() -> Iterator[None]:
    with _RECORDER.watching():
        yield


@pytest.fixture(autouse=True)
def _statements_name_their_tenant(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails the test that sends a statement on a tenant table without one constant tenant."""
    _RECORDER.take()
    yield
    sent = _RECORDER.take()
    if not sent or request.node.get_closest_marker("any_statement"):
        return
    faults = _RECORDER.faults(sent)
    assert not faults, "\n\n".join(faults)
