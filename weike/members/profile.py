"""Members as they see themselves, and the cards others see of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from weike.kernel import Tx
from weike.members import queries
from weike.members.consent.consents import VERSIONS, set_consent
from weike.members.errors import MemberNotFound
from weike.members.model import MemberCard, nickname_of
from weike.members.ports import Figures, MemberFigures


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    member_id: UUID
    nickname: str
    avatar_url: str | None
    phone_tail: str | None
    profiling_allowed: bool
    is_promoter: bool
    promoter_state: str | None


async def my_profile(tx: Tx, figures: MemberFigures, *, member_id: UUID) -> Profile:
    """Refuses with MemberNotFound."""
    row = await queries.member(tx, member_id)
    if row is None:
        raise MemberNotFound()
    known = (await figures.figures(tx, [member_id])).get(member_id, Figures())
    return Profile(
        member_id=row["id"],
        nickname=row["nickname"],
        avatar_url=row["avatar_url"],
        phone_tail=row["phone_tail"],
        profiling_allowed=row["profiling_allowed"],
        is_promoter=known.is_promoter,
        promoter_state=known.promoter_state,
    )


async def change_profile(
    tx: Tx,
    figures: MemberFigures,
    *,
    member_id: UUID,
    nickname: str | None,
    profiling_allowed: bool | None,
    now: datetime,
) -> Profile:
    """What is not given stays, also a nickname of which nothing readable remains.

    Refuses with MemberNotFound.
    """
    before = await my_profile(tx, figures, member_id=member_id)
    after = msgspec.structs.replace(
        before,
        nickname=nickname_of(nickname or "") or before.nickname,
        profiling_allowed=(
            before.profiling_allowed if profiling_allowed is None else profiling_allowed
        ),
    )
    await queries.update_nickname(tx, member_id, after.nickname)
    if profiling_allowed is not None:
        await set_consent(
            tx,
            member_id=member_id,
            purpose="profiling",
            given=profiling_allowed,
            version=VERSIONS["profiling"],
            source="settings",
            now=now,
        )
    return after


async def must_be_member(tx: Tx, member_id: UUID) -> None:
    """Refuses with MemberNotFound."""
    if not await queries.cards(tx, [member_id]):
        raise MemberNotFound()


async def member_cards(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, MemberCard]:
    """One statement; whoever does not exist is missing."""
    return {
        row["id"]: MemberCard(
            member_id=row["id"],
            nickname=row["nickname"],
            avatar_url=row["avatar_url"],
            phone_tail=row["phone_tail"],
        )
        for row in await queries.cards(tx, member_ids)
    }


async def wechat_open_id(tx: Tx, member_id: UUID, *, kind: str) -> str | None:
    """Who the member is to the shop's mini-program ("mini") or official account ("official")."""
    return await queries.identity_subject(tx, member_id, provider=f"wechat_{kind}")


async def registered_at(tx: Tx, member_id: UUID) -> datetime | None:
    row = await queries.member(tx, member_id)
    return None if row is None else row["created_at"]


async def wechat_open_ids(tx: Tx, member_id: UUID) -> dict[str, str]:
    """By which openid each of the shop's WeChat apps knows the member."""
    return {row["app_id"]: row["subject"] for row in await queries.open_ids(tx, member_id)}
