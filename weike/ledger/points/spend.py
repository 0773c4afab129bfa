"""Spend points, soonest to expire first; give back what was spent to the lots it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from weike.kernel import Record, Refusal, Tx, derived_id
from weike.ledger.errors import TransferDiffers
from weike.ledger.model import Transfer
from weike.ledger.points import bookings, queries
from weike.ledger.points.errors import NotEnoughPoints
from weike.ledger.points.grant import pay_debts
from weike.ledger.points.model import (
    GRACE,
    Grant,
    Spend,
    Use,
    lives_long_enough,
    take_from,
    undo_last,
)
from weike.ledger.post import post_many


async def spend(tx: Tx, spends: Sequence[Spend], *, now: datetime) -> dict[UUID, Refusal]:
    """Those that cannot be had, by id: NotEnoughPoints, TransferDiffers. First come, first served;
    a spend that is known is passed over, one that was given back is over. Five statements.
    """
    if not spends:
        return {}
    await queries.lock_holders(tx, [one.member_id for one in spends])
    known = await queries.spends_by_id(tx, [one.id for one in spends])
    lots = await queries.spendable_lots(tx, [one.member_id for one in spends], now=now)
    refused: dict[UUID, Refusal] = {}
    fresh: dict[UUID, Spend] = {}
    uses: list[Use] = []
    for one in spends:
        if earlier := known.get(one.id):
            same = (earlier["member_id"], earlier["points"]) == (one.member_id, one.points)
            if not same:
                refused[one.id] = TransferDiffers(transfer_id=one.id)
            elif earlier["given_back"]:
                refused[one.id] = NotEnoughPoints(available=0)
            continue
        if one.id in fresh:
            continue
        held = lots.get(one.member_id, [])
        available = sum(lot.remaining for lot in held)
        if one.points <= 0 or available < one.points:
            refused[one.id] = NotEnoughPoints(available=available)
            continue
        fresh[one.id] = one
        uses += [
            Use(one.id, position, lot_id, points)
            for position, (lot_id, points) in enumerate(take_from(held, one.points))
        ]
    if fresh:
        await queries.write_spends(tx, list(fresh.values()), uses, now=now)
        await post_many(tx, [bookings.spent(one, at=now) for one in fresh.values()])
    return refused


async def give_back(tx: Tx, spends: Mapping[UUID, int | None], *, now: datetime) -> int:
    """How many points came back. By spend, how many are given back in all (None: everything);
    less than before changes nothing, and nobody gets back more than they spent.
    """
    if not spends:
        return 0
    known = await queries.spends_by_id(tx, list(spends))
    debts = await queries.lock_holders(tx, [row["member_id"] for row in known.values()])
    # Read again behind the lock: another refund of the order may have come first.
    known = await queries.spends_by_id(tx, list(spends))
    due: dict[UUID, int] = {}
    for id, row in known.items():
        asked = spends[id]
        cumulative = row["points"] if asked is None else min(asked, row["points"])
        if cumulative > row["given_back"]:
            due[id] = cumulative
    if not due:
        return 0
    uses = await queries.uses_of(tx, list(due))
    lots = await queries.lots_by_id(tx, [use.lot_id for id in due for use in uses[id]])
    back = _Return(known, lots, now)
    for id, cumulative in due.items():
        back.of(id, cumulative, uses[id])
    await queries.write_given_back(tx, due, back.uses, back.remaining)
    if back.late:
        await queries.insert_lots(tx, back.late, now=now)
    await post_many(tx, back.transfers)
    arrived = {id: (lots[id]["member_id"], points) for id, points in back.remaining.items()}
    arrived |= {lot.id: (lot.member_id, lot.points) for lot in back.late}
    await pay_debts(tx, debts, arrived)
    return sum(cumulative - known[id]["given_back"] for id, cumulative in due.items())


class _Return:
    """What giving back comes to: uses undone, lots filled again, lots of their own for points
    whose time would be over too soon, transfers."""

    def __init__(
        self, spends: Mapping[UUID, Record], lots: Mapping[UUID, Record], now: datetime
    ) -> None:
        self._spends, self._lots, self._now = spends, lots, now
        self.uses: list[Use] = []
        self.remaining: dict[UUID, int] = {}
        self.late: list[Grant] = []
        self.transfers: list[Transfer] = []

    def of(self, id: UUID, cumulative: int, uses: Sequence[Use]) -> None:
        row = self._spends[id]
        points = cumulative - row["given_back"]
        source = (row["source_type"], row["source_id"])
        grace = Grant(
            id=derived_id(id, f"ledger.points_grace:{cumulative}"),
            member_id=row["member_id"],
            points=0,
            source_type=source[0],
            source_id=source[1],
            expires_at=self._now + GRACE,
        )
        for use, part in undo_last(uses, points):
            self.uses.append(use)
            if lives_long_enough(self._lots[use.lot_id]["expires_at"], now=self._now):
                self.remaining[use.lot_id] = self.remaining.get(use.lot_id, 0) + part
            else:
                grace = replace(grace, points=grace.points + part)
        if grace.points:
            self.late.append(grace)
        self.transfers.append(
            bookings.given_back(
                id, row["member_id"], points, source, cumulative=cumulative, at=self._now
            )
        )
