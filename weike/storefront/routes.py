"""What buyers see of goods: the same for everybody in a shop, kept for a moment, with ETags.

Handlers ask for `shop_facts: tenancy.ShopFacts` by name; `ShopFacts` of this context is one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from weike import catalog, tenancy
from weike.catalog import ProductOrder
from weike.kernel import Database, Page, Tx
from weike.kernel.edge import MEMBER, SHOP, Caller, cached
from weike.kernel.words import Words
from weike.storefront.member_prices import PricesForMember, prices_for_member
from weike.storefront.model import Card, Home, HotWords, ProductDetail, ShopCategories
from weike.storefront.show_home import home
from weike.storefront.show_products import product_detail, product_list, shop_categories

Question = Annotated[str | None, QueryParameter(max_length=200)]
Limit = Annotated[int, QueryParameter(ge=1, le=100)]
_HOT_WORDS = 10


@get("/api/shop/home", opt=cached(SHOP), operation_id="shop_home")
async def shop_home(
    caller: Caller,
    database: Database,
    now: datetime,
    words: Words,
    shop_facts: tenancy.ShopFacts,
) -> Home:
    return await database.run(
        caller.tenant_id,
        lambda tx: home(tx, shop_facts=shop_facts, words=words, now=now),
    )


@get("/api/shop/categories", opt=cached(SHOP), operation_id="shop_categories")
async def list_categories(caller: Caller, database: Database, words: Words) -> ShopCategories:
    return await database.run(caller.tenant_id, lambda tx: shop_categories(tx, words=words))


@get("/api/shop/products", opt=cached(SHOP), operation_id="shop_products")
async def list_products(
    caller: Caller,
    database: Database,
    words: Words,
    category_id: UUID | None = None,
    q: Question = None,
    sort: ProductOrder = ProductOrder.DEFAULT,
    cursor: str | None = None,
    limit: Limit = 20,
) -> Page[Card]:
    """Searching by `q` puts hits in the title first unless `sort` says otherwise."""
    return await database.run(
        caller.tenant_id,
        lambda tx: product_list(
            tx,
            category_id=category_id,
            text=q,
            order=sort,
            words=words,
            cursor=cursor,
            limit=limit,
        ),
    )


@get("/api/shop/products/{product_id:uuid}", opt=cached(SHOP), operation_id="shop_product")
async def one_product(
    caller: Caller, database: Database, words: Words, product_id: UUID
) -> ProductDetail:
    return await database.run(
        caller.tenant_id,
        lambda tx: product_detail(tx, product_id=product_id, words=words),
    )


@get("/api/shop/search/hot", opt=cached(SHOP, seconds=60), operation_id="hot_words")
async def list_hot_words(caller: Caller, database: Database) -> HotWords:
    async def work(tx: Tx) -> HotWords:
        return HotWords(await catalog.hot_words(tx, limit=_HOT_WORDS))

    return await database.run(caller.tenant_id, work)


@get("/api/shop/member-prices", opt=MEMBER, operation_id="my_member_prices", tags=["shop"])
async def read_member_prices(
    caller: Caller,
    database: Database,
    words: Words,
    product_ids: Annotated[list[UUID], QueryParameter(min_items=1, max_items=100)],
) -> PricesForMember:
    """What these products cost the caller, where that is less than what they cost everybody."""
    return await database.run(
        caller.tenant_id,
        lambda tx: prices_for_member(tx, caller.member_id, product_ids, words=words),
    )


ROUTES: tuple[HTTPRouteHandler, ...] = (
    shop_home,
    list_categories,
    list_products,
    one_product,
    list_hot_words,
    read_member_prices,
)
