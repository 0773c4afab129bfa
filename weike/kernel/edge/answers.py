"""Idempotency-Key: the same write asked again gets the answer of the first time.

The answer is written in the transaction that did the work, so either both exist or neither. Where a
route answers something else than its first transaction gave, or does its work in several, the
answer is written at the end; refusals and failures are not kept, so asking again tries again.
The key belongs to the caller: another person's same key is another key; the same key with another
body or at another address is refused with IdTakenByOther.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from types import NoneType
from typing import TypeVar
from uuid import UUID

import msgspec

from weike.kernel.database import Database, Tx
from weike.kernel.errors import IdTakenByOther, Unavailable
from weike.kernel.ids import TenantId

T = TypeVar("T")


class AnsweredBefore(Exception):
    """The work was done earlier under this key; this is what was answered."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__("answered before")
        self.status = status
        self.body = body


class AnsweringDatabase(Database):
    """The database of one keyed request. `answer_type` is what the route says it answers."""

    def __init__(
        self,
        database: Database,
        *,
        principal: UUID,
        key: str,
        route: str,
        body: bytes,
        status: int,
        answer_type: object,
        now: datetime,
    ) -> None:
        database.share_with(self)
        self._principal = principal
        self._key = key
        self._route = route
        self._body_hash = sha256(body).digest()
        self._status = status
        self._answer_type = NoneType if answer_type is None else answer_type
        self._now = now
        self._tenant_id: TenantId | None = None
        self._kept: bytes | None = None

    async def run(
        self,
        tenant_id: TenantId,
        work: Callable[[Tx], Awaitable[T]],
        *,
        generic_plans: bool = False,
        one_snapshot: bool = False,
    ) -> T:
        """Refuses with IdTakenByOther; raises AnsweredBefore."""
        if self._tenant_id is not None:
            # There is more to do, so what the first transaction gave was not the answer yet.
            await self._forget()
            return await super().run(
                tenant_id, work, generic_plans=generic_plans, one_snapshot=one_snapshot
            )
        kept: bytes | None = None

        async def once(tx: Tx) -> T:
            nonlocal kept
            await self._refuse_known(tx)
            result = await work(tx)
            # Anything else may hold what nobody is to read, such as a person's row.
            kept = _encoded(result) if type(result) is self._answer_type else None
            if kept is not None:
                await self._keep(tx, self._status, kept)
            return result

        result = await super().run(
            tenant_id, once, generic_plans=generic_plans, one_snapshot=one_snapshot
        )
        self._tenant_id, self._kept = tenant_id, kept
        return result

    async def settle(self, status: int, body: bytes) -> None:
        """What was really answered in the end."""
        if status >= 400:
            with suppress(Unavailable):  # Then there is nothing better to answer than this.
                await self._forget()
        elif self._tenant_id is not None and (status, body) != (self._status, self._kept):
            await super().run(self._tenant_id, lambda tx: self._keep(tx, status, body))

    async def _forget(self) -> None:
        if self._tenant_id is None or self._kept is None:
            return

        async def forget(tx: Tx) -> None:
            await tx.execute(
                "delete from kernel.answers a "
                "where a.tenant_id = $1 and a.principal = $2 and a.key = $3",
                *(tx.tenant_id, self._principal, self._key),
            )

        await super().run(self._tenant_id, forget)
        self._kept = None

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

    async def _keep(self, tx: Tx, status: int, body: bytes) -> None:
        # Two at once: the key lets one through. What did its work in this transaction fails here,
        # runs again and finds the other's answer; what did it before has the same answer anyway.
        conflict = (
            ""
            if self._tenant_id is None
            else (
                "on conflict (tenant_id, principal, key) do update "
                "set status = excluded.status, body = excluded.body "
                "where a.route = excluded.route and a.body_hash = excluded.body_hash"
            )
        )
        await tx.execute(
            "insert into kernel.answers as a "  # noqa: S608 - both endings are ours.
            "(tenant_id, principal, key, route, body_hash, status, body, at) "
            f"values ($1, $2, $3, $4, $5, $6, $7, $8) {conflict}",
            *(tx.tenant_id, self._principal, self._key, self._route, self._body_hash),
            *(status, body, self._now),
        )


def _encoded(answer: object) -> bytes:
    return b"" if answer is None else msgspec.json.encode(answer, enc_hook=str)
