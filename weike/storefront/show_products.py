"""Lists of goods and a single one, with what is in stock: what buyers look at most.

A list costs two statements whatever its length, a product five.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from weike import catalog, inventory, tenancy
from weike.catalog import ProductOrder, ProductState, ShelfCard, ShelfQuestion
from weike.kernel import Page, Tx
from weike.kernel.words import Words
from weike.storefront.model import (
    Card,
    Guarantee,
    ProductDetail,
    ShopCategories,
    ShopCategory,
    SkuChoice,
    SpecChoice,
    card_of,
    image_of,
)


async def product_list(
    tx: Tx,
    *,
    category_id: UUID | None,
    text: str | None,
    order: ProductOrder,
    words: Words,
    cursor: str | None,
    limit: int,
) -> Page[Card]:
    """Goods on sale, of a category and everything below it. Refuses with UnknownCategory or
    BadCursor."""
    within = None if category_id is None else await catalog.category_and_below(tx, category_id)
    question = ShelfQuestion(order=order, text=text, category_ids=within)
    page = await catalog.shelf(tx, question, cursor=cursor, limit=limit)
    return Page(await with_stock(tx, page.items, words), page.next_cursor)


async def with_stock(tx: Tx, cards: Sequence[ShelfCard], words: Words) -> list[Card]:
    """One statement for all of them."""
    available = await inventory.available(tx, [id for card in cards for id in card.sku_ids])
    return [card_of(tx.tenant_id, card, available, words) for card in cards]


async def product_detail(tx: Tx, *, product_id: UUID, words: Words) -> ProductDetail:
    """Drafts and archived goods are as unknown as those that never were. Refuses with
    UnknownProduct."""
    found = await catalog.products_by_id(tx, [product_id])
    if not found or found[0].archived_at or found[0].draft.state == ProductState.DRAFT:
        raise catalog.UnknownProduct()
    product = found[0]
    draft = product.draft
    media_ids = {*draft.media_ids, *(sku.media_id for sku in draft.skus if sku.media_id)}
    pictures = await catalog.pictures_by_id(tx, list(media_ids))
    available = await inventory.available(tx, [sku.id for sku in draft.skus])
    settings = await tenancy.shop_settings(tx)
    cheapest = min(draft.skus, key=lambda sku: sku.price_minor)
    return ProductDetail(
        id=product.id,
        title=words.of(draft.title, draft.title_en),
        subtitle=draft.subtitle,
        description_html=draft.description,
        images=[image_of(tx.tenant_id, pictures[id]) for id in draft.media_ids],
        specs=[
            SpecChoice(
                words.of(spec.name, spec.name_en),
                [words.of(value, spec.in_english(value)) for value in spec.values],
            )
            for spec in draft.specs
        ],
        skus=[
            SkuChoice(
                id=sku.id,
                spec_values=[
                    words.of(value, spec.in_english(value))
                    for spec, value in zip(draft.specs, sku.spec_values, strict=True)
                ],
                price_minor=sku.price_minor,
                market_price_minor=sku.market_price_minor,
                available=available[sku.id],
                image_url=(
                    catalog.picture_url(tx.tenant_id, pictures[sku.media_id].name)
                    if sku.media_id
                    else None
                ),
            )
            for sku in draft.skus
        ],
        sold_count=product.sold_count,
        tags=[*draft.tags],
        category_id=draft.category_id,
        guarantees=_guarantees(words, after_sale_days=settings.after_sale_days),
        price_minor=cheapest.price_minor,
        max_price_minor=max(sku.price_minor for sku in draft.skus),
        market_price_minor=cheapest.market_price_minor,
        state=draft.state,
        kind=draft.kind,
    )


async def shop_categories(tx: Tx, *, words: Words) -> ShopCategories:
    """Those with goods on sale, siblings together in their order."""
    found = await catalog.categories(tx, on_sale_only=True)
    counts = catalog.counts_with_descendants(found)
    return ShopCategories(
        [
            ShopCategory(
                id=category.id,
                parent_id=category.parent_id,
                name=words.of(category.name, category.name_en),
                icon_url=(
                    catalog.picture_url(tx.tenant_id, category.icon, "s") if category.icon else None
                ),
                products_count=counts[category.id],
            )
            for category in found
            if counts[category.id]
        ]
    )


def _guarantees(words: Words, *, after_sale_days: int) -> list[Guarantee]:
    keys = ["escrow", "after_sale"] if after_sale_days else ["escrow"]
    return [
        Guarantee(
            key,
            words(f"storefront.guarantee.{key}.title", days=after_sale_days),
            words(f"storefront.guarantee.{key}.text", days=after_sale_days),
        )
        for key in keys
    ]
