"""SQL of commissions that would be released now, and of those that have to wait longer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from weike.kernel import Tx


async def orders_with_matured(tx: Tx, *, now: datetime) -> list[UUID]:
    rows = await tx.fetch(
        """
        select distinct c.order_id from distribution.commissions c
        where c.tenant_id = $1 and c.state = 'pending' and c.hold_until <= $2
        """,
        tx.tenant_id,
        now,
    )
    return [row["order_id"] for row in rows]


async def put_off(tx: Tx, until_by_order: Mapping[UUID, datetime]) -> int:
    return await tx.execute(
        """
        update distribution.commissions c set hold_until = x.until
        from unnest($2::uuid[], $3::timestamptz[]) as x(order_id, until)
        where c.tenant_id = $1 and c.order_id = x.order_id and c.state = 'pending'
          and c.hold_until < x.until
        """,
        tx.tenant_id,
        list(until_by_order),
        list(until_by_order.values()),
    )
