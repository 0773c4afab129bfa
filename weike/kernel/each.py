"""Move many rows at once, and when that fails each by itself: one bad row stops nobody else."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import asyncpg

from weike.kernel.database import DATABASE_AWAY, Tx

log = logging.getLogger("weike.jobs")

Row = TypeVar("Row")
Result = TypeVar("Result")

_NOT_OF_THE_ROW = (
    *DATABASE_AWAY,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.IdleInTransactionSessionTimeoutError,
)
"""These end the whole transaction, or would meet the next row as well."""


async def all_or_each(
    tx: Tx,
    rows: Sequence[Row],
    move: Callable[[Sequence[Row]], Awaitable[Sequence[Result]]],
    *,
    name: str,
) -> list[Result]:
    """What `move` gave for all that could be moved. `name` is what the log calls the work.

    A row that cannot be moved even alone is logged and left as it was, for the next run.
    """
    if not rows:
        return []
    try:
        async with tx.savepoint():
            return list(await move(rows))
    except Exception as error:
        if _is_not_of_the_row(error):
            raise
        if len(rows) == 1:
            _left(tx, rows[0], error, name=name)
            return []
    moved: list[Result] = []
    for row in rows:
        moved += await all_or_each(tx, [row], move, name=name)
    return moved


def _is_not_of_the_row(error: Exception) -> bool:
    # The driver says InterfaceError for a lost connection, and for a value that it cannot send.
    lost = isinstance(error, asyncpg.InterfaceError) and not isinstance(error, ValueError)
    return lost or isinstance(error, _NOT_OF_THE_ROW)


def _left(tx: Tx, row: object, error: Exception, *, name: str) -> None:
    log.error(
        "row left as it was",
        extra={"job": name, "tenant_id": tx.tenant_id, "row": str(row)},
        exc_info=error,
    )
