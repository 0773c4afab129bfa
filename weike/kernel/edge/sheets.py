"""Lists as files: CSV and XLSX written row by row, so that a file of any length costs the same.

Both forms are made as they are sent; nothing of the file is kept. What looks like a formula is
written as text: with a quote before it in CSV, and as a typed string in XLSX. Reading what people
upload is in `sheet_uploads`.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable, Sequence
from decimal import Decimal
from typing import Literal, TypeVar
from xml.sax.saxutils import escape

from litestar.response import Stream

from weike.kernel.database import Database, Tx
from weike.kernel.ids import TenantId

FileForm = Literal["csv", "xlsx"]
Cell = str | int | Decimal | None
"""A Decimal is an amount and shown with two places; see `yuan`."""
Row = Sequence[Cell]
C = TypeVar("C")

MEDIA_TYPES: dict[FileForm, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_CHUNK = 64 * 1024
_CELL_LIMIT = 32_767
_DIGITS_LIMIT = 15
"""Office programs round numbers that are longer."""
_FORMULA_STARTS = frozenset("=+-@\t\r")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def yuan(minor: int | None) -> Decimal | None:
    """Fen as an amount, exactly."""
    return None if minor is None else Decimal(minor).scaleb(-2)


def guarded(cell: str) -> str:
    """What looks like a formula gets a quote before it, so that no office program runs it."""
    return f"'{cell}" if cell and cell[0] in _FORMULA_STARTS else cell


def unguarded(cell: str) -> str:
    """Takes the quote of `guarded` off again."""
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in _FORMULA_STARTS else cell


async def stream_sheet(
    form: FileForm, columns: Sequence[str], rows: AsyncIterable[Row]
) -> AsyncIterator[bytes]:
    """The file in pieces, headings first."""
    writer = _writer(form)
    writer.add(columns)
    async for row in rows:
        writer.add(row)
        if writer.size >= _CHUNK:
            yield writer.taken()
    yield writer.finished()


def sheet_bytes(form: FileForm, columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """A short file at once, such as a template."""
    writer = _writer(form)
    writer.add(columns)
    for row in rows:
        writer.add(row)
    return writer.finished()


def sheet_stream(
    form: FileForm, name: str, columns: Sequence[str], rows: AsyncIterable[Row]
) -> Stream:
    """The answer of a route: a download called `name` and the form's ending. ASCII names only."""
    return Stream(
        stream_sheet(form, columns, rows),
        media_type=MEDIA_TYPES[form],
        headers=download_headers(f"{name}.{form}"),
    )


def download_headers(file_name: str) -> dict[str, str]:
    return {
        "content-disposition": f'attachment; filename="{file_name}"',
        "cache-control": "private, no-store",
    }


async def rows_by_page(
    database: Database,
    tenant_id: TenantId,
    page: Callable[[Tx, C | None], Awaitable[tuple[Iterable[Row], C | None]]],
) -> AsyncIterator[Row]:
    """All rows of a long list, each page in a transaction of its own. `page` is given where the
    page before ended and gives its rows and where it ends, None at the end of the list."""
    after: C | None = None
    while True:

        async def work(tx: Tx, after: C | None = after) -> tuple[Iterable[Row], C | None]:
            rows, end = await page(tx, after)
            return list(rows), end

        rows, after = await database.run(tenant_id, work)
        for row in rows:
            yield row
        if after is None:
            return


class _CSV:
    def __init__(self) -> None:
        self._buffer = io.StringIO("\ufeff")  # Tells office programs that the file is UTF-8.
        self._buffer.seek(0, io.SEEK_END)
        self._writer = csv.writer(self._buffer)

    @property
    def size(self) -> int:
        return self._buffer.tell()

    def add(self, row: Row) -> None:
        self._writer.writerow([_csv_cell(cell) for cell in row])

    def taken(self) -> bytes:
        text = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        return text.encode("utf-8", "replace")

    finished = taken


def _csv_cell(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return guarded(cell.replace("\x00", ""))
        case Decimal():
            return f"{cell:.2f}"
        case _:
            return str(cell)


class _Outlet(io.RawIOBase):
    """What a zip archive is written to when it cannot be gone back in."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # zipfile gives bytes only
        self.parts.append(bytes(data))
        self.size += len(data)
        return len(data)

    def taken(self) -> bytes:
        data = b"".join(self.parts)
        self.parts.clear()
        self.size = 0
        return data


class _XLSX:
    """Strings stand in their cells, not in a shared table, so that no row has to be remembered."""

    def __init__(self) -> None:
        self._outlet = _Outlet()
        self._archive = zipfile.ZipFile(self._outlet, "w", zipfile.ZIP_DEFLATED, compresslevel=5)
        for name, text in _BOOK.items():
            self._archive.writestr(name, text)
        self._sheet = self._archive.open("xl/worksheets/sheet1.xml", "w")
        self._sheet.write(_SHEET_START)
        self._rows = 0

    @property
    def size(self) -> int:
        return self._outlet.size

    def add(self, row: Row) -> None:
        self._rows += 1
        bold = self._rows == 1
        cells = "".join(_xlsx_cell(cell, bold=bold) for cell in row)
        self._sheet.write(f"<row>{cells}</row>".encode())

    def taken(self) -> bytes:
        return self._outlet.taken()

    def finished(self) -> bytes:
        self._sheet.write(b"</sheetData></worksheet>")
        self._sheet.close()
        self._archive.close()
        return self._outlet.taken()


def _xlsx_cell(cell: Cell, *, bold: bool) -> str:
    match cell:
        case None | "":
            return "<c/>"
        case Decimal():
            return f'<c s="2"><v>{cell:.2f}</v></c>'
        case int() if len(str(abs(cell))) <= _DIGITS_LIMIT:
            return f"<c><v>{cell}</v></c>"
        case int():
            text = str(cell)
        case _:
            # Cut text would come back as a change; a blank cell leaves what is there.
            text = "" if len(cell) > _CELL_LIMIT else guarded(_ILLEGAL.sub("", cell))
    style = ' s="1"' if bold else ""
    return f'<c t="inlineStr"{style}><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _writer(form: FileForm) -> _CSV | _XLSX:
    return _CSV() if form == "csv" else _XLSX()


_OFFICE = "http://schemas.openxmlformats.org"
_MAIN = f"{_OFFICE}/spreadsheetml/2006/main"
_LINKS = f"{_OFFICE}/officeDocument/2006/relationships"
_PACKAGE = f"{_OFFICE}/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_BOOK = {
    "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/>'
    "</Types>",
    "_rels/.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}">'
    '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_LINKS}/styles" Target="styles.xml"/>'
    "</Relationships>",
    # Styles by place: 0 as it is, 1 bold for headings, 2 amounts with two places.
    "xl/styles.xml": f'{_XML}<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="3"><xf xfId="0"/><xf xfId="0" fontId="1" applyFont="1"/>'
    '<xf xfId="0" numFmtId="2" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>",
}
_SHEET_START = (
    f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    '</sheetView></sheetViews><sheetFormatPr defaultColWidth="16" defaultRowHeight="15"/>'
    "<sheetData>"
).encode()
