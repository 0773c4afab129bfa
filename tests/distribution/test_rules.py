"""Commission rules, in thousands of examples."""

from datetime import UTC, datetime
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from weike.distribution.model import (
    Commission,
    CommissionState,
    advance,
    commission_amount,
    reversed_in_all,
)

NOW = datetime(2026, 11, 11, 3, tzinfo=UTC)
minor = st.integers(0, 10**9)
bp = st.integers(0, 5000)


@given(minor, bp, bp, st.none() | minor)
def test_commission_never_exceeds_rate_cap_or_margin(
    base: int, rate: int, cap: int, margin: int | None
) -> None:
    amount = commission_amount(base_minor=base, rate_bp=rate, cap_bp=cap, margin_minor=margin)
    assert 0 <= amount <= base * rate // 10_000
    assert amount <= base * cap // 10_000
    assert margin is None or amount <= margin


def test_the_example_of_the_prose() -> None:
    assert commission_amount(base_minor=2990, rate_bp=1000, cap_bp=3000, margin_minor=None) == 299
    assert commission_amount(base_minor=2990, rate_bp=1000, cap_bp=3000, margin_minor=120) == 120
    assert commission_amount(base_minor=2990, rate_bp=5000, cap_bp=3000, margin_minor=None) == 897


@given(st.integers(1, 10**9), st.data())
def test_any_sequence_of_refunds_reverses_exactly_the_whole(base: int, data: st.DataObject) -> None:
    amount = data.draw(st.integers(1, base))
    steps = [*sorted(data.draw(st.lists(st.integers(0, base), max_size=8))), base]
    reversed_minor = 0
    for refunded in steps:
        total = reversed_in_all(amount_minor=amount, base_minor=base, refunded_minor=refunded)
        assert reversed_minor <= total <= amount
        reversed_minor = total
    assert reversed_minor == amount


def commission(state: CommissionState, *, amount: int = 100, back: int = 0) -> Commission:
    return Commission(
        id=uuid4(),
        promoter_id=uuid4(),
        position=0,
        base_minor=1000,
        amount_minor=amount,
        reversed_minor=back,
        state=state,
        currency="CNY",
    )


def test_received_goods_make_an_estimate_pending() -> None:
    step = advance(commission(CommissionState.ESTIMATED), refunded_minor=0, received_at=NOW)
    assert (step.reverse_minor, step.state) == (0, CommissionState.PENDING)


def test_a_part_refund_before_receipt_reduces_the_estimate() -> None:
    step = advance(commission(CommissionState.ESTIMATED), refunded_minor=333, received_at=None)
    assert (step.reverse_minor, step.state) == (33, CommissionState.ESTIMATED)


def test_a_full_refund_voids_what_is_not_yet_available() -> None:
    for state in (CommissionState.ESTIMATED, CommissionState.PENDING):
        step = advance(commission(state, back=40), refunded_minor=1000, received_at=NOW)
        assert (step.reverse_minor, step.state) == (60, CommissionState.VOID)


def test_a_refund_after_release_is_reversed_and_stays_available() -> None:
    step = advance(commission(CommissionState.AVAILABLE), refunded_minor=1000, received_at=NOW)
    assert (step.reverse_minor, step.state) == (100, CommissionState.AVAILABLE)


@given(st.sampled_from(list(CommissionState)), st.integers(0, 1000), st.booleans())
def test_the_same_facts_twice_change_nothing_more(
    state: CommissionState, refunded: int, received: bool
) -> None:
    before = commission(state)
    at = NOW if received else None
    first = advance(before, refunded_minor=refunded, received_at=at)
    after = commission(first.state, back=before.reversed_minor + first.reverse_minor)
    second = advance(after, refunded_minor=refunded, received_at=at)
    assert (second.reverse_minor, second.state) == (0, first.state)
