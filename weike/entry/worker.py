"""The worker process: delivers the outbox, runs what is due, keeps time-series tables in shape.

Any number of them may run side by side. Told to stop, one finishes what it has in hand; killed, it
leaves rows that the next round of any worker takes up.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress

from weike.entry.installation import Installation
from weike.entry.wiring import House, open_house
from weike.kernel import Job, OutsideJob
from weike.kernel.jobs import JobRunner, keep_partitions
from weike.kernel.outbox import Relay

log = logging.getLogger("weike.worker")

IDLE_SECONDS = 0.25
"""How soon a commission appears after the order was paid, and what an idle worker costs."""
_JOBS_SECONDS = 1.0
_PARTITIONS_SECONDS = 3600.0
_AFTER_TROUBLE_SECONDS = 2.0


async def work(house: House, stop: asyncio.Event) -> None:
    """Returns soon after `stop` is set.

    What talks to the world outside has loops of its own: a payment provider that answers slowly
    must not keep payments from being heard and orders from expiring.
    """
    relay = Relay(house.database, house.reports, house.listeners, clock=house.clock)
    inside, outside = (
        JobRunner(
            house.database,
            house.reports,
            [job for job in house.jobs if isinstance(job, kind)],
            clock=house.clock,
        )
        for kind in (Job, OutsideJob)
    )

    async def hear() -> bool:
        done = await relay.hear()
        return bool(done.done or done.failed)

    async def go_out() -> bool:
        done = await relay.go_out()
        return bool(done.done or done.failed)

    async def run_inside() -> bool:
        await inside.run_due()
        return False

    async def run_outside() -> bool:
        await outside.run_due()
        return False

    async def partitions() -> bool:
        await keep_partitions(house.database)
        return False

    await _patiently(inside.register, stop)
    await _patiently(outside.register, stop)
    await asyncio.gather(
        _again_and_again(hear, IDLE_SECONDS, stop),
        _again_and_again(go_out, IDLE_SECONDS, stop),
        _again_and_again(run_inside, _JOBS_SECONDS, stop),
        _again_and_again(run_outside, _JOBS_SECONDS, stop),
        _again_and_again(partitions, _PARTITIONS_SECONDS, stop),
    )


async def run_worker(here: Installation) -> None:
    """Until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    with here.database() as urls:
        async with open_house(here, urls) as house:
            log.info("worker started")
            await work(house, stop)
    log.info("worker stopped")


async def _again_and_again(
    step: Callable[[], Awaitable[bool]], idle_seconds: float, stop: asyncio.Event
) -> None:
    """At once while a step finds work, else after a pause; trouble only makes the pause longer."""
    while not stop.is_set():
        try:
            pause = 0.0 if await step() else idle_seconds
        except Exception as error:
            log.warning("step failed", extra={"error": type(error).__name__}, exc_info=error)
            pause = _AFTER_TROUBLE_SECONDS
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)


async def _patiently(first: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
    """The database may start later than we do."""
    while not stop.is_set():
        try:
            await first()
            return
        except Exception as error:
            log.warning("waiting for the database", extra={"error": type(error).__name__})
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _AFTER_TROUBLE_SECONDS)
