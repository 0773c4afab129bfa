"""Members as the merchant's staff see them: who there is, and one of them in detail."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar.response import Stream

from weike.kernel import Database, Page, TenantId, Tx, decode_cursor, page_of
from weike.kernel.edge.sheets import FileForm, Row, rows_by_page, sheet_stream, yuan
from weike.kernel.words import Words
from weike.members import list_queries, queries
from weike.members.addresses import MaskedAddress, masked_addresses
from weike.members.errors import BadPhone, MemberNotFound
from weike.members.levels.model import Level
from weike.members.levels.queries import standings
from weike.members.levels.reading import levels_of
from weike.members.list_queries import MemberFilter, MemberSort
from weike.members.model import phone_of
from weike.members.ports import Figures, LastOrder, MemberFigures, RelationSpan
from weike.members.sealing import PhoneSeal
from weike.members.tags.model import TagOnMember
from weike.members.tags.queries import tags_of

_SHEET_PAGE = 100
_COLUMNS = (
    *("id", "nickname", "phone_tail", "created_at", "level", "growth", "points"),
    *("orders", "paid", "tags", "promoter"),
)
_ESCAPED = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})


class ListedMember(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    nickname: str
    avatar_url: str | None
    phone_tail: str | None
    created_at: datetime
    state: str
    growth: int
    level_name: str | None
    points: int
    tags: list[TagOnMember]
    orders_count: int
    paid_minor: int
    promoter_nickname: str | None
    is_promoter: bool


class MemberDetail(ListedMember, frozen=True, kw_only=True):
    profiling_allowed: bool
    addresses: list[MaskedAddress]
    relations: list[RelationSpan]
    last_orders: list[LastOrder]


class MemberSearch(msgspec.Struct, frozen=True, kw_only=True):
    """What staff look for: `query` is a part of a nickname, a phone number, its last four digits,
    or an id."""

    query: str = ""
    tag_id: UUID | None = None
    level_id: UUID | None = None
    joined_from: datetime | None = None
    joined_until: datetime | None = None
    sort: MemberSort = "newest"


async def member_page(
    tx: Tx,
    seal: PhoneSeal,
    figures: MemberFigures,
    search: MemberSearch,
    *,
    cursor: str | None,
    limit: int,
    words: Words,
) -> Page[ListedMember]:
    """Refuses with BadCursor."""
    by_growth = search.sort == "growth"
    after: tuple[datetime | int, UUID] | None = (
        decode_cursor(cursor, tuple[int, UUID])
        if by_growth
        else decode_cursor(cursor, tuple[datetime, UUID])
    )
    rows = await list_queries.member_rows(
        tx, _filter(tx, seal, search), sort=search.sort, after=after, limit=limit + 1
    )
    listed = {
        one.id: one
        for one in await _listed(tx, figures, [dict(row) for row in rows[:limit]], words)
    }
    return page_of(
        rows,
        limit=limit,
        item=lambda row: listed[row["id"]],
        key=lambda row: (row["growth" if by_growth else "created_at"], row["id"]),
    )


def members_sheet(
    database: Database,
    seal: PhoneSeal,
    figures: MemberFigures,
    search: MemberSearch,
    *,
    tenant_id: TenantId,
    form: FileForm,
    words: Words,
) -> Stream:
    """The whole list as a file. Phone numbers stay masked: only their tails leave."""

    async def page(tx: Tx, cursor: str | None) -> tuple[list[Row], str | None]:
        found = await member_page(
            tx, seal, figures, search, cursor=cursor, limit=_SHEET_PAGE, words=words
        )
        return [_row(one) for one in found.items], found.next_cursor

    columns = [words(f"members.column.{name}") for name in _COLUMNS]
    return sheet_stream(form, "members", columns, rows_by_page(database, tenant_id, page))


async def member_detail(
    tx: Tx, figures: MemberFigures, *, member_id: UUID, words: Words
) -> MemberDetail:
    """Refuses with MemberNotFound."""
    row = await queries.member(tx, member_id)
    if row is None or row["state"] == "deleted":
        raise MemberNotFound()
    standing = (await standings(tx, [member_id])).get(member_id)
    (listed,) = await _listed(
        tx, figures, [{**row, "growth": standing.growth if standing else 0}], words
    )
    story = await figures.story(tx, member_id)
    return MemberDetail(
        **{name: getattr(listed, name) for name in listed.__struct_fields__},
        profiling_allowed=row["profiling_allowed"],
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


def _filter(tx: Tx, seal: PhoneSeal, search: MemberSearch) -> MemberFilter:
    wanted = search.query.strip()
    return MemberFilter(
        nickname_like=f"%{wanted.translate(_ESCAPED)}%" if wanted else None,
        phone_hash=_hash_of(tx, seal, wanted),
        phone_tail=wanted if re.fullmatch("[0-9]{4}", wanted) else None,
        member_id=_id_of(wanted),
        tag_id=search.tag_id,
        level_id=search.level_id,
        joined_from=search.joined_from,
        joined_until=search.joined_until,
    )


def _id_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


async def _listed(
    tx: Tx, figures: MemberFigures, rows: Sequence[Mapping[str, Any]], words: Words
) -> list[ListedMember]:
    """A fixed number of statements, however many rows."""
    ids = [row["id"] for row in rows]
    known = await figures.figures(tx, ids)
    levels = await levels_of(tx, ids)
    tags = await tags_of(tx, ids)
    return [
        _member(row, known.get(row["id"], Figures()), levels.get(row["id"]), tags, words)
        for row in rows
    ]


def _member(
    row: Mapping[str, Any],
    figures: Figures,
    level: Level | None,
    tags: Mapping[UUID, list[TagOnMember]],
    words: Words,
) -> ListedMember:
    return ListedMember(
        id=row["id"],
        nickname=row["nickname"],
        avatar_url=row["avatar_url"],
        phone_tail=row["phone_tail"],
        created_at=row["created_at"],
        state=row["state"],
        growth=row["growth"],
        level_name=words.of(level.name, level.name_en) if level else None,
        points=figures.points,
        tags=tags.get(row["id"], []),
        orders_count=figures.orders_count,
        paid_minor=figures.paid_minor,
        promoter_nickname=figures.promoter_nickname,
        is_promoter=figures.is_promoter,
    )


def _row(one: ListedMember) -> Row:
    return (
        str(one.id),
        one.nickname,
        one.phone_tail,
        one.created_at.isoformat(timespec="seconds"),
        one.level_name,
        one.growth,
        one.points,
        one.orders_count,
        yuan(one.paid_minor),
        " ".join(tag.name for tag in one.tags),
        one.promoter_nickname,
    )
