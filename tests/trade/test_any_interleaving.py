"""Stock in = stock out + on hand + reserved, however orders, refunds and returns interleave.

Many interleavings share a transaction and are undone one by one, so that each costs milliseconds:
inventory's own deeds and SQL on a real PostgreSQL, checked after every step against plain counting.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import pytest

from weike import inventory
from weike.kernel import Tx, derived_id, uuid7

EXAMPLES = int(os.environ.get("WEIKE_TEST_EXAMPLES", "10000"))
BATCHES = 20
SKUS = [UUID(int=n) for n in (1, 2)]


class Undone(Exception):
    """An example is over; what it wrote is taken back."""


class Counted:
    """The shelf counted by hand: what came in, what lies there, what is where."""

    def __init__(self, counted: int) -> None:
        self.into = dict.fromkeys(SKUS, counted)
        self.held: dict[UUID, dict[UUID, int]] = {}
        self.out: dict[UUID, dict[UUID, int]] = {}

    def reserved(self, sku: UUID) -> int:
        return sum(pieces.get(sku, 0) for pieces in self.held.values())

    def outside(self, sku: UUID) -> int:
        return sum(pieces.get(sku, 0) for pieces in self.out.values())

    def on_hand(self, sku: UUID) -> int:
        return self.into[sku] - self.outside(sku)


async def holds(tx: Tx, shelf: Counted) -> None:
    """One statement: what the tables say, and that the movements explain the shelf."""
    rows = await tx.fetch(
        """
        select s.sku_id, s.on_hand, s.reserved,
               (select coalesce(sum(m.quantity), 0) from inventory.movements m
                where m.tenant_id = $1 and m.sku_id = s.sku_id) as moved
        from inventory.stock s where s.tenant_id = $1
        """,
        tx.tenant_id,
    )
    assert len(rows) == len(SKUS)
    for row in rows:
        sku = row["sku_id"]
        # In = out + on hand, and on hand = available + reserved.
        assert row["on_hand"] == shelf.on_hand(sku) == row["moved"]
        assert row["reserved"] == shelf.reserved(sku) <= row["on_hand"]


async def one_example(tx: Tx, random: Random, now: datetime) -> None:
    counted = random.randint(1, 6)
    await inventory.set_on_hand(tx, dict.fromkeys(SKUS, counted), now=now)
    shelf = Counted(counted)
    for nth in range(random.randint(3, 7)):
        await one_step(tx, random, shelf, now + timedelta(seconds=nth))
        if random.random() < 0.3:
            await holds(tx, shelf)
    await holds(tx, shelf)


async def one_step(tx: Tx, random: Random, shelf: Counted, now: datetime) -> None:
    order = random.choice([*shelf.held, *shelf.out]) if shelf.held or shelf.out else None
    match random.choice(["hold", "hold", "release", "take", "take", "back", "return", "replace"]):
        case "hold":
            wish = {sku: random.randint(1, 3) for sku in random.sample(SKUS, random.randint(1, 2))}
            free = {sku: shelf.on_hand(sku) - shelf.reserved(sku) for sku in SKUS}
            asked = inventory.HoldAsk(uuid7(now), wish, now + timedelta(hours=1))
            short = await inventory.hold_many(tx, [asked], now=now)
            fits = all(free[sku] >= pieces for sku, pieces in wish.items())
            assert fits is not bool(short)
            if fits:
                shelf.held[asked.order_id] = wish
        case "release" if order:
            # Whatever it is told, a hold ends once.
            moved = await inventory.release(tx, [order])
            assert bool(moved) is (order in shelf.held)
            shelf.held.pop(order, None)
        case "take" if order:
            await inventory.take(tx, [order], now=now)
            if order in shelf.held:
                shelf.out[order] = shelf.held.pop(order)
        case "back" if order in shelf.out:
            pieces = {sku: random.randint(0, out) for sku, out in shelf.out[order].items()}
            await brought_back(tx, shelf, order, pieces, "restored", random, now)
        case "return" if order in shelf.out:
            pieces = {sku: random.randint(0, out) for sku, out in shelf.out[order].items()}
            await brought_back(tx, shelf, order, pieces, "returned", random, now)
        case "replace" if order in shelf.out:
            sku, pieces_sent = random.choice(SKUS), random.randint(1, 2)
            free_now = shelf.on_hand(sku) - shelf.reserved(sku)
            ask = {"order_id": order, "sku_id": sku, "quantity": pieces_sent}
            cause = uuid7(now)
            for _ in range(random.randint(1, 2)):  # Asked twice, sent once.
                left = await inventory.send_replacement(tx, **ask, cause=cause, now=now)  # type: ignore[arg-type]
                if left is not None:
                    break
            if free_now >= pieces_sent:
                gone = shelf.out.setdefault(derived_id(cause, "sent"), {})
                gone[sku] = gone.get(sku, 0) + pieces_sent
            else:
                assert left == free_now


async def brought_back(
    tx: Tx,
    shelf: Counted,
    order: UUID,
    pieces: dict[UUID, int],
    reason: inventory.BackReason,
    random: Random,
    now: datetime,
) -> None:
    if reason == "restored" and order.version != 7:
        return  # A replacement was never held.
    cause = uuid7(now)
    for _ in range(random.randint(1, 2)):  # Told twice, moved once.
        await inventory.bring_back(
            tx, order_id=order, pieces=pieces, cause=cause, reason=reason, now=now
        )
    for sku, quantity in pieces.items():
        shelf.out[order][sku] -= quantity


@pytest.mark.parametrize("batch", range(BATCHES))
async def test_no_piece_is_lost_or_made(tx: Tx, now: datetime, batch: int) -> None:
    random = Random(batch)  # noqa: S311 - repeatable
    for _ in range(EXAMPLES // BATCHES):
        with suppress(Undone):
            async with tx.savepoint():
                await one_example(tx, random, now)
                raise Undone
