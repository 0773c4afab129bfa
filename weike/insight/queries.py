"""SQL of the read models."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike.kernel import Record, Tx


async def insert_placed(tx: Tx, *, order_id: UUID, placed_at: datetime) -> None:
    await tx.execute(
        """
        insert into insight.placed (tenant_id, order_id, placed_at) values ($1, $2, $3)
        on conflict do nothing
        """,
        tx.tenant_id,
        order_id,
        placed_at,
    )


async def placed_between(tx: Tx, *, start: datetime, end: datetime) -> int:
    return int(
        await tx.fetchval(
            """
            select count(*) from insight.placed p
            where p.tenant_id = $1 and p.placed_at >= $2 and p.placed_at < $3
            """,
            tx.tenant_id,
            start,
            end,
        )
    )


async def insert_sale(
    tx: Tx,
    *,
    order_id: UUID,
    paid_at: datetime,
    member_id: UUID,
    promoter_id: UUID | None,
    channel: str,
    paid_minor: int,
) -> None:
    await tx.execute(
        """
        insert into insight.sales
            (tenant_id, order_id, paid_at, member_id, promoter_id, channel, paid_minor,
             refunded_minor)
        values ($1, $2, $3, $4, $5, $6, $7,
            coalesce((select r.refunded_minor from insight.refunds r
                      where r.tenant_id = $1 and r.order_id = $2), 0))
        on conflict do nothing
        """,
        tx.tenant_id,
        order_id,
        paid_at,
        member_id,
        promoter_id,
        channel,
        paid_minor,
    )


async def note_refund(tx: Tx, *, order_id: UUID, refunded_minor: int) -> None:
    await tx.execute(
        """
        insert into insight.refunds as r (tenant_id, order_id, refunded_minor) values ($1, $2, $3)
        on conflict (tenant_id, order_id)
            do update set refunded_minor = greatest(r.refunded_minor, excluded.refunded_minor)
        """,
        tx.tenant_id,
        order_id,
        refunded_minor,
    )
    await tx.execute(
        "update insight.sales set refunded_minor = greatest(refunded_minor, $3) "
        "where tenant_id = $1 and order_id = $2",
        tx.tenant_id,
        order_id,
        refunded_minor,
    )


async def sales_by_day(tx: Tx, *, start: datetime, end: datetime, time_zone: str) -> list[Record]:
    return await tx.fetch(
        """
        select (s.paid_at at time zone $4)::date as day, count(*) as orders,
            sum(s.paid_minor)::bigint as paid_minor
        from insight.sales s
        where s.tenant_id = $1 and s.paid_at >= $2 and s.paid_at < $3
        group by 1
        """,
        tx.tenant_id,
        start,
        end,
        time_zone,
    )


async def sales_by_channel(tx: Tx, *, start: datetime, end: datetime) -> list[Record]:
    return await tx.fetch(
        """
        select s.channel, count(*) as orders, sum(s.paid_minor)::bigint as paid_minor
        from insight.sales s
        where s.tenant_id = $1 and s.paid_at >= $2 and s.paid_at < $3
        group by s.channel
        """,
        tx.tenant_id,
        start,
        end,
    )


async def best_promoters(tx: Tx, *, start: datetime, limit: int) -> list[Record]:
    return await tx.fetch(
        """
        select s.promoter_id, count(*) as orders, sum(s.paid_minor)::bigint as paid_minor
        from insight.sales s
        where s.tenant_id = $1 and s.paid_at >= $2 and s.promoter_id is not null
        group by s.promoter_id
        order by paid_minor desc, s.promoter_id
        limit $3
        """,
        tx.tenant_id,
        start,
        limit,
    )


async def buyers_through(
    tx: Tx, promoter_ids: list[UUID], *, start: datetime, each: int
) -> list[Record]:
    """The best buyers of each of these promoters."""
    return await tx.fetch(
        """
        select x.promoter_id, x.member_id, x.paid_minor from (
            select s.promoter_id, s.member_id, sum(s.paid_minor)::bigint as paid_minor,
                row_number() over (
                    partition by s.promoter_id order by sum(s.paid_minor) desc, s.member_id
                ) as place
            from insight.sales s
            where s.tenant_id = $1 and s.paid_at >= $2 and s.promoter_id = any($3::uuid[])
            group by s.promoter_id, s.member_id
        ) x
        where x.place <= $4
        """,
        tx.tenant_id,
        start,
        promoter_ids,
        each,
    )


async def has_sales(tx: Tx) -> bool:
    return bool(
        await tx.fetchval(
            "select exists (select 1 from insight.sales s where s.tenant_id = $1)", tx.tenant_id
        )
    )
