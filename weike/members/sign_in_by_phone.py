"""Signing in with a phone number: a code is sent, a code comes back.

Codes are kept as keyed hashes, live five minutes, stand five tries and one use. Nobody learns from
the answers whether a number has an account.
"""

from __future__ import annotations

import hmac
import math
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from weike.kernel import Database, TenantId, TooMany, Tx, uuid7
from weike.kernel.texts import Texts
from weike.members import queries
from weike.members.ensure_member import ensure_member
from weike.members.errors import CodeNotSent, CodeWrong
from weike.members.model import (
    CODE_ATTEMPTS,
    CODE_DIGITS,
    CODE_LIFE,
    RESEND_AFTER,
    phone_of,
)
from weike.members.ports import SMS, Refused
from weike.members.sealing import PhoneSeal
from weike.members.sessions import open_member_session
from weike.tenancy import Limit, tenant_of, use_limits

CodePurpose = Literal["sign_in", "deletion"]
_MESSAGES: dict[CodePurpose, str] = {
    "sign_in": "members.code_message",
    "deletion": "members.deletion_code_message",
}


def code_name(number: str, purpose: CodePurpose) -> str:
    """What a code is kept under: one that was sent for one thing does not open another."""
    return number if purpose == "sign_in" else f"{purpose} {number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberSignedIn:
    token: str
    member_id: UUID
    is_new: bool


async def send_code(
    database: Database,
    seal: PhoneSeal,
    sms: SMS,
    texts: Texts,
    *,
    tenant_id: TenantId,
    phone: str,
    ip: str,
    language: str,
    purpose: CodePurpose = "sign_in",
    now: datetime,
) -> int:
    """Seconds until another code may be asked for. A code is good for its purpose only.

    Refuses with BadPhone, TooMany, CodeNotSent.
    """
    number = phone_of(phone)
    kept_under = code_name(number, purpose)
    phone_hash = seal.find_by(tenant_id, kept_under)
    limits = [
        Limit("code hour", phone_hash.hex(), 5, timedelta(hours=1)),
        Limit("code day", phone_hash.hex(), 10, timedelta(days=1)),
        Limit("code ip", ip, 60, timedelta(hours=1)),
    ]
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"

    async def keep(tx: Tx) -> str:
        # All in one transaction: whoever taps twice does not use up the hour's codes.
        await use_limits(tx, limits, now=now)
        is_kept = await queries.put_code(
            tx,
            phone_hash=phone_hash,
            code_hash=seal.code_hash(tenant_id, kept_under, code),
            expires_at=now + CODE_LIFE,
            sent_before=now - RESEND_AFTER,
            now=now,
        )
        if not is_kept:
            sent_at = await queries.code_sent_at(tx, phone_hash) or now
            raise TooMany(retry_after=math.ceil((sent_at + RESEND_AFTER - now).total_seconds()))
        return (await tenant_of(tx)).name

    shop_name = await database.run(tenant_id, keep)
    # After the commit, so that a code that arrives is a code that works. A message of which
    # nobody knows whether it arrived is left alone: the reader asks for another one if not.
    text = texts.say(_MESSAGES[purpose], language, {"shop": shop_name, "code": code})
    if isinstance(await sms.send(number, text), Refused):
        raise CodeNotSent(retry_after=int(RESEND_AFTER.total_seconds()))
    return int(RESEND_AFTER.total_seconds())


async def sign_in_by_phone(
    database: Database,
    seal: PhoneSeal,
    *,
    tenant_id: TenantId,
    phone: str,
    code: str,
    share_code: str | None,
    ip: str,
    now: datetime,
) -> MemberSignedIn:
    """Refuses with BadPhone, CodeWrong, TooMany, MemberBlocked."""
    number = phone_of(phone)
    tries = [Limit("code try ip", ip, 120, timedelta(minutes=15))]

    async def enter(tx: Tx) -> MemberSignedIn | CodeWrong:
        await use_limits(tx, tries, now=now)
        phone_hash = seal.find_by(tenant_id, number)
        kept = await queries.try_code(tx, phone_hash, attempts_limit=CODE_ATTEMPTS, now=now)
        if kept is None or not hmac.compare_digest(kept, seal.code_hash(tenant_id, number, code)):
            # Answered, not raised: raising would undo the count of the try.
            return CodeWrong(field="code")
        await queries.use_code(tx, phone_hash, now=now)
        ensured = await ensure_member(
            tx, seal, member_id=uuid7(now), phone=number, share_code=share_code, now=now
        )
        token = await open_member_session(tx, ensured.member_id, now=now)
        return MemberSignedIn(token=token, member_id=ensured.member_id, is_new=ensured.is_new)

    entered = await database.run(tenant_id, enter)
    if isinstance(entered, CodeWrong):
        raise entered
    return entered
