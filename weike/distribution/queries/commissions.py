"""SQL of commissions and of the facts they follow from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from weike.distribution.model import Commission, CommissionState
from weike.kernel import Record, Tx


@dataclass(frozen=True, slots=True)
class NewCommission:
    """Everything that explains the amount, frozen."""

    id: UUID
    position: int
    product_id: UUID
    product_title: str
    base_minor: int
    rate_bp: int
    rate_source: str
    cap_bp: int
    margin_minor: int | None
    amount_minor: int


async def insert_commissions(
    tx: Tx,
    new: Sequence[NewCommission],
    *,
    order_id: UUID,
    order_number: str,
    promoter_id: UUID,
    buyer_id: UUID,
    share_id: UUID | None,
    currency: str,
    rule_version: int,
    paid_at: datetime,
) -> set[UUID]:
    """The ids that were new; a second delivery of the same event inserts nothing."""
    rows = await tx.fetch(
        """
        insert into distribution.commissions
            (tenant_id, id, order_id, position, order_number, promoter_id, buyer_id, share_id,
             product_id, product_title, currency, base_minor, rate_bp, rate_source, cap_bp,
             margin_minor, amount_minor, state, rule_version, paid_at)
        select $1, x.id, $2, x.position, $3, $4, $5, $6, x.product_id, x.product_title, $7,
            x.base_minor, x.rate_bp, x.rate_source, x.cap_bp, x.margin_minor, x.amount_minor,
            'estimated', $8, $9
        from unnest($10::uuid[], $11::int[], $12::uuid[], $13::text[], $14::bigint[], $15::int[],
                    $16::text[], $17::int[], $18::bigint[], $19::bigint[])
             as x(id, position, product_id, product_title, base_minor, rate_bp, rate_source,
                  cap_bp, margin_minor, amount_minor)
        on conflict do nothing
        returning id
        """,
        tx.tenant_id,
        order_id,
        order_number,
        promoter_id,
        buyer_id,
        share_id,
        currency,
        rule_version,
        paid_at,
        [row.id for row in new],
        [row.position for row in new],
        [row.product_id for row in new],
        [row.product_title for row in new],
        [row.base_minor for row in new],
        [row.rate_bp for row in new],
        [row.rate_source for row in new],
        [row.cap_bp for row in new],
        [row.margin_minor for row in new],
        [row.amount_minor for row in new],
    )
    return {row["id"] for row in rows}


async def lock_facts(tx: Tx, order_id: UUID) -> None:
    """Whoever has news of an order waits here for whoever else has: two who heard different facts
    at once would each decide without the other's, and nobody would ever decide again."""
    await tx.execute(
        """
        insert into distribution.order_facts as f (tenant_id, order_id) values ($1, $2)
        on conflict (tenant_id, order_id) do update set order_id = f.order_id
        """,
        tx.tenant_id,
        order_id,
    )


async def note_received(tx: Tx, order_id: UUID, *, at: datetime) -> None:
    """The first time counts. The facts are locked."""
    await tx.execute(
        """
        update distribution.order_facts f set received_at = coalesce(f.received_at, $3)
        where f.tenant_id = $1 and f.order_id = $2
        """,
        tx.tenant_id,
        order_id,
        at,
    )


async def note_refunded(tx: Tx, order_id: UUID, refunded_by_position: dict[int, int]) -> None:
    """Cumulative amounts, so the largest seen is the truth, in whatever order they arrive."""
    await tx.execute(
        """
        insert into distribution.line_refunds as f (tenant_id, order_id, position, refunded_minor)
        select $1, $2, x.position, x.refunded_minor
        from unnest($3::int[], $4::bigint[]) as x(position, refunded_minor)
        on conflict (tenant_id, order_id, position)
            do update set refunded_minor = greatest(f.refunded_minor, excluded.refunded_minor)
        """,
        tx.tenant_id,
        order_id,
        list(refunded_by_position),
        list(refunded_by_position.values()),
    )


async def lock_commissions(tx: Tx, order_id: UUID) -> list[Record]:
    """The order's commissions in line order, locked, with the facts of each."""
    return await tx.fetch(
        """
        select c.id, c.promoter_id, c.position, c.base_minor, c.amount_minor, c.reversed_minor,
            c.state, c.currency, c.rule_version,
            (select f.received_at from distribution.order_facts f
             where f.tenant_id = $1 and f.order_id = $2) as received_at,
            coalesce((select l.refunded_minor from distribution.line_refunds l
             where l.tenant_id = $1 and l.order_id = $2 and l.position = c.position), 0)
                as refunded_minor
        from distribution.commissions c
        where c.tenant_id = $1 and c.order_id = $2
        order by c.position
        for update of c
        """,
        tx.tenant_id,
        order_id,
    )


def commission_of(row: Record) -> Commission:
    return Commission(
        id=row["id"],
        promoter_id=row["promoter_id"],
        position=row["position"],
        base_minor=row["base_minor"],
        amount_minor=row["amount_minor"],
        reversed_minor=row["reversed_minor"],
        state=CommissionState(row["state"]),
        currency=row["currency"],
    )


async def write_advance(
    tx: Tx,
    commission_id: UUID,
    *,
    reverse_minor: int,
    state: CommissionState,
    hold_until: datetime | None,
) -> None:
    await tx.execute(
        """
        update distribution.commissions
        set reversed_minor = reversed_minor + $3, state = $4,
            hold_until = coalesce(hold_until, $5)
        where tenant_id = $1 and id = $2
        """,
        tx.tenant_id,
        commission_id,
        reverse_minor,
        state,
        hold_until,
    )


async def lock_matured(tx: Tx, *, now: datetime, limit: int) -> list[UUID]:
    """Pending commissions whose hold has passed, of promoters who may have them."""
    rows = await tx.fetch(
        """
        select c.id
        from distribution.commissions c
        join distribution.promoters p
            on p.tenant_id = c.tenant_id and p.member_id = c.promoter_id
        where c.tenant_id = $1 and p.tenant_id = $1 and c.state = 'pending'
            and c.hold_until <= $2 and p.state in ('active', 'quit')
        order by c.hold_until, c.id
        limit $3
        for update of c skip locked
        """,
        tx.tenant_id,
        now,
        limit,
    )
    return [row["id"] for row in rows]


async def mark_available(tx: Tx, ids: Sequence[UUID]) -> list[Record]:
    """Those of them that were pending."""
    return await tx.fetch(
        """
        update distribution.commissions c set state = 'available'
        where c.tenant_id = $1 and c.state = 'pending' and c.id = any($2::uuid[])
        returning c.id, c.promoter_id, c.amount_minor, c.reversed_minor, c.currency
        """,
        tx.tenant_id,
        ids,
    )


_INCOME = """
    c.id, c.order_id, c.order_number, c.promoter_id, c.buyer_id, c.product_id, c.product_title,
    c.currency, c.base_minor, c.rate_bp, c.rate_source, c.cap_bp, c.margin_minor, c.amount_minor,
    c.reversed_minor, c.state, c.paid_at, c.hold_until, c.rule_version
"""


async def income(
    tx: Tx,
    *,
    promoter_id: UUID | None,
    order_id: UUID | None,
    state: CommissionState | None,
    number: str | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Record]:
    """Commissions, newest first, of one promoter, one order, or the whole shop."""
    return await tx.fetch(
        f"""
        select {_INCOME}
        from distribution.commissions c
        where c.tenant_id = $1
            and ($2::uuid is null or c.promoter_id = $2)
            and ($3::uuid is null or c.order_id = $3)
            and ($4::text is null or c.state = $4)
            and ($5::text is null or c.order_number = $5)
            and ($6::timestamptz is null or (c.paid_at, c.id) < ($6, $7::uuid))
        order by c.paid_at desc, c.id desc
        limit $8
        """,  # noqa: S608 - constant columns
        tx.tenant_id,
        promoter_id,
        order_id,
        state,
        number,
        before[0] if before else None,
        before[1] if before else None,
        limit,
    )


async def totals_by_state(tx: Tx, promoter_id: UUID | None) -> list[Record]:
    """Per state: how many commissions and what is left of them."""
    return await tx.fetch(
        """
        select c.state, count(*) as count,
            coalesce(sum(c.amount_minor - c.reversed_minor), 0)::bigint as amount_minor
        from distribution.commissions c
        where c.tenant_id = $1 and ($2::uuid is null or c.promoter_id = $2)
        group by c.state
        """,
        tx.tenant_id,
        promoter_id,
    )


async def estimate_between(tx: Tx, promoter_id: UUID, *, start: datetime, end: datetime) -> Record:
    """Commission left and orders of what was paid in the time."""
    row = await tx.fetchrow(
        """
        select coalesce(sum(c.amount_minor - c.reversed_minor), 0)::bigint as estimate_minor,
            count(distinct c.order_id) as orders
        from distribution.commissions c
        where c.tenant_id = $1 and c.promoter_id = $2 and c.paid_at >= $3 and c.paid_at < $4
        """,
        tx.tenant_id,
        promoter_id,
        start,
        end,
    )
    if row is None:
        raise AssertionError("an aggregate always gives one row")
    return row


async def results_of_shares(tx: Tx, share_ids: Sequence[UUID]) -> dict[UUID, Record]:
    """Orders and what was paid for goods through each share."""
    rows = await tx.fetch(
        """
        select c.share_id, count(distinct c.order_id) as orders,
            sum(c.base_minor)::bigint as paid_minor
        from distribution.commissions c
        where c.tenant_id = $1 and c.share_id = any($2::uuid[])
        group by c.share_id
        """,
        tx.tenant_id,
        list(share_ids),
    )
    return {row["share_id"]: row for row in rows}


async def pending_commission_minor(tx: Tx) -> int:
    """What is earned but still inside its hold, over all promoters."""
    return int(
        await tx.fetchval(
            """
            select coalesce(sum(c.amount_minor - c.reversed_minor), 0)::bigint
            from distribution.commissions c where c.tenant_id = $1 and c.state = 'pending'
            """,
            tx.tenant_id,
        )
    )


async def not_withdrawn_minor(tx: Tx, promoter_id: UUID | None = None) -> int:
    """Of all commissions that were released, of one promoter or of all; below zero where refunds
    came after withdrawals."""
    return int(
        await tx.fetchval(
            """
            select coalesce(sum(c.amount_minor - c.reversed_minor - c.withdrawn_minor), 0)::bigint
            from distribution.commissions c
            where c.tenant_id = $1 and c.state in ('available', 'reserved', 'paid')
                and ($2::uuid is null or c.promoter_id = $2)
            """,
            tx.tenant_id,
            promoter_id,
        )
    )


async def sold_since(tx: Tx, promoter_ids: Sequence[UUID], *, since: datetime) -> set[UUID]:
    """Which of them brought a paid order since then."""
    rows = await tx.fetch(
        """
        select distinct c.promoter_id from distribution.commissions c
        where c.tenant_id = $1 and c.promoter_id = any($2::uuid[]) and c.paid_at >= $3
        """,
        tx.tenant_id,
        list(promoter_ids),
        since,
    )
    return {row["promoter_id"] for row in rows}
