"""Hold stock for many orders at once, first come, first served, all or nothing per order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from weike.inventory import queries
from weike.kernel import Tx


@dataclass(frozen=True, slots=True)
class HoldAsk:
    """One order's wish; `quantities` by sku_id, each at least one."""

    order_id: UUID
    quantities: Mapping[UUID, int]
    until: datetime


@dataclass(frozen=True, slots=True)
class Shortage:
    """The first SKU that was short for this order, and how many were left for it."""

    sku_id: UUID
    available: int


def decide(
    asks: Sequence[HoldAsk], available: Mapping[UUID, int]
) -> tuple[list[HoldAsk], dict[UUID, Shortage]]:
    """Who gets what: in order of arrival, an order that lacks one piece takes nothing."""
    left = dict(available)
    held: list[HoldAsk] = []
    short: dict[UUID, Shortage] = {}
    for ask in asks:
        lacking = next(
            (sku for sku, quantity in ask.quantities.items() if left.get(sku, 0) < quantity), None
        )
        if lacking is not None:
            short[ask.order_id] = Shortage(lacking, left.get(lacking, 0))
            continue
        for sku_id, quantity in ask.quantities.items():
            left[sku_id] -= quantity
        held.append(ask)
    return held, short


async def decide_holds(
    tx: Tx, asks: Sequence[HoldAsk]
) -> tuple[list[HoldAsk], dict[UUID, Shortage]]:
    """Who is served and who is not, with the stock's rows locked until the commit.

    Who calls this writes what is held in the same transaction, by `holding` as a part of a larger
    statement; `hold_many` does both.
    """
    if not asks:
        return [], {}
    # The rows are locked by sku_id, once, as everywhere: nobody waits in a circle.
    available = await queries.lock_available(
        tx, sorted({sku_id for ask in asks for sku_id in ask.quantities})
    )
    return decide(asks, available)


def holding(held: Sequence[HoldAsk], *, now: datetime) -> tuple[str, list[object]]:
    """What follows a WITH to write these holds, and its arguments from $2 on; $1 is the tenant."""
    return queries.HOLDS, queries.holds_arguments(held, now=now)


async def hold_many(tx: Tx, asks: Sequence[HoldAsk], *, now: datetime) -> dict[UUID, Shortage]:
    """The orders that could not be served, by order_id; all others are held.

    One order's shortage does not touch its neighbours. Two statements, however many orders.
    """
    held, short = await decide_holds(tx, asks)
    if held:
        await queries.insert_holds(tx, held, now=now)
    return short
