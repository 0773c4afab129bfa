"""Price many baskets at once: what is sold as of now, what is taken off, what the freight adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from weike import catalog, tenancy
from weike.kernel import Refusal, Tx
from weike.trade.errors import NotForSale, TooManyPieces
from weike.trade.price.ports import PriceRule
from weike.trade.price.pricing import Basket, FreightRule, LinePrice, add_freight, take_off

PIECES_LIMIT = 999


def basket_of(
    member_id: UUID | None,
    quantities: Mapping[UUID, int],
    skus: Mapping[UUID, catalog.SkuForSale],
    *,
    currency: str,
) -> Basket:
    """List prices only. Refuses with NotForSale or TooManyPieces."""
    lines = []
    for sku_id, quantity in quantities.items():
        sku = skus.get(sku_id)
        if sku is None or not sku.is_on_sale or sku.price.currency != currency:
            raise NotForSale(sku_id=sku_id, title=sku.title if sku else "")
        if quantity > PIECES_LIMIT:
            raise TooManyPieces(sku_id=sku_id, title=sku.title, limit=PIECES_LIMIT)
        lines.append(
            LinePrice(
                sku_id=sku_id,
                product_id=sku.product_id,
                category_id=sku.category_id,
                title=sku.title,
                title_en=sku.title_en,
                spec_text=sku.spec_text,
                image_url=sku.media_url,
                quantity=quantity,
                unit_price_minor=sku.price.minor,
                cost_minor=sku.cost.minor * quantity if sku.cost else None,
                commission_rate_bp=sku.commission_rate_bp,
            )
        )
    return Basket(member_id=member_id, lines=tuple(lines), currency=currency)


async def price_baskets(
    tx: Tx,
    rules: Sequence[PriceRule],
    asked: Sequence[tuple[UUID | None, Mapping[UUID, int]]],
    *,
    shop: tenancy.ShopSettings,
    now: datetime,
) -> list[Basket | Refusal]:
    """One basket or refusal per ask, in their order; a refused one does not touch the others."""
    wanted = sorted({sku_id for _, quantities in asked for sku_id in quantities})
    skus = await catalog.skus_for_sale(tx, wanted)
    results: list[Basket | Refusal] = []
    for member_id, quantities in asked:
        try:
            results.append(basket_of(member_id, quantities, skus, currency=shop.currency))
        except Refusal as refusal:
            results.append(refusal)

    priced = [index for index, result in enumerate(results) if isinstance(result, Basket)]
    baskets = [result for result in results if isinstance(result, Basket)]
    for rule in rules:
        offered = await rule.discounts_for(tx, baskets, now=now)
        baskets = [
            take_off(basket, discounts) for basket, discounts in zip(baskets, offered, strict=True)
        ]
    freight = FreightRule(
        fee_minor=shop.freight_fee_minor, free_from_minor=shop.freight_free_from_minor
    )
    for index, basket in zip(priced, baskets, strict=True):
        results[index] = add_freight(basket, freight)
    return results
