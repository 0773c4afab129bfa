"""Timed transitions of distribution."""

from __future__ import annotations

from datetime import datetime

from weike.distribution.keep_commissions import release_matured
from weike.kernel import Job, Tx


async def _release(tx: Tx, now: datetime) -> int:
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
)
