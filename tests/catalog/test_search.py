"""Finding products by what people type."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import msgspec
import pytest

from tests.catalog.builders import a_product, a_sku
from weike import catalog
from weike.catalog.search import QUESTION_LIMIT, ranges_of, words_of
from weike.kernel import Tx, uuid7


async def found(tx: Tx, text: str) -> list[str]:
    page = await catalog.shelf(tx, catalog.ShelfQuestion(text=text), cursor=None, limit=100)
    return [card.title for card in page.items]


async def test_longjing_is_found_inside_a_longer_title(tx: Tx, now: datetime) -> None:
    await a_product(tx, now, title="明前龙井特级")
    await a_product(tx, now, title="洞庭碧螺春")
    assert await found(tx, "龙井") == ["明前龙井特级"]


@pytest.mark.parametrize(
    "text",
    [
        "明前 特级",
        "特级龙井茶叶罐 ",
        "龙井\t茶叶罐",
        "茶",
        "tea",
        "TEA lon",
        "ｔｅａ",
        "TIN-7",
        "250G",
        "狮峰",
    ],
)
async def test_one_product_is_found_in_many_ways(tx: Tx, now: datetime, text: str) -> None:
    await a_product(
        tx,
        now,
        title="明前特级龙井茶叶罐 250g",
        title_en="Longjing Tea in a Tin",
        subtitle="狮峰山头采",
        skus=(a_sku(now, code="TIN-7"),),
    )
    await a_product(tx, now, title="紫砂壶", title_en="Clay Pot", subtitle="宜兴")
    assert await found(tx, text) == ["明前特级龙井茶叶罐 250g"]


@pytest.mark.parametrize("text", ["井龙", "龙井 碧螺春", "特级壶", "ea", "%", "' or 1=1 --"])
async def test_what_is_not_there_is_not_found(tx: Tx, now: datetime, text: str) -> None:
    await a_product(tx, now, title="明前龙井特级", title_en="Longjing Tea")
    assert await found(tx, text) == []


async def test_hits_in_the_title_come_first_then_what_sells(tx: Tx, now: datetime) -> None:
    in_tags = await a_product(tx, now, title="茶具套装", tags=("龙井",))
    slow = await a_product(tx, now, title="雨前龙井")
    fast = await a_product(tx, now, title="明前龙井")
    await catalog.add_sold(tx, {in_tags.id: 500, slow.id: 1, fast.id: 9})
    assert await found(tx, "龙井") == ["明前龙井", "雨前龙井", "茶具套装"]


async def test_only_goods_on_sale_are_found(tx: Tx, now: datetime) -> None:
    off = await a_product(tx, now, state=catalog.ProductState.OFF_SALE)
    gone = await a_product(tx, now)
    await catalog.archive_product(tx, product_id=gone.id, now=now)
    assert await found(tx, "龙井") == []
    console = catalog.ShelfQuestion(shelf=catalog.Shelf.CONSOLE, text="龙井")
    page = await catalog.shelf(tx, console, cursor=None, limit=10)
    assert [card.id for card in page.items] == [off.id]


async def test_a_new_title_is_found_and_the_old_one_no_more(tx: Tx, now: datetime) -> None:
    product = await a_product(tx, now)
    draft = msgspec.structs.replace(product.draft, title="祁门红茶")
    await catalog.put_product(tx, product_id=product.id, draft=draft, version=1, now=now)
    assert (await found(tx, "龙井"), await found(tx, "红茶")) == ([], ["祁门红茶"])


async def test_goods_are_found_by_the_name_of_their_category(tx: Tx, now: datetime) -> None:
    category = uuid7(now)
    named = catalog.CategoryDraft(name="绿茶")
    await catalog.put_category(tx, category_id=category, draft=named, now=now)
    await a_product(tx, now, category_id=category)
    assert await found(tx, "绿茶") == ["明前龙井特级"]
    renamed = catalog.CategoryDraft(name="春茶")
    await catalog.put_category(tx, category_id=category, draft=renamed, now=now)
    assert (await found(tx, "绿茶"), await found(tx, "春茶")) == ([], ["明前龙井特级"])


async def test_nothing_to_look_for_finds_nothing(tx: Tx, now: datetime) -> None:
    await a_product(tx, now)
    assert await found(tx, "！？ \x00") == []


async def test_an_endless_question_is_answered(tx: Tx, now: datetime) -> None:
    await a_product(tx, now)
    assert await found(tx, "龙井明前" * 5000) == []
    assert len(ranges_of(" ".join(str(uuid4()) for _ in range(50)))) == QUESTION_LIMIT


def test_words_are_pairs_of_characters_and_whole_words() -> None:
    assert words_of(["龙井茶 A4"]) == {"龙井", "井茶", "茶", "a4"}
    assert words_of(["Ｆｕｌｌ Café"]) == {"full", "café"}
    assert words_of(["𠮷野家"]) == {"𠮷野", "野家", "家"}
