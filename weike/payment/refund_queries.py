"""SQL of refunds: one function per question or write. `$1` is always the tenant."""

from datetime import datetime
from uuid import UUID

import msgspec

from weike.kernel import Record, Tx
from weike.payment.model import Refund

_REFUND = (
    "r.id, r.intent_id, r.order_id, r.purpose, r.out_refund_no, r.amount_minor, r.currency,"
    " r.reason, r.state, r.last_code, r.attempts, r.request_id"
)


async def insert_refund(tx: Tx, refund: Refund, *, now: datetime) -> None:
    await tx.execute(
        """
        insert into payment.refunds (tenant_id, id, intent_id, order_id, purpose, out_refund_no,
            amount_minor, currency, reason, state, next_at, requested_at, request_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'requested', $10, $10, $11)
        """,
        tx.tenant_id,
        refund.id,
        refund.intent_id,
        refund.order_id,
        refund.purpose,
        refund.out_refund_no,
        refund.amount_minor,
        refund.currency,
        refund.reason,
        now,
        refund.request_id,
    )


async def refund_by_id(tx: Tx, refund_id: UUID) -> Refund | None:
    row = await tx.fetchrow(
        f"select {_REFUND} from payment.refunds r where r.tenant_id = $1 and r.id = $2",  # noqa: S608
        tx.tenant_id,
        refund_id,
    )
    return _refund(row)


async def lock_refund_of_number(tx: Tx, out_refund_no: str) -> Refund | None:
    row = await tx.fetchrow(
        f"select {_REFUND} from payment.refunds r"  # noqa: S608
        " where r.tenant_id = $1 and r.out_refund_no = $2 for update",
        tx.tenant_id,
        out_refund_no,
    )
    return _refund(row)


async def refunds_of_order(tx: Tx, order_id: UUID) -> list[Refund]:
    """Those that belong to the order; money given back unasked is not among them."""
    rows = await tx.fetch(
        f"select {_REFUND} from payment.refunds r"  # noqa: S608
        " where r.tenant_id = $1 and r.order_id = $2 and r.purpose = 'order' order by r.id",
        tx.tenant_id,
        order_id,
    )
    return [refund for row in rows if (refund := _refund(row))]


async def refunds_of_request(tx: Tx, request_id: UUID) -> list[Refund]:
    rows = await tx.fetch(
        f"select {_REFUND} from payment.refunds r"  # noqa: S608
        " where r.tenant_id = $1 and r.request_id = $2 order by r.id",
        tx.tenant_id,
        request_id,
    )
    return [refund for row in rows if (refund := _refund(row))]


async def mark_sending(tx: Tx, refund_id: UUID, *, next_at: datetime) -> bool:
    """Written and committed before the call: a crash in between leaves a refund to ask about."""
    return 1 == await tx.execute(
        "update payment.refunds set state = 'sent', attempts = attempts + 1, next_at = $3"
        " where tenant_id = $1 and id = $2 and state in ('requested', 'sent', 'unknown')",
        tx.tenant_id,
        refund_id,
        next_at,
    )


async def mark_refund(
    tx: Tx,
    refund_id: UUID,
    *,
    state: str,
    last_code: str | None,
    next_at: datetime | None,
    provider_refund_id: str | None = None,
    done_at: datetime | None = None,
) -> bool:
    """Moves a refund that is still on its way; false for one that is done."""
    return 1 == await tx.execute(
        "update payment.refunds set state = $3, last_code = $4, next_at = $5,"
        " provider_refund_id = coalesce($6, provider_refund_id), done_at = $7"
        " where tenant_id = $1 and id = $2 and state in ('requested', 'sent', 'unknown')",
        tx.tenant_id,
        refund_id,
        state,
        last_code,
        next_at,
        provider_refund_id,
        done_at,
    )


async def take_refunds_to_send(
    tx: Tx, *, now: datetime, next_at: datetime, limit: int
) -> list[UUID]:
    """Moved on before they are sent, as `queries.take_intents_to_query` does and why."""
    rows = await tx.fetch(
        "update payment.refunds u set next_at = $3 where u.tenant_id = $1 and u.id in ("
        "select r.id from payment.refunds r where r.tenant_id = $1 and r.next_at <= $2"
        " order by r.next_at limit $4 for update skip locked) returning u.id",
        tx.tenant_id,
        now,
        next_at,
        limit,
    )
    return [row["id"] for row in rows]


def _refund(row: Record | None) -> Refund | None:
    return msgspec.convert(dict(row), type=Refund) if row else None
