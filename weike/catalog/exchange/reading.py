"""Reading an upload row by row: CSV in UTF-8 or GB 18030, or the first sheet of an XLSX file.

Nothing is trusted: sizes, row numbers and what a compressed file unpacks to are bounded before
they are read. Heavy on the processor: call `read_sheet` in a thread.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import ParseError

import msgspec
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from weike.catalog.errors import (
    ColumnMissing,
    ColumnTwice,
    FileTooLarge,
    FileUnreadable,
    TooManyRows,
)
from weike.catalog.exchange.columns import BY_HEADING, Column, heading_key
from weike.kernel import Refusal

FILE_LIMIT_BYTES = 20 * 1024 * 1024
ROW_LIMIT = 20_000
_BLANK_LIMIT = 50_000
_UNPACKED_LIMIT_BYTES = 300 * 1024 * 1024
_COLUMN_LIMIT = 100


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
    """Refuses with FileTooLarge, FileUnreadable, TooManyRows, ColumnMissing or ColumnTwice."""
    if len(upload) > FILE_LIMIT_BYTES:
        raise FileTooLarge(field="file", limit_mb=FILE_LIMIT_BYTES // 1024 // 1024)
    try:
        if upload.startswith(b"PK"):
            return _sheet(_xlsx_rows(upload))
        return _sheet(_csv_rows(upload))
    except (
        csv.Error,
        zipfile.BadZipFile,
        InvalidFileException,
        ParseError,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        OSError,
        EOFError,
        NotImplementedError,
    ) as error:
        # openpyxl meets damaged files with whatever error comes first.
        raise FileUnreadable(field="file") from error


def _sheet(lines: Iterator[tuple[int, Sequence[str]]]) -> Sheet:
    columns: list[Column | None] | None = None
    sheet: Sheet = []
    blank = 0
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            blank += 1
            if blank > _BLANK_LIMIT:
                raise TooManyRows(field="file", limit=ROW_LIMIT)
        elif columns is None:
            columns = _columns(cells)
        elif len(sheet) >= ROW_LIMIT:
            raise TooManyRows(field="file", limit=ROW_LIMIT)
        else:
            sheet.append(_row(number, columns, cells))
    if columns is None:
        raise ColumnMissing(field="file", column="sku_code")
    return sheet


def _columns(headings: Sequence[str]) -> list[Column | None]:
    """Unknown headings are passed over, so that merchants may keep columns of their own."""
    columns = [BY_HEADING.get(heading_key(heading)) for heading in headings[:_COLUMN_LIMIT]]
    known = [column.key for column in columns if column is not None]
    for key in known:
        if known.count(key) > 1:
            raise ColumnTwice(field="file", column=key)
    if "sku_code" not in known:
        raise ColumnMissing(field="file", column="sku_code")
    return columns


def _row(number: int, columns: Iterable[Column | None], cells: Sequence[str]) -> SheetRow:
    row = SheetRow(number, {}, [])
    for column, cell in zip(columns, cells, strict=False):
        if column is None or not cell.strip():
            continue
        try:
            row.values[column.key] = column.read(column.key, unguarded(cell.strip()))
        except Refusal as refusal:
            row.refusals.append(refusal)
    return row


def unguarded(cell: str) -> str:
    """Takes off the quote that `writing.guarded` puts before what looks like a formula."""
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in "=+-@\t\r" else cell


def _csv_rows(upload: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    text = io.TextIOWrapper(io.BytesIO(upload), encoding=_encoding(upload), newline="")
    first = text.readline()
    text.seek(0)
    # Programs of some countries separate with semicolons or tabs; the headings tell.
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(text, delimiter=delimiter, strict=False)
    for cells in reader:
        yield reader.line_num, cells


def _encoding(upload: bytes) -> str:
    """UTF-8 where it fits; else what Chinese office programs write."""
    if b"\x00" in upload:
        raise FileUnreadable(field="file")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            upload.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    raise FileUnreadable(field="file")


def _xlsx_rows(upload: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    with zipfile.ZipFile(io.BytesIO(upload)) as archive:
        # zipfile never unpacks more of a member than its header says, so headers can be summed.
        if sum(member.file_size for member in archive.infolist()) > _UNPACKED_LIMIT_BYTES:
            raise FileTooLarge(field="file", limit_mb=FILE_LIMIT_BYTES // 1024 // 1024)
    book = load_workbook(io.BytesIO(upload), read_only=True, data_only=True, keep_links=False)
    try:
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(values_only=True, max_col=_COLUMN_LIMIT)
        for number, cells in enumerate(rows, start=1):
            yield number, [_cell_text(cell) for cell in cells]
    except IndexError as error:
        raise FileUnreadable(field="file") from error
    finally:
        book.close()


def _cell_text(cell: object) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return str(cell)
        case float():
            # 12.3 is stored as 12.300000000000001 by some programs; none shows it like that.
            return format(Decimal(repr(round(cell, 9))), "f")
        case date():
            return cell.isoformat()
        case _:
            return str(cell)
