"""The figures of the law, with their sources. A new year or a changed law is a new row here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bracket:
    """`upto_minor` is None for the last one; the rate is in percent."""

    upto_minor: int | None
    percent: int
    quick_deduction_minor: int


def _yuan(amount: int) -> int:
    return amount * 100


@dataclass(frozen=True, slots=True)
class TaxParameters:
    """In force for incomes of `year` and later, until a newer row. Amounts in fen."""

    year: int
    source: str
    labour_flat_upto_minor: int
    labour_flat_deduction_minor: int
    cost_percent: int
    monthly_allowance_minor: int
    labour: tuple[Bracket, ...]
    cumulative: tuple[Bracket, ...]


PARAMETERS = (
    TaxParameters(
        year=2019,
        source="个人所得税法(2018); 国家税务总局公告2018年第61号; 国家税务总局公告2025年第16号",
        labour_flat_upto_minor=_yuan(4_000),
        labour_flat_deduction_minor=_yuan(800),
        cost_percent=20,
        monthly_allowance_minor=_yuan(5_000),
        labour=(
            Bracket(_yuan(20_000), 20, 0),
            Bracket(_yuan(50_000), 30, _yuan(2_000)),
            Bracket(None, 40, _yuan(7_000)),
        ),
        cumulative=(
            Bracket(_yuan(36_000), 3, 0),
            Bracket(_yuan(144_000), 10, _yuan(2_520)),
            Bracket(_yuan(300_000), 20, _yuan(16_920)),
            Bracket(_yuan(420_000), 25, _yuan(31_920)),
            Bracket(_yuan(660_000), 30, _yuan(52_920)),
            Bracket(_yuan(960_000), 35, _yuan(85_920)),
            Bracket(None, 45, _yuan(181_920)),
        ),
    ),
)
"""Oldest first."""


def parameters_of(year: int) -> TaxParameters:
    """Those in force in a year. A year before the first row is a mistake of the caller."""
    found = [row for row in PARAMETERS if row.year <= year]
    if not found:
        raise ValueError(f"no tax parameters for {year}")
    return found[-1]
