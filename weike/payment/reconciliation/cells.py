"""Cells of bills into values. Every function refuses a cell it does not understand with BadCell."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

from weike.payment.reconciliation.model import CHINA

_YUAN = re.compile(r"[+-]?[0-9]{1,11}(\.[0-9]{1,6})?")
_RATE = re.compile(r"([0-9]{1,2}(?:\.[0-9]{1,4})?)%")
_NUMBER = re.compile(r"[0-9A-Za-z_\-*|@.]{1,64}")
_FEN = Decimal(1)


class BadCell(Exception):
    """`why` is a short stable word."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def fen(cell: str, why: str) -> int:
    """Whole fen; more digits than two must be zeros."""
    value = _hundredfold(cell, why)
    if value != value.to_integral_value():
        raise BadCell(why)
    return int(value)


def rounded_fen(cell: str, why: str) -> int:
    """A fee is told with up to five digits and charged in fen."""
    return int(_hundredfold(cell, why).quantize(_FEN, rounding=ROUND_HALF_UP))


def rate_ppm(cell: str) -> int | None:
    """`0.60%` is 6000 millionths; an empty cell names no rate."""
    if not cell:
        return None
    found = _RATE.fullmatch(cell)
    if found is None:
        raise BadCell("rate")
    return int(Decimal(found[1]) * 10_000)


def number(cell: str, why: str) -> str:
    if _NUMBER.fullmatch(cell) is None:
        raise BadCell(why)
    return cell


def moment(cell: str) -> datetime:
    """`2026-11-11 10:00:00`, the clock of China."""
    try:
        at = datetime.strptime(cell, "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA)
    except ValueError as error:
        raise BadCell("time") from error
    return at.astimezone(UTC)


def _hundredfold(cell: str, why: str) -> Decimal:
    if _YUAN.fullmatch(cell) is None:
        raise BadCell(why)
    return Decimal(cell) * 100
