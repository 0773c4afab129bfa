"""Who is bound to whom, as pure functions. docs/algorithms/binding.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from weike.distribution.model.promoter import PromoterKind, PromoterState

FOREVER = datetime(9999, 12, 31, tzinfo=UTC)
"""The end of what has no end."""


class Happening(StrEnum):
    """What a customer did that speaks for a promoter, the weakest first."""

    CLICK = "click"
    REGISTER = "register"
    ORDER = "order"
    PAID = "paid"

    @property
    def strength(self) -> int:
        return list(Happening).index(self)


class Audience(StrEnum):
    """Who can be bound while belonging to nobody."""

    ALL = "all"
    NO_PAID_ORDER = "no_paid_order"
    NEW_MEMBER = "new_member"


class Renewal(StrEnum):
    """What prolongs a relation."""

    NONE = "none"
    PAID = "paid"
    CLICK = "click"
    """A click, and every stronger happening."""


class Conflict(StrEnum):
    """Who keeps a customer after the protection."""

    FIRST_WINS = "first_wins"
    LAST_WINS = "last_wins"


class CustomerJoins(StrEnum):
    """What becomes of a relation when the customer becomes a promoter herself."""

    KEEP = "keep"
    AFTER_PROTECTION = "after_protection"
    AT_ONCE = "at_once"


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingRules:
    """A part of the programme. None of `protect_days`: nobody takes over; of `validity_days`:
    without end; of `idle_days`: nobody loses customers by idleness."""

    trigger: Happening = Happening.CLICK
    audience: Audience = Audience.NO_PAID_ORDER
    new_member_hours: int = 24
    protect_days: int | None = 15
    validity_days: int | None = 180
    renew_on: Renewal = Renewal.PAID
    renew_days: int = 180
    conflict: Conflict = Conflict.LAST_WINS
    idle_days: int | None = None
    employees_take_over: bool = False
    customer_joins: CustomerJoins = CustomerJoins.KEEP


@dataclass(frozen=True, slots=True)
class Relation:
    """A customer's present or last relation; `expires_at` as renewals and ends made it."""

    id: UUID
    customer_id: UUID
    promoter_id: UUID
    bound_at: datetime
    protected_until: datetime
    expires_at: datetime

    def runs_at(self, now: datetime) -> bool:
        return self.expires_at > now

    def is_protected_at(self, now: datetime) -> bool:
        return self.runs_at(now) and self.protected_until > now


class Outcome(StrEnum):
    """What a happening does to the customer's relation, and why."""

    SELF = "self"
    NOT_PROMOTER = "not_promoter"
    LATE = "late"
    RENEWED = "renewed"
    SAME = "same"
    TOO_WEAK = "too_weak"
    PROTECTED = "protected"
    FIRST_WINS = "first_wins"
    EMPLOYEE = "employee"
    TAKEN_OVER = "taken_over"
    NOT_ELIGIBLE = "not_eligible"
    EXPIRED = "expired"
    NEW = "new"

    @property
    def binds(self) -> bool:
        return self in (Outcome.NEW, Outcome.EXPIRED, Outcome.TAKEN_OVER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharer:
    """Whose link it was. `state` is None for somebody who is no promoter."""

    member_id: UUID
    state: PromoterState | None
    kind: PromoterKind = PromoterKind.MEMBER


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """What the audience asks about. `bound_to` is the kind of her present promoter."""

    member_id: UUID
    registered_at: datetime
    has_paid_before: bool
    relation: Relation | None = None
    bound_to: PromoterKind = PromoterKind.MEMBER


def decide_binding(
    rules: BindingRules,
    customer: Customer,
    sharer: Sharer,
    happening: Happening,
    *,
    now: datetime,
) -> Outcome:
    """The first row of the table in docs/algorithms/binding.md that holds. `now` is when it
    happened."""
    if sharer.member_id == customer.member_id:
        return Outcome.SELF
    if sharer.state is not PromoterState.ACTIVE:
        return Outcome.NOT_PROMOTER
    relation = customer.relation
    if relation is not None and relation.bound_at > now:
        return Outcome.LATE
    runs = relation is not None and relation.runs_at(now)
    if relation is not None and runs and relation.promoter_id == sharer.member_id:
        return Outcome.RENEWED if _renews(rules.renew_on, happening) else Outcome.SAME
    if happening.strength < rules.trigger.strength:
        return Outcome.TOO_WEAK
    if relation is not None and runs:
        return _against(rules, relation, customer, sharer, now)
    if not _belongs_to(rules, customer, now):
        return Outcome.NOT_ELIGIBLE
    return Outcome.NEW if relation is None else Outcome.EXPIRED


def _renews(renewal: Renewal, happening: Happening) -> bool:
    if renewal is Renewal.PAID:
        return happening is Happening.PAID
    return renewal is Renewal.CLICK


def _against(
    rules: BindingRules, relation: Relation, customer: Customer, sharer: Sharer, now: datetime
) -> Outcome:
    """The link of another promoter than hers."""
    if relation.protected_until > now:
        return Outcome.PROTECTED
    if rules.conflict is Conflict.FIRST_WINS:
        return Outcome.FIRST_WINS
    is_from_staff = sharer.kind is PromoterKind.EMPLOYEE
    if is_from_staff and customer.bound_to is PromoterKind.MEMBER and not rules.employees_take_over:
        return Outcome.EMPLOYEE
    return Outcome.TAKEN_OVER


def _belongs_to(rules: BindingRules, customer: Customer, now: datetime) -> bool:
    match rules.audience:
        case Audience.ALL:
            return True
        case Audience.NO_PAID_ORDER:
            return not customer.has_paid_before
        case Audience.NEW_MEMBER:
            return now <= customer.registered_at + timedelta(hours=rules.new_member_hours)


def relation_times(rules: BindingRules, now: datetime) -> tuple[datetime, datetime]:
    """`(protected_until, expires_at)` of a relation bound now."""
    return _after(rules.protect_days, now), _after(rules.validity_days, now)


def renewed_until(rules: BindingRules, relation: Relation, now: datetime) -> datetime:
    """Never earlier than it was."""
    return max(relation.expires_at, _after(rules.renew_days, now))


def end_when_joining(rules: BindingRules, relation: Relation, joined_at: datetime) -> datetime:
    """When the relation of a customer ends who becomes a promoter. Never later than it did."""
    match rules.customer_joins:
        case CustomerJoins.KEEP:
            return relation.expires_at
        case CustomerJoins.AFTER_PROTECTION:
            return min(relation.expires_at, max(relation.protected_until, joined_at))
        case CustomerJoins.AT_ONCE:
            return min(relation.expires_at, joined_at)


def _after(days: int | None, now: datetime) -> datetime:
    return FOREVER if days is None else now + timedelta(days=days)
