"""Jobs: timed transitions, found by a statement over all tenants and moved tenant by tenant.

Several workers may run side by side: a row per job says when it is next due, and whoever moves it
on takes that run. A run that dies is simply followed by the next one.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

import asyncpg

from weike.kernel.clock import Clock
from weike.kernel.database import DATABASE_AWAY, Database, Record, Tx
from weike.kernel.errors import Unavailable
from weike.kernel.events import Job, OutsideJob
from weike.kernel.ids import TenantId

log = logging.getLogger("weike.jobs")

_TURNS = 200
"""How often a job is called again for one tenant before the others get their turn."""
_ANSWERS_KEPT = timedelta(days=7)


async def _clean(tx: Tx, now: datetime) -> int:
    answers = await tx.execute(
        "delete from kernel.answers a where a.tenant_id = $1 and a.at in (select b.at "
        "from kernel.answers b where b.tenant_id = $1 and b.at < $2 order by b.at limit 500)",
        *(tx.tenant_id, now - _ANSWERS_KEPT),
    )
    limits = await tx.execute(
        "delete from kernel.limits l where l.tenant_id = $1 and l.expires_at < $2",
        *(tx.tenant_id, now),
    )
    return answers + limits


CLEANING = Job(
    name="kernel.clean",
    every_seconds=3600,
    due_tenants=(
        "select tenant_id from kernel.answers where at < $1::timestamptz - interval '7 days' "
        "union select tenant_id from kernel.limits where expires_at < $1"
    ),
    run=_clean,
)


async def keep_partitions(database: Database) -> tuple[int, int]:
    """Makes months ahead and drops delivered months; returns how many of each."""
    [made] = await database.control("select kernel.make_partitions_ahead() as n")
    [dropped] = await database.control("select kernel.drop_delivered_outbox() as n")
    return made["n"], dropped["n"]


class JobRunner:
    def __init__(
        self,
        database: Database,
        reports: asyncpg.Pool[Record],
        jobs: Sequence[Job | OutsideJob],
        *,
        clock: Clock,
    ) -> None:
        self._database = database
        self._reports = reports
        self._jobs = jobs
        self._clock = clock

    async def register(self) -> None:
        """Every job is due at once when it is first seen."""
        await self._database.control(
            "insert into kernel.job_runs (name, next_at) select x, $2 from unnest($1::text[]) x "
            "on conflict (name) do nothing",
            *([job.name for job in self._jobs], self._clock()),
        )

    async def run_due(self) -> int:
        """Runs what is due and returns how many rows were moved."""
        moved = 0
        for job in self._jobs:
            if not await self._take(job):
                continue
            try:
                moved += await self.run(job)
            except asyncpg.PostgresError as error:
                # A job whose question fails must not keep the others from running.
                log.error("job failed", extra={"job": job.name}, exc_info=error)
        return moved

    async def run(self, job: Job | OutsideJob) -> int:
        """One run of one job over all tenants that it finds."""
        # `$1 - interval '1 day'` alone would make $1 an interval; here it is always a time.
        sql = job.due_tenants.replace("$1", "$1::timestamptz")
        due = await self._reports.fetch(sql, self._clock())
        moved = 0
        for row in due:
            tenant_id = TenantId(row["tenant_id"])
            try:
                moved += await self._tenant(job, tenant_id)
            except Exception as error:
                # One shop's trouble must not keep the others waiting; the next run tries again.
                away = isinstance(error, (Unavailable, *DATABASE_AWAY))
                log.log(
                    logging.WARNING if away else logging.ERROR,
                    "job failed",
                    extra={"job": job.name, "tenant_id": tenant_id},
                    exc_info=error,
                )
        return moved

    async def _take(self, job: Job | OutsideJob) -> bool:
        now = self._clock()
        taken = await self._database.control(
            "update kernel.job_runs set next_at = $3 where name = $1 and next_at <= $2 "
            "returning name",
            *(job.name, now, now + timedelta(seconds=job.every_seconds)),
        )
        return bool(taken)

    async def _tenant(self, job: Job | OutsideJob, tenant_id: TenantId) -> int:
        moved = 0
        for _ in range(_TURNS):
            now = self._clock()
            if isinstance(job, Job):
                inside = job
                count = await self._database.run(
                    tenant_id,
                    lambda tx: inside.run(tx, now),  # noqa: B023 - called at once
                    one_snapshot=job.one_snapshot,
                )
            else:
                count = await job.run(self._database, tenant_id, now)
            if count == 0:
                break
            moved += count
        return moved
