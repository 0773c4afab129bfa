"""How much is withheld of a payment. Pure: sums in, tax out. docs/algorithms/tax.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from zoneinfo import ZoneInfo

from weike.distribution.tax.parameters import Bracket, TaxParameters

CHINA = ZoneInfo("Asia/Shanghai")


class TaxMethod(StrEnum):
    LABOUR = "labour"
    """Labour remuneration 劳务报酬, counted by month."""
    CUMULATIVE = "cumulative"
    """Cumulative withholding 累计预扣法 of internet platforms, counted by year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSums:
    """What one person was paid and withheld so far, before this payment. Months are 1 to 12;
    `first_month` is that of the year's first income, None when there was none."""

    month_income_minor: int = 0
    month_withheld_minor: int = 0
    year_income_minor: int = 0
    year_withheld_minor: int = 0
    first_month: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withholding:
    """The tax of one payment and every figure it was counted from, for the statement."""

    method: TaxMethod
    parameters_year: int
    counted_income_minor: int
    deducted_minor: int
    taxable_minor: int
    percent: int
    quick_deduction_minor: int
    withheld_before_minor: int
    tax_minor: int


def china_month(at: datetime) -> tuple[int, int]:
    """`(year, month)` of the tax period."""
    local = at.astimezone(CHINA)
    return local.year, local.month


def withholding(
    method: TaxMethod,
    income_minor: int,
    sums: PersonSums,
    *,
    month: int,
    parameters: TaxParameters,
) -> Withholding:
    """Never below zero and never more than the payment itself."""
    if method is TaxMethod.LABOUR:
        counted = sums.month_income_minor + income_minor
        if counted <= parameters.labour_flat_upto_minor:
            deducted = Fraction(min(counted, parameters.labour_flat_deduction_minor))
        else:
            deducted = Fraction(counted * parameters.cost_percent, 100)
        brackets, before = parameters.labour, sums.month_withheld_minor
    else:
        counted = sums.year_income_minor + income_minor
        months = month - (sums.first_month or month) + 1
        deducted = (
            Fraction(counted * parameters.cost_percent, 100)
            + parameters.monthly_allowance_minor * months
        )
        brackets, before = parameters.cumulative, sums.year_withheld_minor
    taxable = max(Fraction(0), counted - deducted)
    bracket = _bracket(brackets, taxable)
    in_all = taxable * bracket.percent / 100 - bracket.quick_deduction_minor
    return Withholding(
        method=method,
        parameters_year=parameters.year,
        counted_income_minor=counted,
        deducted_minor=_half_up(deducted),
        taxable_minor=_half_up(taxable),
        percent=bracket.percent,
        quick_deduction_minor=bracket.quick_deduction_minor,
        withheld_before_minor=before,
        tax_minor=min(income_minor, max(0, _half_up(in_all) - before)),
    )


def _bracket(brackets: Sequence[Bracket], taxable: Fraction) -> Bracket:
    return next(
        bracket
        for bracket in brackets
        if bracket.upto_minor is None or taxable <= bracket.upto_minor
    )


def _half_up(amount: Fraction) -> int:
    return int(amount + Fraction(1, 2))
