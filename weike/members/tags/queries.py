"""SQL of tags."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from weike.kernel import Record, Tx
from weike.members.tags.model import Tag, TagOnMember, TagRule


async def tags(tx: Tx) -> list[Tag]:
    """By name."""
    rows = await tx.fetch(
        """
        select t.id, t.name, t.rule, t.refreshed_at,
               (select count(*) from members.tagged g
                where g.tenant_id = $1 and g.tag_id = t.id)::integer as members
        from members.tags t where t.tenant_id = $1 order by t.name, t.id
        """,
        tx.tenant_id,
    )
    return [
        Tag(
            id=row["id"],
            name=row["name"],
            rule=rule_of(row),
            members=row["members"],
            refreshed_at=row["refreshed_at"],
        )
        for row in rows
    ]


def rule_of(row: Record) -> TagRule | None:
    return None if row["rule"] is None else msgspec.convert(row["rule"], TagRule)


async def tag(tx: Tx, tag_id: UUID) -> Record | None:
    return await tx.fetchrow(
        "select t.id, t.name, t.rule from members.tags t where t.tenant_id = $1 and t.id = $2",
        tx.tenant_id,
        tag_id,
    )


async def count(tx: Tx) -> int:
    return int(
        await tx.fetchval(
            "select count(*) from members.tags t where t.tenant_id = $1", tx.tenant_id
        )
    )


async def id_of_name(tx: Tx, name: str) -> UUID | None:
    found: UUID | None = await tx.fetchval(
        "select t.id from members.tags t where t.tenant_id = $1 and t.name = $2",
        tx.tenant_id,
        name,
    )
    return found


async def put_tag(tx: Tx, tag_id: UUID, *, name: str, rule: TagRule | None, now: datetime) -> None:
    await tx.execute(
        """
        insert into members.tags (tenant_id, id, name, rule, created_at) values ($1, $2, $3, $4, $5)
        on conflict (tenant_id, id) do update set name = excluded.name, rule = excluded.rule
        """,
        tx.tenant_id,
        tag_id,
        name,
        msgspec.to_builtins(rule) if rule else None,
        now,
    )


async def delete_tag(tx: Tx, tag_id: UUID) -> bool:
    await tx.execute(
        "delete from members.tagged where tenant_id = $1 and tag_id = $2", tx.tenant_id, tag_id
    )
    return bool(
        await tx.execute(
            "delete from members.tags where tenant_id = $1 and id = $2", tx.tenant_id, tag_id
        )
    )


async def add_members(
    tx: Tx, tag_id: UUID, member_ids: Sequence[UUID], *, only_profiled: bool, now: datetime
) -> int:
    """Those who are members and active."""
    return await tx.execute(
        """
        insert into members.tagged (tenant_id, tag_id, member_id, at)
        select $1, $2, m.id, $5 from members.members m
        where m.tenant_id = $1 and m.id = any($3::uuid[]) and m.state <> 'deleted'
          and (m.profiling_allowed or not $4)
        order by m.id
        on conflict (tenant_id, tag_id, member_id) do nothing
        """,
        tx.tenant_id,
        tag_id,
        list(member_ids),
        only_profiled,
        now,
    )


async def remove_members(tx: Tx, tag_id: UUID, member_ids: Sequence[UUID]) -> int:
    return await tx.execute(
        "delete from members.tagged where tenant_id = $1 and tag_id = $2 "
        "and member_id = any($3::uuid[])",
        tx.tenant_id,
        tag_id,
        list(member_ids),
    )


async def keep_only(tx: Tx, tag_id: UUID, member_ids: Sequence[UUID], *, now: datetime) -> None:
    """Takes the tag off everybody else, and off those who switched profiling off since."""
    await tx.execute(
        """
        delete from members.tagged g
        using members.members m
        where g.tenant_id = $1 and g.tag_id = $2 and m.tenant_id = $1 and m.id = g.member_id
          and (not m.profiling_allowed or not (g.member_id = any($3::uuid[])))
        """,
        tx.tenant_id,
        tag_id,
        list(member_ids),
    )
    await tx.execute(
        "update members.tags set refreshed_at = $3 where tenant_id = $1 and id = $2",
        tx.tenant_id,
        tag_id,
        now,
    )


async def profiled(tx: Tx, member_ids: Sequence[UUID]) -> list[UUID]:
    """Those of them whose visits and orders may be evaluated, in their order."""
    rows = await tx.fetch(
        """
        select m.id from unnest($2::uuid[]) with ordinality as w(id, place)
        join members.members m on m.tenant_id = $1 and m.id = w.id
        where m.profiling_allowed and m.state <> 'deleted'
        order by w.place
        """,
        tx.tenant_id,
        list(member_ids),
    )
    return [row["id"] for row in rows]


async def stale_tags(tx: Tx, *, before: datetime) -> list[Record]:
    return await tx.fetch(
        "select t.id, t.name, t.rule from members.tags t where t.tenant_id = $1 "
        "and t.rule is not null and (t.refreshed_at is null or t.refreshed_at < $2)",
        tx.tenant_id,
        before,
    )


async def tags_of(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, list[TagOnMember]]:
    """By name."""
    rows = await tx.fetch(
        """
        select g.member_id, t.id, t.name from members.tagged g
        join members.tags t on t.tenant_id = $1 and t.id = g.tag_id
        where g.tenant_id = $1 and g.member_id = any($2::uuid[])
        order by t.name
        """,
        tx.tenant_id,
        list(member_ids),
    )
    found: dict[UUID, list[TagOnMember]] = {}
    for row in rows:
        found.setdefault(row["member_id"], []).append(TagOnMember(id=row["id"], name=row["name"]))
    return found
