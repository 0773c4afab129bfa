"""What goods cost the caller: asked beside the pages, which are the same for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from weike import catalog, members
from weike.kernel import Tx
from weike.kernel.words import Words


class SkuForMember(msgspec.Struct, frozen=True, kw_only=True):
    sku_id: UUID
    member_price_minor: int


class ProductForMember(msgspec.Struct, frozen=True, kw_only=True):
    """`min_minor` is the member price of the cheapest SKU for the caller; SKUs without a member
    price are missing."""

    product_id: UUID
    min_minor: int
    skus: list[SkuForMember]


class PricesForMember(msgspec.Struct, frozen=True, kw_only=True):
    """Products without a member price are missing."""

    level_name: str | None
    items: list[ProductForMember]


async def prices_for_member(
    tx: Tx, member_id: UUID, product_ids: Sequence[UUID], *, words: Words
) -> PricesForMember:
    """Two statements; one for somebody whose level has no member prices."""
    level = (await members.levels_of(tx, [member_id])).get(member_id)
    if level is None or not level.has_member_prices:
        return PricesForMember(level_name=None, items=[])
    items = []
    for product_id, skus in (await catalog.skus_with_member_prices(tx, product_ids)).items():
        prices = {
            sku.sku_id: members.member_price(
                level,
                pricing=sku.member_pricing,
                unit_minor=sku.price_minor,
                own_minor=sku.member_price_minor,
            )
            for sku in skus
        }
        below = [
            SkuForMember(sku_id=sku.sku_id, member_price_minor=prices[sku.sku_id])
            for sku in skus
            if prices[sku.sku_id] < sku.price_minor
        ]
        if below:
            items.append(
                ProductForMember(product_id=product_id, min_minor=min(prices.values()), skus=below)
            )
    return PricesForMember(level_name=words.of(level.name, level.name_en), items=items)
