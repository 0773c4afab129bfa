"""Staff sessions: opened by a sign-in, ended by their owner, by those who manage staff, by time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike.kernel import Tx, uuid7
from weike.kernel.edge import Caller
from weike.tenancy import queries
from weike.tenancy.audit import record_audit
from weike.tenancy.model import session_end
from weike.tenancy.tokens import STAFF, issue_token


async def open_staff_session(tx: Tx, *, staff_id: UUID, ip: str, agent: str, now: datetime) -> str:
    """The token; it is not kept, only its hash is."""
    token = issue_token(STAFF, tx.tenant_id)
    await queries.insert_session(
        tx,
        session_id=uuid7(now),
        token_hash=token.hash,
        staff_id=staff_id,
        expires_at=session_end(now, now=now),
        ip=ip,
        agent=agent[:200],
        now=now,
    )
    return token.text


async def sign_out(tx: Tx, *, caller: Caller, now: datetime) -> None:
    """Ends the session that is asking."""
    if caller.session_id and await queries.end_session(tx, caller.session_id, now=now):
        await record_audit(
            tx,
            actor=caller,
            action="staff.signed_out",
            subject_type="staff",
            subject_id=caller.staff_id,
            detail={},
            now=now,
        )
