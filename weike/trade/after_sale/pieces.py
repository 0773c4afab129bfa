"""Where the pieces of an order are: still in the house, or out."""

from __future__ import annotations

from collections.abc import Sequence

from weike.trade.order.queries import LineRow, OrderRow


def unshipped(order: OrderRow, lines: Sequence[LineRow]) -> dict[int, int]:
    """How many pieces of each line may still be called off, by position."""
    if order.state != "paid":
        return {line.position: 0 for line in lines}
    return {line.position: line.quantity - line.called_off_quantity for line in lines}
