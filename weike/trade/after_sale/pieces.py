"""Where the pieces of an order are: still in the house, or out."""

from __future__ import annotations

from collections.abc import Sequence

from weike.kernel import Tx
from weike.trade.fulfilment.shipped_pieces import unshipped
from weike.trade.order.queries import LineRow, OrderRow


async def at_home(tx: Tx, order: OrderRow, lines: Sequence[LineRow]) -> dict[int, int]:
    """How many pieces of each line may still be called off, by position."""
    left = await unshipped(tx, order.id) if order.state == "paid" else {}
    return {line.position: left.get(line.position, 0) for line in lines}
