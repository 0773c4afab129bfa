"""The past: a database whose clock we set, and everything that listens, run at that time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import TypeVar
from uuid import UUID

from weike import payment, trade
from weike.distribution.jobs import JOBS as DISTRIBUTION_JOBS
from weike.entry.wiring import House
from weike.kernel import Database, Job, TenantId, Tx, open_pool
from weike.kernel.outbox import Relay, listeners_by_topic
from weike.payment.model import Config
from weike.payment.ports import Gateway, TransferGateway
from weike.payment.providers.fake import FakeGateway

T = TypeVar("T")

_CONNECTIONS = 4


class PastDisagrees(Exception):
    """A listener refused what the made-up past announced; the message names how many."""


class PastClock:
    """Shows the time it was set to."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


class Ids:
    """Time-ordered ids like `kernel.uuid7`, the same again for the same shop and story."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)  # noqa: S311 - ids are no secrets

    def at(self, moment: datetime) -> UUID:
        milliseconds = int(moment.timestamp() * 1000)
        bits = self._random.getrandbits
        return UUID(int=milliseconds << 80 | 0x7 << 76 | bits(12) << 64 | 0b10 << 62 | bits(62))


@dataclass(slots=True)
class PastGateways:
    """The demo's merchant number is paid in memory; every other shop's stays what it is."""

    real: payment.PayoutGateways
    fake: FakeGateway | None = None

    def of(self, config: Config) -> Gateway:
        if self.fake is not None and config.mch_id == self.fake.mch_id:
            return self.fake
        return self.real.of(config)

    def transferring(self, config: Config) -> TransferGateway:
        if self.fake is not None and config.mch_id == self.fake.mch_id:
            return self.fake
        return self.real.transferring(config)

    def seal_name(self, transfer_id: UUID, name: str) -> bytes:
        return self.real.seal_name(transfer_id, name)

    def open_name(self, transfer_id: UUID, sealed: bytes) -> str:
        return self.real.open_name(transfer_id, sealed)


@dataclass(slots=True, kw_only=True)
class Past:
    tenant_id: TenantId
    clock: PastClock
    database: Database
    gateways: PastGateways
    ids: Ids
    relay: Relay
    jobs: tuple[Job, ...]

    async def run(self, work: Callable[[Tx], Awaitable[T]], *, at: datetime) -> T:
        """One transaction of the shop; what it announces is announced `at` that time."""
        self.clock.at = at
        return await self.database.run(self.tenant_id, work)

    async def deliver(self, *, at: datetime) -> None:
        """Until nobody has anything left to hear. Refuses with PastDisagrees."""
        self.clock.at = at
        while True:
            round_ = await self.relay.deliver()
            if round_.failed or round_.dead:
                raise PastDisagrees(f"{round_.failed} deliveries failed, {round_.dead} died")
            if not round_.done:
                return

    async def let_time_work(self, *, at: datetime) -> None:
        """What is due by then expires, is received, settles, matures."""
        for job in self.jobs:
            while await self.run(_doing(job, at), at=at):
                pass


def _doing(job: Job, at: datetime) -> Callable[[Tx], Awaitable[int]]:
    return lambda tx: job.run(tx, at)


@asynccontextmanager
async def open_past(house: House, tenant_id: TenantId) -> AsyncIterator[Past]:
    clock = PastClock(datetime.fromtimestamp(0, UTC))
    gateways = PastGateways(house.gateways)
    paying = payment.subscribers(gateways)
    replaced = {listener.name for listener in paying}
    listeners = (*(one for one in house.listeners if one.name not in replaced), *paying)
    pool = await open_pool(house.urls.app, size=_CONNECTIONS)
    try:
        database = Database(pool, listeners=listeners_by_topic(listeners), clock=clock)
        yield Past(
            tenant_id=tenant_id,
            clock=clock,
            database=database,
            gateways=gateways,
            ids=Ids(tenant_id.hex),
            relay=Relay(database, house.reports, listeners, clock=clock),
            jobs=(*trade.jobs(house.trade_ports), *DISTRIBUTION_JOBS),
        )
    finally:
        await pool.close()
