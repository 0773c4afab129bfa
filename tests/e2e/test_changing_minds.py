"""What was put in the cart, ordered, and given up again: before paying, and after."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.e2e.browsing import Phone
from tests.e2e.goods import FREIGHT_MINOR, TITLE, commission_of, open_tea_shop, yuan
from tests.e2e.people import be, sentence
from tests.running import Member, Merchant, Running, new_id, until


def test_an_unpaid_order_is_cancelled_with_two_taps(
    shop: Running, a_phone: Callable[..., Phone]
) -> None:
    merchant, tea = open_tea_shop(shop)
    member = Member.sign_in(shop, merchant.slug, "13900000031")
    member.put_address()
    phone = a_phone()
    be(phone, member, merchant.slug)

    phone.go(f"/pages/product/index?id={tea.product_id}", merchant.slug)
    phone.tap("加入购物车")
    sheet = phone.page.get_by_role("dialog")
    sheet.get_by_role("radio", name="500g").tap()
    sheet.get_by_role("button", name="加入购物车").tap()
    phone.sees("已加入购物车")
    phone.page.get_by_role("button", name=re.compile("^购物车")).tap()
    phone.tap("增加数量")
    phone.shows_price(yuan(tea.large_minor * 2))
    phone.tap("去结算 (2)")
    phone.sees("龙井路 1 号")
    phone.shows_price(yuan(tea.large_minor * 2 + FREIGHT_MINOR))
    phone.tap("提交订单")
    phone.sees("支付剩余时间")

    phone.go("/buy/orders/index?state=placed", merchant.slug)
    phone.tap("取消订单")
    phone.tap("确认取消")
    phone.go("/buy/orders/index", merchant.slug)
    phone.sees("已取消")
    stock = merchant.ask("GET", f"/api/console/products/{tea.product_id}")["skus"]
    assert [sku["stock"] for sku in stock] == [100, 100]


def test_a_refund_before_shipping_gives_all_back_and_voids_the_commission(
    shop: Running, a_phone: Callable[..., Phone]
) -> None:
    merchant, tea = open_tea_shop(shop)
    promoter = Member.sign_in(shop, merchant.slug, "13900000032")
    buyer = Member.sign_in(shop, merchant.slug, "13900000033")
    order = buyer.place(
        [(tea.small_sku, 1)], buyer.put_address(), share_code=share_of(promoter, tea.product_id)
    )
    buyer.pay(order["id"])
    earned = commission_of(tea.small_minor)
    until(lambda: amount(merchant, "estimated") == earned, what="the commission is estimated")

    phone = a_phone()
    be(phone, buyer, merchant.slug)
    phone.go(f"/buy/order/index?id={order['id']}", merchant.slug)
    phone.tap("申请退款")
    phone.sees("还没发货，申请后全额原路退回。")
    phone.page.get_by_role("dialog").get_by_role("radio", name="地址或电话填错了").tap()
    phone.tap("确认退款")
    until(lambda: amount(merchant, "estimated") == 0, what="the commission is void")
    phone.go(f"/buy/order/index?id={order['id']}", merchant.slug)
    phone.sees("已退款", f"¥{yuan(order['payable_minor'])} 已原路退回")
    phone.sees(sentence("trade.guarantee.refunded"))

    hers = a_phone()
    be(hers, promoter, merchant.slug)
    hers.go("/promo/income/index?state=void", merchant.slug)
    expect(hers.page.get_by_role("button").filter(has_text=TITLE)).to_contain_text("已失效")


def share_of(promoter: Member, product_id: str) -> str:
    agreement = promoter.ask("GET", "/api/shop/promoter/agreement")
    promoter.ask("POST", "/api/shop/promoter", json={"agreement_version": agreement["version"]})
    share = promoter.ask(
        "POST",
        "/api/shop/shares",
        json={"id": new_id(), "kind": "product", "product_id": product_id, "channel": "wechat"},
    )
    return str(share["code"])


def amount(merchant: Merchant, state: str) -> int:
    summary: dict[str, Any] = merchant.ask("GET", "/api/console/commissions/summary")
    (row,) = (row for row in summary["by_state"] if row["state"] == state)
    return int(row["amount_minor"])
