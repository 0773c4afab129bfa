"""What an order leaves its merchant. Pure. docs/algorithms/pricing.md, "Margin"."""

from __future__ import annotations

from collections.abc import Mapping

from weike.kernel import BASIS_POINTS
from weike.trade.price.pricing import Basket


def judged(basket: Basket) -> tuple[int, ...]:
    """The lines whose cost is known; what nobody knows is not held against anybody."""
    return tuple(
        position for position, line in enumerate(basket.lines) if line.cost_minor is not None
    )


def margin_minor(basket: Basket, commission: Mapping[int, int], *, fee_bp: int) -> int:
    """What is left of the judged lines after cost, commission and the channel's fee.

    Freight is left out but for the fee on it: the courier gets it.
    """
    left = 0
    received = 0
    for position in judged(basket):
        line = basket.lines[position]
        left += line.goods_paid_minor - (line.cost_minor or 0) - commission.get(position, 0)
        received += line.paid_minor
    return left - -(-received * fee_bp // BASIS_POINTS)
