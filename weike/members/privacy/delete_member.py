"""Delete a member: asked with a code, possible when nothing is open, done after seven days.

What the law has kept (orders, entries, invoices) stays, and says no more whose it was.
"""

from __future__ import annotations

import hmac
import logging
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from weike import tenancy
from weike.kernel import Record, Tx, is_chosen
from weike.kernel.errors import IdTakenByOther, Invalid
from weike.kernel.personal import Obstacle, PersonalRecords
from weike.members import queries as member_queries
from weike.members.consent.consents import withdraw_all
from weike.members.errors import CodeWrong
from weike.members.events import MemberDeleted
from weike.members.model import CODE_ATTEMPTS
from weike.members.privacy import queries
from weike.members.privacy.errors import DeletionBlocked, NoDeletionWaiting
from weike.members.sealing import PhoneSeal
from weike.members.sign_in_by_phone import code_name

log = logging.getLogger("weike.privacy")

COOLING_OFF = timedelta(days=7)
_TRY_AGAIN = timedelta(hours=1)
GONE = "已注销用户"
"""The name a deleted member leaves."""


async def ask_deletion(
    tx: Tx,
    records: PersonalRecords,
    seal: PhoneSeal,
    *,
    request_id: UUID,
    member_id: UUID,
    code: str | None,
    now: datetime,
) -> CodeWrong | None:
    """Answers CodeWrong rather than raising it, so that the try stays counted. The same id again
    is the same request.

    Refuses with DeletionBlocked, IdTakenByOther.
    """
    if not is_chosen(request_id):
        raise Invalid(field="id")
    if earlier := await queries.request(tx, request_id, member_id=member_id):
        if earlier["kind"] != "deletion":
            raise IdTakenByOther(field="id")
        return None
    if await queries.waiting(tx, member_id, kind="deletion"):
        return None
    if obstacles := await records.obstacles(tx, member_id):
        raise DeletionBlocked(number=len(obstacles))
    if not await _proven(tx, seal, member_id, code, now=now):
        return CodeWrong(field="code")
    await queries.insert_request(
        tx,
        request_id=request_id,
        member_id=member_id,
        kind="deletion",
        due_at=now + COOLING_OFF,
        now=now,
    )
    await tenancy.record_audit(
        tx,
        actor="privacy",
        action="members.deletion_asked",
        subject_type="member",
        subject_id=member_id,
        detail={"request_id": request_id},
        now=now,
    )
    return None


async def _proven(
    tx: Tx, seal: PhoneSeal, member_id: UUID, code: str | None, *, now: datetime
) -> bool:
    """Whoever has a phone number shows that the phone is at hand; whoever came by WeChat alone
    has shown it by the session."""
    phone = await queries.own_phone(tx, member_id)
    if phone is None or phone["phone_cipher"] is None:
        return True
    name = code_name(seal.reveal(tx.tenant_id, phone["phone_cipher"]), "deletion")
    kept_under = seal.find_by(tx.tenant_id, name)
    kept = await member_queries.try_code(tx, kept_under, attempts_limit=CODE_ATTEMPTS, now=now)
    expected = seal.code_hash(tx.tenant_id, name, code or "")
    if kept is None or not hmac.compare_digest(kept, expected):
        return False
    await member_queries.use_code(tx, kept_under, now=now)
    return True


async def withdraw_deletion(tx: Tx, *, member_id: UUID, now: datetime) -> None:
    """Refuses with NoDeletionWaiting."""
    request = await queries.waiting(tx, member_id, kind="deletion")
    if request is None or not await queries.move(
        tx, request["id"], was="waiting", state="withdrawn", ended_at=now
    ):
        raise NoDeletionWaiting()


async def delete_due(tx: Tx, records: PersonalRecords, *, now: datetime) -> int:
    """The next one whose time to think is over. What was opened meanwhile refuses it; one that
    fails is tried again later and does not stop others."""
    for request in await queries.lock_due(tx, kind="deletion", state="waiting", now=now, limit=1):
        try:
            async with tx.savepoint():
                await _delete_or_refuse(tx, records, request, now=now)
        except Exception as error:
            log.error("deletion failed", extra={"request_id": request["id"]}, exc_info=error)
            await queries.move(
                tx, request["id"], was="waiting", state="waiting", due_at=now + _TRY_AGAIN
            )
        return 1
    return 0


async def _delete_or_refuse(
    tx: Tx, records: PersonalRecords, request: Record, *, now: datetime
) -> None:
    if obstacles := await records.obstacles(tx, request["member_id"]):
        reasons = [told(obstacle) for obstacle in obstacles]
        await queries.move(
            tx, request["id"], was="waiting", state="refused", reasons=reasons, ended_at=now
        )
        return
    await delete_member(tx, records, member_id=request["member_id"], now=now)
    await queries.move(tx, request["id"], was="waiting", state="done", ended_at=now)


async def delete_member(
    tx: Tx, records: PersonalRecords, *, member_id: UUID, now: datetime
) -> None:
    """May be called twice."""
    await records.erase(tx, member_id, now)
    tx.announce(MemberDeleted(member_id=member_id, at=now))
    await tenancy.record_audit(
        tx,
        actor="privacy",
        action="members.deleted",
        subject_type="member",
        subject_id=member_id,
        detail={},
        now=now,
    )


async def erase_self(tx: Tx, member_id: UUID, now: datetime) -> None:
    """What members itself knows."""
    await withdraw_all(tx, member_id, now=now)
    ready = [
        row["id"]
        for row in await queries.of_member(tx, member_id, limit=1000)
        if row["kind"] == "export"
    ]
    await queries.delete_files(tx, ready)
    for id in ready:
        await queries.move(tx, id, was="ready", state="expired", ended_at=now)
        await queries.move(tx, id, was="waiting", state="expired", ended_at=now)
    await queries.erase_member(tx, member_id, nickname=GONE, now=now)


def told(obstacle: Obstacle) -> dict[str, object]:
    return {"code": obstacle.code, "facts": msgspec.to_builtins(dict(obstacle.facts))}
