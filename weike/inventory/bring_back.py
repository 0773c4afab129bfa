"""What left the shelf for an order comes back, piece by piece, or is replaced by other pieces."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

from weike.inventory import queries
from weike.kernel import Tx, derived_id

BackReason = Literal["restored", "returned"]
"""Refunded before it was shipped · sent back and fit to be sold again."""


async def bring_back(
    tx: Tx,
    *,
    order_id: UUID,
    pieces: Mapping[UUID, int],
    cause: UUID,
    reason: BackReason,
    now: datetime,
) -> int:
    """Pieces by SKU lie on the shelf again. How many SKUs moved; none when `cause` has done it.

    Of what was never shipped no more can come back than the order took: that is a mistake of the
    caller. What is sent back may be a replacement, which no hold of the order knows.
    """
    wanted = {sku_id: quantity for sku_id, quantity in pieces.items() if quantity}
    fresh = await _log(tx, wanted, order_id=order_id, cause=cause, reason=reason, now=now)
    if reason == "restored" and await queries.note_back(tx, order_id, fresh) != len(fresh):
        raise AssertionError(f"more comes back than order {order_id} took")
    await queries.change_stock(tx, fresh, on_hand=1, reserved=0)
    return len(fresh)


async def send_replacement(
    tx: Tx, *, order_id: UUID, sku_id: UUID, quantity: int, cause: UUID, now: datetime
) -> int | None:
    """Other pieces leave the shelf for the ones that came back; once for `cause`.

    How many there are when there are too few of them, and then none leaves; None when they left.
    """
    left = (await queries.lock_available(tx, [sku_id])).get(sku_id, 0)
    if left < quantity:
        return left
    fresh = await _log(
        tx, {sku_id: -quantity}, order_id=order_id, cause=cause, reason="replaced", now=now
    )
    await queries.change_stock(tx, fresh, on_hand=1, reserved=0)
    return None


async def _log(
    tx: Tx, pieces: Mapping[UUID, int], *, order_id: UUID, cause: UUID, reason: str, now: datetime
) -> dict[UUID, int]:
    """The pieces whose movement is new: it is written once for a cause, so they move once."""
    fresh = await queries.insert_movements(
        tx,
        [
            queries.Movement(
                id=derived_id(cause, f"inventory.{reason}:{sku_id}"),
                sku_id=sku_id,
                quantity=quantity,
                order_id=order_id,
            )
            for sku_id, quantity in pieces.items()
        ],
        reason=reason,
        actor_kind="order",
        actor_id=None,
        now=now,
    )
    return {sku_id: pieces[sku_id] for sku_id in fresh}
