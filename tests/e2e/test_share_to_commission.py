"""The whole business once, on three screens: share, buy, pay, ship, receive, earn."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.e2e.browsing import Desk, Phone
from tests.e2e.goods import FREIGHT_MINOR, TITLE, commission_of, open_tea_shop, yuan
from tests.e2e.people import copied, join, paste_address, sentence, sign_in
from tests.running import PASSWORD, Running, until

PROMOTER, BUYER = "13900000001", "13900000002"
PIECES = 2


def test_a_shared_link_becomes_an_order_and_a_commission(
    shop: Running, a_phone: Callable[..., Phone], a_desk: Callable[..., Desk]
) -> None:
    merchant, tea = open_tea_shop(shop)
    goods = tea.small_minor * PIECES
    payable = goods + FREIGHT_MINOR
    earned = commission_of(goods)

    promoter = a_phone()
    link = become_promoter_and_share(promoter, shop, merchant.slug, tea.product_id)
    assert link.startswith(f"{shop.web_url}/s/")

    buyer = a_phone()
    open_shared_product(buyer, link, yuan(tea.small_minor))
    buy(buyer, shop, payable)
    pay_at_the_cashier(buyer, payable)
    number = look_at_the_paid_order(buyer, payable)

    console = a_desk()
    console.sign_in(f"{merchant.slug}-owner", PASSWORD)
    ship(console, number, payable)

    receive(buyer)

    until(lambda: pending(merchant.ask("GET", "/api/console/commissions/summary")) == earned)
    see_the_commission(promoter, merchant.slug, goods, earned)


def become_promoter_and_share(phone: Phone, shop: Running, slug: str, product_id: str) -> str:
    phone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    phone.go("/pages/me/index", slug)
    phone.text("点这里登录").tap()
    sign_in(phone, shop, PROMOTER)
    phone.text("去看看").tap()
    join(phone)
    phone.go(f"/pages/product/index?id={product_id}", slug)
    phone.sees("分享赚 ¥12.99")
    phone.tap("分享给朋友")
    phone.sees("好友通过这次分享下单，你预估可得 ¥12.99", "推荐文案")
    phone.text("复制链接").tap()
    phone.sees("链接已复制")
    return copied(phone)


def open_shared_product(phone: Phone, link: str, price: str) -> None:
    phone.open(link)
    phone.page.wait_for_url(re.compile(r"#/pages/product/index"))
    expect(phone.page.get_by_role("heading", name=TITLE)).to_be_visible()
    phone.shows_price(price)


def buy(phone: Phone, shop: Running, payable: int) -> None:
    phone.tap("立即购买")
    sheet = phone.page.get_by_role("dialog")
    sheet.get_by_role("radio", name="250g").tap()
    sheet.get_by_role("button", name="增加数量").tap()
    sheet.get_by_role("button", name="立即购买").tap()
    sign_in(phone, shop, BUYER)
    # Back at the product, with the choice still made.
    phone.page.get_by_role("dialog").get_by_role("button", name="立即购买").tap()
    phone.text("添加收货地址").tap()
    paste_address(phone)
    phone.sees("确认订单", "龙井路1号", "运费", "¥8.00", "推荐不会让你多付一分钱。")
    phone.shows_price(yuan(payable))
    phone.tap("提交订单")


def pay_at_the_cashier(phone: Phone, payable: int) -> None:
    phone.sees("应付金额", "支付剩余时间")
    phone.shows_price(yuan(payable))
    phone.tap("立即支付")
    phone.sees("模拟收银台")
    phone.sees(yuan(payable))
    phone.page.get_by_role("button", name="确认支付").tap()
    back = phone.page.get_by_role("link", name="返回商家")
    done = phone.text("支付成功", exact=False)
    expect(back.or_(done).first).to_be_visible()
    if back.count():
        back.tap()
    phone.sees("支付成功", "查看订单")
    phone.shows_price(yuan(payable))


def look_at_the_paid_order(phone: Phone, payable: int) -> str:
    """The number of the order."""
    phone.tap("查看订单")
    phone.sees("待发货", sentence("trade.event.paid"))
    phone.shows_price(yuan(payable))
    brought = phone.text("推荐", exact=False)
    brought.tap()
    phone.sees(sentence("distribution.reason.share_used"))
    return phone.page.locator(".number").inner_text().strip()


def ship(console: Desk, number: str, payable: int) -> None:
    console.page.get_by_role("link", name="订单").first.click()
    row = console.page.get_by_role("row").filter(has_text=number)
    expect(row).to_contain_text(yuan(payable))
    expect(row).to_contain_text("待发货")
    row.get_by_role("button", name="发货", exact=True).click()
    dialog = console.page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="物流单号").fill("SF1234567890123")
    dialog.get_by_role("button", name=re.compile("确认发货")).click()
    console.sees("已发货 1 单")
    expect(row).to_contain_text("已发货")


def receive(phone: Phone) -> None:
    phone.page.reload()
    phone.sees("待收货", "顺丰速运", "SF1234567890123")
    phone.tap("确认收货")
    phone.text("已收到").tap()
    phone.sees("已收货", sentence("trade.event.received"))


def pending(summary: dict[str, Any]) -> int:
    (row,) = (row for row in summary["by_state"] if row["state"] == "pending")
    return int(row["amount_minor"])


def see_the_commission(phone: Phone, slug: str, base: int, earned: int) -> None:
    phone.go("/promo/home/index", slug)
    pending_sum = phone.page.get_by_role("link").filter(has_text="待结算")
    expect(pending_sum.get_by_label(f"{yuan(earned)} 元")).to_be_visible()
    pending_sum.tap()
    row = phone.page.get_by_role("button").filter(has_text=TITLE)
    expect(row).to_contain_text(f"+¥{yuan(earned)}")
    row.tap()
    expect(row).to_contain_text(f"计佣金额 ¥{yuan(base)} × 10% = ¥{yuan(earned)}")
