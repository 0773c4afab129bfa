"""The outbox: written with the deed, delivered at least once, later and later, then laid aside."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

import asyncpg
import pytest

from tests.databases import FreshDatabases, Urls
from tests.web import OpenDoors, web_client
from weike.kernel import (
    Database,
    Errand,
    Event,
    Job,
    NotFound,
    Record,
    Subscriber,
    TenantId,
    Tx,
    Unavailable,
    outbox,
    uuid7,
)
from weike.kernel.edge import system
from weike.kernel.jobs import JobRunner, keep_partitions
from weike.kernel.outbox import ATTEMPTS, LEASE, Relay, listeners_by_topic, retry_dead, wait_after


class TeaPoured(Event, frozen=True):
    topic: ClassVar[str] = "tea.poured"
    cup_id: UUID
    at: datetime


@dataclass
class Heard:
    cups: list[UUID] = field(default_factory=list)
    failing: bool = False

    async def subscriber(self, tx: Tx, event: TeaPoured, now: datetime) -> None:
        await tx.execute(
            "insert into kernel.counters (tenant_id, kind, value) values ($1, 'heard', 1) "
            "on conflict (tenant_id, kind) do update set value = counters.value + 1",
            tx.tenant_id,
        )
        if self.failing:
            raise Unavailable()
        self.cups.append(event.cup_id)

    async def errand(
        self, database: Database, tenant_id: TenantId, event: TeaPoured, now: datetime
    ) -> None:
        if self.failing:
            raise Unavailable()
        self.cups.append(event.cup_id)


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@dataclass
class World:
    heard: Heard
    clock: Clock
    database: Database
    relay: Relay
    make_relay: Callable[[], Relay]
    reports: asyncpg.Pool[Record]
    tenant_id: TenantId

    async def pour(self, count: int = 1) -> None:
        async def work(tx: Tx) -> None:
            for _ in range(count):
                tx.announce(TeaPoured(cup_id=uuid7(self.clock()), at=self.clock()))

        await self.database.run(self.tenant_id, work)

    async def rows(self) -> list[Record]:
        return await self.reports.fetch("select * from kernel.outbox order by next_at, id")

    async def heard_in_database(self) -> int:
        return await self.reports.fetchval("select value from kernel.counters") or 0


World_ = Callable[[str], Awaitable[World]]


@pytest.fixture
async def world(
    fresh_databases: FreshDatabases, fresh_urls: Urls, now: datetime, tenant_id: TenantId
) -> World_:
    async def make(kind: str) -> World:
        heard, clock = Heard(), Clock(now)
        listener: Any = (
            Subscriber("test.hear", TeaPoured, heard.subscriber)
            if kind == "subscriber"
            else Errand("test.hear", TeaPoured, heard.errand)
        )
        plain = await fresh_databases.open(fresh_urls)
        database = Database(plain._pool, listeners=listeners_by_topic([listener]), clock=clock)
        reports = await fresh_databases.pool(fresh_urls.report)

        def relay() -> Relay:
            return Relay(database, reports, [listener], clock=clock)

        return World(heard, clock, database, relay(), relay, reports, tenant_id)

    return make


@pytest.mark.parametrize("kind", ["subscriber", "errand"])
async def test_what_was_announced_is_heard_once(world: World_, kind: str) -> None:
    w = await world(kind)
    await w.pour(120)
    while (await w.relay.deliver()).done:
        pass
    assert len(w.heard.cups) == len(set(w.heard.cups)) == 120
    assert {row["state"] for row in await w.rows()} == {"done"}


async def test_what_is_undone_is_never_heard(world: World_) -> None:
    w = await world("subscriber")

    async def work(tx: Tx) -> None:
        tx.announce(TeaPoured(cup_id=uuid7(w.clock()), at=w.clock()))
        raise Unavailable()

    with pytest.raises(Unavailable):
        await w.database.run(w.tenant_id, work)
    assert await w.rows() == []


@pytest.mark.parametrize("kind", ["subscriber", "errand"])
async def test_relays_side_by_side_share_the_work(world: World_, kind: str) -> None:
    w = await world(kind)
    await w.pour(150)
    relays = [w.make_relay() for _ in range(4)]
    for _ in range(6):
        await asyncio.gather(*(relay.deliver() for relay in relays))
    assert len(w.heard.cups) == len(set(w.heard.cups)) == 150


@pytest.mark.parametrize("kind", ["subscriber", "errand"])
async def test_what_fails_waits_longer_each_time_and_is_laid_aside(
    world: World_, kind: str
) -> None:
    w = await world(kind)
    w.heard.failing = True
    await w.pour()
    for attempt in range(1, ATTEMPTS + 1):
        await w.relay.deliver()
        [row] = await w.rows()
        assert row["attempts"] == attempt
        assert row["next_at"] == w.clock.now + wait_after(attempt)
        assert row["last_error"].startswith("kernel.unavailable at test_outbox.py:")
        assert (await w.relay.deliver()).failed == 0  # Not before its time.
        w.clock.now = row["next_at"]
    assert row["state"] == "dead"
    assert await w.heard_in_database() == 0  # A failed subscriber leaves nothing behind.

    w.heard.failing = False

    async def retry(tx: Tx) -> None:
        await retry_dead(tx, outbox_id=row["id"], now=w.clock())

    await w.database.run(w.tenant_id, retry)
    assert (await w.relay.deliver()).done == 1
    assert len(w.heard.cups) == 1
    with pytest.raises(NotFound):
        await w.database.run(w.tenant_id, retry)


async def test_a_failing_listener_does_not_hold_up_its_neighbours(world: World_) -> None:
    w = await world("subscriber")
    await w.pour(3)
    first = (await w.rows())[0]
    hear = w.heard.subscriber

    async def picky(tx: Tx, event: TeaPoured, now: datetime) -> None:
        if str(event.cup_id) == first["payload"]["cup_id"]:
            raise Unavailable()
        await hear(tx, event, now)

    listener: Any = Subscriber("test.hear", TeaPoured, picky)
    round_ = await Relay(w.database, w.reports, [listener], clock=w.clock).deliver()
    assert (round_.done, round_.failed) == (2, 1)


async def test_an_errand_whose_relay_died_is_run_again_after_its_lease(world: World_) -> None:
    w = await world("errand")
    await w.pour()
    started = asyncio.Event()

    async def never_ends(*_: object) -> None:
        started.set()
        await asyncio.sleep(3600)

    listener: Any = Errand("test.hear", TeaPoured, never_ends)
    dying = asyncio.create_task(Relay(w.database, w.reports, [listener], clock=w.clock).deliver())
    await started.wait()
    dying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dying
    assert (await w.relay.deliver()).done == 0
    w.clock.now += LEASE
    assert (await w.relay.deliver()).done == 1


async def test_a_row_for_nobody_is_laid_aside(world: World_) -> None:
    w = await world("subscriber")
    await w.pour()
    assert (await Relay(w.database, w.reports, [], clock=w.clock).deliver()).dead == 1


def _cup(number: int, world: World) -> TeaPoured:
    return TeaPoured(UUID(int=number), world.clock())


async def test_a_statement_writes_what_was_announced_so_far(world: World_) -> None:
    w = await world("subscriber")

    async def work(tx: Tx) -> None:
        async def write() -> None:
            rows, arguments = tx.announcing()
            await tx.execute(f"with {rows} select 1", tx.tenant_id, *arguments)

        tx.announce(_cup(1, w))
        await write()
        tx.announce(_cup(2, w))
        with suppress(ZeroDivisionError):
            async with tx.savepoint():
                tx.announce(_cup(3, w))
                await write()
                raise ZeroDivisionError  # What was written here is undone: cup 2 still waits.
        tx.announce(_cup(4, w))

    await w.database.run(w.tenant_id, work)
    await w.relay.deliver()
    assert sorted(cup.int for cup in w.heard.cups) == [1, 2, 4]


async def test_hearing_and_placing_never_wait_in_a_circle(world: World_) -> None:
    """Two events change a row each, in the order they were announced; a deed locks the same rows
    in key order. Whoever holds one while the other holds the next must not wait for long."""
    w = await world("subscriber")
    holds_b, holds_a = asyncio.Event(), asyncio.Event()
    changed: list[str] = []
    placings = 0

    async def change(tx: Tx, kind: str) -> None:
        await tx.execute(
            "update kernel.counters set value = value + 1 where tenant_id = $1 and kind = $2",
            *(tx.tenant_id, kind),
        )

    async def hear(tx: Tx, event: TeaPoured, now: datetime) -> None:
        kind = "a" if changed else "b"  # Two of one moment come in any order.
        await change(tx, kind)
        changed.append(kind)
        if kind == "b":
            holds_b.set()
            await holds_a.wait()

    async def announce(tx: Tx) -> None:
        await tx.execute(
            "insert into kernel.counters (tenant_id, kind, value) "
            "values ($1, 'a', 0), ($1, 'b', 0)",
            tx.tenant_id,
        )
        tx.announce(_cup(1, w))
        tx.announce(_cup(2, w))

    async def place(tx: Tx) -> None:
        nonlocal placings
        placings += 1
        await change(tx, "a")
        await holds_b.wait()
        holds_a.set()
        await change(tx, "b")

    await w.database.run(w.tenant_id, announce)
    relay = Relay(w.database, w.reports, [Subscriber("test.hear", TeaPoured, hear)], clock=w.clock)
    heard, _ = await asyncio.gather(relay.deliver(), w.database.run(w.tenant_id, place))
    # The server breaks a circle by failing one of the two.
    assert (heard.done, heard.failed, placings) == (2, 0, 1)
    assert changed == ["b", "a"]
    values = await w.reports.fetch("select value from kernel.counters order by kind")
    assert [row["value"] for row in values] == [2, 2]


async def test_an_errand_is_leased_when_it_goes_and_called_back_in_time(
    world: World_, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert outbox.LEASE.total_seconds() > outbox.ERRAND_SECONDS
    w = await world("errand")
    out: list[UUID] = []
    both_out = asyncio.Event()

    async def never_back(
        database: Database, tenant_id: TenantId, event: TeaPoured, now: datetime
    ) -> None:
        out.append(event.cup_id)
        if len(out) == 2:
            both_out.set()
        await asyncio.Event().wait()

    await w.pour(5)
    relay = Relay(
        w.database,
        w.reports,
        [Errand("test.hear", TeaPoured, never_back)],
        clock=w.clock,
        errands_at_once=2,
    )
    monkeypatch.setattr(outbox, "ERRAND_SECONDS", 0.3)
    going = asyncio.create_task(relay.go_out())
    await both_out.wait()
    leased = [row for row in await w.rows() if row["next_at"] > w.clock.now]
    assert len(leased) == 2  # The other three wait here, not outside.
    round_ = await going
    assert (round_.done, round_.failed) == (0, 5)
    assert {row["last_error"].partition(" ")[0] for row in await w.rows()} == {"TimeoutError"}


async def test_two_listeners_of_one_name_are_refused() -> None:
    one: Any = Subscriber("test.hear", TeaPoured, Heard().subscriber)
    with pytest.raises(ValueError, match=r"test\.hear"):
        listeners_by_topic([one, one])


async def test_the_console_shows_dead_letters_and_sends_them_again(world: World_) -> None:
    w = await world("subscriber")
    await w.pour()
    await Relay(w.database, w.reports, [], clock=w.clock).deliver()
    client = web_client(system.ROUTES, w.database, OpenDoors(w.tenant_id), clock=w.clock)
    who = {"authorization": f"Bearer s_{UUID(int=1)} system.read system.write"}
    async with client:
        page = (await client.get("/api/console/system/outbox", headers=who)).json()
        [row] = page["items"]
        assert (row["state"], row["last_error"]) == ("dead", "no such listener")
        address = f"/api/console/system/outbox/{row['id']}/retry"
        assert (await client.post(address, headers=who)).status_code == 204
        assert (await client.post(address, headers=who)).json()["code"] == "kernel.not_dead"
        health = (await client.get("/api/console/system/health", headers=who)).json()
        assert (health["ready"], health["dead"]) == (1, 0)


async def test_a_job_runs_when_due_and_by_one_worker_only(world: World_) -> None:
    w = await world("subscriber")
    await w.pour()
    runs: list[datetime] = []

    async def run(tx: Tx, now: datetime) -> int:
        runs.append(now)
        return 1 if len(runs) % 3 else 0

    job = Job("test.job", 60, "select distinct tenant_id from kernel.outbox where at <= $1", run)
    workers = [JobRunner(w.database, w.reports, [job], clock=w.clock) for _ in range(3)]
    for worker in workers:
        await worker.register()
    moved = await asyncio.gather(*(worker.run_due() for worker in workers))
    assert sorted(moved) == [0, 0, 2]
    assert len(runs) == 3
    w.clock.now += timedelta(seconds=60)
    assert await workers[0].run_due() == 2


async def test_partitions_are_made_ahead_and_dropped_when_delivered(
    world: World_, fresh_urls: Urls
) -> None:
    w = await world("subscriber")
    owner = await asyncpg.connect(fresh_urls.owner)
    months = await owner.fetch(
        "select relname from pg_class where relname ~ '^outbox_[0-9]{6}$' order by relname"
    )
    await owner.execute(f"drop table kernel.{months[-1]['relname']}")
    oldest = months[0]["relname"]
    await owner.execute(
        f"insert into kernel.{oldest} (tenant_id, at, id, subscriber, topic, payload, state, "
        "next_at) values (gen_random_uuid(), to_date($1, 'YYYYMM'), gen_random_uuid(), 'x', 'x', "
        "'{}', 'dead', now())",
        oldest[-6:],
    )
    made, dropped = await keep_partitions(w.database)
    assert made >= 0
    left = await owner.fetch("select relname from pg_class where relname ~ '^outbox_[0-9]{6}$'")
    await owner.close()
    assert dropped >= 1
    assert oldest in {row["relname"] for row in left}  # It still holds a dead letter.
