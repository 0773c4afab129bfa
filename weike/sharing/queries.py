"""SQL of shares and touches, one function per question or write."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from weike.kernel import Record, Tx
from weike.sharing.model import Channel, ShareKind, TouchEvent

_SHARE = "s.id, s.key, s.sharer_id, s.kind, s.product_id, s.channel, s.created_at"


async def insert_share(
    tx: Tx,
    *,
    share_id: UUID,
    key: bytes,
    sharer_id: UUID,
    kind: ShareKind,
    product_id: UUID | None,
    channel: Channel,
    parent_share_id: UUID | None,
    now: datetime,
) -> None:
    await tx.execute(
        """
        insert into sharing.shares
            (tenant_id, id, key, sharer_id, kind, product_id, channel, parent_share_id, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        tx.tenant_id,
        share_id,
        key,
        sharer_id,
        kind,
        product_id,
        channel,
        parent_share_id,
        now,
    )


async def share_by_id(tx: Tx, share_id: UUID) -> Record | None:
    return await tx.fetchrow(
        f"select {_SHARE}, s.parent_share_id from sharing.shares s "  # noqa: S608 - constant columns
        "where s.tenant_id = $1 and s.id = $2",
        tx.tenant_id,
        share_id,
    )


async def shares_by_keys(tx: Tx, keys: Sequence[bytes]) -> list[Record]:
    return await tx.fetch(
        f"select {_SHARE} from sharing.shares s "  # noqa: S608 - constant columns
        "where s.tenant_id = $1 and s.key = any($2::bytea[])",
        tx.tenant_id,
        list(keys),
    )


async def insert_touches(
    tx: Tx,
    *,
    ids: Sequence[UUID],
    share_ids: Sequence[UUID],
    visitor_ids: Sequence[UUID],
    member_ids: Sequence[UUID | None],
    events: Sequence[TouchEvent],
    now: datetime,
) -> set[UUID]:
    """The ids that were new. The key holds the moment too, so it does not know an id again."""
    rows = await tx.fetch(
        """
        insert into sharing.touches (tenant_id, at, id, share_id, visitor_id, member_id, event)
        select $1, $2, x.id, x.share_id, x.visitor_id, x.member_id, x.event
        from unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[])
             as x(id, share_id, visitor_id, member_id, event)
        where not exists (
            select 1 from sharing.touches t where t.tenant_id = $1 and t.id = x.id
        )
        on conflict do nothing
        returning id
        """,
        tx.tenant_id,
        now,
        list(ids),
        list(share_ids),
        list(visitor_ids),
        list(member_ids),
        list(events),
    )
    return {row["id"] for row in rows}


async def touched_since(
    tx: Tx, visits: Sequence[tuple[UUID, UUID]], *, since: datetime
) -> set[tuple[UUID, UUID]]:
    """Which of the `(share, member)` visits happened, signed in, since then."""
    rows = await tx.fetch(
        """
        select distinct t.share_id, t.member_id
        from sharing.touches t
        join unnest($2::uuid[], $3::uuid[]) as v(share_id, member_id)
            on v.share_id = t.share_id and v.member_id = t.member_id
        where t.tenant_id = $1 and t.at >= $4
        """,
        tx.tenant_id,
        [share_id for share_id, _ in visits],
        [member_id for _, member_id in visits],
        since,
    )
    return {(row["share_id"], row["member_id"]) for row in rows}


async def shares_of(
    tx: Tx, sharer_id: UUID, *, before: tuple[datetime, UUID] | None, limit: int
) -> list[Record]:
    """Newest first, each with how many different visitors came through it."""
    return await tx.fetch(
        f"""
        select {_SHARE},
            (select count(distinct t.visitor_id) from sharing.touches t
             where t.tenant_id = $1 and t.share_id = s.id) as visitors
        from sharing.shares s
        where s.tenant_id = $1 and s.sharer_id = $2
            and ($3::timestamptz is null or (s.created_at, s.id) < ($3, $4::uuid))
        order by s.created_at desc, s.id desc
        limit $5
        """,  # noqa: S608 - constant columns
        tx.tenant_id,
        sharer_id,
        before[0] if before else None,
        before[1] if before else None,
        limit,
    )


async def count_shares(tx: Tx, sharer_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Sharers who never shared are not in the answer."""
    rows = await tx.fetch(
        """
        select s.sharer_id, count(*) as shares from sharing.shares s
        where s.tenant_id = $1 and s.sharer_id = any($2::uuid[])
        group by s.sharer_id
        """,
        tx.tenant_id,
        list(sharer_ids),
    )
    return {row["sharer_id"]: row["shares"] for row in rows}


async def shared_since(tx: Tx, sharer_ids: Sequence[UUID], *, since: datetime) -> set[UUID]:
    """Which of them made a share since then."""
    rows = await tx.fetch(
        """
        select distinct s.sharer_id from sharing.shares s
        where s.tenant_id = $1 and s.sharer_id = any($2::uuid[]) and s.created_at >= $3
        """,
        tx.tenant_id,
        list(sharer_ids),
        since,
    )
    return {row["sharer_id"] for row in rows}


async def visitors_by_day(
    tx: Tx, *, start: datetime, end: datetime, time_zone: str
) -> dict[date, int]:
    """Different visitors who came through any share, by the shop's calendar day."""
    rows = await tx.fetch(
        """
        select (t.at at time zone $4)::date as day, count(distinct t.visitor_id) as visitors
        from sharing.touches t
        where t.tenant_id = $1 and t.at >= $2 and t.at < $3
        group by 1
        """,
        tx.tenant_id,
        start,
        end,
        time_zone,
    )
    return {row["day"]: row["visitors"] for row in rows}


async def visits_between(
    tx: Tx, *, sharer_id: UUID | None, start: datetime, end: datetime
) -> Record:
    """Shares made and different visitors in the time, of one sharer or of the whole shop."""
    row = await tx.fetchrow(
        """
        select
            (select count(*) from sharing.shares s
             where s.tenant_id = $1 and s.created_at >= $2 and s.created_at < $3
                and ($4::uuid is null or s.sharer_id = $4)) as shares,
            (select count(distinct t.visitor_id)
             from sharing.touches t
             join sharing.shares s on s.tenant_id = t.tenant_id and s.id = t.share_id
             where t.tenant_id = $1 and s.tenant_id = $1 and t.at >= $2 and t.at < $3
                and ($4::uuid is null or s.sharer_id = $4)) as visitors
        """,
        tx.tenant_id,
        start,
        end,
        sharer_id,
    )
    if row is None:
        raise AssertionError("a select without from always gives one row")
    return row
