"""What proving the books costs on a million entries: the cheap proof, the whole one, the roll-up.

`python -m bench.ledger_proof [entries]`: an embedded PostgreSQL in a temporary folder, filled by
COPY; prints seconds.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import asyncpg

from weike import ledger
from weike.entry.contexts import contexts
from weike.kernel import Database, TenantId, Tx, open_pool, utc_now
from weike.kernel.embedded import EmbeddedDatabase
from weike.kernel.migrate import migrate, migrations_of
from weike.ledger import queries
from weike.ledger.reconcile import SAFETY_LAG, reconcile_and_keep

_PASSWORD = "bench"  # noqa: S105 - of a database that lives for a minute
_ACCOUNTS = ("buyer_due", "orders_open", "channel_cash:wechat", "escrow", "merchant")


async def measure(entries: int) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        EmbeddedDatabase(Path(folder), password=_PASSWORD, durable=False) as embedded,
    ):
        urls = embedded.url(name="postgres")
        await migrate(
            urls,
            migrations_of(contexts()),
            app_password=_PASSWORD,
            report_password=_PASSWORD,
            now=utc_now(),
        )
        owner = await asyncpg.connect(urls)
        tenant_id = TenantId(uuid4())
        await _fill(owner, tenant_id, entries)
        app = urlsplit(urls)._replace(
            netloc=f"weike_app:{_PASSWORD}@{urlsplit(urls).netloc.rpartition('@')[2]}"
        )
        pool = await open_pool(app.geturl(), size=2)
        database = Database(pool, listeners={}, clock=utc_now)
        await _time("roll-up of everything", database, tenant_id, _roll_up)
        await _time("whole proof", database, tenant_id, _whole)
        await _time("kept, whole (first)", database, tenant_id, _keep)
        for _ in range(3):
            await _time("cheap proof", database, tenant_id, _cheap)
        await pool.close()
        await owner.close()


async def _fill(owner: asyncpg.Connection[asyncpg.Record], tenant_id: UUID, entries: int) -> None:
    start = datetime.now(UTC) - timedelta(days=30)
    step = timedelta(days=30) / (entries // 2)
    zero = UUID(int=0)
    transfers, rows = [], []
    for nth in range(entries // 2):
        id, at = uuid4(), start + nth * step
        transfers.append((tenant_id, id, "order_placed", "", "order", id, at))
        pair = (_ACCOUNTS[nth % 5], _ACCOUNTS[(nth + 1) % 5])
        rows.append((tenant_id, id, 0, pair[0], zero, 100 + nth % 900, "CNY", at, at))
        rows.append((tenant_id, id, 1, pair[1], zero, -100 - nth % 900, "CNY", at, at))
    began = time.perf_counter()
    await owner.copy_records_to_table("transfers", schema_name="ledger", records=transfers)
    await owner.copy_records_to_table("entries", schema_name="ledger", records=rows)
    # What autovacuum does by itself a minute later.
    for table in ("ledger.entries", "ledger.transfers"):
        await owner.execute(f"vacuum analyze {table}")
    sys.stdout.write(f"{len(rows)} entries written in {time.perf_counter() - began:.1f} s\n")


async def _time(
    what: str, database: Database, tenant_id: TenantId, work: Callable[[Tx], Awaitable[None]]
) -> None:
    began = time.perf_counter()
    await database.run(tenant_id, work, one_snapshot=True)
    sys.stdout.write(f"{what}: {time.perf_counter() - began:.3f} s\n")
    sys.stdout.flush()


async def _roll_up(tx: Tx) -> None:
    await queries.roll_up(tx, utc_now() - SAFETY_LAG)


async def _whole(tx: Tx) -> None:
    assert (await ledger.reconcile(tx, now=utc_now())).ok


async def _cheap(tx: Tx) -> None:
    report = await ledger.reconcile(tx, now=utc_now(), is_thorough=False)
    assert report.ok


async def _keep(tx: Tx) -> None:
    await reconcile_and_keep(tx, [], now=utc_now())


if __name__ == "__main__":
    asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
