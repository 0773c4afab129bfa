"""Say how many pieces lie on the shelf, and ask how many may be sold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from weike.inventory import queries
from weike.inventory.errors import BelowReserved
from weike.kernel import Tx, uuid7

StockReason = Literal["counted", "imported"]


async def set_on_hand(
    tx: Tx,
    on_hand: Mapping[UUID, int],
    *,
    reason: StockReason = "counted",
    actor_kind: str = "staff",
    actor_id: UUID | None = None,
    now: datetime,
) -> int:
    """The number of SKUs whose stock changed. Refuses with BelowReserved.

    A SKU that is not known yet begins here.
    """
    if not on_hand:
        return 0
    await queries.insert_missing(tx, sorted(on_hand))
    before = await queries.lock_stock(tx, sorted(on_hand))
    changed: dict[UUID, int] = {}
    for sku_id, (lying, reserved) in before.items():
        if on_hand[sku_id] < reserved:
            raise BelowReserved(sku_id=sku_id, reserved=reserved, asked=on_hand[sku_id])
        if on_hand[sku_id] != lying:
            changed[sku_id] = on_hand[sku_id] - lying
    await queries.change_stock(tx, changed, on_hand=1, reserved=0)
    await queries.insert_movements(
        tx,
        [
            queries.Movement(id=uuid7(now), sku_id=sku_id, quantity=quantity, order_id=None)
            for sku_id, quantity in changed.items()
        ],
        reason=reason,
        actor_kind=actor_kind,
        actor_id=actor_id,
        now=now,
    )
    return len(changed)


async def change_on_hand(
    tx: Tx,
    changes: Mapping[UUID, int],
    *,
    actor_kind: str = "staff",
    actor_id: UUID | None = None,
    now: datetime,
) -> None:
    """So many more pieces than there are, or fewer; nobody in between is overwritten.

    Refuses with BelowReserved.
    """
    await queries.insert_missing(tx, sorted(changes))
    before = await queries.lock_stock(tx, sorted(changes))
    await set_on_hand(
        tx,
        {sku_id: lying + changes[sku_id] for sku_id, (lying, _) in before.items()},
        actor_kind=actor_kind,
        actor_id=actor_id,
        now=now,
    )


async def on_hand(tx: Tx, sku_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many lie on the shelf, promised ones included; zero for one that was never counted."""
    found = await queries.on_hand(tx, sku_ids)
    return {sku_id: found.get(sku_id, 0) for sku_id in sku_ids}


async def available(tx: Tx, sku_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many may be sold, by SKU; zero for one that was never counted. Takes no lock."""
    found = await queries.available(tx, sku_ids)
    return {sku_id: found.get(sku_id, 0) for sku_id in sku_ids}
