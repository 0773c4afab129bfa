"""What buyers are shown."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.catalog.builders import a_picture, three_sizes_of_tea
from tests.storefront.builders import OpenShop
from weike import catalog
from weike.kernel import Tx, uuid7


async def test_a_card_shows_price_stock_and_what_sold(shop: OpenShop) -> None:
    tea = await shop.product(title="明前龙井", tags=("绿茶",), **three_sizes_of_tea(shop.now))
    await shop.database.run(shop.shop.tenant_id, lambda tx: catalog.add_sold(tx, {tea.id: 3}))
    page = await shop.get("/api/shop/products")
    assert page == {
        "items": [
            {
                "id": str(tea.id),
                "title": "明前龙井",
                "subtitle": "狮峰山头采",
                "image_url": None,
                "price_minor": 4800,
                "market_price_minor": None,
                "sold_count": 3,
                "tags": ["绿茶"],
                "is_sold_out": False,
                "review_count": 0,
                "score_tenths": None,
            }
        ],
        "next_cursor": None,
    }


async def test_goods_without_stock_are_sold_out(shop: OpenShop) -> None:
    await shop.product(stock=0)
    await shop.product(stock=None)
    page = await shop.get("/api/shop/products")
    assert [card["is_sold_out"] for card in page["items"]] == [True, True]


async def test_searching_pages_and_categories_over_http(shop: OpenShop) -> None:
    async def categories(tx: Tx) -> None:
        for id, parent, name in ((tea, None, "茶叶"), (green, tea, "绿茶"), (empty, None, "空")):
            draft = catalog.CategoryDraft(name=name, parent_id=parent)
            await catalog.put_category(tx, category_id=id, draft=draft, now=shop.now)

    tea, green, empty = uuid7(shop.now), uuid7(shop.now), uuid7(shop.now)
    await shop.database.run(shop.shop.tenant_id, categories)
    ids = [str((await shop.product(category_id=green)).id) for _ in range(5)]
    await shop.product(title="紫砂壶")

    first = await shop.get("/api/shop/products", category_id=str(tea), limit=3)
    second = await shop.get(
        "/api/shop/products", category_id=str(tea), limit=3, cursor=first["next_cursor"]
    )
    assert {card["id"] for card in first["items"] + second["items"]} == set(ids)
    assert second["next_cursor"] is None
    found = await shop.get("/api/shop/products", q="龙井 特级")
    assert {card["id"] for card in found["items"]} == set(ids)
    listed = await shop.get("/api/shop/categories")
    assert [(c["name"], c["products_count"]) for c in listed["items"]] == [("茶叶", 5), ("绿茶", 5)]
    hot = await shop.get("/api/shop/search/hot")
    assert hot == {"words": ["绿茶"]}


async def test_a_product_page_has_everything_a_choice_needs(shop: OpenShop) -> None:
    upload = {"file": ("tea.png", a_picture(900, 600), "image/png")}
    media = (await shop.console("POST", "/api/console/media", files=upload)).json()
    tea = await shop.product(
        description="<p>手工炒制<script>alert(1)</script></p>",
        media_ids=(media["id"],),
        **three_sizes_of_tea(shop.now),
    )
    shown = await shop.get(f"/api/shop/products/{tea.id}")
    assert shown["description_html"] == "<p>手工炒制</p>"
    del media["id"]
    assert shown["images"] == [media]
    assert [sku["available"] for sku in shown["skus"]] == [10, 10, 10]
    assert [sku["spec_values"] for sku in shown["skus"]] == [["50g"], ["100g"], ["250g"]]
    assert (shown["price_minor"], shown["max_price_minor"]) == (4800, 14400)
    assert [g["title"] for g in shown["guarantees"]] == ["担保交易", "7 天售后"]
    picture = await shop.client.get(media["url_m"])
    assert picture.headers["content-type"] == "image/webp"
    assert "immutable" in picture.headers["cache-control"]


async def test_english_readers_get_the_english_title(shop: OpenShop) -> None:
    tea = await shop.product(title_en="Longjing")
    headers = {"x-shop": "test", "accept-language": "en"}
    shown = (await shop.client.get(f"/api/shop/products/{tea.id}", headers=headers)).json()
    assert (shown["title"], shown["guarantees"][0]["title"]) == ("Longjing", "Held in escrow")
    listed = (await shop.client.get("/api/shop/products", headers=headers)).json()
    assert listed["items"][0]["title"] == "Longjing"


async def test_english_readers_meet_no_chinese_name(shop: OpenShop) -> None:
    category_id = uuid4()
    draft = {"name": "茶叶", "name_en": "Tea"}
    answer = await shop.console("PUT", f"/api/console/categories/{category_id}", json=draft)
    assert answer.json()["name_en"] == "Tea"
    goods = three_sizes_of_tea(shop.now)
    goods["specs"] = (
        catalog.Spec(
            name="净含量",
            values=("50g", "100g", "250g"),
            name_en="Weight",
            values_en=("A little", "", "Plenty"),
        ),
    )
    tea = await shop.product(category_id=category_id, title_en="Longjing", **goods)

    headers = {"x-shop": "test", "accept-language": "en"}

    async def read(path: str) -> Any:
        return (await shop.client.get(path, headers=headers)).json()

    shown = await read(f"/api/shop/products/{tea.id}")
    words = ["A little", "100g", "Plenty"]
    assert shown["specs"] == [{"name": "Weight", "values": words}]
    assert [sku["spec_values"] for sku in shown["skus"]] == [[word] for word in words]
    assert [c["name"] for c in (await read("/api/shop/categories"))["items"]] == ["Tea"]
    assert [c["name"] for c in (await read("/api/shop/home"))["categories"]] == ["Tea"]
    assert len((await read("/api/shop/products?q=plenty"))["items"]) == 1
    assert (await shop.get(f"/api/shop/products/{tea.id}"))["specs"][0]["name"] == "净含量"


async def test_withdrawn_goods_say_so_and_drafts_are_not_there(shop: OpenShop) -> None:
    off = await shop.product(state=catalog.ProductState.OFF_SALE)
    draft = await shop.product(state=catalog.ProductState.DRAFT)
    assert (await shop.get(f"/api/shop/products/{off.id}"))["state"] == "off_sale"
    for id in (draft.id, uuid4()):
        answer = await shop.client.get(f"/api/shop/products/{id}")
        assert (answer.status_code, answer.json()["code"]) == (404, "catalog.unknown_product")


async def test_the_home_page_is_cached_until_something_changes(shop: OpenShop) -> None:
    await shop.product(title="明前龙井")
    first = await shop.client.get("/api/shop/home", headers={"x-shop": "test"})
    home = first.json()
    assert home["shop"]["name"] == "山月茶铺"
    assert [section["key"] for section in home["sections"]] == [
        "best_sellers",
        "new_arrivals",
        "recommended",
    ]
    assert home["sections"][0]["title"] == "大家都在买"
    assert home["banners"] == []
    again = await shop.client.get(
        "/api/shop/home", headers={"x-shop": "test", "if-none-match": first.headers["etag"]}
    )
    assert again.status_code == 304


async def test_banners_lead_somewhere_in_the_shop(shop: OpenShop) -> None:
    upload = {"file": ("tea.png", a_picture(), "image/png")}
    media = (await shop.console("POST", "/api/console/media", files=upload)).json()
    wanted = {"items": [{"media_id": media["id"], "link": "/pages/product/index?id=1"}]}
    saved = await shop.console("PUT", "/api/console/banners", json=wanted)
    assert saved.json()["items"][0]["image_url"] == media["url_l"]
    home = await shop.get("/api/shop/home")
    assert home["banners"] == [{"image_url": media["url_l"], "link": "/pages/product/index?id=1"}]
    for link in ("https://elsewhere.example", "//elsewhere.example", "javascript:alert(1)", "/\\x"):
        bad = {"items": [{"media_id": media["id"], "link": link}]}
        assert (await shop.console("PUT", "/api/console/banners", json=bad)).status_code == 422
    unknown = {"items": [{"media_id": str(uuid4()), "link": ""}]}
    refused = await shop.console("PUT", "/api/console/banners", json=unknown)
    assert refused.json()["code"] == "storefront.unknown_banner_picture"


@pytest.mark.parametrize(
    "params",
    [
        {"limit": 0},
        {"limit": 101},
        {"sort": "rating"},
        {"cursor": "!"},
        {"category_id": "x"},
        {"q": "龙" * 201},
    ],
)
async def test_bad_questions_are_refused(shop: OpenShop, params: dict[str, str]) -> None:
    answer = await shop.client.get("/api/shop/products", params=params)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


async def test_an_odd_question_is_answered(shop: OpenShop) -> None:
    for text in ("\x00", "'", "%", "龙\x00井", "\\", "𠮷"):
        assert (await shop.get("/api/shop/products", q=text))["items"] == []


async def test_a_neighbours_goods_are_not_there(shop: OpenShop, neighbour: OpenShop) -> None:
    tea = await neighbour.product()
    assert (await shop.client.get(f"/api/shop/products/{tea.id}")).status_code == 404
    assert (await shop.get("/api/shop/products"))["items"] == []
