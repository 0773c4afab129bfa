"""Timed transitions of distribution."""

from __future__ import annotations

from datetime import datetime

from weike.distribution.keep_commissions import release_matured
from weike.distribution.relations.end_relations import end_idle
from weike.distribution.wait_for_guarantee import wait_for_guarantee
from weike.kernel import Job, Tx


async def _release(tx: Tx, now: datetime) -> int:
    await wait_for_guarantee(tx, now)
    return await release_matured(tx, now=now)


JOBS = (
    Job(
        name="distribution.release",
        every_seconds=60,
        due_tenants="""
            select distinct c.tenant_id
            from distribution.commissions c
            join distribution.promoters p
                on p.tenant_id = c.tenant_id and p.member_id = c.promoter_id
            where c.state = 'pending' and c.hold_until <= $1 and p.state in ('active', 'quit')
        """,
        run=_release,
    ),
    Job(
        name="distribution.end_idle",
        every_seconds=3600,
        due_tenants="""
            select distinct p.tenant_id from distribution.programmes p
            where p.idle_days is not null and p.effective_at <= $1
        """,
        run=end_idle,
    ),
)
