"""What tenancy does by the clock: it forgets sessions that are long over."""

from __future__ import annotations

from datetime import datetime, timedelta

from weike.kernel import Job, Tx
from weike.tenancy import queries

_SESSIONS_KEPT = timedelta(days=30)
"""After their end, so that a merchant can still be told who was signed in from where."""


async def _forget(tx: Tx, now: datetime) -> int:
    await queries.delete_old_sessions(tx, before=now - _SESSIONS_KEPT)
    return 0


JOBS: tuple[Job, ...] = (
    Job(
        name="tenancy.forget",
        every_seconds=3600,
        due_tenants="""
            select distinct tenant_id from tenancy.staff_sessions
            where expires_at < $1::timestamptz - interval '30 days'
        """,
        run=_forget,
    ),
)
