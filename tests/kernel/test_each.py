"""Many at once, and each by itself when that fails."""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg
import pytest

from weike.kernel import Tx
from weike.kernel.each import all_or_each


async def _count(tx: Tx, kinds: Sequence[str]) -> Sequence[str]:
    await tx.execute(
        "insert into kernel.counters (tenant_id, kind, value) "
        "select $1, x, 1 from unnest($2::text[]) x",
        *(tx.tenant_id, list(kinds)),
    )
    if "deadlock" in kinds:
        raise asyncpg.DeadlockDetectedError("planted")
    return kinds


async def _counted(tx: Tx) -> list[str]:
    rows = await tx.fetch(
        "select c.kind from kernel.counters c where c.tenant_id = $1 order by c.kind", tx.tenant_id
    )
    return [row["kind"] for row in rows]


async def test_what_can_be_moved_is_moved_once(tx: Tx) -> None:
    calls = 0

    async def move(kinds: Sequence[str]) -> Sequence[str]:
        nonlocal calls
        calls += 1
        return await _count(tx, kinds)

    assert await all_or_each(tx, ["b", "a"], move, name="test") == ["b", "a"]
    assert calls == 1
    # "a" is there already: its key refuses it, alone.
    assert await all_or_each(tx, ["c", "a", "d"], move, name="test") == ["c", "d"]
    assert await _counted(tx) == ["a", "b", "c", "d"]
    assert await all_or_each(tx, [], move, name="test") == []


async def test_trouble_of_the_whole_transaction_is_not_blamed_on_a_row(tx: Tx) -> None:
    with pytest.raises(asyncpg.DeadlockDetectedError):
        await all_or_each(tx, ["a", "deadlock"], lambda kinds: _count(tx, kinds), name="test")
    assert await _counted(tx) == []
