"""A new merchant: a shop in a minute, the first product by hand, many by a table."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import FilePayload, Locator, expect

from tests.e2e.browsing import Desk, Phone
from tests.running import PASSWORD, Running
from weike.entry.demo.art import gallery

ORANGE = "赣南脐橙 当季现摘"


def test_a_new_shop_sells_its_first_product(
    shop: Running, a_desk: Callable[..., Desk], a_phone: Callable[..., Phone]
) -> None:
    console = a_desk()
    slug = sign_up(console)
    console.sees("「山野小铺」离第一单还有几步")
    console.page.get_by_role("link", name="去发布").click()
    put_first_product(console)

    console.open("/guide")
    step = console.page.get_by_role("listitem").filter(has_text="上架第一件商品")
    expect(step).to_contain_text("已完成")

    phone = a_phone()
    phone.go("/pages/home/index", slug)
    phone.sees("山野小铺")
    phone.text(ORANGE).tap()
    expect(phone.page.get_by_role("heading", name=ORANGE)).to_be_visible()
    phone.shows_price("29.90")
    loaded = "document.querySelector('.pictures img')?.naturalWidth > 100"
    phone.page.wait_for_function(loaded)
    phone.tap("立即购买")
    sheet = phone.page.get_by_role("dialog")
    sheet.get_by_role("radio", name="大果").tap()
    expect(sheet.get_by_label("49.90 元", exact=True)).to_be_visible()
    expect(sheet).to_contain_text("库存 60 件")


def test_a_table_with_a_bad_row_says_which_and_why(
    shop: Running, a_desk: Callable[..., Desk]
) -> None:
    console = a_desk()
    sign_up(console)
    console.page.get_by_role("menuitem", name="导入导出").or_(
        console.page.get_by_role("link", name="导入导出")
    ).first.click()
    table = (
        "商品名称,SKU编码,售价(元),库存,状态\r\n"
        "崇明大米 5kg,rice-5,69.90,50,上架\r\n"
        "阿克苏苹果 5 斤,apple-5,三十九,80,上架\r\n"
        "云南蓝莓 4 盒,blueberry-4,49.90,30,上架\r\n"
    )
    console.page.locator("input[type=file]").set_input_files(
        FilePayload(name="goods.csv", mimeType="text/csv", buffer=table.encode("utf-8-sig"))
    )
    faults = console.page.get_by_role("row").filter(has_text="三十九")
    expect(faults).to_have_count(1)
    expect(faults).to_contain_text("3")
    console.button("写入 2 件").click()
    console.page.get_by_role("link", name="查看商品").click()
    console.sees("崇明大米 5kg", "云南蓝莓 4 盒")
    expect(console.page.get_by_text("阿克苏苹果")).to_have_count(0)


def sign_up(console: Desk) -> str:
    """The address of the new shop."""
    slug = f"hill-{uuid4().hex[:8]}"
    console.open("/sign-up")
    for field, value in {
        "#shop_name": "山野小铺",
        "#slug": slug,
        "#owner_name": "阿山",
        "#login": f"{slug}-owner",
        "#password": PASSWORD,
    }.items():
        console.page.locator(field).fill(value)
    console.page.locator(".agree").click()
    console.button("免费开店").click()
    console.page.wait_for_url(re.compile("/console/guide"))
    return slug


def put_first_product(console: Desk) -> None:
    page = console.page
    field(console, "商品名称").fill(ORANGE)
    field(console, "一句话卖点").fill("树上熟透才摘")
    step(console, "2")
    console.button("添加规格（0/3）").click()
    field(console, "规格名").fill("果径")
    values = field(console, "输入规格值，回车添加")
    values.fill("中果 大果")
    values.press("Enter")
    for name, price, stock in (("中果", "29.90", "80"), ("大果", "49.90", "60")):
        field(console, f"{name} 售价").fill(price)
        field(console, f"{name} 库存").fill(stock)
    step(console, "3")
    page.locator("input[type=file]").first.set_input_files(
        FilePayload(name="橙.png", mimeType="image/png", buffer=gallery.png("navel-orange"))
    )
    expect(page.get_by_role("figure").filter(has_text="主图")).to_be_visible()
    step(console, "4")
    console.button("保存并上架").click()
    console.sees("已上架，买家现在就能看到")
    row = page.get_by_role("row").filter(has_text=ORANGE)
    expect(row).to_contain_text("29.90")
    expect(row).to_contain_text("140")


def field(console: Desk, label: str) -> Locator:
    return console.page.get_by_label(label, exact=True).locator("visible=true").first


def step(console: Desk, number: str) -> None:
    steps = console.page.get_by_role("navigation", name="步骤")
    steps.or_(console.page.locator("nav.steps")).first.get_by_role(
        "button", name=re.compile(number)
    ).click()
