"""Reading an upload as rows of products. Heavy on the processor: call `read_sheet` in a thread."""

from __future__ import annotations

from typing import Any

import msgspec

from weike.catalog.exchange.columns import BY_HEADING, BY_KEY
from weike.kernel import Refusal
from weike.kernel.edge import sheet_uploads


class SheetRow(msgspec.Struct, frozen=True):
    """`number` is what the merchant's program shows beside the row; blank cells are absent, and
    so are those that could not be read (`refusals`)."""

    number: int
    values: dict[str, Any]
    refusals: list[Refusal]


class RowFailure(msgspec.Struct, frozen=True):
    """Why a row was not taken. `field` is the key of a column."""

    row: int
    refusal: Refusal

    @property
    def field(self) -> str:
        return self.refusal.field or ""


Sheet = list[SheetRow]


def read_sheet(upload: bytes) -> Sheet:
    """Refuses with what `sheet_uploads.read_sheet` refuses."""
    lines = sheet_uploads.read_sheet(
        upload,
        headings={heading: column.key for heading, column in BY_HEADING.items()},
        required={"sku_code": "SKU编码 / SKU code"},
    )
    return [_row(line) for line in lines]


def _row(line: sheet_uploads.SheetLine) -> SheetRow:
    row = SheetRow(line.number, {}, [])
    for key, cell in line.cells.items():
        try:
            row.values[key] = BY_KEY[key].read(key, cell)
        except Refusal as refusal:
            row.refusals.append(refusal)
    return row
