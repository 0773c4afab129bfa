"""Alipay and the balance, tap by tap: set up at the desk, paid on the phone, in both languages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import Desk, Phone
from tests.e2e.goods import FREIGHT_MINOR, open_tea_shop, yuan
from tests.e2e.people import be
from tests.running import PASSWORD, Member, Running, new_id, until


@dataclass(frozen=True)
class Words:
    """What the pages say."""

    language: str
    alipay: str
    balance: str
    pay: str
    paid: str
    my_balance: str
    top_up: str
    do_top_up: str
    take_back: str
    do_take_back: str
    on_its_way: str
    topped_up: str
    order_paid: str
    refunded: str
    taken: str
    tab_alipay: str
    tab_balance: str
    tab_ways: str
    save: str
    saved: str
    test: str
    test_ok: str
    confirm: str
    on: str


ZH = Words(
    language="zh-CN",
    alipay="支付宝",
    balance="余额支付",
    pay="立即支付",
    paid="支付成功",
    my_balance="我的余额",
    top_up="充值",
    do_top_up="确认充值 ¥500.00",
    take_back="退回原账户",
    do_take_back="确认退回",
    on_its_way="正在退回原支付账户",
    topped_up="充值",
    order_paid="支付订单",
    refunded="订单退款",
    taken="退回原支付账户",
    tab_alipay="支付宝",
    tab_balance="余额",
    tab_ways="收银台",
    save="保存",
    saved="已保存",
    test="测试连接",
    test_ok="测试通过",
    confirm="保存",
    on="开通余额充值",
)
EN = Words(
    language="en",
    alipay="Alipay",
    balance="Balance",
    pay="Pay now",
    paid="Payment received",
    my_balance="My balance",
    top_up="Top up",
    do_top_up="Top up ¥500.00",
    take_back="Take it back",
    do_take_back="Take it back",
    on_its_way="is on its way back",
    topped_up="Top-up",
    order_paid="Order paid",
    refunded="Order refunded",
    taken="Taken back",
    tab_alipay="Alipay",
    tab_balance="Balance",
    tab_ways="Cashier",
    save="Save",
    saved="Saved",
    test="Test",
    test_ok="The test passed",
    confirm="Save",
    on="Take top-ups",
)


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_paid_by_alipay_then_topped_up_spent_refunded_and_taken_back(
    shop: Running, a_phone: Callable[..., Phone], a_desk: Callable[..., Desk], words: Words
) -> None:
    merchant, tea = open_tea_shop(shop)
    desk = a_desk(language=words.language)
    desk.sign_in(f"{merchant.slug}-owner", PASSWORD)
    set_up_alipay(desk, shop, words)
    set_up_balance(desk, words)
    recommend_alipay(desk, words)

    buyer = Member.sign_in(shop, merchant.slug, "13900000771" if words is ZH else "13900000772")
    address = buyer.put_address()
    payable = tea.small_minor + FREIGHT_MINOR
    phone = a_phone(language=words.language)
    be(phone, buyer, merchant.slug)

    order = buyer.place([(tea.small_sku, 1)], address)
    pay_by_alipay(phone, merchant.slug, order["id"], payable, words)

    top_up(phone, merchant.slug, words)
    second = buyer.place([(tea.small_sku, 1)], address)
    pay_by_balance(phone, merchant.slug, second["id"], words)
    left = 500_00 - payable
    see_balance(phone, merchant.slug, left, words.order_paid, words)

    refund = {"id": new_id(), "reason": "补差"}
    merchant.ask("POST", f"/api/console/orders/{second['id']}/refund", json=refund)
    until(lambda: balance_of(buyer) == 500_00, what="the refund")
    see_balance(phone, merchant.slug, 500_00, words.refunded, words)

    take_back(phone, words)
    until(lambda: buyer.ask("GET", "/api/shop/balance")["leaving_minor"] == 0, what="the way back")
    see_balance(phone, merchant.slug, 0, words.taken, words)
    see_member(desk, buyer, words)


def set_up_alipay(desk: Desk, shop: Running, words: Words) -> None:
    known = json.loads((shop.data / "sandbox" / "alipay.json").read_text())["merchants"][0]
    desk.open("/payment?tab=alipay")
    page = desk.page
    zh = words is ZH
    page.get_by_label("应用 APPID" if zh else "App id", exact=True).fill(known["app_id"])
    seller = "商户 PID（2088 开头）" if zh else "Seller id (2088…)"
    page.get_by_label(seller, exact=True).fill(known["seller_id"])
    key = "应用私钥" if zh else "App private key"
    page.get_by_label(key, exact=True).fill(known["private_key_pem"])
    public = "支付宝公钥" if zh else "Alipay public key"
    page.get_by_label(public, exact=True).fill(known["alipay_public_key_pem"])
    desk.button(words.save).click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile(words.confirm)).last.click()
    desk.sees(words.saved)
    desk.button(words.test).click()
    expect(desk.text(words.test_ok, exact=False)).to_be_visible()


def set_up_balance(desk: Desk, words: Words) -> None:
    desk.page.get_by_role("tab", name=words.tab_balance, exact=True).click()
    zh = words is ZH
    panel = desk.page.get_by_role("tabpanel", name=words.tab_balance)
    panel.locator(".el-switch").click()
    panel.get_by_label("发卡主体" if zh else "Issuer", exact=True).fill("橙心商贸有限公司")
    filing = panel.get_by_label("备案信息" if zh else "Filing", exact=True)
    filing.fill("440300AAB0001")
    panel.get_by_role("button", name=words.save).click()
    expect(panel.get_by_text("已启用" if zh else "On", exact=True).first).to_be_visible()


def recommend_alipay(desk: Desk, words: Words) -> None:
    desk.page.get_by_role("tab", name=words.tab_ways, exact=True).click()
    panel = desk.page.get_by_role("tabpanel", name=words.tab_ways)
    up = "上移 支付宝" if words is ZH else "Move Alipay up"
    panel.get_by_role("button", name=up).first.click()
    panel.get_by_role("button", name=words.save).click()
    expect(panel.get_by_role("button", name=up).first).to_be_disabled()


def pay_by_alipay(phone: Phone, slug: str, order_id: str, payable: int, words: Words) -> None:
    phone.go(f"/buy/pay/index?id={order_id}", slug)
    chosen = phone.page.get_by_role("radio", name=words.alipay)
    expect(chosen).to_have_attribute("aria-checked", "true")
    phone.tap(words.pay)
    # The form has left the shop: a cashier that says what it is.
    phone.sees("模拟支付宝", yuan(payable))
    phone.page.get_by_role("button", name="确认付款").tap()
    phone.page.wait_for_url(re.compile(r"/m/\?shop=.*#/buy/pay/index\?id="))
    phone.sees(words.paid)


def top_up(phone: Phone, slug: str, words: Words) -> None:
    phone.go("/pages/me/index", slug)
    phone.text(words.my_balance).tap()
    phone.page.get_by_role("button", name=words.top_up, exact=True).first.tap()
    sheet = phone.page.get_by_role("dialog")
    sheet.get_by_role("radio", name="¥500").tap()
    sheet.get_by_role("radio", name=words.alipay).tap()
    sheet.get_by_role("button", name=words.do_top_up).tap()
    phone.sees("模拟支付宝", "500.00")
    phone.page.get_by_role("button", name="确认付款").tap()
    phone.page.wait_for_url(re.compile(r"#/buy/balance/index\?top_up="))
    shows(phone, 500_00, words)


def pay_by_balance(phone: Phone, slug: str, order_id: str, words: Words) -> None:
    phone.go(f"/buy/pay/index?id={order_id}", slug)
    # Enough for it, so it is recommended before the others.
    chosen = phone.page.get_by_role("radio", name=words.balance)
    expect(chosen).to_have_attribute("aria-checked", "true")
    phone.tap(words.pay)
    phone.sees(words.paid)


def see_balance(phone: Phone, slug: str, minor: int, newest: str, words: Words) -> None:
    phone.go("/buy/balance/index", slug)
    shows(phone, minor, words)
    expect(phone.page.locator(".line").first).to_contain_text(newest)


def shows(phone: Phone, minor: int, words: Words) -> None:
    label = f"{yuan(minor)} 元" if words is ZH else f"{yuan(minor)} yuan"
    expect(phone.page.locator(".top").get_by_label(label, exact=True)).to_be_visible()


def take_back(phone: Phone, words: Words) -> None:
    phone.page.get_by_role("button", name=words.take_back, exact=True).first.tap()
    sheet = phone.page.get_by_role("dialog")
    sheet.get_by_role("button", name=words.do_take_back, exact=True).last.tap()
    expect(sheet).to_have_count(0)


def see_member(desk: Desk, buyer: Member, words: Words) -> None:
    desk.open(f"/members?open={buyer.id}")
    drawer = desk.page.get_by_role("dialog")
    expect(drawer.get_by_text(words.taken).first).to_be_visible()


def balance_of(member: Member) -> int:
    return int(member.ask("GET", "/api/shop/balance")["balance_minor"])
