"""SQL of what orders have earned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from weike.kernel import Record, Tx
from weike.trade.points.model import LineStands


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderStands:
    member_id: UUID
    state: str
    is_settled: bool
    lines: tuple[LineStands, ...]

    @property
    def goods_minor(self) -> int:
        return sum(line.goods_minor for line in self.lines)

    @property
    def goods_refunded_minor(self) -> int:
        return sum(line.goods_refunded_minor for line in self.lines)


async def order_stands(tx: Tx, order_id: UUID) -> OrderStands | None:
    rows = await tx.fetch(
        """
        select o.member_id, o.state, o.settled_at is not null as is_settled, l.quantity,
               l.paid_minor - l.freight_share_minor as goods_minor,
               l.refunded_minor - l.refunded_freight_minor as goods_refunded_minor,
               l.refunded_quantity, l.points_minor
        from trade.orders o
        join trade.order_lines l on l.tenant_id = $1 and l.order_id = o.id
        where o.tenant_id = $1 and o.id = $2
        order by l.position
        """,
        tx.tenant_id,
        order_id,
    )
    if not rows:
        return None
    return OrderStands(
        member_id=rows[0]["member_id"],
        state=rows[0]["state"],
        is_settled=rows[0]["is_settled"],
        lines=tuple(
            LineStands(
                quantity=row["quantity"],
                goods_minor=row["goods_minor"],
                goods_refunded_minor=row["goods_refunded_minor"],
                refunded_quantity=row["refunded_quantity"],
                points_minor=row["points_minor"],
            )
            for row in rows
        ),
    )


async def earned(tx: Tx, order_id: UUID) -> Record | None:
    return await tx.fetchrow(
        "select e.points, e.base_minor, e.refunded_before_minor from trade.points_earned e "
        "where e.tenant_id = $1 and e.order_id = $2",
        tx.tenant_id,
        order_id,
    )


async def insert_earned(
    tx: Tx,
    order_id: UUID,
    member_id: UUID,
    *,
    base_minor: int,
    refunded_before_minor: int,
    points: int,
    multiplier_bp: int,
    now: datetime,
) -> None:
    await tx.execute(
        """
        insert into trade.points_earned (tenant_id, order_id, member_id, base_minor,
            refunded_before_minor, points, multiplier_bp, at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        tx.tenant_id,
        order_id,
        member_id,
        base_minor,
        refunded_before_minor,
        points,
        multiplier_bp,
        now,
    )
