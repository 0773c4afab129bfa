"""Where the pieces of an order are: still in the house, or out."""

from __future__ import annotations

from collections.abc import Sequence

from weike import catalog
from weike.kernel import Tx
from weike.trade.fulfilment.shipped_pieces import unshipped
from weike.trade.order.queries import LineRow, OrderRow


async def at_home(tx: Tx, order: OrderRow, lines: Sequence[LineRow]) -> dict[int, int]:
    """How many pieces of each line may still be called off, by position."""
    left = await unshipped(tx, order.id) if order.state == "paid" else {}
    return {line.position: left.get(line.position, 0) for line in lines}


async def carried(tx: Tx, lines: Sequence[LineRow]) -> set[int]:
    """The lines that can be sent back, by position: keys and notes cannot, and a key that came
    back would be stock without a key."""
    ways = await catalog.hand_overs(tx, [line.product_id for line in lines])
    return {
        line.position
        for line in lines
        if ways[line.product_id].kind is catalog.ProductKind.PHYSICAL
    }
