"""A world outside that never answers keeps nobody inside from working."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from tests.databases import FreshDatabases, Urls
from tests.entry.test_wiring import _here, _house_urls
from weike.entry.wiring import open_house
from weike.entry.worker import work
from weike.kernel import (
    Database,
    Errand,
    Event,
    Job,
    OutsideJob,
    Subscriber,
    TenantId,
    Tx,
    utc_now,
)
from weike.kernel.outbox import listeners_by_topic


class TeaPoured(Event, frozen=True):
    topic: ClassVar[str] = "tea.poured"


async def test_a_provider_that_hangs_does_not_stop_the_shops(
    fresh_databases: FreshDatabases, fresh_urls: Urls, tmp_path: Path, tenant_id: TenantId
) -> None:
    out, heard, ran = asyncio.Event(), asyncio.Queue[str](), asyncio.Event()

    async def hang(*_: object) -> Any:
        out.set()
        await asyncio.sleep(3600)

    async def hear(tx: Tx, event: TeaPoured, now: datetime) -> None:
        heard.put_nowait("cup")

    async def tick(tx: Tx, now: datetime) -> int:
        ran.set()
        return 0

    listeners: Any = (Errand("test.go", TeaPoured, hang), Subscriber("test.hear", TeaPoured, hear))
    everybody = "select distinct tenant_id from kernel.outbox where at <= $1"
    jobs = (OutsideJob("test.hang", 1, everybody, hang), Job("test.tick", 1, everybody, tick))
    plain = await fresh_databases.open(fresh_urls)
    database = Database(plain._pool, listeners=listeners_by_topic(listeners), clock=utc_now)

    async def pour() -> None:
        async def pouring(tx: Tx) -> None:
            tx.announce(TeaPoured())

        await database.run(tenant_id, pouring)

    await pour()
    stop = asyncio.Event()
    async with open_house(_here(tmp_path), _house_urls(fresh_urls)) as house:
        busy = replace(house, database=database, listeners=listeners, jobs=jobs)
        working = asyncio.create_task(work(busy, stop))
        await asyncio.wait_for(out.wait(), 10)
        await asyncio.wait_for(heard.get(), 10)
        await pour()
        await asyncio.wait_for(heard.get(), 10)
        await asyncio.wait_for(ran.wait(), 10)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
