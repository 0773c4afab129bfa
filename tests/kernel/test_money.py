"""Money: parts always add up to the whole, and rounding happens where it says so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weike.kernel import BASIS_POINTS, Money, split_minor, sum_of, written, written_short

minors = st.integers(-(10**15), 10**15)
weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=40)


@given(minors, weights)
def test_parts_add_up_to_the_whole(minor: int, shares: list[int]) -> None:
    parts = Money(minor).split(shares)
    assert sum_of(parts) == Money(minor)
    assert len(parts) == len(shares)


@given(minors, weights)
def test_no_part_is_off_by_more_than_one(minor: int, shares: list[int]) -> None:
    total = sum(shares)
    if total == 0:
        shares, total = [1] * len(shares), len(shares)
    for part, share in zip(split_minor(minor, shares), shares, strict=True):
        # Exact in whole numbers: |part − minor·share/total| < 1.
        assert abs(part * total - minor * share) < total


@given(minors, weights)
def test_giving_back_is_the_mirror_of_taking(minor: int, shares: list[int]) -> None:
    assert [-part for part in split_minor(minor, shares)] == split_minor(-minor, shares)


@given(st.integers(0, 10**12), weights)
def test_a_weight_of_zero_gets_nothing_unless_all_are(minor: int, shares: list[int]) -> None:
    if any(shares):
        for part, share in zip(split_minor(minor, shares), shares, strict=True):
            assert share or part == 0


@given(st.integers(0, 10**12), st.integers(0, BASIS_POINTS))
def test_a_portion_is_rounded_down(minor: int, rate_bp: int) -> None:
    portion = Money(minor).portion(rate_bp)
    assert portion.minor * BASIS_POINTS <= minor * rate_bp
    assert (portion.minor + 1) * BASIS_POINTS > minor * rate_bp
    assert portion <= Money(minor)


def test_a_known_split() -> None:
    assert [part.minor for part in Money(100).split([1, 1, 1])] == [34, 33, 33]
    assert split_minor(1001, [999, 1]) == [1000, 1]
    assert split_minor(7, [0, 0]) == [4, 3]


def test_currencies_do_not_mix() -> None:
    with pytest.raises(ValueError, match="do not add up"):
        Money(1) + Money(1, "USD")
    with pytest.raises(ValueError, match="do not add up"):
        assert Money(1) < Money(1, "USD")


def test_what_cannot_be_split_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing to split"):
        split_minor(1, [])
    with pytest.raises(ValueError, match="negative"):
        split_minor(1, [1, -1])


def test_amounts_are_written_and_said() -> None:
    assert [written(minor) for minor in (12800, 5, 0, -5, -12805)] == [
        *("128.00", "0.05", "0.00", "-0.05", "-128.05"),
    ]
    assert [written_short(minor) for minor in (12800, 9950, -100)] == ["128", "99.50", "-1"]
