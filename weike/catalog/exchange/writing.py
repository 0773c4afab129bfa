"""Writing products as CSV or XLSX that `reading` reads back to the same products."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO, cast
from uuid import UUID

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from weike.catalog.exchange.columns import COLUMNS
from weike.catalog.model import Product, SkuDraft

Row = list[str | int]
_STATES = {
    "zh": {"draft": "草稿", "on_sale": "上架", "off_sale": "下架"},
    "en": {"draft": "draft", "on_sale": "on sale", "off_sale": "off sale"},
}
_XLSX_CELL_LIMIT = 32_767
_IN_MEMORY = 4 * 1024 * 1024


def headings(language: str) -> Row:
    return [column.en if language == "en" else column.zh for column in COLUMNS]


def product_rows(
    products: Iterable[Product],
    *,
    category_paths: Mapping[UUID, Sequence[str]],
    stock: Mapping[UUID, int],
    language: str,
) -> Iterator[Row]:
    """One row per SKU, columns as in `COLUMNS`."""
    for product in products:
        for sku in product.draft.skus:
            cells = _cells(product, sku, category_paths, language)
            cells["stock"] = stock.get(sku.id, 0)
            yield [cells.get(column.key, "") for column in COLUMNS]


def template_rows(language: str) -> list[Row]:
    """Headings and one product in two sizes, to be written over."""
    english = language == "en"
    common: dict[str, str | int] = {
        "product_no": "LJ-2026",
        "title": "West Lake Longjing, first flush" if english else "西湖龙井 明前特级",
        "subtitle": "Hand-fired this spring" if english else "当季手工炒制",
        "category": "Tea/Green tea" if english else "茶叶/绿茶",
        "tags": "New;Gift" if english else "新品；送礼",
        "state": _STATES[language]["draft"],
        "commission_rate": 10,
        "spec1_name": "Net weight" if english else "净含量",
    }
    sizes: tuple[dict[str, str | int], ...] = (
        {"spec1_value": "50g", "sku_code": "LJ-2026-50", "price": "128.00", "stock": 100},
        {"spec1_value": "100g", "sku_code": "LJ-2026-100", "price": "238.00", "stock": 60},
    )
    rows = [[(common | size).get(column.key, "") for column in COLUMNS] for size in sizes]
    return [headings(language), *rows]


def csv_lines(rows: Iterable[Row]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([_guarded_row(row) for row in rows])
    return buffer.getvalue()


CSV_START = "\ufeff"
"""Tells office programs that the file is UTF-8."""


class XlsxFile:
    """Rows go in one by one; `finish` gives the file, which lies on disk when it is large."""

    def __init__(self) -> None:
        self._book = Workbook(write_only=True)
        self._sheet = cast(WriteOnlyWorksheet, self._book.create_sheet("products"))

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._sheet.append([self._cell(value) for value in _guarded_row(row)])

    def finish(self) -> IO[bytes]:
        file = SpooledTemporaryFile(max_size=_IN_MEMORY)
        self._book.save(file)
        file.seek(0)
        return cast(IO[bytes], file)

    def _cell(self, value: str | int) -> Cell:
        if isinstance(value, str) and len(value) > _XLSX_CELL_LIMIT:
            value = ""  # Cut text would come back as a change; a blank cell leaves what is there.
        cell = WriteOnlyCell(self._sheet, value=value)
        if isinstance(value, str):
            cell.data_type = "s"  # Whatever it begins with, it is text and no formula.
        return cell


def guarded(cell: str) -> str:
    """What looks like a formula gets a quote before it, so that no office program runs it."""
    return f"'{cell}" if cell and cell[0] in "=+-@\t\r" else cell


def _guarded_row(row: Row) -> Row:
    return [guarded(cell) if isinstance(cell, str) else cell for cell in row]


def _cells(
    product: Product, sku: SkuDraft, paths: Mapping[UUID, Sequence[str]], language: str
) -> dict[str, str | int]:
    draft = product.draft
    cells: dict[str, str | int] = {
        "product_no": draft.skus[0].code,
        "title": draft.title,
        "title_en": draft.title_en,
        "subtitle": draft.subtitle,
        "category": "/".join(paths[draft.category_id]) if draft.category_id else "",
        "tags": ";".join(draft.tags),
        "state": _STATES[language][draft.state],
        "description": draft.description,
        "sku_code": sku.code,
        "price": _yuan(sku.price_minor),
        "market_price": _yuan(sku.market_price_minor),
        "cost": _yuan(sku.cost_minor),
        "weight_g": "" if sku.weight_g is None else sku.weight_g,
    }
    if draft.commission_rate_bp is not None:
        cells["commission_rate"] = _yuan(draft.commission_rate_bp)
    for place, (spec, value) in enumerate(zip(draft.specs, sku.spec_values, strict=True), start=1):
        cells[f"spec{place}_name"] = spec.name
        cells[f"spec{place}_value"] = value
    return cells


def _yuan(minor: int | None) -> str:
    return "" if minor is None else f"{minor // 100}.{minor % 100:02d}"
