"""What a customer's happening does to the relation she is in. docs/algorithms/binding.md."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from weike import members, trade
from weike.distribution.model import (
    BindingRules,
    Customer,
    Happening,
    Outcome,
    PromoterKind,
    Relation,
    Sharer,
    decide_binding,
    relation_times,
    renewed_until,
)
from weike.distribution.queries import programmes, promoters
from weike.distribution.relations import queries
from weike.distribution.relations.queries import Bound, Change
from weike.kernel import Tx, derived_id

JUST_REGISTERED = timedelta(minutes=10)
"""A click so soon after the registration is the registration through the link."""


class Spoke(msgspec.Struct, frozen=True, kw_only=True):
    """A customer did something that speaks for the owner of a link. `at` is when, not when we
    heard of it; `id` is its own, so that hearing of it twice does nothing."""

    id: UUID
    customer_id: UUID
    sharer_id: UUID
    share_id: UUID | None
    happening: Happening
    order_id: UUID | None = None
    at: datetime


async def bind_customer(tx: Tx, spoke: Spoke) -> Outcome:
    """The outcome, which is kept with its reason."""
    standing = await promoters.standing_of(tx, spoke.sharer_id)
    sharer = Sharer(
        member_id=spoke.sharer_id,
        state=standing[0] if standing else None,
        kind=standing[1] if standing else PromoterKind.MEMBER,
    )
    bound = (await queries.lock_relations(tx, [spoke.customer_id])).get(spoke.customer_id)
    programme = await programmes.programme_at(tx, spoke.at)
    customer = await _customer(tx, spoke, bound)
    happening = spoke.happening
    if happening is Happening.CLICK and spoke.at - customer.registered_at <= JUST_REGISTERED:
        happening = Happening.REGISTER
    outcome = decide_binding(programme.binding, customer, sharer, happening, now=spoke.at)
    old = bound.relation if bound else None
    relation = _next_relation(spoke, outcome, programme.binding, old)
    is_news = await queries.insert_decision(
        tx,
        id=spoke.id,
        customer_id=spoke.customer_id,
        sharer_id=spoke.sharer_id,
        share_id=spoke.share_id,
        happening=happening,
        outcome=outcome,
        relation_id=relation.id if relation else None,
        until=_until(outcome, relation, old),
        rule_version=programme.version,
        at=spoke.at,
    )
    if not is_news or relation is None:
        return outcome
    if outcome is Outcome.RENEWED:
        change = Change(relation, "renewed", relation.expires_at)
        await queries.change_relations(tx, [change], at=spoke.at)
        return outcome
    if old is not None:
        ended = min(old.expires_at, spoke.at)
        change = Change(old, "expired" if outcome is Outcome.EXPIRED else "taken_over", ended)
        await queries.change_relations(tx, [change], at=ended)
    await queries.insert_relation(
        tx,
        relation,
        share_id=spoke.share_id,
        reason=outcome.value,
        rule_version=programme.version,
        is_first=old is None,
    )
    return outcome


async def _customer(tx: Tx, spoke: Spoke, bound: Bound | None) -> Customer:
    """Whoever is not known any more counts as registered now."""
    registered_at = await members.registered_at(tx, spoke.customer_id)
    runs = bound is not None and bound.relation.runs_at(spoke.at)
    return Customer(
        member_id=spoke.customer_id,
        registered_at=registered_at or spoke.at,
        has_paid_before=not runs
        and await trade.has_paid_before(
            tx, spoke.customer_id, before=spoke.at, besides=spoke.order_id
        ),
        relation=bound.relation if bound else None,
        bound_to=bound.promoter_kind if bound else PromoterKind.MEMBER,
    )


def _next_relation(
    spoke: Spoke, outcome: Outcome, rules: BindingRules, old: Relation | None
) -> Relation | None:
    """The relation as it is afterwards; None when nothing changes."""
    if outcome is Outcome.RENEWED and old is not None:
        until = renewed_until(rules, old, spoke.at)
        if until == old.expires_at:
            return None
        return replace(old, expires_at=until)
    if not outcome.binds:
        return None
    protected_until, expires_at = relation_times(rules, spoke.at)
    return Relation(
        id=derived_id(spoke.id, "relation"),
        customer_id=spoke.customer_id,
        promoter_id=spoke.sharer_id,
        bound_at=spoke.at,
        protected_until=protected_until,
        expires_at=expires_at,
    )


def _until(outcome: Outcome, new: Relation | None, old: Relation | None) -> datetime | None:
    """The time that explains the outcome: how long protected, how long bound."""
    if outcome is Outcome.PROTECTED and old is not None:
        return old.protected_until
    if outcome in (Outcome.FIRST_WINS, Outcome.RENEWED) and old is not None:
        # Renewing may leave the end where it was.
        return new.expires_at if new else old.expires_at
    return new.expires_at if new else None
