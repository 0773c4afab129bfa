"""What the console shows of the machinery: messages on their way, and those that failed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import QueryParameter

from weike.kernel.database import Database, Record, Tx
from weike.kernel.edge.caller import Caller
from weike.kernel.edge.policy import staff
from weike.kernel.outbox import retry_dead, rows_in_state
from weike.kernel.pages import PAGE_LIMIT, Page, decode_cursor, page_of

PageSize = Annotated[int, QueryParameter(ge=1, le=PAGE_LIMIT)]


class OutboxRow(msgspec.Struct, frozen=True):
    """A message to one listener. `last_error` names what failed and where, nothing else."""

    id: UUID
    at: datetime
    topic: str
    subscriber: str
    state: str
    attempts: int
    next_at: datetime
    last_error: str | None


class OutboxHealth(msgspec.Struct, frozen=True):
    """`oldest_ready_at` lies in the past by more than seconds when no worker runs."""

    ready: int
    dead: int
    oldest_ready_at: datetime | None


@get(
    "/api/console/system/outbox",
    opt=staff("system.read"),
    operation_id="list_outbox",
)
async def list_outbox(
    caller: Caller,
    database: Database,
    in_state: Annotated[Literal["dead", "ready"], QueryParameter(name="state")] = "dead",
    cursor: str | None = None,
    limit: PageSize = 20,
) -> Page[OutboxRow]:
    after = decode_cursor(cursor, tuple[datetime, UUID])

    async def read(tx: Tx) -> list[Record]:
        return await rows_in_state(tx, state=in_state, after=after, limit=limit)

    rows = await database.run(caller.tenant_id, read)
    return page_of(
        rows,
        limit=limit,
        item=lambda row: OutboxRow(**row),
        key=lambda row: (row["at"], row["id"]),
    )


@post(
    "/api/console/system/outbox/{outbox_id:uuid}/retry",
    opt=staff("system.write"),
    operation_id="retry_outbox",
    status_code=204,
)
async def retry_outbox(caller: Caller, database: Database, outbox_id: UUID, now: datetime) -> None:
    async def retry(tx: Tx) -> None:
        await retry_dead(tx, outbox_id=outbox_id, now=now)

    await database.run(caller.tenant_id, retry)


@get("/api/console/system/health", opt=staff("system.read"), operation_id="system_health")
async def system_health(caller: Caller, database: Database) -> OutboxHealth:
    async def read(tx: Tx) -> OutboxHealth:
        row = await tx.fetchrow(
            "select count(*) filter (where o.state = 'ready') as ready, "
            "count(*) filter (where o.state = 'dead') as dead, "
            "min(o.at) filter (where o.state = 'ready') as oldest_ready_at "
            "from kernel.outbox o where o.tenant_id = $1 and o.state in ('ready', 'dead')",
            tx.tenant_id,
        )
        return msgspec.convert(dict(row or {}), type=OutboxHealth)

    return await database.run(caller.tenant_id, read)


ROUTES = (list_outbox, retry_outbox, system_health)
