"""Idempotency-Key: the same write asked again gets the answer of the first time.

The answer is written in the transaction that did the work, so either both exist or neither. The key
belongs to the caller: another person's same key is another key; the same key with another body or
at another address is refused with IdTakenByOther.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from hashlib import sha256
from typing import TypeVar
from uuid import UUID

import msgspec

from weike.kernel.database import Database, Tx
from weike.kernel.errors import IdTakenByOther
from weike.kernel.ids import TenantId

T = TypeVar("T")


class AnsweredBefore(Exception):
    """The work was done earlier under this key; this is what was answered."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__("answered before")
        self.status = status
        self.body = body


class AnsweringDatabase(Database):
    """The database of one keyed request: its first transaction keeps its answer under the key."""

    def __init__(
        self,
        database: Database,
        *,
        principal: UUID,
        key: str,
        route: str,
        body: bytes,
        status: int,
        now: datetime,
    ) -> None:
        database.share_with(self)
        self._principal = principal
        self._key = key
        self._route = route
        self._body_hash = sha256(body).digest()
        self._status = status
        self._now = now
        self._answered: tuple[TenantId, bytes] | None = None

    async def run(self, tenant_id: TenantId, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Refuses with IdTakenByOther; raises AnsweredBefore."""
        if self._answered is not None:
            return await super().run(tenant_id, work)
        answer = b""

        async def once(tx: Tx) -> T:
            nonlocal answer
            await self._refuse_known(tx)
            result = await work(tx)
            answer = b"" if result is None else msgspec.json.encode(result, enc_hook=str)
            await self._keep(tx, answer)
            return result

        result = await super().run(tenant_id, once)
        self._answered = (tenant_id, answer)
        return result

    async def settle(self, status: int, body: bytes) -> None:
        """What was really answered, where the route made something else of the deed's result."""
        if self._answered is None or (status, body) == (self._status, self._answered[1]):
            return
        tenant_id = self._answered[0]

        async def correct(tx: Tx) -> None:
            await tx.execute(
                "update kernel.answers a set status = $4, body = $5 "
                "where a.tenant_id = $1 and a.principal = $2 and a.key = $3",
                *(tenant_id, self._principal, self._key, status, body),
            )

        await super().run(tenant_id, correct)

    async def _refuse_known(self, tx: Tx) -> None:
        known = await tx.fetchrow(
            "select a.route, a.body_hash, a.status, a.body from kernel.answers a "
            "where a.tenant_id = $1 and a.principal = $2 and a.key = $3",
            *(tx.tenant_id, self._principal, self._key),
        )
        if known is None:
            return
        if (known["route"], known["body_hash"]) != (self._route, self._body_hash):
            raise IdTakenByOther(field="Idempotency-Key")
        raise AnsweredBefore(known["status"], known["body"])

    async def _keep(self, tx: Tx, answer: bytes) -> None:
        # Two at once: the key lets one through, and the other runs again and finds its answer.
        await tx.execute(
            "insert into kernel.answers "
            "(tenant_id, principal, key, route, body_hash, status, body, at) "
            "values ($1, $2, $3, $4, $5, $6, $7, $8)",
            *(tx.tenant_id, self._principal, self._key, self._route, self._body_hash),
            *(self._status, answer, self._now),
        )
