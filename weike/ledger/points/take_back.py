"""Take back what was granted for something that did not last: the lot, other lots, then debt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from weike.kernel import Record, Tx
from weike.ledger.points import bookings, queries
from weike.ledger.points.model import take_from
from weike.ledger.post import post_many


async def take_back(tx: Tx, grants: Mapping[UUID, int], *, now: datetime) -> int:
    """How many points were taken. By grant, how many are taken back in all; less than before
    changes nothing, and what has expired of the lot is not taken again.
    """
    if not grants:
        return 0
    found = await queries.lots_by_id(tx, list(grants))
    debts = await queries.lock_holders(tx, [row["member_id"] for row in found.values()])
    # Read again behind the lock: the lot may have been released or spent meanwhile.
    found = await queries.lots_by_id(tx, list(grants))
    spendable = await queries.spendable_lots(
        tx, [row["member_id"] for row in found.values()], now=now
    )
    owed = dict(debts)
    lowered: dict[UUID, int] = {}
    taken: dict[UUID, int] = {}
    transfers = []
    for id, row in found.items():
        cumulative = min(grants[id], row["granted"] - _lost(row, now))
        points = cumulative - row["taken_back"]
        if points <= 0:
            continue
        taken[id] = points
        member_id, pending = row["member_id"], row["state"] == "pending"
        missing = points
        if pending:
            missing -= _lower(lowered, id, min(points, row["remaining"]))
        else:
            held = spendable.get(member_id, [])
            for lots in ([lot for lot in held if lot.id == id], held):
                for lot_id, part in take_from(lots, missing):
                    missing -= _lower(lowered, lot_id, part)
            owed[member_id] += missing
        transfers.append(
            bookings.taken_back(
                id,
                member_id,
                points,
                (row["source_type"], row["source_id"]),
                pending=pending,
                cumulative=cumulative,
                at=now,
            )
        )
    if not taken:
        return 0
    await queries.lower_remaining(tx, lowered)
    await queries.add_taken_back(tx, taken)
    if owed != debts:
        await queries.put_debts(tx, {id: debt for id, debt in owed.items() if debt != debts[id]})
    await post_many(tx, transfers)
    return sum(taken.values())


def _lost(row: Record, now: datetime) -> int:
    """What has expired of the lot, written down already or not."""
    over = row["expires_at"] is not None and row["expires_at"] <= now
    return int(row["expired"] + (row["remaining"] if over else 0))


def _lower(lowered: dict[UUID, int], lot_id: UUID, points: int) -> int:
    if points:
        lowered[lot_id] = lowered.get(lot_id, 0) + points
    return points
