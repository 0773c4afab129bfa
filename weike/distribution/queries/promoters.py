"""SQL of promoters and of who belongs to whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from weike.distribution.model import PromoterKind, PromoterState
from weike.kernel import Record, Tx


async def promoter_state(tx: Tx, member_id: UUID) -> PromoterState | None:
    state = await tx.fetchval(
        "select p.state from distribution.promoters p where p.tenant_id = $1 and p.member_id = $2",
        tx.tenant_id,
        member_id,
    )
    return None if state is None else PromoterState(state)


async def standing_of(tx: Tx, member_id: UUID) -> tuple[PromoterState, PromoterKind] | None:
    """None for somebody who is no promoter."""
    row = await tx.fetchrow(
        "select p.state, p.kind from distribution.promoters p "
        "where p.tenant_id = $1 and p.member_id = $2",
        tx.tenant_id,
        member_id,
    )
    return None if row is None else (PromoterState(row["state"]), PromoterKind(row["kind"]))


async def promoter_by_id(tx: Tx, member_id: UUID) -> Record | None:
    return await tx.fetchrow(
        """
        select p.member_id, p.state, p.agreement_version, p.joined_at, p.state_reason, p.state_at
        from distribution.promoters p where p.tenant_id = $1 and p.member_id = $2
        """,
        tx.tenant_id,
        member_id,
    )


async def states_of(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, PromoterState]:
    rows = await tx.fetch(
        "select p.member_id, p.state from distribution.promoters p "
        "where p.tenant_id = $1 and p.member_id = any($2::uuid[])",
        tx.tenant_id,
        list(member_ids),
    )
    return {row["member_id"]: PromoterState(row["state"]) for row in rows}


async def insert_promoter(
    tx: Tx, *, member_id: UUID, agreement_version: str, now: datetime
) -> None:
    await tx.execute(
        """
        insert into distribution.promoters
            (tenant_id, member_id, state, agreement_version, joined_at, state_at)
        values ($1, $2, 'active', $3, $4, $4)
        """,
        tx.tenant_id,
        member_id,
        agreement_version,
        now,
    )


async def insert_invitation(
    tx: Tx, *, promoter_id: UUID, inviter_id: UUID, share: UUID, now: datetime
) -> None:
    await tx.execute(
        """
        insert into distribution.invitations (tenant_id, promoter_id, inviter_id, share_id, at)
        values ($1, $2, $3, $4, $5)
        """,
        tx.tenant_id,
        promoter_id,
        inviter_id,
        share,
        now,
    )


async def inviter_of(tx: Tx, promoter_id: UUID) -> UUID | None:
    inviter_id: UUID | None = await tx.fetchval(
        "select i.inviter_id from distribution.invitations i "
        "where i.tenant_id = $1 and i.promoter_id = $2",
        tx.tenant_id,
        promoter_id,
    )
    return inviter_id


async def count_invited(tx: Tx, inviter_id: UUID) -> int:
    """How many joined through her invitation, now or once promoters."""
    return int(
        await tx.fetchval(
            "select count(*) from distribution.invitations i "
            "where i.tenant_id = $1 and i.inviter_id = $2",
            tx.tenant_id,
            inviter_id,
        )
    )


async def move_promoter(
    tx: Tx,
    member_id: UUID,
    *,
    old: PromoterState,
    new: PromoterState,
    reason: str,
    now: datetime,
) -> bool:
    """False when the promoter was not in the old state."""
    return bool(
        await tx.execute(
            """
            update distribution.promoters set state = $4, state_reason = $5, state_at = $6
            where tenant_id = $1 and member_id = $2 and state = $3
            """,
            tx.tenant_id,
            member_id,
            old,
            new,
            reason,
            now,
        )
    )


async def with_customers_joined_before(tx: Tx, since: datetime, *, now: datetime) -> list[UUID]:
    """Promoters who became so before `since` and have customers now."""
    rows = await tx.fetch(
        """
        select p.member_id from distribution.promoters p
        where p.tenant_id = $1 and p.joined_at < $2 and p.state_at < $2
            and exists (
                select 1 from distribution.relations r
                join distribution.bindings b
                    on b.tenant_id = r.tenant_id and b.relation_id = r.id
                    and b.customer_id = r.customer_id
                where r.tenant_id = $1 and b.tenant_id = $1 and r.promoter_id = p.member_id
                    and b.expires_at > $3)
        """,
        tx.tenant_id,
        since,
        now,
    )
    return [row["member_id"] for row in rows]


async def customers_of(
    tx: Tx, promoter_id: UUID, *, before: tuple[datetime, UUID] | None, limit: int
) -> list[Record]:
    """Customers whose present relation is with the promoter, newest first, with their orders."""
    return await tx.fetch(
        """
        select r.id, r.customer_id, r.bound_at, r.protected_until, b.expires_at, r.reason,
            (select count(distinct c.order_id) from distribution.commissions c
             where c.tenant_id = $1 and c.promoter_id = $2 and c.buyer_id = r.customer_id) as orders
        from distribution.bindings b
        join distribution.relations r on r.tenant_id = b.tenant_id and r.id = b.relation_id
        where b.tenant_id = $1 and r.tenant_id = $1 and r.promoter_id = $2
            and ($3::timestamptz is null or (r.bound_at, r.id) < ($3, $4::uuid))
        order by r.bound_at desc, r.id desc
        limit $5
        """,
        tx.tenant_id,
        promoter_id,
        before[0] if before else None,
        before[1] if before else None,
        limit,
    )


async def promoters_with_results(
    tx: Tx,
    *,
    ids: Sequence[UUID] | None,
    state: PromoterState | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Record]:
    """Newest first, each with customers, orders, sales and commission."""
    return await tx.fetch(
        """
        select p.member_id, p.state, p.joined_at,
            (select count(*) from distribution.bindings b
             join distribution.relations r on r.tenant_id = b.tenant_id and r.id = b.relation_id
             where b.tenant_id = $1 and r.tenant_id = $1 and r.promoter_id = p.member_id)
                as customers,
            e.orders, e.sales_minor, e.commission_minor
        from distribution.promoters p
        cross join lateral (
            select count(distinct c.order_id) as orders,
                coalesce(sum(c.base_minor), 0)::bigint as sales_minor,
                coalesce(sum(c.amount_minor - c.reversed_minor), 0)::bigint as commission_minor
            from distribution.commissions c
            where c.tenant_id = $1 and c.promoter_id = p.member_id
        ) e
        where p.tenant_id = $1
            and ($2::uuid[] is null or p.member_id = any($2))
            and ($3::text is null or p.state = $3)
            and ($4::timestamptz is null or (p.joined_at, p.member_id) < ($4, $5::uuid))
        order by p.joined_at desc, p.member_id desc
        limit $6
        """,
        tx.tenant_id,
        None if ids is None else list(ids),
        state,
        before[0] if before else None,
        before[1] if before else None,
        limit,
    )


async def joined_between(tx: Tx, edges: Sequence[datetime]) -> list[int]:
    """How many joined between each edge and the next."""
    rows = await tx.fetch(
        """
        select width_bucket(p.joined_at, $2::timestamptz[]) as slot, count(*) as joined
        from distribution.promoters p
        where p.tenant_id = $1 and p.joined_at >= $3 and p.joined_at < $4
        group by 1
        """,
        tx.tenant_id,
        list(edges),
        edges[0],
        edges[-1],
    )
    found = {row["slot"]: row["joined"] for row in rows}
    return [found.get(slot, 0) for slot in range(1, len(edges))]
