"""Members as the merchant's staff see them: who there is, and one of them in detail."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from weike.kernel import Page, Record, Tx, decode_cursor, page_of
from weike.members import queries
from weike.members.addresses import MaskedAddress, masked_addresses
from weike.members.errors import BadPhone, MemberNotFound
from weike.members.model import phone_of
from weike.members.ports import Figures, LastOrder, MemberFigures, RelationSpan
from weike.members.sealing import PhoneSeal

_ESCAPED = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})


class ListedMember(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    nickname: str
    avatar_url: str | None
    phone_tail: str | None
    created_at: datetime
    orders_count: int
    paid_minor: int
    promoter_nickname: str | None
    is_promoter: bool


class MemberDetail(ListedMember, frozen=True, kw_only=True):
    profiling_allowed: bool
    state: str
    addresses: list[MaskedAddress]
    relations: list[RelationSpan]
    last_orders: list[LastOrder]


async def member_page(
    tx: Tx,
    seal: PhoneSeal,
    figures: MemberFigures,
    *,
    query: str,
    cursor: str | None,
    limit: int,
) -> Page[ListedMember]:
    """Newest first; found by a part of the nickname, a whole phone number or its last four digits.

    Refuses with BadCursor.
    """
    wanted = query.strip()
    rows = await queries.newest_members(
        tx,
        before=decode_cursor(cursor, tuple[datetime, UUID]),
        nickname_like=f"%{wanted.translate(_ESCAPED)}%" if wanted else None,
        phone_hash=_hash_of(tx, seal, wanted),
        phone_tail=wanted if re.fullmatch("[0-9]{4}", wanted) else None,
        limit=limit + 1,
    )
    known = await figures.figures(tx, [row["id"] for row in rows[:limit]])
    return page_of(
        rows,
        limit=limit,
        item=lambda row: _listed(row, known),
        key=lambda row: (row["created_at"], row["id"]),
    )


async def member_detail(tx: Tx, figures: MemberFigures, *, member_id: UUID) -> MemberDetail:
    """Refuses with MemberNotFound."""
    row = await queries.member(tx, member_id)
    if row is None or row["state"] == "deleted":
        raise MemberNotFound()
    story = await figures.story(tx, member_id)
    listed = _listed(row, await figures.figures(tx, [member_id]))
    return MemberDetail(
        **msgspec.structs.asdict(listed),
        profiling_allowed=row["profiling_allowed"],
        state=row["state"],
        addresses=await masked_addresses(tx, member_id=member_id),
        relations=story.relations,
        last_orders=story.last_orders,
    )


async def members_named(tx: Tx, query: str, *, limit: int = 200) -> list[UUID]:
    """Whose nickname contains this, or whose phone number ends so; newest first."""
    rows = await queries.newest_members(
        tx,
        before=None,
        nickname_like=f"%{query.strip().translate(_ESCAPED)}%",
        phone_hash=None,
        phone_tail=query.strip(),
        limit=limit,
    )
    return [row["id"] for row in rows]


def _hash_of(tx: Tx, seal: PhoneSeal, text: str) -> bytes | None:
    try:
        return seal.find_by(tx.tenant_id, phone_of(text))
    except BadPhone:
        return None


def _listed(row: Record, known: Mapping[UUID, Figures]) -> ListedMember:
    figures = known.get(row["id"], Figures())
    return ListedMember(
        id=row["id"],
        nickname=row["nickname"],
        avatar_url=row["avatar_url"],
        phone_tail=row["phone_tail"],
        created_at=row["created_at"],
        orders_count=figures.orders_count,
        paid_minor=figures.paid_minor,
        promoter_nickname=figures.promoter_nickname,
        is_promoter=figures.is_promoter,
    )
