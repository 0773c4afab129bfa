"""What members does by the clock: it forgets codes, ways to WeChat and sessions long over."""

from __future__ import annotations

from datetime import datetime, timedelta

from weike.kernel import Job, Tx
from weike.kernel.personal import PersonalRecords
from weike.kernel.texts import Texts
from weike.members import queries
from weike.members.levels.growth import JOBS as LEVEL_JOBS
from weike.members.privacy.delete_member import delete_due
from weike.members.privacy.export_data import expire_exports, make_export


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
    *LEVEL_JOBS,
)


def privacy_jobs(records: PersonalRecords, texts: Texts) -> tuple[Job, ...]:
    """Exports are made and expire, deletions are done when their time has come."""

    async def export(tx: Tx, now: datetime) -> int:
        return await make_export(tx, records, texts, now=now)

    async def delete(tx: Tx, now: datetime) -> int:
        return await delete_due(tx, records, now=now)

    def due(kind: str, state: str) -> str:
        return (
            "select distinct q.tenant_id from members.privacy_requests q "  # noqa: S608 - constants below
            f"where q.kind = '{kind}' and q.state = '{state}' and q.due_at <= $1"
        )

    return (
        Job("members.make_exports", 2, due("export", "waiting"), export),
        Job("members.expire_exports", 600, due("export", "ready"), expire_exports),
        Job("members.delete_members", 60, due("deletion", "waiting"), delete),
    )
