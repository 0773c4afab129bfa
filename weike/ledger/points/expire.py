"""Write down that lots are over. Nobody could spend them any more; now the books say so too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from weike.kernel import Job, Record, Tx
from weike.kernel.each import all_or_each
from weike.ledger.points import bookings, queries
from weike.ledger.post import post_many

_LOTS_AT_ONCE = 500


async def expire(tx: Tx, now: datetime) -> int:
    """How many lots; asked again while there are more."""
    members = await queries.expired_owners(tx, now=now, limit=_LOTS_AT_ONCE)
    if not members:
        return 0
    return len(
        await all_or_each(
            tx, members, lambda some: _expire(tx, some, now=now), name="ledger.expire_points"
        )
    )


async def _expire(tx: Tx, members: Sequence[UUID], *, now: datetime) -> list[Record]:
    await queries.lock_holders(tx, members)
    over = await queries.expire_lots(tx, members, now=now)
    await post_many(
        tx, [bookings.expired(row["id"], row["member_id"], row["points"], at=now) for row in over]
    )
    return over


JOBS: tuple[Job, ...] = (
    Job(
        name="ledger.expire_points",
        every_seconds=3600,
        due_tenants="""
            select distinct l.tenant_id from ledger.points_lots l
            where l.state = 'available' and l.remaining > 0 and l.expires_at <= $1
        """,
        run=expire,
    ),
)
