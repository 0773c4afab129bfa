"""Ends without a happening: the customer joins, the promoter is idle, the merchant moves her."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from weike import members, sharing, tenancy
from weike.distribution.errors import PromoterNotActive, PromoterUnknown
from weike.distribution.model import (
    PromoterState,
    Relation,
    end_when_joining,
    relation_times,
)
from weike.distribution.queries import commissions, programmes, promoters
from weike.distribution.relations import queries
from weike.distribution.relations.queries import Bound, Change
from weike.kernel import Tx, derived_id
from weike.kernel.edge import Caller

AT_ONCE = 500
"""Customers that one transaction moves or lets go."""


async def customer_joined(tx: Tx, member_id: UUID, *, at: datetime) -> None:
    """She is a promoter herself now; what becomes of the relation is the programme's rule."""
    bound = (await queries.lock_relations(tx, [member_id])).get(member_id)
    if bound is None or not bound.relation.runs_at(at):
        return
    rules = (await programmes.programme_at(tx, at)).binding
    ends = end_when_joining(rules, bound.relation, at)
    if ends < bound.relation.expires_at:
        await queries.change_relations(tx, [Change(bound.relation, "joined", ends)], at=at)


async def end_idle(tx: Tx, now: datetime) -> int:
    """Customers of promoters who neither shared nor sold for the programme's `idle_days`."""
    idle_days = (await programmes.programme_at(tx, now)).binding.idle_days
    if idle_days is None:
        return 0
    since = now - timedelta(days=idle_days)
    quiet = await promoters.with_customers_joined_before(tx, since, now=now)
    busy = await sharing.shared_since(tx, quiet, since=since)
    busy |= await commissions.sold_since(tx, quiet, since=since)
    idle = [member_id for member_id in quiet if member_id not in busy]
    if not idle:
        return 0
    customers = await queries.running_customers_of(tx, idle, now=now, limit=AT_ONCE)
    bound = await queries.lock_relations(tx, customers)
    gone = [
        Change(one.relation, "idle", now)
        for one in bound.values()
        if one.relation.runs_at(now) and one.relation.promoter_id in idle
    ]
    await queries.change_relations(tx, gone, at=now)
    return len(gone)


async def move_customers(
    tx: Tx,
    *,
    move_id: UUID,
    customer_ids: Sequence[UUID],
    to: UUID | None,
    reason: str,
    by: Caller,
    now: datetime,
) -> int:
    """How many were moved. To nobody when `to` is None; the same move again moves nobody.

    Refuses with PromoterUnknown, PromoterNotActive.
    """
    if to is not None:
        state = await promoters.promoter_state(tx, to)
        if state is None:
            raise PromoterUnknown(field="promoter_id")
        if state is not PromoterState.ACTIVE:
            raise PromoterNotActive(field="promoter_id")
    wanted = [customer_id for customer_id in customer_ids if customer_id != to]
    bound = await queries.lock_relations(tx, wanted)
    leaving = [
        one.relation
        for one in bound.values()
        if one.relation.runs_at(now) and one.relation.promoter_id != to
    ]
    await queries.change_relations(
        tx, [Change(old, "moved", now, reason, by.staff_id) for old in leaving], at=now
    )
    moved = len(leaving) if to is None else await _bind_to(tx, move_id, wanted, to, bound, now)
    await tenancy.record_audit(
        tx,
        actor=by,
        action="customers.moved",
        subject_type="promoter",
        subject_id=to or move_id,
        detail={"to": str(to) if to else None, "customers": moved, "reason": reason},
        now=now,
    )
    return moved


async def move_customers_of(
    tx: Tx,
    promoter_id: UUID,
    *,
    move_id: UUID,
    to: UUID | None,
    reason: str,
    by: Caller,
    now: datetime,
) -> int:
    """All customers of a promoter who leaves, at most AT_ONCE of them; ask again until fewer."""
    customers = await queries.running_customers_of(tx, [promoter_id], now=now, limit=AT_ONCE)
    return await move_customers(
        tx, move_id=move_id, customer_ids=customers, to=to, reason=reason, by=by, now=now
    )


async def _bind_to(
    tx: Tx,
    move_id: UUID,
    customer_ids: Sequence[UUID],
    to: UUID,
    bound: Mapping[UUID, Bound],
    now: datetime,
) -> int:
    """With fresh times; whoever is with that promoter already stays as she is."""
    programme = await programmes.programme_at(tx, now)
    protected_until, expires_at = relation_times(programme.binding, now)
    known = await members.member_cards(tx, customer_ids)
    moved = 0
    for customer_id in sorted(known):
        old = bound.get(customer_id)
        if old and old.relation.promoter_id == to and old.relation.runs_at(now):
            continue
        await queries.insert_relation(
            tx,
            Relation(
                id=derived_id(move_id, f"relation:{customer_id}"),
                customer_id=customer_id,
                promoter_id=to,
                bound_at=now,
                protected_until=protected_until,
                expires_at=expires_at,
            ),
            share_id=None,
            reason="moved",
            rule_version=programme.version,
            is_first=old is None,
        )
        moved += 1
    return moved
