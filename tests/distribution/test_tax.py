"""What is withheld: the golden cases of docs/algorithms/tax.md, and what holds for every income."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weike.distribution.tax.parameters import parameters_of
from weike.distribution.tax.rules import (
    PersonSums,
    TaxMethod,
    Withholding,
    china_month,
    withholding,
)

P2026 = parameters_of(2026)
NOTHING = PersonSums()


def of(
    method: TaxMethod, yuan: float, sums: PersonSums = NOTHING, *, month: int = 1
) -> Withholding:
    return withholding(method, round(yuan * 100), sums, month=month, parameters=P2026)


@pytest.mark.parametrize(
    ("income", "tax"),
    [
        (0.01, 0),
        (800, 0),
        (800.05, 0.01),
        (4000, 640),
        (4000.01, 640),
        (25_000, 4000),
        (25_000.01, 4000),
        (50_000, 10_000),
        (62_500, 13_000),
        (100_000, 25_000),
    ],
)
def test_labour_remuneration(income: float, tax: float) -> None:
    assert of(TaxMethod.LABOUR, income).tax_minor == round(tax * 100)


def paid(sums: PersonSums, done: Withholding, income_minor: int, month: int) -> PersonSums:
    """The sums after a payment in the same month."""
    return PersonSums(
        month_income_minor=sums.month_income_minor + income_minor,
        month_withheld_minor=sums.month_withheld_minor + done.tax_minor,
        year_income_minor=sums.year_income_minor + income_minor,
        year_withheld_minor=sums.year_withheld_minor + done.tax_minor,
        first_month=sums.first_month or month,
    )


def next_month(sums: PersonSums) -> PersonSums:
    return replace(sums, month_income_minor=0, month_withheld_minor=0)


def test_cumulative_withholding_month_by_month() -> None:
    sums, taxes = NOTHING, []
    for month in (3, 4):
        done = of(TaxMethod.CUMULATIVE, 10_000, sums, month=month)
        taxes.append(done.tax_minor)
        sums = next_month(paid(sums, done, 1_000_000, month))
    assert taxes == [9000, 9000]
    assert of(TaxMethod.CUMULATIVE, 50_000).tax_minor == 105_000


def test_a_year_of_one_income_crosses_the_brackets() -> None:
    """30,000 a month: 19,000 taxable a month, 228,000 in the year, in three brackets."""
    sums, taxes = NOTHING, []
    for month in range(1, 13):
        done = of(TaxMethod.CUMULATIVE, 30_000, sums, month=month)
        taxes.append(done.tax_minor)
        sums = next_month(paid(sums, done, 3_000_000, month))
    assert taxes[0] == 57_000
    assert taxes[1] == (38_000 * 10 - 2_520 * 100) * 100 // 100 - 57_000
    assert sum(taxes) == 228_000 * 20 - 1_692_000


def test_a_pause_counts_its_months_and_never_pays_back() -> None:
    sums = PersonSums(year_income_minor=5_000_000, year_withheld_minor=105_000, first_month=1)
    assert of(TaxMethod.CUMULATIVE, 100, sums, month=6).tax_minor == 0


def test_the_statement_shows_what_was_counted() -> None:
    done = of(TaxMethod.LABOUR, 25_000, PersonSums(month_income_minor=0))
    assert (done.counted_income_minor, done.deducted_minor, done.taxable_minor) == (
        2_500_000,
        500_000,
        2_000_000,
    )
    assert (done.percent, done.quick_deduction_minor) == (20, 0)


def test_a_month_begins_in_china() -> None:
    assert china_month(datetime(2026, 12, 31, 15, 59, tzinfo=UTC)) == (2026, 12)
    assert china_month(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == (2027, 1)


parts = st.lists(st.integers(1, 10**7), min_size=1, max_size=8)


@given(parts)
def test_splitting_a_month_saves_no_labour_tax(parts: list[int]) -> None:
    sums, taxes = NOTHING, 0
    for part in parts:
        done = withholding(TaxMethod.LABOUR, part, sums, month=1, parameters=P2026)
        assert 0 <= done.tax_minor <= part
        taxes += done.tax_minor
        sums = paid(sums, done, part, 1)
    whole = withholding(TaxMethod.LABOUR, sum(parts), NOTHING, month=1, parameters=P2026)
    assert taxes == whole.tax_minor


@given(parts)
def test_splitting_a_year_saves_no_cumulative_tax(parts: list[int]) -> None:
    sums, taxes = NOTHING, 0
    for part in parts:
        done = withholding(TaxMethod.CUMULATIVE, part, sums, month=12, parameters=P2026)
        taxes += done.tax_minor
        sums = paid(sums, done, part, 12)
    whole = withholding(TaxMethod.CUMULATIVE, sum(parts), NOTHING, month=12, parameters=P2026)
    assert taxes == whole.tax_minor


@given(st.sampled_from(TaxMethod), st.integers(1, 10**9))
def test_more_income_never_means_less_left(method: TaxMethod, income: int) -> None:
    one = withholding(method, income, NOTHING, month=1, parameters=P2026)
    more = withholding(method, income + 100, NOTHING, month=1, parameters=P2026)
    assert income + 100 - more.tax_minor >= income - one.tax_minor
