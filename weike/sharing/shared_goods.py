"""The goods behind a share, if they can still be bought: what was taken off sale is not shown."""

from __future__ import annotations

from uuid import UUID

from weike import catalog
from weike.kernel import Tx


async def goods_on_sale(tx: Tx, product_id: UUID | None) -> catalog.ShelfCard | None:
    if product_id is None:
        return None
    card = (await catalog.product_cards(tx, [product_id])).get(product_id)
    return card if card is not None and card.state == catalog.ProductState.ON_SALE else None
