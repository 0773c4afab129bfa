"""SQL of reading reviews: a product's, a member's, and the shop's desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from weike.kernel import Record, Tx

RankKey = tuple[float, UUID]
TimeKey = tuple[datetime, UUID]

_WITH_PICTURES = (
    "exists (select 1 from trade.review_parts p where p.tenant_id = $1 "
    "and p.review_id = r.id and cardinality(p.pictures) > 0)"
)
_ONLY = {
    "all": "true",
    "pictures": _WITH_PICTURES,
    "appended": "r.appended_at is not null",
    "low": "r.score <= 2",
}
_UNANSWERED = (
    "exists (select 1 from trade.review_parts p where p.tenant_id = $1 and p.review_id = r.id "
    "and not exists (select 1 from trade.review_answers a where a.tenant_id = $1 "
    "and a.review_id = p.review_id and a.part = p.part))"
)
_APPEALED = (
    "exists (select 1 from trade.review_appeals e where e.tenant_id = $1 and e.review_id = r.id "
    "and e.state = 'open')"
)
DESK = {
    **_ONLY,
    "unanswered": f"r.hidden_at is null and {_UNANSWERED}",
    "suspected": "r.flag = 'suspected'",
    "marked": "r.flag = 'confirmed'",
    "appealed": _APPEALED,
    "hidden": "r.hidden_at is not null",
}
"""What the shop's lists are called, and what they hold."""


async def counts_of(tx: Tx, product_id: UUID) -> Record | None:
    return await tx.fetchrow(
        "select c.by_score, c.with_pictures, c.appended, c.hidden from trade.review_counts c "
        "where c.tenant_id = $1 and c.product_id = $2",
        tx.tenant_id,
        product_id,
    )


async def ranked(
    tx: Tx,
    product_id: UUID,
    *,
    only: str,
    without: Sequence[UUID],
    after: RankKey | None,
    limit: int,
) -> list[Record]:
    return await tx.fetch(
        f"""
        select r.* from trade.reviews r
        where r.tenant_id = $1 and r.product_id = $2 and r.hidden_at is null and {_ONLY[only]}
          and r.id <> all ($3::uuid[])
          and ($4::float8 is null or (r.rank, r.id) < ($4, $5::uuid))
        order by r.rank desc, r.id desc
        limit $6
        """,  # noqa: S608 - constants of this file
        tx.tenant_id,
        product_id,
        list(without),
        after[0] if after else None,
        after[1] if after else None,
        limit,
    )


async def authors_of(tx: Tx, product_id: UUID, *, limit: int) -> list[UUID]:
    """Who wrote about a product under a name, the newest first."""
    rows = await tx.fetch(
        """
        select r.member_id from trade.reviews r
        where r.tenant_id = $1 and r.product_id = $2 and r.hidden_at is null
          and not r.is_anonymous
        group by r.member_id order by max(r.posted_at) desc limit $3
        """,
        tx.tenant_id,
        product_id,
        limit,
    )
    return [row["member_id"] for row in rows]


async def by_authors(
    tx: Tx, product_id: UUID, authors: Sequence[UUID], *, only: str, limit: int
) -> list[Record]:
    return await tx.fetch(
        f"""
        select r.* from trade.reviews r
        where r.tenant_id = $1 and r.product_id = $2 and r.hidden_at is null and {_ONLY[only]}
          and not r.is_anonymous and r.member_id = any($3::uuid[])
        order by r.rank desc, r.id desc limit $4
        """,  # noqa: S608 - constants of this file
        tx.tenant_id,
        product_id,
        list(authors),
        limit,
    )


async def votes_by(tx: Tx, member_id: UUID, review_ids: Sequence[UUID]) -> set[UUID]:
    rows = await tx.fetch(
        "select v.review_id from trade.review_votes v "
        "where v.tenant_id = $1 and v.member_id = $2 and v.review_id = any($3::uuid[])",
        tx.tenant_id,
        member_id,
        list(review_ids),
    )
    return {row["review_id"] for row in rows}


async def lines_of(tx: Tx, reviews: Sequence[Record]) -> dict[UUID, Record]:
    """The line each review is about, by review."""
    rows = await tx.fetch(
        """
        select x.id as review_id, l.product_id, l.title, l.title_en, l.spec_text,
               l.spec_text_en, l.image_url, o.number, o.id as order_id
        from unnest($2::uuid[], $3::uuid[], $4::integer[]) as x(id, order_id, position)
        join trade.order_lines l on l.order_id = x.order_id and l.position = x.position
        join trade.orders o on o.tenant_id = l.tenant_id and o.id = l.order_id
        where l.tenant_id = $1 and o.tenant_id = $1
        """,
        tx.tenant_id,
        [row["id"] for row in reviews],
        [row["order_id"] for row in reviews],
        [row["position"] for row in reviews],
    )
    return {row["review_id"]: row for row in rows}


async def of_member(
    tx: Tx, member_id: UUID, *, order_id: UUID | None, after: TimeKey | None, limit: int
) -> list[Record]:
    return await tx.fetch(
        """
        select r.* from trade.reviews r
        where r.tenant_id = $1 and r.member_id = $2 and ($3::uuid is null or r.order_id = $3)
          and ($4::timestamptz is null or (r.posted_at, r.id) < ($4, $5::uuid))
        order by r.posted_at desc, r.id desc limit $6
        """,
        tx.tenant_id,
        member_id,
        order_id,
        after[0] if after else None,
        after[1] if after else None,
        limit,
    )


async def waiting_lines(
    tx: Tx,
    member_id: UUID,
    *,
    order_id: UUID | None,
    received_after: datetime,
    after: tuple[datetime, UUID, int] | None,
    limit: int,
) -> list[Record]:
    """Lines that were received and have no review yet, the last received first."""
    return await tx.fetch(
        """
        select l.order_id, l.position, l.product_id, l.title, l.title_en, l.spec_text,
               l.spec_text_en, l.image_url, o.number, o.received_at
        from trade.orders o
        join trade.order_lines l on l.tenant_id = o.tenant_id and l.order_id = o.id
        where o.tenant_id = $1 and l.tenant_id = $1 and o.member_id = $2
          and o.received_at >= $4 and ($3::uuid is null or o.id = $3)
          and not exists (select 1 from trade.reviews r where r.tenant_id = $1
                          and r.order_id = l.order_id and r.position = l.position)
          and ($5::timestamptz is null
               or (o.received_at, o.id, -l.position) < ($5, $6::uuid, -$7::integer))
        order by o.received_at desc, o.id desc, l.position
        limit $8
        """,
        tx.tenant_id,
        member_id,
        order_id,
        received_after,
        after[0] if after else None,
        after[1] if after else None,
        after[2] if after else None,
        limit,
    )


async def desk(
    tx: Tx,
    *,
    state: str,
    product_id: UUID | None,
    number: str | None,
    title_like: str | None,
    member_ids: Sequence[UUID] | None,
    after: TimeKey | None,
    limit: int,
) -> list[Record]:
    """The newest first. Whoever fits one of `number`, `title_like`, `member_ids`; all are None
    when nothing was looked for."""
    return await tx.fetch(
        f"""
        select r.* from trade.reviews r
        where r.tenant_id = $1 and {DESK[state]}
          and ($2::uuid is null or r.product_id = $2)
          and (($3::text is null and $4::text is null and $5::uuid[] is null)
               or r.member_id = any($5)
               or exists (
                   select 1 from trade.order_lines l
                   join trade.orders o on o.tenant_id = l.tenant_id and o.id = l.order_id
                   where l.tenant_id = $1 and o.tenant_id = $1 and l.order_id = r.order_id
                     and l.position = r.position
                     and (starts_with(o.number, $3) or l.title ilike $4 or l.title_en ilike $4)))
          and ($6::timestamptz is null or (r.posted_at, r.id) < ($6, $7::uuid))
        order by r.posted_at desc, r.id desc limit $8
        """,  # noqa: S608 - constants of this file
        tx.tenant_id,
        product_id,
        number,
        title_like,
        member_ids,
        after[0] if after else None,
        after[1] if after else None,
        limit,
    )


async def desk_counts(tx: Tx) -> dict[str, int]:
    columns = ", ".join(
        f"count(*) filter (where {where}) as {name}" for name, where in DESK.items()
    )
    row = await tx.fetchrow(
        f"select {columns} from trade.reviews r where r.tenant_id = $1",  # noqa: S608
        tx.tenant_id,
    )
    return dict(row) if row else {}
