"""Who bought what, how much and when: the question behind tags and segments."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from weike import catalog
from weike.kernel import Tx


async def buyers_who(
    tx: Tx,
    *,
    spent_from_minor: int | None = None,
    orders_from: int | None = None,
    bought_within_days: int | None = None,
    silent_for_days: int | None = None,
    category_id: UUID | None = None,
    now: datetime,
    limit: int,
) -> list[UUID]:
    """Members who fit all of it, those who spent most first. What was paid counts, less what
    went back; an order of which everything went back is none."""
    categories = await catalog.category_and_below(tx, category_id) if category_id else None
    rows = await tx.fetch(
        """
        select o.member_id, sum(o.paid_minor - o.refunded_minor) as spent
        from trade.orders o
        where o.tenant_id = $1 and o.paid_at is not null and o.refund_state <> 'all'
          and o.state <> 'cancelled'
        group by o.member_id
        having ($2::bigint is null or sum(o.paid_minor - o.refunded_minor) >= $2)
           and ($3::integer is null or count(*) >= $3)
           and ($4::timestamptz is null or max(o.paid_at) >= $4)
           and ($5::timestamptz is null or max(o.paid_at) < $5)
           and ($6::uuid[] is null or exists (
                select 1 from trade.orders b
                join trade.order_lines l on l.tenant_id = $1 and l.order_id = b.id
                where b.tenant_id = $1 and b.member_id = o.member_id and b.paid_at is not null
                  and b.state <> 'cancelled' and l.category_id = any($6)
                  and l.refunded_quantity < l.quantity))
        order by spent desc, o.member_id limit $7
        """,
        tx.tenant_id,
        spent_from_minor,
        orders_from,
        now - timedelta(days=bought_within_days) if bought_within_days else None,
        now - timedelta(days=silent_for_days) if silent_for_days else None,
        categories,
        limit,
    )
    return [row["member_id"] for row in rows]
