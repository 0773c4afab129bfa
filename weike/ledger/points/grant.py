"""Grant points, and release what was granted pending. A debt is paid first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from weike.kernel import Tx
from weike.ledger.points import bookings, queries
from weike.ledger.points.model import Grant
from weike.ledger.post import post_many


async def grant(tx: Tx, grants: Sequence[Grant], *, now: datetime) -> int:
    """How many were new; a known id is passed over. A fixed number of statements.

    Refuses with TransferDiffers for a known id with other content.
    """
    asked = {one.id: one for one in grants}
    if not asked:
        return 0
    debts = await queries.lock_or_make_holders(tx, [one.member_id for one in asked.values()])
    fresh = await queries.insert_lots(tx, list(asked.values()), now=now)
    # Known ones are posted again too: the books refuse the same id with other content.
    await post_many(tx, [bookings.granted(one, at=now) for one in asked.values()])
    await pay_debts(
        tx,
        debts,
        {
            one.id: (one.member_id, one.points)
            for one in asked.values()
            if one.id in fresh and not one.pending
        },
    )
    return len(fresh)


async def release(tx: Tx, expiries: Mapping[UUID, datetime | None], *, now: datetime) -> int:
    """Pending lots, by id, become available and live until then. What is not pending stays."""
    found = await queries.lots_by_id(tx, list(expiries))
    debts = await queries.lock_holders(tx, [row["member_id"] for row in found.values()])
    # Read again behind the lock: a refund may have taken some of them back meanwhile.
    found = await queries.lots_by_id(tx, list(expiries))
    due = {id: row for id, row in found.items() if row["state"] == "pending"}
    if not due:
        return 0
    await queries.release_lots(tx, {id: expiries[id] for id in due})
    await post_many(
        tx,
        [
            bookings.released(
                id,
                row["member_id"],
                row["remaining"],
                (row["source_type"], row["source_id"]),
                at=now,
            )
            for id, row in due.items()
            if row["remaining"]
        ],
    )
    await pay_debts(
        tx, debts, {id: (row["member_id"], row["remaining"]) for id, row in due.items()}
    )
    return len(due)


async def pay_debts(
    tx: Tx, debts: Mapping[UUID, int], arrived: Mapping[UUID, tuple[UUID, int]]
) -> None:
    """`arrived` is by lot: whose, and how many of its points have just come in. Holders are
    locked. No transfer: a debt and the points that pay it are one account."""
    left = dict(debts)
    lowered: dict[UUID, int] = {}
    for lot_id, (member_id, points) in arrived.items():
        part = min(left.get(member_id, 0), points)
        if part:
            left[member_id] -= part
            lowered[lot_id] = part
    if not lowered:
        return
    await queries.lower_remaining(tx, lowered)
    await queries.put_debts(tx, {id: debt for id, debt in left.items() if debt != debts[id]})
