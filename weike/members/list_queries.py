"""The SQL of the merchant's member list: filtered, sorted, page by page."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from weike.kernel import Record, Tx

MemberSort = Literal["newest", "oldest", "growth"]


class MemberFilter(msgspec.Struct, frozen=True, kw_only=True):
    """What the list is narrowed to; nothing said, nothing narrowed."""

    nickname_like: str | None = None
    phone_hash: bytes | None = None
    phone_tail: str | None = None
    member_id: UUID | None = None
    tag_id: UUID | None = None
    level_id: UUID | None = None
    joined_from: datetime | None = None
    joined_until: datetime | None = None


_ORDERS: dict[MemberSort, tuple[str, str]] = {
    "newest": ("(m.created_at, m.id) < ($10::timestamptz, $11)", "m.created_at desc, m.id desc"),
    "oldest": ("(m.created_at, m.id) > ($10::timestamptz, $11)", "m.created_at, m.id"),
    "growth": (
        "(coalesce(s.growth, 0), m.id) < ($10::integer, $11)",
        "coalesce(s.growth, 0) desc, m.id desc",
    ),
}


async def member_rows(
    tx: Tx,
    wanted: MemberFilter,
    *,
    sort: MemberSort,
    after: tuple[datetime | int, UUID] | None,
    limit: int,
) -> list[Record]:
    """Members who deleted themselves are not listed."""
    beyond, order = _ORDERS[sort]
    at, id_ = after or (None, None)
    kind = "integer" if sort == "growth" else "timestamptz"
    return await tx.fetch(
        f"""
        select m.id, m.nickname, m.avatar_url, m.phone_tail, m.created_at, m.state,
               coalesce(s.growth, 0) as growth
        from members.members m
        left join members.standings s on s.tenant_id = $1 and s.member_id = m.id
        where m.tenant_id = $1 and m.state <> 'deleted'
          and (($2::text is null and $3::bytea is null and $4::text is null and $5::uuid is null)
               or m.nickname ilike $2 or m.phone_hash = $3 or m.phone_tail = $4 or m.id = $5)
          and ($6::uuid is null or exists (
                select 1 from members.tagged g
                where g.tenant_id = $1 and g.tag_id = $6 and g.member_id = m.id))
          and ($7::uuid is null or s.level_id = $7 or (s.level_id is null and exists (
                select 1 from members.levels l
                where l.tenant_id = $1 and l.id = $7 and l.growth_from = 0)))
          and ($8::timestamptz is null or m.created_at >= $8)
          and ($9::timestamptz is null or m.created_at < $9)
          and ($10::{kind} is null or {beyond})
        order by {order} limit $12
        """,  # noqa: S608 - all parts are ours
        tx.tenant_id,
        wanted.nickname_like,
        wanted.phone_hash,
        wanted.phone_tail,
        wanted.member_id,
        wanted.tag_id,
        wanted.level_id,
        wanted.joined_from,
        wanted.joined_until,
        at,
        id_,
        limit,
    )
