"""Every row of the table in docs/algorithms/binding.md, every rule of the programme, and what no
sequence of happenings can do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weike.distribution.model import (
    FOREVER,
    Audience,
    BindingRules,
    Conflict,
    Customer,
    CustomerJoins,
    Happening,
    Outcome,
    PromoterKind,
    PromoterState,
    Relation,
    Renewal,
    Sharer,
    decide_binding,
    end_when_joining,
    relation_times,
    renewed_until,
)

NOW = datetime(2026, 11, 11, 3, tzinfo=UTC)
DAY = timedelta(days=1)
HER, ANNA, BELLA = uuid4(), uuid4(), uuid4()
RULES = BindingRules()
ACTIVE = PromoterState.ACTIVE


def with_anna(*, bound: float = -30, protected: float = -1, expires: float = 100) -> Relation:
    """Days from now."""
    return Relation(
        id=uuid4(),
        customer_id=HER,
        promoter_id=ANNA,
        bound_at=NOW + bound * DAY,
        protected_until=NOW + protected * DAY,
        expires_at=NOW + expires * DAY,
    )


NEWCOMER = Customer(member_id=HER, registered_at=NOW - DAY / 2, has_paid_before=False)
OLD_BUYER = replace(NEWCOMER, registered_at=NOW - 90 * DAY, has_paid_before=True)
BELONGS = replace(OLD_BUYER, relation=with_anna())
PROTECTED = replace(OLD_BUYER, relation=with_anna(protected=1))
ENDED = replace(NEWCOMER, relation=with_anna(expires=-1))
BELLAS = Sharer(member_id=BELLA, state=ACTIVE)
ANNAS = Sharer(member_id=ANNA, state=ACTIVE)
SHOP_ASSISTANT = replace(BELLAS, kind=PromoterKind.EMPLOYEE)
CLICK, REGISTER, ORDER, PAID = Happening

TABLE = [
    # 1–3: whose link, and when.
    (RULES, NEWCOMER, Sharer(member_id=HER, state=ACTIVE), CLICK, Outcome.SELF),
    (RULES, NEWCOMER, replace(BELLAS, state=None), CLICK, Outcome.NOT_PROMOTER),
    (RULES, NEWCOMER, replace(BELLAS, state=PromoterState.SUSPENDED), PAID, Outcome.NOT_PROMOTER),
    (RULES, NEWCOMER, replace(BELLAS, state=PromoterState.BANNED), PAID, Outcome.NOT_PROMOTER),
    (RULES, NEWCOMER, replace(BELLAS, state=PromoterState.QUIT), PAID, Outcome.NOT_PROMOTER),
    (RULES, replace(NEWCOMER, relation=with_anna(bound=1)), BELLAS, PAID, Outcome.LATE),
    # 4–5: the same promoter.
    (RULES, BELONGS, ANNAS, PAID, Outcome.RENEWED),
    (RULES, BELONGS, ANNAS, ORDER, Outcome.SAME),
    (RULES, BELONGS, ANNAS, CLICK, Outcome.SAME),
    (replace(RULES, renew_on=Renewal.CLICK), BELONGS, ANNAS, CLICK, Outcome.RENEWED),
    (replace(RULES, renew_on=Renewal.CLICK), BELONGS, ANNAS, PAID, Outcome.RENEWED),
    (replace(RULES, renew_on=Renewal.NONE), BELONGS, ANNAS, PAID, Outcome.SAME),
    (replace(RULES, trigger=PAID, renew_on=Renewal.CLICK), BELONGS, ANNAS, CLICK, Outcome.RENEWED),
    # 6: the trigger.
    (replace(RULES, trigger=REGISTER), NEWCOMER, BELLAS, CLICK, Outcome.TOO_WEAK),
    (replace(RULES, trigger=REGISTER), NEWCOMER, BELLAS, REGISTER, Outcome.NEW),
    (replace(RULES, trigger=ORDER), NEWCOMER, BELLAS, REGISTER, Outcome.TOO_WEAK),
    (replace(RULES, trigger=ORDER), NEWCOMER, BELLAS, PAID, Outcome.NEW),
    (replace(RULES, trigger=PAID), NEWCOMER, BELLAS, ORDER, Outcome.TOO_WEAK),
    (replace(RULES, trigger=PAID), NEWCOMER, BELLAS, PAID, Outcome.NEW),
    (replace(RULES, trigger=PAID), BELONGS, BELLAS, CLICK, Outcome.TOO_WEAK),
    # 7–10: the relation runs, with another promoter.
    (RULES, PROTECTED, BELLAS, CLICK, Outcome.PROTECTED),
    (RULES, PROTECTED, BELLAS, PAID, Outcome.PROTECTED),
    (replace(RULES, conflict=Conflict.FIRST_WINS), BELONGS, BELLAS, CLICK, Outcome.FIRST_WINS),
    (replace(RULES, conflict=Conflict.FIRST_WINS), PROTECTED, BELLAS, CLICK, Outcome.PROTECTED),
    (RULES, BELONGS, SHOP_ASSISTANT, CLICK, Outcome.EMPLOYEE),
    (
        replace(RULES, employees_take_over=True),
        BELONGS,
        SHOP_ASSISTANT,
        CLICK,
        Outcome.TAKEN_OVER,
    ),
    (
        RULES,
        replace(BELONGS, bound_to=PromoterKind.EMPLOYEE),
        SHOP_ASSISTANT,
        CLICK,
        Outcome.TAKEN_OVER,
    ),
    (RULES, BELONGS, BELLAS, CLICK, Outcome.TAKEN_OVER),
    # 11–13: she belongs to nobody.
    (RULES, OLD_BUYER, BELLAS, CLICK, Outcome.NOT_ELIGIBLE),
    (replace(RULES, audience=Audience.ALL), OLD_BUYER, BELLAS, CLICK, Outcome.NEW),
    (replace(RULES, audience=Audience.NEW_MEMBER), OLD_BUYER, BELLAS, CLICK, Outcome.NOT_ELIGIBLE),
    (replace(RULES, audience=Audience.NEW_MEMBER), NEWCOMER, BELLAS, CLICK, Outcome.NEW),
    (
        replace(RULES, audience=Audience.NEW_MEMBER, new_member_hours=6),
        NEWCOMER,
        BELLAS,
        CLICK,
        Outcome.NOT_ELIGIBLE,
    ),
    (RULES, replace(ENDED, has_paid_before=True), BELLAS, CLICK, Outcome.NOT_ELIGIBLE),
    (RULES, ENDED, BELLAS, CLICK, Outcome.EXPIRED),
    (RULES, ENDED, ANNAS, CLICK, Outcome.EXPIRED),
    (RULES, NEWCOMER, BELLAS, CLICK, Outcome.NEW),
    # Never taken over: the protection has no end.
    (
        replace(RULES, protect_days=None),
        replace(OLD_BUYER, relation=replace(with_anna(), protected_until=FOREVER)),
        BELLAS,
        PAID,
        Outcome.PROTECTED,
    ),
]


@pytest.mark.parametrize(
    ("rules", "customer", "sharer", "happening", "outcome"),
    TABLE,
    ids=[f"{index}-{row[-1]}" for index, row in enumerate(TABLE)],
)
def test_the_table(
    rules: BindingRules,
    customer: Customer,
    sharer: Sharer,
    happening: Happening,
    outcome: Outcome,
) -> None:
    assert decide_binding(rules, customer, sharer, happening, now=NOW) is outcome


def test_every_outcome_has_a_row() -> None:
    assert {row[-1] for row in TABLE} == set(Outcome)


def test_the_edges_of_time_belong_to_the_later_side() -> None:
    at_the_end = replace(NEWCOMER, relation=with_anna(protected=0, expires=0))
    assert decide_binding(RULES, at_the_end, BELLAS, CLICK, now=NOW) is Outcome.EXPIRED
    at_protection = replace(OLD_BUYER, relation=with_anna(protected=0))
    assert decide_binding(RULES, at_protection, BELLAS, CLICK, now=NOW) is Outcome.TAKEN_OVER
    rules = replace(RULES, audience=Audience.NEW_MEMBER, new_member_hours=12)
    assert decide_binding(rules, NEWCOMER, BELLAS, CLICK, now=NOW) is Outcome.NEW


def test_times_of_a_new_relation() -> None:
    assert relation_times(RULES, NOW) == (NOW + 15 * DAY, NOW + 180 * DAY)
    endless = replace(RULES, protect_days=None, validity_days=None)
    assert relation_times(endless, NOW) == (FOREVER, FOREVER)


def test_a_renewal_never_shortens() -> None:
    long, short = with_anna(expires=300), with_anna(expires=3)
    assert renewed_until(RULES, long, NOW) == long.expires_at
    assert renewed_until(RULES, short, NOW) == NOW + 180 * DAY


@pytest.mark.parametrize(
    ("joins", "protected", "ends_in"),
    [
        (CustomerJoins.KEEP, 5, 100),
        (CustomerJoins.AFTER_PROTECTION, 5, 5),
        (CustomerJoins.AFTER_PROTECTION, -5, 0),
        (CustomerJoins.AT_ONCE, 5, 0),
    ],
)
def test_a_customer_who_joins(joins: CustomerJoins, protected: int, ends_in: int) -> None:
    rules = replace(RULES, customer_joins=joins)
    relation = with_anna(protected=protected)
    assert end_when_joining(rules, relation, NOW) == NOW + ends_in * DAY


rules = st.builds(
    BindingRules,
    trigger=st.sampled_from(Happening),
    audience=st.sampled_from(Audience),
    protect_days=st.none() | st.integers(0, 365),
    validity_days=st.none() | st.integers(1, 3650),
    renew_on=st.sampled_from(Renewal),
    renew_days=st.integers(1, 3650),
    conflict=st.sampled_from(Conflict),
    employees_take_over=st.booleans(),
)
steps = st.lists(
    st.tuples(
        st.sampled_from([ANNA, BELLA]),
        st.sampled_from(Happening),
        st.integers(0, 60),
        st.sampled_from([PromoterState.ACTIVE, PromoterState.ACTIVE, PromoterState.SUSPENDED]),
    ),
    max_size=25,
)


@given(rules, steps)
def test_no_happenings_take_a_protected_customer_nor_shorten_a_relation(
    rules: BindingRules, steps: list[tuple[UUID, Happening, int, PromoterState]]
) -> None:
    customer, now = NEWCOMER, NOW
    for promoter_id, happening, days, state in steps:
        now += days * DAY
        sharer = Sharer(member_id=promoter_id, state=state)
        before = customer.relation
        outcome = decide_binding(rules, customer, sharer, happening, now=now)
        if outcome is Outcome.RENEWED and before is not None:
            until = renewed_until(rules, before, now)
            assert until >= before.expires_at
            customer = replace(customer, relation=replace(before, expires_at=until))
        if not outcome.binds:
            continue
        assert state is PromoterState.ACTIVE
        assert before is None or not before.is_protected_at(now)
        protected_until, expires_at = relation_times(rules, now)
        relation = Relation(uuid4(), HER, promoter_id, now, protected_until, expires_at)
        customer = replace(customer, relation=relation, has_paid_before=True)
