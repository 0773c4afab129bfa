"""Reading an upload row by row: CSV in UTF-8 or GB 18030, or the first sheet of an XLSX file.

Nothing is trusted: sizes, row numbers and what a compressed file unpacks to are bounded before
they are read. Heavy on the processor: call `read_sheet` in a thread.
"""

from __future__ import annotations

import csv
import io
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import ParseError

import msgspec
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from weike.kernel.edge.sheets import unguarded
from weike.kernel.errors import Invalid

FILE_LIMIT_BYTES = 20 * 1024 * 1024
ROW_LIMIT = 20_000
_BLANK_LIMIT = 50_000
_UNPACKED_LIMIT_BYTES = 300 * 1024 * 1024
_COLUMN_LIMIT = 100


class FileUnreadable(Invalid):
    """It is neither CSV nor XLSX."""

    code = "kernel.file_unreadable"


class FileTooLarge(Invalid):
    """Fact: `limit_mb`."""

    code = "kernel.file_too_large"


class TooManyRows(Invalid):
    """Fact: `limit`."""

    code = "kernel.too_many_rows"


class ColumnMissing(Invalid):
    """Fact: `column`, as the template calls it."""

    code = "kernel.column_missing"


class ColumnTwice(Invalid):
    """Two columns mean the same. Fact: `column`, as the file calls the second."""

    code = "kernel.column_twice"


class SheetLine(msgspec.Struct, frozen=True):
    """`number` is what people's programs show beside the row; blank cells are absent."""

    number: int
    cells: dict[str, str]


def heading_key(heading: str) -> str:
    """Headings are compared without case, spaces and the difference of full-width brackets."""
    plain = unicodedata.normalize("NFKC", heading).casefold().strip().lstrip("\ufeff").rstrip("*")
    return "".join(plain.split())


def read_sheet(
    upload: bytes,
    *,
    headings: Mapping[str, str],
    required: Mapping[str, str],
    row_limit: int = ROW_LIMIT,
) -> list[SheetLine]:
    """`headings` leads from `heading_key` to a column's key; others are passed over, so that people
    may keep columns of their own. `required` names the columns that must be there, with what the
    template calls them. Refuses with FileTooLarge, FileUnreadable, TooManyRows, ColumnMissing or
    ColumnTwice."""
    if len(upload) > FILE_LIMIT_BYTES:
        raise FileTooLarge(field="file", limit_mb=FILE_LIMIT_BYTES // 1024 // 1024)
    rows = _xlsx_rows(upload) if upload.startswith(b"PK") else _csv_rows(upload)
    try:
        return _lines(rows, headings, required, row_limit)
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


def _lines(
    rows: Iterable[tuple[int, Sequence[str]]],
    headings: Mapping[str, str],
    required: Mapping[str, str],
    row_limit: int,
) -> list[SheetLine]:
    columns: list[str | None] | None = None
    lines: list[SheetLine] = []
    blank = 0
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            blank += 1
            if blank > _BLANK_LIMIT:
                raise TooManyRows(field="file", limit=row_limit)
        elif columns is None:
            columns = _columns(cells, headings, required)
        elif len(lines) >= row_limit:
            raise TooManyRows(field="file", limit=row_limit)
        else:
            lines.append(
                SheetLine(
                    number,
                    {
                        column: unguarded(cell.strip())
                        for column, cell in zip(columns, cells, strict=False)
                        if column is not None and cell.strip()
                    },
                )
            )
    if columns is None:
        raise ColumnMissing(field="file", column=next(iter(required.values())))
    return lines


def _columns(
    cells: Sequence[str], headings: Mapping[str, str], required: Mapping[str, str]
) -> list[str | None]:
    columns: list[str | None] = []
    for cell in cells[:_COLUMN_LIMIT]:
        key = headings.get(heading_key(cell))
        if key is not None and key in columns:
            raise ColumnTwice(field="file", column=cell.strip()[:40])
        columns.append(key)
    for key, shown in required.items():
        if key not in columns:
            raise ColumnMissing(field="file", column=shown)
    return columns


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
