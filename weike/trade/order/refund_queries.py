"""SQL of refunds as trade sees them: asked for once, ended once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from weike.kernel import Money, Tx
from weike.trade.model import Actor


@dataclass(frozen=True, slots=True)
class RefundRow:
    order_id: UUID
    amount_minor: int
    state: str


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
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    await tx.execute(
        """
        insert into trade.refunds
            (tenant_id, id, order_id, amount_minor, state, reason, actor_kind, actor_id,
             requested_at)
        values ($1, $2, $3, $4, 'requested', $5, $6, $7, $8)
        """,
        tx.tenant_id,
        refund_id,
        order_id,
        amount.minor,
        reason,
        actor.kind,
        actor.id,
        now,
    )


async def end_refund(tx: Tx, refund_id: UUID, *, state: str, now: datetime) -> int | None:
    """Its amount, once; None when it has ended before or is not trade's."""
    amount = await tx.fetchval(
        """
        update trade.refunds r set state = $3, ended_at = $4
        where r.tenant_id = $1 and r.id = $2 and r.state = 'requested'
        returning r.amount_minor
        """,
        tx.tenant_id,
        refund_id,
        state,
        now,
    )
    return None if amount is None else int(amount)
