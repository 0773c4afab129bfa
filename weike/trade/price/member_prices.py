"""The member price: what the buyer's level takes off each piece, and free freight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from weike import members
from weike.kernel import Tx
from weike.trade.price.ports import Buyer, PriceRule
from weike.trade.price.pricing import Basket, Discount, Label, Step


class MemberPrices(PriceRule):
    """One statement for all baskets of a batch; none when nobody could have a member price.

    A discount per line and not per order, so that a line is exactly its member price times its
    pieces.
    """

    name = "member_prices"
    step = Step.MEMBER

    def __init__(self, levels: Mapping[UUID, members.Level] | None = None) -> None:
        """`levels` by buyer, once they are known."""
        self._levels = levels

    async def informed(self, tx: Tx, buyers: Sequence[Buyer], *, now: datetime) -> MemberPrices:
        known = {buyer.member_id for buyer in buyers if buyer.member_id}
        return MemberPrices(await members.levels_of(tx, sorted(known)))

    async def discounts_for(
        self, tx: Tx, baskets: Sequence[Basket], *, now: datetime
    ) -> Sequence[Sequence[Discount]]:
        levels = self._levels
        if levels is None:
            buyers = {basket.member_id for basket in baskets if basket.member_id and basket.lines}
            levels = await members.levels_of(tx, sorted(buyers))
        if not levels:
            return [()] * len(baskets)
        return [
            _discounts(basket, levels.get(basket.member_id)) if basket.member_id else ()
            for basket in baskets
        ]


def _discounts(basket: Basket, level: members.Level | None) -> list[Discount]:
    """Lines that an activity has closed to this step are left out by the pipeline."""
    if level is None:
        return []
    said: dict[str, object] = {"level": level.name, "level_en": level.name_en}
    found = []
    for position, line in enumerate(basket.lines):
        piece = members.member_price(
            level,
            pricing=line.member_pricing,
            unit_minor=line.unit_price_minor,
            own_minor=line.member_price_minor,
        )
        if off := (line.unit_price_minor - piece) * line.quantity:
            found.append(
                Discount(
                    label=Label("trade.price.member", said),
                    amount_minor=off,
                    positions=(position,),
                    ref=level.id,
                )
            )
    if level.free_freight:
        found.append(
            Discount(
                label=Label("trade.price.level_freight", said),
                amount_minor=0,
                waives_freight=True,
                ref=level.id,
            )
        )
    return found
