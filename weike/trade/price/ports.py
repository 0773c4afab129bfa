"""What the price of a basket asks of campaigns, levels, coupons and points; `entry` wires them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from weike.kernel import Tx
from weike.trade.price.pricing import Basket, Discount


class PriceRule(Protocol):
    """A campaign, a member price, a coupon: what it takes off each basket of a batch.

    Rules are asked one after the other, each seeing what the earlier ones left. A rule loads what
    it needs with a fixed number of statements, whatever the number of baskets, and decides purely.
    """

    async def discounts_for(
        self, tx: Tx, baskets: Sequence[Basket], *, now: datetime
    ) -> Sequence[Sequence[Discount]]:
        """One sequence per basket, in their order."""
        ...
