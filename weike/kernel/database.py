"""Transactions bound to one tenant. Without a tenant a query finds nothing.

`Database.run` opens a transaction, binds the tenant by row-level security, runs the work, writes
what was announced into the outbox and commits. When the database asks for it (deadlock,
serialisation, a race for the same key) the whole work is run again, so work must not have effects
outside its transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import asyncpg
import msgspec

from weike.kernel import announcing
from weike.kernel.clock import Clock, utc_now
from weike.kernel.errors import Unavailable
from weike.kernel.events import Event
from weike.kernel.ids import TenantId

Record = asyncpg.Record
if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Connection: TypeAlias = asyncpg.Connection[Record] | PoolConnectionProxy[Record]
T = TypeVar("T")

_RUN_AGAIN = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    # Two asked for the same id at once: the key let one through, the second run finds it.
    asyncpg.UniqueViolationError,
)
# One round trip for all of it. The tenant is a UUID value, so its text is safe inside the
# statement; SET LOCAL takes no parameters.
_BIND = "begin; set local app.tenant_id = '{}'"
# Planned once, maybe while a table was still empty: without a sequential scan the plan stays right
# however fast the table grows before the server looks at it again.
_ONE_SNAPSHOT = "begin isolation level repeatable read" + _BIND.removeprefix("begin")
_GENERIC = "; set local plan_cache_mode = force_generic_plan; set local enable_seqscan = off"
_ATTEMPTS = 4

_TOO_SLOW = (
    TimeoutError,
    asyncpg.LockNotAvailableError,
    # The limits of our own roles: a statement of half a minute, a minute of silence.
    asyncpg.QueryCanceledError,
    asyncpg.IdleInTransactionSessionTimeoutError,
)

DATABASE_AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.DiskFullError,
)
"""The database restarts, is full or cannot be reached. Whether a commit that was under way
happened is unknown: the asker asks again under the same id."""


class Tx:
    """One transaction of one tenant. Deeds receive it and never commit it."""

    __slots__ = (
        *("_announced", "_clock", "_connection", "_depth", "_listeners", "_written"),
        *("public_has_changed", "tenant_id"),
    )

    def __init__(
        self,
        connection: Connection,
        tenant_id: TenantId,
        *,
        listeners: Mapping[str, Sequence[str]] | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self.tenant_id = tenant_id
        self._connection = connection
        self._listeners = listeners or {}
        self._clock = clock
        self._announced: list[Event] = []
        self._written = 0
        """So many of them are in the outbox already."""
        self._depth = 0
        self.public_has_changed = False

    async def fetch(self, sql: str, *args: object) -> list[Record]:
        return await self._connection.fetch(sql, *args)

    async def fetchrow(self, sql: str, *args: object) -> Record | None:
        return await self._connection.fetchrow(sql, *args)

    async def fetchval(self, sql: str, *args: object) -> Any:
        return await self._connection.fetchval(sql, *args)

    async def execute(self, sql: str, *args: object) -> int:
        """The number of rows written."""
        tag = await self._connection.execute(sql, *args)
        count = tag.rsplit(" ", 1)[-1]
        return int(count) if count.isdigit() else 0

    def announce(self, event: Event) -> None:
        """Written to the outbox with this transaction, delivered after its commit."""
        self._announced.append(event)

    def announced(self) -> tuple[Event, ...]:
        """What this transaction will announce if it commits."""
        return tuple(self._announced)

    def announcing(self) -> tuple[str, list[object]]:
        """What follows a WITH to write all that waits to be announced, and its arguments from $2
        on; $1 is the tenant. Whoever asks writes it with a statement of this transaction; what is
        announced later, or all of it when nobody asks, is written before the commit.
        """
        waiting = self._announced[self._written :]
        self._written = len(self._announced)
        return announcing.ROWS, announcing.arguments(waiting, self._listeners, at=self._clock())

    async def write_announced(self) -> None:
        """Before the commit: what nobody wrote as a part of a statement."""
        if any(event.topic in self._listeners for event in self._announced[self._written :]):
            rows, arguments = self.announcing()
            await self.execute(f"with {rows} select 1", self.tenant_id, *arguments)

    def public_changed(self) -> None:
        """What everybody sees in this shop changes with this transaction (a price, a title): after
        the commit this process forgets the reads it keeps of the tenant."""
        self.public_has_changed = True

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Work inside may fail and be undone without undoing the transaction."""
        before, written = len(self._announced), self._written
        self._depth += 1
        name = f"weike_{self._depth}"
        await self._connection.execute(f"savepoint {name}")
        try:
            yield
        except BaseException:
            del self._announced[before:]
            self._written = written
            if not self._connection.is_closed():
                await self._connection.execute(f"rollback to savepoint {name}")
            raise
        else:
            await self._connection.execute(f"release savepoint {name}")
        finally:
            self._depth -= 1


class Database:
    """A pool of connections of the application's role, which owns no table."""

    def __init__(
        self,
        pool: asyncpg.Pool[Record],
        *,
        listeners: Mapping[str, Sequence[str]],
        clock: Clock,
        on_public_change: Callable[[TenantId], None] | None = None,
    ) -> None:
        self._pool = pool
        self._listeners = listeners
        self._clock = clock
        self._on_public_change = on_public_change

    def share_with(self, other: Database) -> None:
        """Gives `other` the same connections, listeners and clock."""
        other._pool = self._pool
        other._listeners = self._listeners
        other._clock = self._clock
        other._on_public_change = self._on_public_change

    async def run(
        self,
        tenant_id: TenantId,
        work: Callable[[Tx], Awaitable[T]],
        *,
        generic_plans: bool = False,
        one_snapshot: bool = False,
    ) -> T:
        """Runs `work` in one transaction of the tenant and commits it before answering.

        `generic_plans` is for work whose every statement has one good plan, whatever its
        arguments: it is then planned once per connection instead of at every run. `one_snapshot`
        is for work that compares what several statements read: all of them see the same moment.
        """
        bind = (_ONE_SNAPSHOT if one_snapshot else _BIND) + (_GENERIC if generic_plans else "")
        for attempt in range(1, _ATTEMPTS + 1):
            connection = await self._connection()
            try:
                return await self._once(connection, bind.format(tenant_id), tenant_id, work)
            except _RUN_AGAIN as again:
                # The same key refused again and again is our mistake; waiting for others is not.
                if attempt == _ATTEMPTS:
                    if isinstance(again, asyncpg.UniqueViolationError):
                        raise
                    raise Unavailable(retry_after=1) from again
            except (*_TOO_SLOW, *DATABASE_AWAY) as busy:
                raise Unavailable(retry_after=1) from busy
            finally:
                await self._pool.release(connection)
            await asyncio.sleep(0.005 * attempt)
        raise AssertionError("unreachable")

    async def _connection(self) -> PoolConnectionProxy[Record]:
        try:
            return await self._pool.acquire(timeout=10)
        except (TimeoutError, OSError, *DATABASE_AWAY) as away:
            raise Unavailable(retry_after=1) from away

    async def _once(
        self,
        connection: Connection,
        begin: str,
        tenant_id: TenantId,
        work: Callable[[Tx], Awaitable[T]],
    ) -> T:
        await connection.execute(begin)
        try:
            tx = Tx(connection, tenant_id, listeners=self._listeners, clock=self._clock)
            result = await work(tx)
            await tx.write_announced()
        except BaseException:
            if not connection.is_closed():
                # A connection that broke cannot roll back; the server does it by itself.
                with suppress(asyncpg.InterfaceError, OSError, *DATABASE_AWAY):
                    await connection.execute("rollback")
            raise
        if await connection.execute("commit") != "COMMIT":
            # A statement failed and the work went on as if nothing had happened: PostgreSQL undoes
            # all of it and says so only here.
            raise AssertionError("a failed statement was passed over: nothing was committed")
        if tx.public_has_changed and self._on_public_change is not None:
            self._on_public_change(tenant_id)
        return result

    async def ping(self) -> None:
        """Raises when the database does not answer."""
        await self._pool.fetchval("select 1")

    async def reference(self, sql: str, *args: object) -> list[Record]:
        """Reads reference tables (small, platform-owned, no tenant), outside any tenant."""
        return await self._outside(sql, *args)

    async def control(self, sql: str, *args: object) -> list[Record]:
        """One statement on the platform's own tables (jobs), outside any tenant."""
        return await self._outside(sql, *args)

    async def _outside(self, sql: str, *args: object) -> list[Record]:
        connection = await self._connection()
        try:
            return await connection.fetch(sql, *args)
        except (*_TOO_SLOW, *DATABASE_AWAY) as busy:
            raise Unavailable(retry_after=1) from busy
        finally:
            await self._pool.release(connection)

    async def close(self) -> None:
        await self._pool.close()


async def open_pool(url: str, *, size: int) -> asyncpg.Pool[Record]:
    """A pool that sends no reset query: a transaction already scopes every setting we make."""

    async def prepare(connection: Any) -> None:
        await connection.set_type_codec(
            "jsonb",
            schema="pg_catalog",
            # Binary, for a row inside a row has no other form: a version, then the text.
            encoder=lambda value: b"\x01" + msgspec.json.encode(value),
            decoder=lambda data: msgspec.json.decode(data[1:]),
            format="binary",
        )

    async def keep(connection: Any) -> None:
        if connection.is_in_transaction():
            await connection.execute("rollback")

    return await asyncpg.create_pool(
        url,
        min_size=min(2, size),
        max_size=size,
        init=prepare,
        reset=keep,
        command_timeout=60,
        # A statement that the driver does not keep is parsed and planned at every run: the long
        # ones that write whole batches are the last that may be thrown out.
        statement_cache_size=250,
        max_cacheable_statement_size=0,
        server_settings={"jit": "off", "application_name": "weike"},
    )
