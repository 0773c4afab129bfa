"""Many requests of one tenant, one transaction: what piled up while the last one ran.

There is no timer. While a batch of a tenant is in flight, further asks queue; when it has
committed, all of them form the next batch. Every ask gets its own answer after the commit, and a
batch that fails as a whole is run again one ask at a time, so nobody pays for a neighbour; only
when the database is away or too busy, asking a hundred times more would help nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from weike.kernel.clock import Clock
from weike.kernel.database import Database, Tx
from weike.kernel.errors import Refusal, Unavailable
from weike.kernel.ids import TenantId

Ask = TypeVar("Ask")
Answer = TypeVar("Answer")


class Batcher(Generic[Ask, Answer]):
    """Calls `work(tx, asks, now)`; it answers each ask with an answer or a refusal, in order."""

    def __init__(
        self,
        database: Database,
        work: Callable[..., Awaitable[Sequence[Answer | Refusal]]],
        *,
        clock: Clock,
        generic_plans: bool = False,
        batch_limit: int = 128,
        queue_limit: int = 4000,
    ) -> None:
        self._database = database
        self._work = work
        self._clock = clock
        self._generic_plans = generic_plans
        self._batch_limit = batch_limit
        self._queue_limit = queue_limit
        self._waiting: dict[TenantId, list[tuple[Ask, asyncio.Future[Answer]]]] = {}
        self._running: dict[TenantId, asyncio.Task[None]] = {}

    async def submit(self, tenant_id: TenantId, ask: Ask) -> Answer:
        """Answers after the commit. Refuses with Unavailable when the queue is full."""
        queue = self._waiting.setdefault(tenant_id, [])
        if len(queue) >= self._queue_limit:
            raise Unavailable(retry_after=1)
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        queue.append((ask, answer))
        if tenant_id not in self._running:
            self._running[tenant_id] = asyncio.create_task(self._drain(tenant_id))
        return await answer

    async def _drain(self, tenant_id: TenantId) -> None:
        try:
            while queue := self._waiting[tenant_id]:
                batch, queue[:] = queue[: self._batch_limit], queue[self._batch_limit :]
                await self._answer(tenant_id, batch)
        finally:
            del self._running[tenant_id]
            if not self._waiting[tenant_id]:
                del self._waiting[tenant_id]

    async def _answer(
        self, tenant_id: TenantId, batch: list[tuple[Ask, asyncio.Future[Answer]]]
    ) -> None:
        asks = [ask for ask, _ in batch]
        now = self._clock()

        async def work(tx: Tx) -> Sequence[Answer | Refusal]:
            return await self._work(tx, asks, now=now)

        try:
            results = await self._database.run(tenant_id, work, generic_plans=self._generic_plans)
        except Exception as failure:
            if len(batch) == 1 or isinstance(failure, Unavailable):
                for _, answer in batch:
                    _settle(answer, failure)
            else:
                for single in batch:
                    await self._answer(tenant_id, [single])
            return
        for (_, answer), result in zip(batch, results, strict=True):
            _settle(answer, result)


def _settle(answer: asyncio.Future[Answer], result: Answer | Exception) -> None:
    if answer.done():  # The asker went away; the deed is done all the same.
        return
    if isinstance(result, Exception):
        answer.set_exception(result)
    else:
        answer.set_result(result)
