"""Real goods and baskets of a real shop (UCI 352, Online Retail), read from beside the project.

Goods are descriptions; a description sold at several prices is one product with a price spec, so
that every line of a basket is one SKU at the price the file says.
"""

from __future__ import annotations

import csv
import io
import zlib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

_HEADER = (
    "Product no.",
    "Title",
    "State",
    "Commission rate (%)",
    "Spec 1 name",
    "Spec 1",
    "SKU code",
    "Price",
    "Stock",
)
_PRICES_LIMIT = 40
"""A description with more prices is no goods but a booking ("Manual", "POSTAGE")."""

FILE = Path(__file__).parents[3] / "shared" / "data" / "online_retail.parquet"


@dataclass(frozen=True, slots=True)
class Line:
    code: str
    quantity: int
    unit_minor: int


@dataclass(frozen=True, slots=True)
class Basket:
    customer: int
    lines: tuple[Line, ...]
    file_total_minor: int
    """Σ quantity × price of the file's own rows, before they were merged into lines."""


@dataclass(frozen=True, slots=True)
class Retail:
    goods: dict[str, list[int]]
    """Prices in minor units by description."""
    baskets: list[Basket]


def read_retail(*, baskets: int, lines_limit: int = 12) -> Retail:
    """Skips, saying so, where the file is not there."""
    if not FILE.exists():
        pytest.skip("real data is not beside the project: shared/data/online_retail.parquet")
    parquet = pytest.importorskip("pyarrow.parquet")
    rows: list[dict[str, Any]] = parquet.read_table(FILE).to_pylist()
    goods: dict[str, set[int]] = defaultdict(set)
    grouped: dict[tuple[int, Any], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if not _is_sale(row):
            continue
        goods[row["Description"].strip()].add(_minor(row))
        grouped[int(row["CustomerID"]), row["InvoiceDate"]].append(row)
    sold = {
        title: sorted(prices) for title, prices in goods.items() if len(prices) <= _PRICES_LIMIT
    }
    found: list[Basket] = []
    for (customer, _), bought in grouped.items():
        if any(row["Description"].strip() not in sold for row in bought):
            continue
        basket = _basket(customer, bought)
        if len(basket.lines) <= lines_limit and all(line.quantity <= 999 for line in basket.lines):
            found.append(basket)
        if len(found) == baskets:
            break
    return Retail(sold, found)


def catalogue_csv(retail: Retail, *, stock: int) -> bytes:
    """The goods as the importer asks for them; every third carries a commission rate of its own."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(_HEADER)
    for title, prices in retail.goods.items():
        rate = rate_bp_of(title)
        several = len(prices) > 1
        for unit in prices:
            cells = (
                number_of(title),
                title,
                "on sale",
                "" if rate is None else f"{rate / 100:g}",
                "Price" if several else "",
                f"{unit / 100:.2f}" if several else "",
                code_of(title, unit),
                f"{unit / 100:.2f}",
                stock,
            )
            writer.writerow(cells)
    return buffer.getvalue().encode()


def rate_bp_of(title: str) -> int | None:
    """The goods' own commission rate in basis points; None where the programme's counts."""
    mark = zlib.crc32(title.encode())
    return (mark % 16 + 1) * 125 if mark % 3 == 0 else None


def number_of(title: str) -> str:
    return f"{zlib.crc32(title.encode()):08x}"


def code_of(title: str, unit_minor: int) -> str:
    """One SKU per description and price."""
    return f"{number_of(title)}-{unit_minor}"


def _basket(customer: int, bought: list[dict[str, Any]]) -> Basket:
    quantities: dict[tuple[str, int], int] = defaultdict(int)
    total = 0
    for row in bought:
        unit = _minor(row)
        quantities[code_of(row["Description"].strip(), unit), unit] += row["Quantity"]
        total += row["Quantity"] * unit
    lines = tuple(Line(code, quantity, unit) for (code, unit), quantity in quantities.items())
    return Basket(customer, lines, total)


def _is_sale(row: dict[str, Any]) -> bool:
    """A row with a customer, a name and a price of whole pence; returns are negative."""
    if not (row["CustomerID"] and row["Description"] and row["Quantity"] > 0):
        return False
    price = row["UnitPrice"] * 100
    return bool(price >= 1 and abs(price - round(price)) < 1e-6)


def _minor(row: dict[str, Any]) -> int:
    return round(float(row["UnitPrice"]) * 100)
