"""SQL of refunds as trade sees them: promised line by line, asked for once, ended once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from weike.kernel import Money, Record, Tx
from weike.trade.model import Actor


@dataclass(frozen=True, slots=True)
class RefundRow:
    order_id: UUID
    amount_minor: int
    state: str


@dataclass(frozen=True, slots=True)
class RefundLine:
    """What one line gives back. `unshipped_quantity` of the pieces never left the house."""

    position: int
    quantity: int
    unshipped_quantity: int
    goods_minor: int
    freight_minor: int

    @property
    def amount_minor(self) -> int:
        return self.goods_minor + self.freight_minor


async def refund_by_id(tx: Tx, refund_id: UUID) -> RefundRow | None:
    row = await tx.fetchrow(
        """
        select r.order_id, r.amount_minor, r.state from trade.refunds r
        where r.tenant_id = $1 and r.id = $2
        """,
        tx.tenant_id,
        refund_id,
    )
    return RefundRow(**dict(row)) if row else None


async def insert_refund(
    tx: Tx,
    refund_id: UUID,
    order_id: UUID,
    *,
    amount: Money,
    covered_minor: int = 0,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """`covered_minor` of it came from what was settled already."""
    await tx.execute(
        """
        insert into trade.refunds
            (tenant_id, id, order_id, amount_minor, covered_minor, state, reason, actor_kind,
             actor_id, requested_at)
        values ($1, $2, $3, $4, $5, 'requested', $6, $7, $8, $9)
        """,
        tx.tenant_id,
        refund_id,
        order_id,
        amount.minor,
        covered_minor,
        reason,
        actor.kind,
        actor.id,
        now,
    )


async def insert_lines(
    tx: Tx, refund_id: UUID, order_id: UUID, lines: Sequence[RefundLine]
) -> None:
    await tx.execute(
        """
        insert into trade.refund_lines (tenant_id, refund_id, position, order_id, quantity,
            unshipped_quantity, goods_minor, freight_minor)
        select $1, $2, l.position, $3, l.quantity, l.unshipped, l.goods, l.freight
        from unnest($4::integer[], $5::integer[], $6::integer[], $7::bigint[], $8::bigint[])
             as l(position, quantity, unshipped, goods, freight)
        """,
        tx.tenant_id,
        refund_id,
        order_id,
        *_columns(lines),
    )


async def lines_of_refund(tx: Tx, refund_id: UUID) -> list[RefundLine]:
    rows = await tx.fetch(
        """
        select l.position, l.quantity, l.unshipped_quantity, l.goods_minor, l.freight_minor
        from trade.refund_lines l where l.tenant_id = $1 and l.refund_id = $2
        order by l.position
        """,
        tx.tenant_id,
        refund_id,
    )
    return [RefundLine(**dict(row)) for row in rows]


async def end_refund(tx: Tx, refund_id: UUID, *, state: str, now: datetime) -> Record | None:
    """`amount_minor` and `covered_minor`, once; None when it has ended or is not trade's."""
    return await tx.fetchrow(
        """
        update trade.refunds r set state = $3, ended_at = $4
        where r.tenant_id = $1 and r.id = $2 and r.state = 'requested'
        returning r.amount_minor, r.covered_minor
        """,
        tx.tenant_id,
        refund_id,
        state,
        now,
    )


async def promise_lines(
    tx: Tx, order_id: UUID, lines: Sequence[RefundLine], *, sign: int = 1
) -> None:
    """Promised back, or with `sign` -1 promised no more. The table refuses more than is left."""
    await tx.execute(
        """
        update trade.order_lines l
        set refunding_minor = l.refunding_minor + $8::integer * (x.goods + x.freight),
            refunding_freight_minor = l.refunding_freight_minor + $8::integer * x.freight,
            refunding_quantity = l.refunding_quantity + $8::integer * x.quantity
        from unnest($3::integer[], $4::integer[], $5::integer[], $6::bigint[], $7::bigint[])
             as x(position, quantity, unshipped, goods, freight)
        where l.tenant_id = $1 and l.order_id = $2 and l.position = x.position
        """,
        tx.tenant_id,
        order_id,
        *_columns(lines),
        sign,
    )


async def write_back(tx: Tx, order_id: UUID, lines: Sequence[RefundLine]) -> None:
    """The money of these lines is with the buyer."""
    await tx.execute(
        """
        update trade.order_lines l
        set refunded_minor = l.refunded_minor + x.goods + x.freight,
            refunded_freight_minor = l.refunded_freight_minor + x.freight,
            refunded_quantity = l.refunded_quantity + x.quantity
        from unnest($3::integer[], $4::integer[], $5::integer[], $6::bigint[], $7::bigint[])
             as x(position, quantity, unshipped, goods, freight)
        where l.tenant_id = $1 and l.order_id = $2 and l.position = x.position
        """,
        tx.tenant_id,
        order_id,
        *_columns(lines),
    )


async def mark_promised(tx: Tx, order_id: UUID, *, amount_minor: int, covered_minor: int) -> bool:
    """False when less than the amount is left. What is settled is taken back as far as needed."""
    return 1 == await tx.execute(
        """
        update trade.orders o
        set refunding_minor = o.refunding_minor + $3,
            settled_minor = o.settled_minor - $4,
            pay_state = case when $3 > 0
                                  and o.refunded_minor + o.refunding_minor + $3 = o.paid_minor
                             then 'refunding' else o.pay_state end
        where o.tenant_id = $1 and o.id = $2 and o.pay_state = 'paid'
          and o.refunded_minor + o.refunding_minor + $3 <= o.paid_minor
        """,
        tx.tenant_id,
        order_id,
        amount_minor,
        covered_minor,
    )


async def mark_kept(tx: Tx, order_id: UUID, *, amount_minor: int, covered_minor: int) -> None:
    """The provider refused: nothing is on its way back, what was covered is settled again."""
    await tx.execute(
        """
        update trade.orders o
        set refunding_minor = greatest(o.refunding_minor - $3, 0),
            settled_minor = o.settled_minor + $4,
            pay_state = case when o.pay_state = 'refunding' then 'paid' else o.pay_state end
        where o.tenant_id = $1 and o.id = $2
        """,
        tx.tenant_id,
        order_id,
        amount_minor,
        covered_minor,
    )


async def mark_back(
    tx: Tx, order_id: UUID, *, amount_minor: int, is_all: bool, cancels: bool, now: datetime
) -> None:
    """The money is with the buyer. Refunds from before there were parts promised nothing."""
    await tx.execute(
        """
        update trade.orders o
        set refunded_minor = o.refunded_minor + $3,
            refunding_minor = greatest(o.refunding_minor - $3, 0),
            refund_state = case when $4 then 'all' else 'part' end,
            pay_state = case when $4 then 'refunded' else o.pay_state end,
            state = case when $5 then 'cancelled' else o.state end,
            cancelled_at = case when $5 then coalesce(o.cancelled_at, $6) else o.cancelled_at end,
            cancel_reason = case when $5 then coalesce(o.cancel_reason, 'refunded')
                                 else o.cancel_reason end
        where o.tenant_id = $1 and o.id = $2
        """,
        tx.tenant_id,
        order_id,
        amount_minor,
        is_all,
        cancels,
        now,
    )


def _columns(lines: Sequence[RefundLine]) -> tuple[list[int], ...]:
    return (
        [line.position for line in lines],
        [line.quantity for line in lines],
        [line.unshipped_quantity for line in lines],
        [line.goods_minor for line in lines],
        [line.freight_minor for line in lines],
    )
