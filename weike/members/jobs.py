"""What members does by the clock: it forgets codes, ways to WeChat and sessions long over."""

from __future__ import annotations

from datetime import datetime, timedelta

from weike.kernel import Job, Tx
from weike.members import queries


async def _forget(tx: Tx, now: datetime) -> int:
    await queries.delete_old(tx, before=now - timedelta(days=1))
    return 0


JOBS: tuple[Job, ...] = (
    Job(
        name="members.forget",
        every_seconds=3600,
        due_tenants="""
            select tenant_id from members.sign_in_codes
            where expires_at < $1::timestamptz - interval '1 day'
            union
            select tenant_id from members.oauth_states
            where expires_at < $1::timestamptz - interval '1 day'
            union
            select tenant_id from members.sessions
            where expires_at < $1::timestamptz - interval '1 day'
        """,
        run=_forget,
    ),
)
