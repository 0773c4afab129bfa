"""Write down that lots are over. Nobody could spend them any more; now the books say so too."""

from __future__ import annotations

from datetime import datetime

from weike.kernel import Job, Tx
from weike.ledger.points import bookings, queries
from weike.ledger.post import post_many

_LOTS_AT_ONCE = 500


async def expire(tx: Tx, now: datetime) -> int:
    """How many lots; asked again while there are more."""
    members = await queries.expired_owners(tx, now=now, limit=_LOTS_AT_ONCE)
    if not members:
        return 0
    await queries.lock_holders(tx, members)
    over = await queries.expire_lots(tx, members, now=now)
    await post_many(
        tx, [bookings.expired(row["id"], row["member_id"], row["points"], at=now) for row in over]
    )
    return len(over)


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
