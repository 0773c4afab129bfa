"""`weike doctor`: is this installation as it promises to be? One line per check, and what to do."""

from __future__ import annotations

import os
import stat
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import asyncpg

from weike import ledger, tenancy
from weike.entry.contexts import contexts
from weike.entry.fronts import PLACES
from weike.entry.installation import Installation
from weike.entry.wiring import LEDGER_CHECKS, House, open_house
from weike.kernel import Record, TenantId
from weike.kernel.clock import utc_now
from weike.kernel.migrate import migrations_of

_LATE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Finding:
    """`advice` says what to do when it is not well."""

    what: str
    is_well: bool
    advice: str = ""


Owner = asyncpg.Connection


async def examine(here: Installation) -> AsyncIterator[Finding]:
    yield _secrets(here)
    yield _fronts(here)
    with here.database() as urls:
        owner = await asyncpg.connect(urls.owner)
        try:
            version = await owner.fetchval("show server_version")
            yield Finding(f"PostgreSQL {version} answers", True)
            pending = await _pending(owner)
            yield Finding(
                "migrations are applied" if not pending else f"{pending} migrations are missing",
                not pending,
                "run: weike migrate",
            )
            if pending:
                return
            for check in _ON_THE_CATALOGUE:
                yield await check(owner)
            async with open_house(here, urls) as house:
                for row in await owner.fetch("select tenant_id, slug from tenancy.directory"):
                    tenant_id = TenantId(row["tenant_id"])
                    yield await _audit(house, tenant_id, row["slug"])
                    yield await _books(house, tenant_id, row["slug"])
        finally:
            await owner.close()


def _secrets(here: Installation) -> Finding:
    file = here.settings.data / "secrets.json"
    if not file.exists():
        return Finding("secrets are given by the environment, or not made yet", True)
    mode = stat.S_IMODE(os.stat(file).st_mode)
    return Finding(
        f"{file} is for its owner only (mode {mode:o})", mode & 0o077 == 0, f"chmod 600 {file}"
    )


def _fronts(here: Installation) -> Finding:
    missing = [
        place
        for place, folder in PLACES.items()
        if not (here.settings.web.fronts / folder / "index.html").is_file()
    ]
    what = f"fronts missing: {', '.join(missing)}" if missing else "both fronts are built"
    return Finding(what, not missing, "run: make build")


async def _pending(owner: Owner) -> int:
    if await owner.fetchval("select to_regclass('kernel.migrations')") is None:
        return len(migrations_of(contexts()))
    rows = await owner.fetch("select context, name from kernel.migrations")
    applied = {(row["context"], row["name"]) for row in rows}
    return sum((m.context, m.name) not in applied for m in migrations_of(contexts()))


async def _roles(owner: Owner) -> Finding:
    row = await owner.fetchrow(
        "select r.rolsuper or r.rolbypassrls as mighty, "
        "exists (select 1 from pg_class c where c.relowner = r.oid) as owns "
        "from pg_roles r where r.rolname = 'weike_app'"
    )
    is_well = row is not None and not row["mighty"] and not row["owns"]
    return Finding(
        "the application's role owns no table and obeys row-level security",
        is_well,
        "alter role weike_app nosuperuser nobypassrls; give its tables to the owner",
    )


async def _row_level_security(owner: Owner) -> Finding:
    rows = await owner.fetch(
        "select t.name from kernel.tables t join pg_class c on c.oid = to_regclass(t.name) "
        "where t.kind = 'tenant' and not (c.relrowsecurity and c.relforcerowsecurity)"
    )
    names = ", ".join(row["name"] for row in rows)
    what = (
        f"no row-level security on {names}" if names else "row-level security on every shop's table"
    )
    return Finding(what, not rows, "restore the policies: kernel.tenant_table in the migrations")


async def _outbox(owner: Owner) -> Finding:
    row: Record | None = await owner.fetchrow(
        "select count(*) filter (where state = 'ready' and next_at < $1) as late, "
        "count(*) filter (where state = 'dead') as dead from kernel.outbox "
        "where state in ('ready', 'dead')",
        utc_now() - _LATE,
    )
    late, dead = (row["late"], row["dead"]) if row else (0, 0)
    return Finding(
        f"outbox: {late} rows late, {dead} laid aside",
        late == 0 and dead == 0,
        "start a worker (weike worker); look at 系统 → 消息 in the console",
    )


async def _worker(owner: Owner) -> Finding:
    latest = await owner.fetchval("select max(next_at) from kernel.job_runs")
    is_well = latest is None or latest > utc_now() - _LATE
    return Finding("a worker runs the jobs", is_well, "start one: weike worker")


_ON_THE_CATALOGUE: tuple[Callable[[Owner], Awaitable[Finding]], ...] = (
    _roles,
    _row_level_security,
    _outbox,
    _worker,
)


async def _audit(house: House, tenant_id: TenantId, slug: str) -> Finding:
    verdict = await house.database.run(tenant_id, tenancy.verify_audit)
    where = "" if verdict.ok else f", broken at record {verdict.broken_at}"
    return Finding(
        f"{slug}: audit chain of {verdict.records} records{where}",
        verdict.ok,
        "somebody changed the log; compare with a backup",
    )


async def _books(house: House, tenant_id: TenantId, slug: str) -> Finding:
    report = await house.database.run(
        tenant_id,
        lambda tx: ledger.reconcile(tx, LEDGER_CHECKS, now=utc_now()),
        one_snapshot=True,
    )
    wrong = [
        f"{check.key} expected {check.expected} found {check.found}"
        for check in report.checks
        if not check.ok
    ]
    what = "; ".join(wrong) if wrong else f"{len(report.checks)} ledger checks agree"
    return Finding(f"{slug}: {what}", not wrong, "see docs/guides/operations.md, the ledger")
