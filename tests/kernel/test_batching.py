"""Batching: what piled up shares a transaction, and nobody pays for a neighbour."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

import pytest

from weike.kernel import (
    Batcher,
    Conflict,
    Database,
    Refusal,
    TenantId,
    Tx,
    Unavailable,
    utc_now,
    uuid7,
)


class Till:
    """Adds up what it is given; refuses the unlucky 13 and breaks on the poisonous 666."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def add(self, tx: Tx, asks: Sequence[int], *, now: datetime) -> list[int | Refusal]:
        self.batches.append(list(asks))
        await self.gate.wait()
        if 666 in asks:
            raise RuntimeError("poison")
        good = [ask for ask in asks if ask != 13]
        await tx.execute(
            "insert into kernel.counters (tenant_id, kind, value) values ($1, 'till', $2) "
            "on conflict (tenant_id, kind) do update set value = counters.value + $2",
            *(tx.tenant_id, sum(good)),
        )
        return [Conflict() if ask == 13 else ask * 2 for ask in asks]


async def _total(database: Database, tenant_id: TenantId) -> int:
    async def read(tx: Tx) -> int:
        found = await tx.fetchval(
            "select value from kernel.counters where tenant_id = $1 and kind = 'till'",
            tx.tenant_id,
        )
        return int(found or 0)

    return await database.run(tenant_id, read)


async def test_what_piles_up_shares_one_transaction(
    database: Database, tenant_id: TenantId
) -> None:
    till = Till()
    batcher: Batcher[int, int] = Batcher(database, till.add, clock=utc_now)
    till.gate.clear()
    first = asyncio.create_task(batcher.submit(tenant_id, 1))
    await asyncio.sleep(0.05)
    rest = [asyncio.create_task(batcher.submit(tenant_id, ask)) for ask in range(20, 49)]
    await asyncio.sleep(0.05)
    till.gate.set()
    assert await asyncio.gather(first, *rest) == [2, *(2 * a for a in range(20, 49))]
    assert till.batches == [[1], list(range(20, 49))]
    assert await _total(database, tenant_id) == 1 + sum(range(20, 49))


async def test_an_answer_comes_after_its_commit(database: Database, tenant_id: TenantId) -> None:
    batcher: Batcher[int, int] = Batcher(database, Till().add, clock=utc_now)
    await batcher.submit(tenant_id, 21)
    assert await _total(database, tenant_id) == 21


async def test_a_refused_ask_does_not_touch_its_neighbours(
    database: Database, tenant_id: TenantId
) -> None:
    batcher: Batcher[int, int] = Batcher(database, Till().add, clock=utc_now)
    answers = await asyncio.gather(
        *(batcher.submit(tenant_id, ask) for ask in (1, 13, 2)), return_exceptions=True
    )
    assert [answers[0], answers[2]] == [2, 4]
    assert isinstance(answers[1], Conflict)
    assert await _total(database, tenant_id) == 3


async def test_a_poisonous_ask_fails_alone(database: Database, tenant_id: TenantId) -> None:
    till = Till()
    batcher: Batcher[int, int] = Batcher(database, till.add, clock=utc_now)
    till.gate.clear()
    first = asyncio.create_task(batcher.submit(tenant_id, 1))
    await asyncio.sleep(0.05)
    rest = [asyncio.create_task(batcher.submit(tenant_id, ask)) for ask in (2, 666, 3)]
    await asyncio.sleep(0.01)
    till.gate.set()
    answers = await asyncio.gather(first, *rest, return_exceptions=True)
    assert [answers[0], answers[1], answers[3]] == [2, 4, 6]
    assert isinstance(answers[2], RuntimeError)
    assert await _total(database, tenant_id) == 6


async def test_a_full_queue_refuses_instead_of_growing(
    database: Database, tenant_id: TenantId
) -> None:
    till = Till()
    batcher: Batcher[int, int] = Batcher(database, till.add, clock=utc_now, queue_limit=3)
    till.gate.clear()
    running = asyncio.create_task(batcher.submit(tenant_id, 1))
    await asyncio.sleep(0.05)
    waiting = [asyncio.create_task(batcher.submit(tenant_id, ask)) for ask in (2, 3, 4)]
    await asyncio.sleep(0.01)
    with pytest.raises(Unavailable):
        await batcher.submit(tenant_id, 5)
    till.gate.set()
    await asyncio.gather(running, *waiting)


async def test_a_batch_has_a_limit(database: Database, tenant_id: TenantId) -> None:
    till = Till()
    batcher: Batcher[int, int] = Batcher(database, till.add, clock=utc_now, batch_limit=10)
    await asyncio.gather(*(batcher.submit(tenant_id, ask) for ask in range(100, 125)))
    assert max(len(batch) for batch in till.batches) <= 10


async def test_whoever_went_away_does_not_stop_the_others(
    database: Database, tenant_id: TenantId
) -> None:
    till = Till()
    batcher: Batcher[int, int] = Batcher(database, till.add, clock=utc_now)
    till.gate.clear()
    first = asyncio.create_task(batcher.submit(tenant_id, 1))
    await asyncio.sleep(0.05)
    gone = asyncio.create_task(batcher.submit(tenant_id, 2))
    last = asyncio.create_task(batcher.submit(tenant_id, 3))
    await asyncio.sleep(0.01)
    gone.cancel()
    till.gate.set()
    assert list(await asyncio.gather(first, last)) == [2, 6]
    assert await _total(database, tenant_id) == 6  # The deed of whoever left is done all the same.


async def test_shops_do_not_wait_for_each_other(database: Database, now: datetime) -> None:
    till = Till()
    batcher: Batcher[int, int] = Batcher(database, till.add, clock=utc_now)
    shops = [TenantId(uuid7(now)) for _ in range(3)]
    assert await asyncio.gather(*(batcher.submit(shop, 4) for shop in shops)) == [8, 8, 8]
    assert len(till.batches) == 3


async def test_a_database_that_is_too_busy_is_not_asked_once_more_for_everybody(
    database: Database, tenant_id: TenantId
) -> None:
    runs: list[int] = []
    gate = asyncio.Event()

    async def waits_too_long(tx: Tx, asks: Sequence[int], *, now: datetime) -> list[int | Refusal]:
        runs.append(len(asks))
        await gate.wait()
        raise Unavailable(retry_after=1)

    batcher: Batcher[int, int] = Batcher(database, waits_too_long, clock=utc_now)
    asking = [asyncio.create_task(batcher.submit(tenant_id, number)) for number in range(9)]
    await asyncio.sleep(0.05)
    gate.set()
    answers = await asyncio.gather(*asking, return_exceptions=True)
    assert [type(answer) for answer in answers] == [Unavailable] * 9
    assert runs == [9]  # Not nine more waits for a lock, one behind the other.
