"""The relay: brings what was announced to whoever listens, at least once, tenant by tenant.

Rows are claimed with SKIP LOCKED, so several relays work side by side. A Subscriber runs in the
transaction that marks its row done. An Errand talks to the outside world: its row is leased, the
errand runs outside any transaction, then the row is marked; a relay that dies meanwhile leaves a
lease that runs out. What fails is tried again later and later, and in the end laid aside as dead,
for a person to look at and send again.

Subscribers and errands have rounds of their own (`hear`, `go_out`): when the world outside is slow,
a buyer's payment is still heard at once.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from weike.kernel.clock import Clock
from weike.kernel.database import DATABASE_AWAY, Database, Record, Tx
from weike.kernel.errors import NotFound, Refusal, Unavailable
from weike.kernel.events import Errand, Listener, Subscriber
from weike.kernel.ids import TenantId

log = logging.getLogger("weike.outbox")

ATTEMPTS = 12
"""The last one comes about two hours after the first."""
LEASE = timedelta(minutes=2)
ERRAND_SECONDS = 60.0
"""Whoever is out longer is called back, and goes again later."""
_PATIENCE_MS = 50
_LONGEST_WAIT_SECONDS = 3600
_ROWS_AT_ONCE = 50
_TENANTS_AT_ONCE = 200


class NotDead(NotFound):
    """The row is unknown, was delivered, or waits for its next try anyway."""

    code = "kernel.not_dead"


def wait_after(attempts: int) -> timedelta:
    """Two seconds after the first failure, then twice as long each time, an hour at most."""
    return timedelta(seconds=min(2**attempts, _LONGEST_WAIT_SECONDS))


def listeners_by_topic(listeners: Sequence[Listener]) -> dict[str, list[str]]:
    """What `Database` needs to know: who must get a row for each topic."""
    by_topic: dict[str, list[str]] = {}
    for listener in listeners:
        names = by_topic.setdefault(listener.event.topic, [])
        if not listener.event.topic or listener.name in names:
            raise ValueError(f"listener {listener.name}: no topic, or a second one of this name")
        names.append(listener.name)
    return by_topic


@dataclass(frozen=True, slots=True)
class _Row:
    at: datetime
    id: UUID
    subscriber: str
    topic: str
    payload: Any
    attempts: int


@dataclass(slots=True)
class Deliveries:
    """What one round of the relay did."""

    done: int = 0
    failed: int = 0
    dead: int = 0


class Relay:
    """A round goes over all tenants that have something due: `hear` for subscribers, `go_out` for
    errands; `deliver` is one of each."""

    def __init__(
        self,
        database: Database,
        reports: asyncpg.Pool[Record],
        listeners: Sequence[Listener],
        *,
        clock: Clock,
        errands_at_once: int = 8,
        tenants_at_once: int = 4,
    ) -> None:
        self._database = database
        self._reports = reports
        self._clock = clock
        self._subscribers = {x.name: x for x in listeners if isinstance(x, Subscriber)}
        self._errands = {x.name: x for x in listeners if isinstance(x, Errand)}
        self._errands_at_once = errands_at_once
        self._errand_places = asyncio.Semaphore(errands_at_once)
        self._tenants_at_once = tenants_at_once

    async def deliver(self) -> Deliveries:
        heard, out = await self.hear(), await self.go_out()
        return Deliveries(heard.done + out.done, heard.failed + out.failed, heard.dead + out.dead)

    async def hear(self) -> Deliveries:
        """Subscribers, and rows that nobody listens to any more."""

        async def tenant(tenant_id: TenantId, round_: Deliveries) -> None:
            await self._inside(tenant_id, round_)
            await self._unheard(tenant_id, round_)

        return await self._round("not o.subscriber = any($3)", tenant)

    async def go_out(self) -> Deliveries:
        """Errands."""
        return await self._round("o.subscriber = any($3)", self._outside)

    async def _round(
        self, whose: str, work: Callable[[TenantId, Deliveries], Awaitable[None]]
    ) -> Deliveries:
        """`whose` compares the listener's name with those of the errands."""
        round_ = Deliveries()
        due = await self._reports.fetch(
            "select distinct o.tenant_id from kernel.outbox o "  # noqa: S608 - one of two texts.
            f"where o.state = 'ready' and o.next_at <= $1 and {whose} limit $2",
            self._clock(),
            _TENANTS_AT_ONCE,
            list(self._errands),
        )
        places = asyncio.Semaphore(self._tenants_at_once)

        async def one(tenant_id: TenantId) -> None:
            async with places:
                try:
                    await work(tenant_id, round_)
                except (Unavailable, asyncpg.PostgresError, *DATABASE_AWAY) as away:
                    # One shop's trouble must not keep the others waiting; its rows stay ready.
                    log.warning(
                        "round cut short",
                        extra={"tenant_id": tenant_id, "error": type(away).__name__},
                    )

        await asyncio.gather(*(one(TenantId(row["tenant_id"])) for row in due))
        return round_

    # Subscribers: done and marked done together.

    async def _inside(self, tenant_id: TenantId, round_: Deliveries) -> None:
        """Events lock what they change in the order they were announced in, deeds in key order. So
        that nobody waits in a circle, only the first event of a transaction may wait for others:
        one that meets a locked row later, with rows of its own behind it, ends the transaction and
        is the first of the next.
        """

        async def work(tx: Tx) -> tuple[list[_Row], list[tuple[_Row, Exception]], bool]:
            rows = await _claim(tx, self._subscribers, now=self._clock(), limit=_ROWS_AT_ONCE)
            done: list[_Row] = []
            failed: list[tuple[_Row, Exception]] = []
            more = len(rows) == _ROWS_AT_ONCE
            for place, row in enumerate(rows):
                if place == 1:
                    await tx.execute(f"set local lock_timeout = {_PATIENCE_MS}")
                try:
                    async with tx.savepoint():
                        await self._hear(tx, row)
                    done.append(row)
                except DATABASE_AWAY:
                    raise
                except Exception as error:
                    if place and isinstance(error, asyncpg.LockNotAvailableError):
                        more = True
                        break
                    failed.append((row, error))
            await _mark_done(tx, done)
            for row, failure in failed:
                await _mark_failed(tx, row, failure, now=self._clock())
            return done, failed, more

        more = True
        while more:
            done, failed, more = await self._database.run(tenant_id, work)
            round_.done += len(done)
            for row, error in failed:
                self._count_failure(tenant_id, row, error, round_)

    async def _hear(self, tx: Tx, row: _Row) -> None:
        subscriber = self._subscribers[row.subscriber]
        event = msgspec.convert(row.payload, type=subscriber.event)
        await subscriber.handle(tx, event, self._clock())

    # Errands: leased, run outside, marked.

    async def _outside(self, tenant_id: TenantId, round_: Deliveries) -> None:
        """A row is leased only when it can go at once, and never stays out as long as its lease:
        otherwise another relay would send it a second time beside this one."""

        async def lease(tx: Tx) -> _Row | None:
            now = self._clock()
            for row in await _claim(tx, self._errands, now=now, limit=1):
                await tx.execute(
                    "update kernel.outbox o set next_at = $4 "
                    "where o.tenant_id = $1 and o.at = $2 and o.id = $3",
                    *(tx.tenant_id, row.at, row.id, now + LEASE),
                )
                return row
            return None

        async def go() -> None:
            while True:
                async with self._errand_places:
                    row = await self._database.run(tenant_id, lease)
                    if row is None:
                        return
                    await self._errand(tenant_id, row, round_)

        await asyncio.gather(*(go() for _ in range(self._errands_at_once)))

    async def _errand(self, tenant_id: TenantId, row: _Row, round_: Deliveries) -> None:
        errand = self._errands[row.subscriber]
        try:
            event = msgspec.convert(row.payload, type=errand.event)
            async with asyncio.timeout(ERRAND_SECONDS):
                await errand.handle(self._database, tenant_id, event, self._clock())
        except Exception as error:
            failure = error
            await self._database.run(
                tenant_id, lambda tx: _mark_failed(tx, row, failure, now=self._clock())
            )
            self._count_failure(tenant_id, row, error, round_)
            return
        await self._database.run(tenant_id, lambda tx: _mark_done(tx, [row]))
        round_.done += 1

    # Rows for listeners that this version of the product no longer has.

    async def _unheard(self, tenant_id: TenantId, round_: Deliveries) -> None:
        known = [*self._subscribers, *self._errands]

        async def bury(tx: Tx) -> int:
            return await tx.execute(
                "update kernel.outbox o set state = 'dead', last_error = 'no such listener' "
                "where o.tenant_id = $1 and o.state = 'ready' and o.next_at <= $2 "
                "and not o.subscriber = any($3)",
                *(tx.tenant_id, self._clock(), known),
            )

        round_.dead += await self._database.run(tenant_id, bury)

    def _count_failure(
        self, tenant_id: TenantId, row: _Row, error: Exception, round_: Deliveries
    ) -> None:
        round_.failed += 1
        last = row.attempts + 1 >= ATTEMPTS
        round_.dead += last
        log.log(
            logging.ERROR if last else logging.WARNING,
            "delivery laid aside" if last else "delivery failed",
            extra={
                "tenant_id": tenant_id,
                "outbox_id": row.id,
                "subscriber": row.subscriber,
                "attempts": row.attempts + 1,
            },
            exc_info=error,
        )


async def _claim(tx: Tx, listeners: dict[str, Any], *, now: datetime, limit: int) -> list[_Row]:
    rows = await tx.fetch(
        """
        select o.at, o.id, o.subscriber, o.topic, o.payload, o.attempts
        from kernel.outbox o
        where o.tenant_id = $1 and o.state = 'ready' and o.next_at <= $2
          and o.subscriber = any($3)
        order by o.next_at, o.id limit $4
        for update skip locked
        """,
        *(tx.tenant_id, now, list(listeners), limit),
    )
    return [_Row(**row) for row in rows]


async def _mark_done(tx: Tx, rows: Sequence[_Row]) -> None:
    if rows:
        await tx.execute(
            "update kernel.outbox o set state = 'done', attempts = o.attempts + 1, "
            "last_error = null from unnest($2::timestamptz[], $3::uuid[]) x(at, id) "
            "where o.tenant_id = $1 and o.at = x.at and o.id = x.id",
            *(tx.tenant_id, [row.at for row in rows], [row.id for row in rows]),
        )


async def _mark_failed(tx: Tx, row: _Row, error: Exception, *, now: datetime) -> None:
    attempts = row.attempts + 1
    await tx.execute(
        "update kernel.outbox o set attempts = $4, last_error = $5, next_at = $6, state = $7 "
        "where o.tenant_id = $1 and o.at = $2 and o.id = $3",
        *(tx.tenant_id, row.at, row.id, attempts, describe(error), now + wait_after(attempts)),
        "dead" if attempts >= ATTEMPTS else "ready",
    )


def describe(error: Exception) -> str:
    """What failed and where, without the message: it may hold what people typed."""
    what = error.code if isinstance(error, Refusal) else type(error).__name__
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
    return f"{what}{where}"[:300]


async def retry_dead(tx: Tx, *, outbox_id: UUID, now: datetime) -> None:
    """Sends a dead row again, with all its tries before it. Refuses with NotDead."""
    changed = await tx.execute(
        "update kernel.outbox o set state = 'ready', attempts = 0, next_at = $3 "
        "where o.tenant_id = $1 and o.state = 'dead' and o.id = $2",
        *(tx.tenant_id, outbox_id, now),
    )
    if not changed:
        raise NotDead()


async def rows_in_state(
    tx: Tx, *, state: str, after: tuple[datetime, UUID] | None, limit: int
) -> list[Record]:
    """Newest first; one more than `limit`, so that a page knows whether there is another."""
    at, row_id = after or (None, None)
    return await tx.fetch(
        """
        select o.id, o.at, o.topic, o.subscriber, o.state, o.attempts, o.next_at, o.last_error
        from kernel.outbox o
        where o.tenant_id = $1 and o.state = $2
          and ($3::timestamptz is null or (o.at, o.id) < ($3, $4::uuid))
        order by o.at desc, o.id desc limit $5
        """,
        *(tx.tenant_id, state, at, row_id, limit + 1),
    )


async def outbox_figures(reports: asyncpg.Pool[Record]) -> dict[str, float]:
    """Over all tenants, for the metrics: what waits, for how long, and what was laid aside."""
    row = await reports.fetchrow(
        "select count(*) filter (where state = 'ready') as ready, "
        "count(*) filter (where state = 'dead') as dead, "
        "coalesce(extract(epoch from now() - min(at) filter (where state = 'ready')), 0) as oldest "
        "from kernel.outbox where state in ('ready', 'dead')"
    )
    found = dict(row or {})
    return {
        "weike_outbox_ready": float(found.get("ready", 0)),
        "weike_outbox_dead": float(found.get("dead", 0)),
        "weike_outbox_oldest_seconds": float(found.get("oldest", 0)),
    }
