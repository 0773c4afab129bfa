"""Somebody proved who they are: the member they are already, or a new one.

Identity comes only from a proof (a code on the phone, WeChat's exchange), never from an input.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from weike.kernel import Tx
from weike.members import queries
from weike.members.errors import MemberBlocked
from weike.members.events import Channel, MemberRegistered
from weike.members.model import first_nickname, nickname_of, tail_of
from weike.members.ports import WeChatPerson
from weike.members.sealing import PhoneSeal


@dataclass(frozen=True, slots=True, kw_only=True)
class Ensured:
    member_id: UUID
    is_new: bool


async def ensure_member(
    tx: Tx,
    seal: PhoneSeal,
    *,
    member_id: UUID,
    phone: str,
    nickname: str | None = None,
    avatar_url: str | None = None,
    share_code: str | None = None,
    now: datetime,
) -> Ensured:
    """The member with this (checked) phone number; `member_id` is taken only for a new one.

    Refuses with MemberBlocked.
    """
    phone_hash = seal.find_by(tx.tenant_id, phone)
    known = await queries.member_by_phone(tx, phone_hash)
    if known is not None:
        if known["state"] != "active":
            raise MemberBlocked()
        return Ensured(member_id=known["id"], is_new=False)
    await queries.insert_member(
        tx,
        member_id=member_id,
        nickname=nickname_of(nickname or "") or first_nickname(member_id),
        avatar_url=avatar_url,
        phone_cipher=seal.seal(tx.tenant_id, phone),
        phone_hash=phone_hash,
        phone_tail=tail_of(phone),
        now=now,
    )
    _announce(tx, member_id, channel="phone", share_code=share_code, now=now)
    return Ensured(member_id=member_id, is_new=True)


async def ensure_wechat_member(
    tx: Tx,
    *,
    member_id: UUID,
    provider: Channel,
    app_id: str,
    person: WeChatPerson,
    share_code: str | None = None,
    now: datetime,
) -> Ensured:
    """The member whom this app, or another app of the same owner, knows already; or a new one.

    Refuses with MemberBlocked.
    """
    proofs: list[tuple[str, str, str]] = [(provider, app_id, person.open_id)]
    if person.union_id:
        proofs.append(("wechat_union", "", person.union_id))
    known = None
    for kind, app, subject in proofs:
        known = known or await queries.member_by_identity(
            tx, provider=kind, app_id=app, subject=subject
        )
    if known is not None and known["state"] != "active":
        raise MemberBlocked()
    if known is None:
        await queries.insert_member(
            tx,
            member_id=member_id,
            nickname=person.nickname or first_nickname(member_id),
            avatar_url=person.avatar_url,
            phone_cipher=None,
            phone_hash=None,
            phone_tail=None,
            now=now,
        )
        _announce(tx, member_id, channel=provider, share_code=share_code, now=now)
    found: UUID = known["id"] if known is not None else member_id
    # Two first sign-ins at once: the key lets one through, the other is run again and finds it.
    for kind, app, subject in proofs:
        other = known and await queries.member_by_identity(
            tx, provider=kind, app_id=app, subject=subject
        )
        if other and other["id"] != found:
            # One person became two members before WeChat told us that they are one (the owner
            # joined the apps later). This app's own proof decides; the other's stays as it is.
            continue
        await queries.insert_identity(
            tx, provider=kind, app_id=app, subject=subject, member_id=found, now=now
        )
    return Ensured(member_id=found, is_new=known is None)


def _announce(
    tx: Tx, member_id: UUID, *, channel: Channel, share_code: str | None, now: datetime
) -> None:
    tx.announce(
        MemberRegistered(member_id=member_id, channel=channel, share_code=share_code, at=now)
    )
