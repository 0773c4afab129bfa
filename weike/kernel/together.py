"""Reads that do not need each other, asked in one round trip.

`earlier, shop = await together(tx, lambda t: placed_before(t, ids), shop_settings)` calls both with
a transaction `t` that only reads. Each runs until it asks the database; then all of their questions
go there as one statement, and each goes on with its own rows, until all have answered. Functions
that read are written as always and need not know; they may use `together` themselves.

Rows are found by their columns' names. Whoever writes, locks or waits for anything but the database
in there is refused with an AssertionError: that is a mistake of ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Generator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn, TypeAlias, TypeVar, cast, overload

from weike.kernel.database import Record, Tx

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")

Read: TypeAlias = Callable[[Tx], Coroutine[Any, Any, A]]


@dataclass(frozen=True, slots=True)
class _Question:
    sql: str
    arguments: tuple[object, ...]


Rows = list[dict[str, Any]]


class _Asking:
    """Awaited by a reader; what it gives up to `together` is its questions."""

    __slots__ = ("_questions",)

    def __init__(self, questions: Sequence[_Question]) -> None:
        self._questions = questions

    def __await__(self) -> Generator[Sequence[_Question], list[Rows], list[Rows]]:
        return (yield self._questions)


class _Reader(Tx):
    """A transaction that collects questions instead of asking them."""

    async def fetch(self, sql: str, *args: object) -> list[Record]:
        (rows,) = await _Asking([_Question(sql, args)])
        return cast("list[Record]", rows)

    async def fetchrow(self, sql: str, *args: object) -> Record | None:
        rows = await self.fetch(sql, *args)
        return rows[0] if rows else None

    async def fetchval(self, sql: str, *args: object) -> Any:
        row = cast("dict[str, Any] | None", await self.fetchrow(sql, *args))
        return None if row is None else next(iter(row.values()))

    async def execute(self, sql: str, *args: object) -> int:
        self._refuse()

    def announce(self, event: object) -> None:
        self._refuse()

    def public_changed(self) -> None:
        self._refuse()

    def savepoint(self) -> Any:
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise AssertionError("only reads can be asked together")


@overload
async def together(tx: Tx, a: Read[A], b: Read[B], /) -> tuple[A, B]: ...
@overload
async def together(tx: Tx, a: Read[A], b: Read[B], c: Read[C], /) -> tuple[A, B, C]: ...
@overload
async def together(
    tx: Tx, a: Read[A], b: Read[B], c: Read[C], d: Read[D], /
) -> tuple[A, B, C, D]: ...
@overload
async def together(
    tx: Tx, a: Read[A], b: Read[B], c: Read[C], d: Read[D], e: Read[E], /
) -> tuple[A, B, C, D, E]: ...
async def together(tx: Tx, /, *reads: Read[Any]) -> tuple[Any, ...]:
    """The answers in the order of the reads. Raises what the first of them raises."""
    return tuple(await each_together(tx, reads))


async def each_together(tx: Tx, reads: Sequence[Read[A]]) -> list[A]:
    """The same for any number of reads of one kind."""
    inner = isinstance(tx, _Reader)
    reader = tx if inner else _Reader(tx._connection, tx.tenant_id)
    running = [read(reader) for read in reads]
    answers: dict[int, Any] = {}
    heard: dict[int, list[Rows] | None] = dict.fromkeys(range(len(running)))
    try:
        while heard:
            asked: dict[int, Sequence[_Question]] = {}
            for index, rows in heard.items():
                try:
                    asked[index] = _questions(running[index].send(rows))
                except StopIteration as done:
                    answers[index] = done.value
            questions = [question for each in asked.values() for question in each]
            found = await _Asking(questions) if inner and questions else await _ask(tx, questions)
            heard, taken = {}, 0
            for index, each in asked.items():
                heard[index] = found[taken : taken + len(each)]
                taken += len(each)
    finally:
        for coroutine in running:
            coroutine.close()
    return [answers[index] for index in range(len(running))]


def _questions(given: object) -> Sequence[_Question]:
    if not isinstance(given, list) or not all(isinstance(one, _Question) for one in given):
        raise AssertionError("a read waited for something else than the database")
    return given


async def _ask(tx: Tx, questions: Sequence[_Question]) -> list[Rows]:
    if not questions:
        return []
    for question in questions:
        if question.arguments[:1] != (tx.tenant_id,):
            raise AssertionError(f"a read whose $1 is not the tenant: {question.sql}")
    if len(questions) == 1:
        return [[dict(row) for row in await tx.fetch(questions[0].sql, *questions[0].arguments)]]
    whole = _whole(tuple((question.sql, len(question.arguments)) for question in questions))
    row = await tx.fetchrow(
        whole, tx.tenant_id, *(x for question in questions for x in question.arguments[1:])
    )
    assert row is not None  # noqa: S101 - a select of arrays has one row
    names = [await _columns(tx, question.sql) for question in questions]
    return [
        [dict(zip(columns, values, strict=True)) for values in rows]
        for columns, rows in zip(names, row, strict=True)
    ]


def behind(part: str, taken: int) -> str:
    """The same SQL with its arguments behind `taken` others; the tenant stays $1."""
    return re.sub(r"\$(\d+)", lambda m: "$1" if m[1] == "1" else f"${int(m[1]) + taken - 1}", part)


@lru_cache(maxsize=512)
def _whole(parts: tuple[tuple[str, int], ...]) -> str:
    texts, taken = [], 1
    for sql, count in parts:
        texts.append(f"array(select r from ({behind(sql, taken)}) r)")  # noqa: S608 - our own SQL.
        taken += count - 1
    return "select " + ", ".join(texts)


_COLUMNS: dict[str, tuple[str, ...]] = {}
"""By statement; the database tells each once in the life of a process."""


async def _columns(tx: Tx, sql: str) -> tuple[str, ...]:
    if sql not in _COLUMNS:
        statement = await tx._connection.prepare(sql)
        _COLUMNS[sql] = tuple(attribute.name for attribute in statement.get_attributes())
    return _COLUMNS[sql]
