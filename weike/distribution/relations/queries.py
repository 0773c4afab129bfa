"""SQL of relations, what became of them, and what every happening came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from weike.distribution.model import Happening, Outcome, PromoterKind, PromoterState, Relation
from weike.kernel import Record, Tx

_BOUND = """
    select r.id, r.customer_id, r.promoter_id, r.bound_at, r.protected_until, b.expires_at,
        p.state, p.kind
    from distribution.bindings b
    join distribution.relations r on r.tenant_id = b.tenant_id and r.id = b.relation_id
    join distribution.promoters p on p.tenant_id = r.tenant_id and p.member_id = r.promoter_id
    where b.tenant_id = $1 and r.tenant_id = $1 and p.tenant_id = $1
        and b.customer_id = any($2::uuid[])
"""


@dataclass(frozen=True, slots=True)
class Bound:
    """A relation with what its promoter is now."""

    relation: Relation
    promoter_state: PromoterState
    promoter_kind: PromoterKind


def _bound(row: Record) -> Bound:
    return Bound(
        Relation(
            id=row["id"],
            customer_id=row["customer_id"],
            promoter_id=row["promoter_id"],
            bound_at=row["bound_at"],
            protected_until=row["protected_until"],
            expires_at=row["expires_at"],
        ),
        PromoterState(row["state"]),
        PromoterKind(row["kind"]),
    )


async def relations_of_customers(tx: Tx, customer_ids: Sequence[UUID]) -> dict[UUID, Bound]:
    """Present or last relations, without a lock."""
    return _by_customer(await tx.fetch(_BOUND, tx.tenant_id, customer_ids))


async def lock_relations(tx: Tx, customer_ids: Sequence[UUID]) -> dict[UUID, Bound]:
    """The same, locked in key order."""
    locking = f"{_BOUND} order by b.customer_id for update of b"
    return _by_customer(await tx.fetch(locking, tx.tenant_id, sorted(customer_ids)))


def _by_customer(rows: Sequence[Record]) -> dict[UUID, Bound]:
    return {row["customer_id"]: _bound(row) for row in rows}


async def running_customers_of(
    tx: Tx, promoter_ids: Sequence[UUID], *, now: datetime, limit: int
) -> list[UUID]:
    rows = await tx.fetch(
        """
        select b.customer_id
        from distribution.bindings b
        join distribution.relations r on r.tenant_id = b.tenant_id and r.id = b.relation_id
        where b.tenant_id = $1 and r.tenant_id = $1 and r.promoter_id = any($2::uuid[])
            and b.expires_at > $3
        order by b.customer_id
        limit $4
        """,
        tx.tenant_id,
        list(promoter_ids),
        now,
        limit,
    )
    return [row["customer_id"] for row in rows]


async def insert_relation(
    tx: Tx,
    relation: Relation,
    *,
    share_id: UUID | None,
    reason: str,
    rule_version: int,
    is_first: bool,
) -> None:
    """Also makes it the customer's present one; the earlier one's binding is locked. Of two first
    ones at once the key lets one through, and the other is decided again."""
    await tx.execute(
        """
        insert into distribution.relations
            (tenant_id, id, customer_id, promoter_id, share_id, reason, bound_at, protected_until,
             expires_at, rule_version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """,
        tx.tenant_id,
        relation.id,
        relation.customer_id,
        relation.promoter_id,
        share_id,
        reason,
        relation.bound_at,
        relation.protected_until,
        relation.expires_at,
        rule_version,
    )
    await tx.execute(
        """
        insert into distribution.bindings (tenant_id, customer_id, relation_id, expires_at)
        values ($1, $2, $3, $4)
        """
        if is_first
        else """
        update distribution.bindings b set relation_id = $3, expires_at = $4
        where b.tenant_id = $1 and b.customer_id = $2
        """,
        tx.tenant_id,
        relation.customer_id,
        relation.id,
        relation.expires_at,
    )


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a relation: `renewed`, or why it ended."""

    relation: Relation
    kind: str
    expires_at: datetime
    reason: str = ""
    actor_id: UUID | None = None


async def change_relations(tx: Tx, changes: Sequence[Change], *, at: datetime) -> None:
    """Told once each; the bindings are locked."""
    await tx.execute(
        """
        insert into distribution.relation_changes
            (tenant_id, relation_id, at, kind, expires_at, reason, actor_id)
        select $1, c.relation_id, $2, c.kind, c.expires_at, c.reason, c.actor_id
        from unnest($3::uuid[], $4::text[], $5::timestamptz[], $6::text[], $7::uuid[])
             as c(relation_id, kind, expires_at, reason, actor_id)
        on conflict do nothing
        """,
        tx.tenant_id,
        at,
        [change.relation.id for change in changes],
        [change.kind for change in changes],
        [change.expires_at for change in changes],
        [change.reason for change in changes],
        [change.actor_id for change in changes],
    )
    await tx.execute(
        """
        update distribution.bindings b set expires_at = c.expires_at
        from unnest($2::uuid[], $3::uuid[], $4::timestamptz[])
             as c(customer_id, relation_id, expires_at)
        where b.tenant_id = $1 and b.customer_id = c.customer_id and b.relation_id = c.relation_id
        """,
        tx.tenant_id,
        [change.relation.customer_id for change in changes],
        [change.relation.id for change in changes],
        [change.expires_at for change in changes],
    )


async def insert_decision(
    tx: Tx,
    *,
    id: UUID,
    customer_id: UUID,
    sharer_id: UUID,
    share_id: UUID | None,
    happening: Happening,
    outcome: Outcome,
    relation_id: UUID | None,
    until: datetime | None,
    rule_version: int,
    at: datetime,
) -> bool:
    """False when it was decided before."""
    return bool(
        await tx.execute(
            """
            insert into distribution.binding_decisions
                (tenant_id, at, id, customer_id, sharer_id, share_id, happening, outcome,
                 relation_id, until, rule_version)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            on conflict do nothing
            """,
            tx.tenant_id,
            at,
            id,
            customer_id,
            sharer_id,
            share_id,
            happening,
            outcome,
            relation_id,
            until,
            rule_version,
        )
    )


async def history_of(tx: Tx, customer_id: UUID) -> list[Record]:
    """Relations of a customer, oldest first, with what became of each."""
    return await tx.fetch(
        """
        select r.id, r.promoter_id, r.reason, r.bound_at, r.protected_until, r.expires_at,
            r.rule_version, c.at as changed_at, c.kind, c.expires_at as changed_to,
            c.reason as change_reason
        from distribution.relations r
        left join distribution.relation_changes c
            on c.tenant_id = r.tenant_id and c.relation_id = r.id and c.tenant_id = $1
        where r.tenant_id = $1 and r.customer_id = $2
        order by r.bound_at, r.id, c.at
        """,
        tx.tenant_id,
        customer_id,
    )


async def decisions(
    tx: Tx, *, customer_id: UUID | None, sharer_id: UUID | None, limit: int
) -> list[Record]:
    """The newest of a customer or of a sharer, without those that have nothing to tell."""
    return await tx.fetch(
        """
        select d.at, d.customer_id, d.sharer_id, d.happening, d.outcome, d.until
        from distribution.binding_decisions d
        where d.tenant_id = $1
            and ($2::uuid is null or d.customer_id = $2)
            and ($3::uuid is null or d.sharer_id = $3)
            and d.outcome not in ('same', 'self')
        order by d.at desc, d.id
        limit $4
        """,
        tx.tenant_id,
        customer_id,
        sharer_id,
        limit,
    )
