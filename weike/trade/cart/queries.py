"""SQL of carts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from weike.kernel import Tx


async def cart_of(tx: Tx, member_id: UUID) -> dict[UUID, int]:
    """Quantities by SKU, what was added last first."""
    rows = await tx.fetch(
        """
        select c.sku_id, c.quantity from trade.cart_lines c
        where c.tenant_id = $1 and c.member_id = $2
        order by c.added_at desc, c.sku_id
        """,
        tx.tenant_id,
        member_id,
    )
    return {row["sku_id"]: row["quantity"] for row in rows}


async def put_line(tx: Tx, member_id: UUID, sku_id: UUID, *, quantity: int, now: datetime) -> None:
    await tx.execute(
        """
        insert into trade.cart_lines (tenant_id, member_id, sku_id, quantity, added_at)
        values ($1, $2, $3, $4, $5)
        on conflict (tenant_id, member_id, sku_id) do update set quantity = excluded.quantity
        """,
        tx.tenant_id,
        member_id,
        sku_id,
        quantity,
        now,
    )


async def remove_lines(tx: Tx, member_id: UUID, sku_ids: Sequence[UUID]) -> int:
    return await tx.execute(
        """
        delete from trade.cart_lines c
        where c.tenant_id = $1 and c.member_id = $2 and c.sku_id = any($3::uuid[])
        """,
        tx.tenant_id,
        member_id,
        sku_ids,
    )
