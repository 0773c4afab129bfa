"""End the holds of orders, each exactly once: taken or released. Asking again does nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from weike.inventory import queries
from weike.kernel import Tx, derived_id


async def release(tx: Tx, order_ids: Sequence[UUID]) -> int:
    """What was held for these orders may be sold again. The number of holds released."""
    freed = await queries.move_holds(tx, order_ids, before="held", after="released")
    await queries.change_stock(tx, _by_sku(freed), on_hand=0, reserved=-1)
    return len(freed)


async def take(tx: Tx, order_ids: Sequence[UUID], *, now: datetime) -> int:
    """Paid: what was held leaves the shelf. The number of holds taken."""
    taken = await queries.move_holds(tx, order_ids, before="held", after="taken")
    await queries.change_stock(tx, _by_sku(taken), on_hand=-1, reserved=-1)
    await _log(tx, taken, sign=-1, reason="sold", now=now)
    return len(taken)


def _by_sku(holds: Sequence[queries.Hold]) -> dict[UUID, int]:
    totals: dict[UUID, int] = {}
    for hold in holds:
        totals[hold.sku_id] = totals.get(hold.sku_id, 0) + hold.quantity
    return totals


async def _log(
    tx: Tx, holds: Sequence[queries.Hold], *, sign: int, reason: str, now: datetime
) -> None:
    await queries.insert_movements(
        tx,
        [
            queries.Movement(
                id=derived_id(hold.order_id, f"inventory.{reason}:{hold.sku_id}"),
                sku_id=hold.sku_id,
                quantity=sign * hold.quantity,
                order_id=hold.order_id,
            )
            for hold in holds
        ],
        reason=reason,
        actor_kind="order",
        actor_id=None,
        now=now,
    )
