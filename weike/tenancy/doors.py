"""The doors of the house: which shop is called, and which staff member a token stands for.

The guard remembers shops for a while; a staff token is looked up at every call, so an ended
session or a lost role counts from the next call on.
"""

from __future__ import annotations

from weike.kernel import Clock, Database, TenantId, Tx
from weike.kernel.edge import Caller, CallerKind
from weike.tenancy import queries
from weike.tenancy.model import SLIDE_EVERY, session_end
from weike.tenancy.tokens import STAFF, read_token


class TenancyDoors:
    """`shop` and `staff` of `kernel.edge.Doors`."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def shop(self, *, slug: str | None, host: str) -> TenantId | None:
        """A slug decides alone; without one the host does, port aside."""
        row = (
            await queries.directory_by_slug(self._database, slug.lower())
            if slug is not None
            else await queries.directory_by_host(self._database, host.rsplit(":", 1)[0].lower())
        )
        return TenantId(row["tenant_id"]) if row else None

    async def staff(self, token: str) -> Caller | None:
        read = read_token(STAFF, token)
        if read is None:
            return None
        now = self._clock()

        async def enter(tx: Tx) -> Caller | None:
            row = await queries.open_session(tx, read.hash, now=now)
            if row is None:
                return None
            if now - row["seen_at"] >= SLIDE_EVERY:
                await queries.slide_session(
                    tx,
                    session_id=row["id"],
                    staff_id=row["staff_id"],
                    expires_at=session_end(row["created_at"], now=now),
                    now=now,
                )
            return Caller(
                kind=CallerKind.STAFF,
                tenant_id=tx.tenant_id,
                id=row["staff_id"],
                session_id=row["id"],
                permissions=frozenset(row["permissions"]),
            )

        return await self._database.run(read.tenant_id, enter)
