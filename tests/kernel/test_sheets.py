"""Sheets: what is written is read back, runs no formula, and is not held in memory."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import AsyncIterator, Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from weike.kernel.edge.sheet_uploads import (
    ColumnMissing,
    ColumnTwice,
    FileUnreadable,
    TooManyRows,
    heading_key,
    read_sheet,
)
from weike.kernel.edge.sheets import Cell, FileForm, Row, sheet_bytes, stream_sheet, yuan

HEADINGS = {heading_key(text): text for text in ("a", "b", "c", "Parcel no.")}
FORMS: tuple[FileForm, ...] = ("csv", "xlsx")
WORDS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=30
)


def read(file: bytes, **options: int) -> list[dict[str, str]]:
    lines = read_sheet(file, headings=HEADINGS, required={"a": "A"}, **options)
    return [line.cells for line in lines]


@pytest.mark.parametrize("form", FORMS)
@given(cells=st.tuples(WORDS, WORDS, st.integers(-(10**20), 10**20)))
def test_what_is_written_is_read_back(form: FileForm, cells: tuple[str, str, int]) -> None:
    lines = read(sheet_bytes(form, ["a", "b", "c"], [cells, ("end", None, 1)]))
    # A quote before a formula's sign is ours; somebody's own cannot be told from it.
    shown = {
        key: cell.strip() for key, cell in zip("abc", map(str, cells), strict=True) if cell.strip()
    }
    for key, cell in shown.items():
        if len(cell) > 1 and cell[0] == "'" and cell[1] in "=+-@":
            shown[key] = cell[1:]
    assert lines == [shown, {"a": "end", "c": "1"}]


@pytest.mark.parametrize("form", FORMS)
def test_amounts_are_numbers_with_two_places(form: FileForm) -> None:
    file = sheet_bytes(form, ["a"], [[yuan(123_456)], [yuan(5)], [yuan(-1)], [yuan(None)]])
    if form == "csv":
        assert file.decode("utf-8-sig").split() == ["a", "1234.56", "0.05", "-0.01", '""']
        return
    sheet = load_workbook(io.BytesIO(file)).worksheets[0]
    assert [(cell.value, cell.number_format) for cell in sheet["A"][1:4]] == [
        (1234.56, "0.00"),
        (0.05, "0.00"),
        (-0.01, "0.00"),
    ]
    assert sheet["A1"].font.bold


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_can_be_run(start: str) -> None:
    file = sheet_bytes("csv", ["a"], [[start]])
    rows = list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline="")))
    assert rows == [["a"], ["'" + start]]
    book = load_workbook(io.BytesIO(sheet_bytes("xlsx", ["a"], [[start]])))
    assert {cell.data_type for cell in book.worksheets[0]["A"]} == {"s"}


def test_csv_says_that_it_is_utf_8() -> None:
    assert sheet_bytes("csv", ["快递"], []).startswith("\ufeff快递".encode())


def test_what_no_file_may_hold_is_left_out() -> None:
    for form in FORMS:
        assert read(sheet_bytes(form, ["a"], [["x\x00y"]])) == [{"a": "xy"}]


@pytest.mark.parametrize("form", FORMS)
async def test_a_long_list_is_not_held_in_memory(form: FileForm) -> None:
    async def rows() -> AsyncIterator[Row]:
        for number in range(30_000):
            yield ["茶" * 20, f"{number:032x}" * 3, number, Decimal(number)]

    size = 0
    tracemalloc.start()
    async for chunk in stream_sheet(form, ["a", "b", "c", "d"], rows()):
        size += len(chunk)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 200_000
    assert peak < 1_500_000  # The rows alone are more than seven million bytes.


def csv_file(*rows: Sequence[Cell]) -> bytes:
    return sheet_bytes("csv", [str(cell) for cell in rows[0]], rows[1:])


def test_headings_are_known_by_what_they_say() -> None:
    assert read(csv_file(["A *", "own notes", "PARCEL NO."], ["1", "2", "3"])) == [
        {"a": "1", "Parcel no.": "3"}
    ]


def test_a_sheet_that_cannot_be_used_is_refused() -> None:
    with pytest.raises(ColumnMissing):
        read(csv_file(["b"], ["1"]))
    with pytest.raises(ColumnTwice):
        read(csv_file(["a", "A"], ["1", "2"]))
    with pytest.raises(TooManyRows):
        read(csv_file(["a"], ["1"], ["2"], ["3"]), row_limit=2)
    for damaged in (b"PK\x03\x04nothing", b"\x00\x01", b"\xff\xfe\xff"):
        with pytest.raises(FileUnreadable):
            read(damaged)
    with pytest.raises(ColumnMissing):
        read(b"")
