"""The first page of a shop: banners, categories, and what to look at first."""

from __future__ import annotations

from datetime import datetime

import msgspec

from weike import catalog, tenancy
from weike.catalog import ProductOrder, ShelfQuestion
from weike.kernel import Tx
from weike.kernel.words import Words
from weike.storefront.banners import banners
from weike.storefront.model import (
    BannerView,
    Home,
    HomeCategory,
    HomeSection,
    HomeShop,
)
from weike.storefront.show_products import shop_categories, with_stock

_SECTIONS = (
    ("best_sellers", ProductOrder.SALES, 6),
    ("new_arrivals", ProductOrder.NEWEST, 6),
    ("recommended", ProductOrder.DEFAULT, 20),
)


async def home(tx: Tx, *, shop_facts: tenancy.ShopFacts, words: Words, now: datetime) -> Home:
    """Sections without goods are left out. Refuses with ShopNotFound."""
    profile = await tenancy.shop_profile(tx, shop_facts, now=now)
    fields = msgspec.structs.asdict(profile)
    del fields["server_time"]
    categories = (await shop_categories(tx, words=words)).items
    pages = [
        await catalog.shelf(tx, ShelfQuestion(order=order), cursor=None, limit=limit)
        for _, order, limit in _SECTIONS
    ]
    # One question about stock for all sections.
    shown = [card for page in pages for card in page.items]
    cards = iter(await with_stock(tx, shown, words))
    sections = [
        HomeSection(
            key,
            words(f"storefront.section.{key}"),
            [next(cards) for _ in page.items],
        )
        for (key, _, _), page in zip(_SECTIONS, pages, strict=True)
    ]
    return Home(
        shop=HomeShop(**fields),
        banners=[
            BannerView(catalog.picture_url(tx.tenant_id, banner.picture, "l"), banner.link)
            for banner in await banners(tx)
        ],
        categories=[
            HomeCategory(category.id, category.name, category.icon_url)
            for category in categories
            if category.parent_id is None
        ],
        sections=[section for section in sections if section.products],
    )
