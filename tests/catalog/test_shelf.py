"""Lists and their pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from tests.catalog.builders import a_draft, a_product, a_sku
from weike import catalog
from weike.catalog import ProductOrder, ShelfQuestion
from weike.kernel import Refusal, Tx, encode_cursor, uuid7

ORDERS = list(ProductOrder)
ONE = str(UUID(int=1))


async def all_pages(tx: Tx, question: ShelfQuestion, *, limit: int) -> list[UUID]:
    seen: list[UUID] = []
    cursor = None
    while True:
        page = await catalog.shelf(tx, question, cursor=cursor, limit=limit)
        seen += [card.id for card in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return seen


async def some_products(tx: Tx, now: datetime, number: int) -> list[UUID]:
    ids = []
    for i in range(number):
        at = now + timedelta(seconds=i // 3)
        draft = a_draft(at, skus=(a_sku(at, price_minor=100 + i % 4),), position=i % 3)
        product = await catalog.create_product(tx, product_id=uuid7(at), draft=draft, now=at)
        ids.append(product.id)
    await catalog.add_sold(tx, {id: i % 5 for i, id in enumerate(ids)})
    return ids


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("text", [None, "龙井"])
async def test_pages_show_everything_once(
    tx: Tx, now: datetime, order: ProductOrder, text: str | None
) -> None:
    ids = await some_products(tx, now, 23)
    question = ShelfQuestion(order=order, text=text)
    whole = await all_pages(tx, question, limit=100)
    assert sorted(whole) == sorted(ids)
    assert await all_pages(tx, question, limit=4) == whole


@pytest.mark.parametrize("order", ORDERS)
async def test_what_stays_is_neither_skipped_nor_repeated_while_others_come_and_go(
    tx: Tx, now: datetime, order: ProductOrder
) -> None:
    ids = await some_products(tx, now, 30)
    question = ShelfQuestion(order=order)
    before = await all_pages(tx, question, limit=100)
    first = await catalog.shelf(tx, question, cursor=None, limit=10)
    last_seen, leaving = before[9], [before[2], before[9], before[20]]
    await catalog.set_state(tx, product_ids=leaving, state=catalog.ProductState.OFF_SALE, now=now)
    await catalog.add_sold(tx, {before[4]: 1000})
    newcomer = await a_product(tx, now + timedelta(days=1))
    cursor, rest = first.next_cursor, []
    while cursor:
        page = await catalog.shelf(tx, question, cursor=cursor, limit=7)
        rest += [card.id for card in page.items]
        cursor = page.next_cursor
    assert last_seen not in rest
    assert [id for id in rest if id != newcomer.id] == [
        id for id in before[10:] if id != before[20]
    ]
    assert len(rest) == len(set(rest))
    assert set(ids) == set(before)


async def test_the_orders_are_what_they_say(tx: Tx, now: datetime) -> None:
    ids = await some_products(tx, now, 12)

    async def sold_and_price(order: ProductOrder) -> list[tuple[int, int]]:
        page = await catalog.shelf(tx, ShelfQuestion(order=order), cursor=None, limit=100)
        return [(card.sold_count, card.min_price_minor) for card in page.items]

    best_selling = await sold_and_price(ProductOrder.SALES)
    assert best_selling == sorted(best_selling, key=lambda card: -card[0])
    cheapest = await sold_and_price(ProductOrder.PRICE_ASC)
    assert cheapest == sorted(cheapest, key=lambda card: card[1])
    newest = await all_pages(tx, ShelfQuestion(order=ProductOrder.NEWEST), limit=100)
    assert {*newest[:3]} == {*ids[9:]}


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "!",
        "",
        encode_cursor(["default", 1, "x"]),
        encode_cursor(["default", 2**63, ONE]),
        encode_cursor(["newest", 1, ONE]),
        encode_cursor(["sales", 1, ONE]),
    ],
)
async def test_a_foreign_cursor_is_refused(tx: Tx, cursor: str) -> None:
    with pytest.raises(Refusal) as refused:
        await catalog.shelf(tx, ShelfQuestion(), cursor=cursor, limit=10)
    assert refused.value.code == "kernel.bad_cursor"


async def test_a_cursor_beyond_small_numbers_is_answered(tx: Tx, now: datetime) -> None:
    cursor = encode_cursor(["default", 2**40, ONE])
    assert (await catalog.shelf(tx, ShelfQuestion(), cursor=cursor, limit=10)).items == []


async def test_a_page_has_at_least_one_row(tx: Tx, now: datetime) -> None:
    page = await catalog.shelf(tx, ShelfQuestion(), cursor=None, limit=0)
    assert page.items == []
    await some_products(tx, now, 3)
    assert len((await catalog.shelf(tx, ShelfQuestion(), cursor=None, limit=0)).items) == 1


async def test_counts_and_hot_words(tx: Tx, now: datetime) -> None:
    await a_product(tx, now, state=catalog.ProductState.DRAFT)
    tea = await a_product(tx, now, tags=("绿茶", "送礼"))
    pot = await a_product(tx, now, title="紫砂壶", tags=("茶具",))
    await catalog.add_sold(tx, {tea.id: 3, pot.id: 8})
    assert await catalog.product_counts(tx) == catalog.ProductCounts(3, 2, 0, 1)
    assert await catalog.hot_words(tx, limit=2) == ["茶具", "绿茶"]
    assert set(await catalog.skus_on_sale(tx)) == {tea.id, pot.id}


async def test_cards_of_known_products(tx: Tx, now: datetime) -> None:
    product = await a_product(tx, now, state=catalog.ProductState.OFF_SALE)
    cards = await catalog.product_cards(tx, [product.id, uuid7(now)])
    assert list(cards) == [product.id]
    assert cards[product.id].sku_ids == [product.draft.skus[0].id]
