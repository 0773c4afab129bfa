"""Catalogue files over HTTP."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any
from uuid import UUID

import pytest
from openpyxl import Workbook, load_workbook

from tests.catalog.builders import a_sku, three_sizes_of_tea
from tests.storefront.builders import OpenShop
from weike import inventory
from weike.kernel import uuid7

HEADINGS = "商品编号,商品名称,分类,标签,状态,规格一名称,规格一,SKU编码,售价(元),划线价(元),库存"
CSV = f"""{HEADINGS},佣金比例(%)
A,明前龙井,茶叶/绿茶,新品；送礼,上架,净含量,50g,LJ-50,128,168.00,10,10
A,,,,,,100g,LJ-100,238,,5,
,紫砂壶,,,上架,,,ZS-1,"¥1,299.50",,3,12.5%
"""


async def taken(shop: OpenShop, content: bytes | str, **params: Any) -> dict[str, Any]:
    answer = await shop.console(
        "POST",
        "/api/console/products/import",
        params=params,
        files={"file": ("goods", content.encode() if isinstance(content, str) else content)},
    )
    assert answer.status_code == 200, answer.text
    report: dict[str, Any] = answer.json()
    return report


async def given(shop: OpenShop, form: str, language: str = "zh-CN") -> bytes:
    answer = await shop.client.get(
        "/api/console/products/export",
        params={"format": form},
        headers={**shop.staff, "accept-language": language},
    )
    assert answer.status_code == 200
    return answer.content


async def everything(shop: OpenShop) -> list[dict[str, Any]]:
    rows = (await shop.console("GET", "/api/console/products", params={"limit": 100})).json()
    products = [
        (await shop.console("GET", f"/api/console/products/{row['id']}")).json()
        for row in rows["items"]
    ]
    return sorted(products, key=lambda product: str(product["skus"][0]["code"]))


async def test_a_file_becomes_products(shop: OpenShop) -> None:
    assert await taken(shop, CSV) == {"rows": 3, "created": 2, "updated": 0, "failed": []}
    tea, pot = await everything(shop)
    assert (tea["title"], tea["tags"], tea["commission_rate_bp"]) == (
        "明前龙井",
        ["新品", "送礼"],
        1000,
    )
    assert tea["specs"] == [
        {"name": "净含量", "values": ["50g", "100g"], "name_en": "", "values_en": []}
    ]
    skus = [(s["code"], s["price_minor"], s["market_price_minor"], s["stock"]) for s in tea["skus"]]
    assert skus == [("LJ-50", 12800, 16800, 10), ("LJ-100", 23800, None, 5)]
    assert (pot["skus"][0]["price_minor"], pot["commission_rate_bp"]) == (129950, 1250)
    categories = (await shop.console("GET", "/api/console/categories")).json()["items"]
    assert [(c["name"], c["products_count"]) for c in categories] == [("茶叶", 1), ("绿茶", 1)]
    assert [p["title"] for p in (await shop.get("/api/shop/products"))["items"]] == [
        "明前龙井",
        "紫砂壶",
    ]


async def test_the_same_file_again_changes_nothing(shop: OpenShop) -> None:
    await taken(shop, CSV)
    before = await everything(shop)
    assert await taken(shop, CSV) == {"rows": 3, "created": 0, "updated": 0, "failed": []}
    assert await everything(shop) == before


async def test_a_dry_run_says_it_all_and_does_nothing(shop: OpenShop) -> None:
    report = await taken(shop, CSV, dry_run=True)
    assert report == {"rows": 3, "created": 2, "updated": 0, "failed": []}
    assert await everything(shop) == []
    assert (await shop.console("GET", "/api/console/categories")).json() == {"items": []}


async def test_a_short_file_changes_only_what_it_says(shop: OpenShop) -> None:
    await taken(shop, CSV)
    report = await taken(shop, "SKU编码,售价(元),库存\nLJ-100,199,\nLJ-50,,2\n")
    assert report == {"rows": 2, "created": 0, "updated": 1, "failed": []}
    tea = (await everything(shop))[0]
    assert [(s["price_minor"], s["stock"]) for s in tea["skus"]] == [(12800, 2), (19900, 5)]
    assert (tea["title"], tea["version"]) == ("明前龙井", 2)


async def test_a_new_sku_joins_its_product(shop: OpenShop) -> None:
    await taken(shop, CSV)
    more = "Product no.,SKU code,Spec 1,Price\nA,LJ-50,,\nA,LJ-250,250g,500\n"
    assert (await taken(shop, more))["updated"] == 1
    tea = (await everything(shop))[0]
    assert tea["specs"][0]["values"] == ["50g", "100g", "250g"]
    assert [sku["code"] for sku in tea["skus"]] == ["LJ-50", "LJ-100", "LJ-250"]


async def test_every_bad_row_is_told_and_its_product_left_alone(shop: OpenShop) -> None:
    content = """商品编号,商品名称,SKU编码,售价(元),库存,规格一名称,规格一,状态,佣金比例(%)
,好茶,OK-1,10,1,,,上架,
,,NO-TITLE,10,1,,,上架,
,没编码,,10,1,,,上架,
,没价格,NO-PRICE,,1,,,上架,
,怪价格,ODD-PRICE,12.345,1,,,上架,
,负价格,MINUS,-5,1,,,上架,
,小数库存,HALF,5,1.5,,,上架,
,怪状态,STATE,5,1,,,出租,
,重复,OK-1,5,1,,,上架,
,没规格名,SPEC,5,1,,红,上架,
G,同组一,G-1,5,1,颜色,红,上架,
G,同组二,G-2,5,1,颜色,蓝,上架,
H,一组,H-1,x,1,颜色,红,上架,
H,一组,H-2,5,1,颜色,蓝,上架,
K,同色,K-1,5,1,颜色,红,上架,
K,同色,K-2,5,1,颜色,红,上架,
,高佣金,RATE,5,1,,,上架,101
"""
    report = await taken(shop, content)
    assert (report["rows"], report["created"]) == (17, 1)
    assert [
        (f["row"], f["field"], f["code"].removeprefix("catalog.")) for f in report["failed"]
    ] == [
        (3, "商品名称", "cell_missing"),
        (4, "SKU编码", "cell_missing"),
        (5, "售价(元)", "cell_missing"),
        (6, "售价(元)", "cell_invalid"),
        (7, "售价(元)", "cell_invalid"),
        (8, "库存", "cell_invalid"),
        (9, "状态", "cell_invalid"),
        (10, "SKU编码", "code_twice"),
        (11, "规格一名称", "cell_missing"),
        (12, "SKU编码", "neighbour_row_failed"),
        (13, "商品名称", "rows_disagree"),
        (14, "售价(元)", "cell_invalid"),
        (15, "SKU编码", "neighbour_row_failed"),
        (16, "SKU编码", "neighbour_row_failed"),
        (17, "规格一", "same_specs_twice"),
        (18, "佣金比例(%)", "cell_invalid"),
    ]
    assert report["failed"][3]["message"] == "「售价(元)」的内容「12.345」无法识别"
    assert [product["title"] for product in await everything(shop)] == ["好茶"]


async def test_stock_that_orders_need_is_told_and_the_rest_is_taken(shop: OpenShop) -> None:
    await taken(shop, CSV)
    skus = {s["code"]: s["id"] for p in await everything(shop) for s in p["skus"]}
    ask = inventory.HoldAsk(
        order_id=uuid7(shop.now), quantities={UUID(skus["LJ-50"]): 4}, until=shop.now
    )
    await shop.database.run(
        shop.shop.tenant_id, lambda tx: inventory.hold_many(tx, [ask], now=shop.now)
    )
    report = await taken(shop, "SKU编码,库存\nLJ-50,1\nLJ-100,50\n")
    assert [(f["row"], f["field"], f["code"]) for f in report["failed"]] == [
        (2, "库存", "inventory.below_reserved")
    ]
    stock = {s["code"]: s["stock"] for p in await everything(shop) for s in p["skus"]}
    assert stock == {"LJ-50": 10, "LJ-100": 50, "ZS-1": 3}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_what_goes_out_comes_back_the_same(
    shop: OpenShop, neighbour: OpenShop, form: str, language: str
) -> None:
    await taken(shop, CSV)
    await shop.product(
        title="=1+1",
        subtitle="@SUM(A1)",
        description="<p>一</p>\n<p>“二”, 三</p>",
        tags=("-x", "+y"),
        skus=(a_sku(shop.now, code="=cmd|'/C calc'!A0", price_minor=101, cost_minor=7),),
    )
    await shop.product(title="三种", **three_sizes_of_tea(shop.now))
    file = await given(shop, form, language)
    again = await taken(shop, file)
    assert again == {"rows": 7, "created": 0, "updated": 0, "failed": []}

    there = await taken(neighbour, file)
    assert (there["created"], there["failed"]) == (4, [])
    mine, theirs = await everything(shop), await everything(neighbour)
    for product in (*mine, *theirs):
        for key in ("id", "version", "category_id", "created_at", "updated_at"):
            del product[key]
        for sku in product["skus"]:
            del sku["id"]
    assert mine == theirs


async def test_no_cell_of_an_export_can_be_run_as_a_formula(shop: OpenShop) -> None:
    await shop.product(title="=HYPERLINK(1)", subtitle="+1", tags=("@x",))
    rows = list(csv.reader(io.StringIO((await given(shop, "csv")).decode("utf-8-sig"))))
    assert rows[1][1] == "'=HYPERLINK(1)"
    for row in rows:
        assert all(cell[:1] not in ("=", "+", "-", "@", "\t", "\r") for cell in row if cell)
    book = load_workbook(io.BytesIO(await given(shop, "xlsx")))
    cells = [cell for row in book.active.iter_rows() for cell in row]  # type: ignore[union-attr]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}


async def test_files_of_chinese_office_programs_are_read(shop: OpenShop) -> None:
    assert (await taken(shop, CSV.encode("gb18030")))["created"] == 2
    tabs = CSV.replace("¥1,299.50", "1299.5").replace('"', "").replace(",", "\t")
    assert (await taken(shop, tabs))["failed"] == []
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["SKU 编码", "商品名称 *", "售价（元）", "库存", "我的备注"])
    sheet.append([10086, "数字编码", 12.3, 4.0, "随便"])
    sheet.append([])
    sheet.append(["X-2", 2026, 0.1 + 0.2, None])
    buffer = io.BytesIO()
    book.save(buffer)
    assert await taken(shop, buffer.getvalue()) == {
        "rows": 2, "created": 2, "updated": 0, "failed": [],
    }  # fmt: skip
    prices = {s["code"]: s["price_minor"] for p in await everything(shop) for s in p["skus"]}
    assert (prices["10086"], prices["X-2"]) == (1230, 30)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_the_template_can_be_imported(shop: OpenShop, form: str) -> None:
    for language in ("zh-CN", "en"):
        answer = await shop.client.get(
            "/api/console/products/import-template",
            params={"format": form},
            headers={**shop.staff, "accept-language": language},
        )
        report = await taken(shop, answer.content, dry_run=True)
        assert (report["rows"], report["created"], report["failed"]) == (2, 1, [])


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(4):
            archive.writestr(f"xl/{i}.xml", b"\0" * (100 * 1024 * 1024))
    return buffer.getvalue()


def broken_book() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<not")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "column_missing"),
        (b"\x00\x01\x02", "file_unreadable"),
        (b"PK\x03\x04rubbish", "file_unreadable"),
        (b"\x89PNG\r\n\x1a\n\xff", "file_unreadable"),
        (broken_book(), "file_unreadable"),
        (bomb(), "file_too_large"),
        ("标题,价格\n1,2\n".encode(), "column_missing"),
        ("SKU编码,SKU code\n1,2\n".encode(), "column_twice"),
        (b"sku_code\n" + b"x\n" * 20_001, "too_many_rows"),
        (b"sku_code\n" + b'"' + b"x" * 200_000 + b'"', "file_unreadable"),
        (b"sku_code\n" + b"x" * (20 * 1024 * 1024), "file_too_large"),
    ],
)
async def test_a_file_that_cannot_be_read_is_refused(
    shop: OpenShop, content: bytes, code: str
) -> None:
    answer = await shop.console(
        "POST", "/api/console/products/import", files={"file": ("goods.csv", content)}
    )
    assert answer.status_code == 422, answer.text
    assert answer.json()["code"] == f"kernel.{code}"


async def test_kinds_go_out_and_come_back(shop: OpenShop, neighbour: OpenShop) -> None:
    content = (
        "商品名称,SKU编码,售价(元),库存,商品类型,发货说明\n"
        "会员月卡,VIP-1,25,100,虚拟,付款后自动开通\n"
        "游戏点卡,CARD-1,50,,卡密,请在官网兑换\n"
    )
    assert await taken(shop, content) == {"rows": 2, "created": 2, "updated": 0, "failed": []}
    for form in ("csv", "xlsx"):
        file = await given(shop, form)
        again = await taken(shop, file)
        assert again == {"rows": 2, "created": 0, "updated": 0, "failed": []}
    assert (await taken(neighbour, file))["created"] == 2
    for there in (shop, neighbour):
        assert sorted(
            (p["title"], p["kind"], p["delivery_note"]) for p in await everything(there)
        ) == [
            ("会员月卡", "virtual", "付款后自动开通"),
            ("游戏点卡", "card_key", "请在官网兑换"),
        ]


async def test_the_kind_of_a_product_stays_and_stock_of_keys_is_not_typed(shop: OpenShop) -> None:
    await taken(shop, "商品名称,SKU编码,售价(元),商品类型\n游戏点卡,CARD-1,50,卡密\n")
    report = await taken(shop, "SKU编码,商品类型\nCARD-1,实物\n")
    assert [(f["row"], f["code"]) for f in report["failed"]] == [(2, "catalog.kind_fixed")]
    report = await taken(shop, "SKU编码,库存\nCARD-1,7\n")
    assert [(f["row"], f["code"]) for f in report["failed"]] == [
        (2, "storefront.stock_follows_keys")
    ]
    card = (await everything(shop))[0]
    asked = {
        "title": "改名",
        "kind": "card_key",
        "delivery_note": "只给买家看",
        "state": "on_sale",
        "version": card["version"],
        "skus": [{"id": card["skus"][0]["id"], "code": "CARD-1", "price_minor": 5000}],
    }
    path = f"/api/console/products/{card['id']}"
    answer = await shop.console("PUT", path, json=asked | {"kind": "virtual"})
    assert (answer.status_code, answer.json()["code"]) == (409, "catalog.kind_fixed")
    typed = [asked["skus"][0] | {"stock": 3}]
    answer = await shop.console("PUT", path, json=asked | {"skus": typed})
    assert (answer.status_code, answer.json()["code"]) == (409, "storefront.stock_follows_keys")
    assert (await shop.console("PUT", path, json=asked)).json()["kind"] == "card_key"
    shown = await shop.get(f"/api/shop/products/{card['id']}")
    assert shown["kind"] == "card_key"
    assert "只给买家看" not in str(shown)


async def test_english_names_go_out_and_come_back(shop: OpenShop, neighbour: OpenShop) -> None:
    content = (
        "商品编号,商品名称,SKU编码,售价(元),分类,分类英文名,规格一名称,规格一英文名称,规格一,规格一英文\n"
        "A,肉桂卷,ROLL-1,25,烘焙/面包,Bakery/Bread,口味,Flavour,原味,Plain\n"
        "A,,ROLL-2,28,,,,,蒜香,\n"
    )
    assert (await taken(shop, content))["created"] == 1
    for form in ("csv", "xlsx"):
        file = await given(shop, form)
        assert (await taken(shop, file))["updated"] == 0
    assert (await taken(neighbour, file))["created"] == 1
    for there in (shop, neighbour):
        [roll] = await everything(there)
        assert roll["specs"] == [
            {
                "name": "口味",
                "values": ["原味", "蒜香"],
                "name_en": "Flavour",
                "values_en": ["Plain", ""],
            }
        ]
        named = (await there.console("GET", "/api/console/categories")).json()["items"]
        assert [(c["name"], c["name_en"]) for c in named] == [("烘焙", "Bakery"), ("面包", "Bread")]
    # A later file says one word more and leaves the others.
    more = "SKU编码,规格一,规格一英文\nROLL-2,蒜香,Garlic\n"
    assert (await taken(shop, more))["updated"] == 1
    [roll] = await everything(shop)
    assert roll["specs"][0]["values_en"] == ["Plain", "Garlic"]
    wrong = "商品名称,SKU编码,售价(元),分类,分类英文名\n茶,T-1,9,茶叶/绿茶,Tea\n"
    [failed] = (await taken(shop, wrong))["failed"]
    assert failed["code"] == "catalog.rows_disagree"
