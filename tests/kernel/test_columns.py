"""Columns sent short come out whole."""

from __future__ import annotations

import pytest

from weike.kernel import Tx
from weike.kernel.columns import Columns

ROWS = Columns("r", 2, id="integer", word="text", note="text?", mark="integer?")
SELECT = (
    f"select {ROWS['id']} as id, {ROWS['word']} as word, {ROWS['note']} as note, "
    f"{ROWS['mark']} as mark from {ROWS.source} where $1::uuid is not null order by r.nth"
)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [(1, "a", None, 3)],
        [(1, "a", None, None), (2, "a", None, 4), (3, "a", "n", None)],
        [(1, "a", None, 7), (1, "b", None, 7), (1, "a", None, 7)],
        [(1, "a", None, None)] * 4,
        [(1, "a", "n", 5)] * 3,
    ],
)
async def test_rows_come_out_as_they_went_in(
    tx: Tx, rows: list[tuple[int, str, str | None, int | None]]
) -> None:
    names = ("id", "word", "note", "mark")
    sent = ROWS.arguments(
        **{name: [row[index] for row in rows] for index, name in enumerate(names)}
    )

    found = await tx.fetch(SELECT, tx.tenant_id, *sent)

    assert [tuple(row) for row in found] == rows


def test_what_is_the_same_everywhere_is_sent_once() -> None:
    sent = ROWS.arguments(id=[1, 2, 3], word=["a"] * 3, note=[None] * 3, mark=[None, 1, None])

    assert sent == [[1, 2, 3], ["a"], (), [None, 1, None]]


def test_columns_must_be_those_declared() -> None:
    with pytest.raises(ValueError, match="other columns"):
        ROWS.arguments(id=[1], word=["a"])
