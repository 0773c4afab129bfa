"""Reads that are asked together answer as they would alone, in one statement."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import UUID

import pytest

from weike.kernel import Tx
from weike.kernel.together import together


async def _count(tx: Tx, kind: str) -> int:
    value: int | None = await tx.fetchval(
        "select c.value from kernel.counters c where c.tenant_id = $1 and c.kind = $2",
        tx.tenant_id,
        kind,
    )
    return value or 0


async def _kinds(tx: Tx, *, at_least: int) -> list[str]:
    rows = await tx.fetch(
        "select c.kind, c.value from kernel.counters c "
        "where c.tenant_id = $1 and c.value >= $2 order by c.value desc",
        tx.tenant_id,
        at_least,
    )
    return [row["kind"] for row in rows]


async def _largest(tx: Tx) -> tuple[str, int]:
    """Its second question needs the answer of the first."""
    kind = (await _kinds(tx, at_least=0))[0]
    return kind, await _count(tx, kind)


async def _nothing(tx: Tx) -> str:
    return "asked nobody"


@pytest.fixture
async def counted(tx: Tx) -> Tx:
    for kind, value in (("tea", 3), ("cake", 5), ("salt", 1)):
        await tx.execute(
            "insert into kernel.counters (tenant_id, kind, value) values ($1, $2, $3)",
            *(tx.tenant_id, kind, value),
        )
    return tx


async def _statements(tx: Tx) -> list[str]:
    """What is sent from now on."""
    sent: list[str] = []
    tx._connection.add_query_logger(lambda record: sent.append(record.query))
    return sent


async def test_reads_answer_as_they_would_alone(counted: Tx) -> None:
    tea, large, cake, nothing = await together(
        counted,
        lambda t: _count(t, "tea"),
        lambda t: _kinds(t, at_least=2),
        lambda t: _count(t, "none of this"),
        _nothing,
    )
    assert (tea, large, cake, nothing) == (3, ["cake", "tea"], 0, "asked nobody")


async def test_they_go_in_one_statement_a_round(counted: Tx) -> None:
    await together(counted, _largest, lambda t: _count(t, "tea"))  # The columns are known now.
    sent = await _statements(counted)

    assert await together(counted, _largest, lambda t: _count(t, "tea")) == (("cake", 5), 3)
    await asyncio.sleep(0)  # The driver tells a moment later.
    assert len(sent) == 2


async def test_a_read_may_itself_ask_together(counted: Tx) -> None:
    async def inner(tx: Tx) -> tuple[int, int]:
        return await together(tx, lambda t: _count(t, "tea"), lambda t: _count(t, "cake"))

    await together(counted, inner, _largest)
    sent = await _statements(counted)
    assert await together(counted, inner, _largest) == ((3, 5), ("cake", 5))
    await asyncio.sleep(0)  # The driver tells a moment later.
    assert len(sent) == 2


async def test_every_kind_of_value_comes_back_as_it_would_alone(tx: Tx, now: datetime) -> None:
    async def values(tx: Tx) -> dict[str, object]:
        row = await tx.fetchrow(
            "select $1::uuid as id, $2::timestamptz as at, array['a', 'b'] as words, "
            """'{"a": [1, null]}'::jsonb as facts, null::text as nothing, 'CNY'::char(3) as cur, """
            "2::bigint as number, true as yes, '\\x00ff'::bytea as bytes",
            tx.tenant_id,
            now,
        )
        assert row is not None
        return dict(row)

    alone = await values(tx)
    first, second = await together(tx, values, values)
    assert alone["facts"] == {"a": [1, None]}
    assert isinstance(alone["id"], UUID)
    assert first == second == alone


async def test_whoever_writes_or_waits_in_there_is_refused(counted: Tx) -> None:
    async def write(tx: Tx) -> int:
        return await tx.execute("select 1")

    async def wait(tx: Tx) -> None:
        await asyncio.sleep(0)

    async def of_nobody(tx: Tx) -> int:
        value: int = await tx.fetchval("select 1")
        return value

    for wrong in (write, wait, of_nobody):
        with pytest.raises(AssertionError):
            await together(counted, lambda t: _count(t, "tea"), wrong)
    assert await _count(counted, "tea") == 3


async def test_what_one_raises_is_raised(counted: Tx) -> None:
    async def fail(tx: Tx) -> None:
        await _count(tx, "tea")
        raise KeyError("tea")

    with pytest.raises(KeyError):
        await together(counted, _largest, fail)
