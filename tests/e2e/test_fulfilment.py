"""How goods reach people: keys at payment, a code at the counter, parcels that are followed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import Desk, Phone
from tests.e2e.goods import open_tea_shop, upload_picture
from tests.e2e.people import be
from tests.running import PASSWORD, Member, Merchant, Running, new_id, until

LANGUAGES = pytest.mark.parametrize("language", ["zh-CN", "en"])
SAID = {
    "zh-CN": {
        "buy": "立即购买",
        "submit": "提交订单",
        "pay": "立即支付",
        "look": "查看订单",
        "show_keys": "查看卡密",
        "tap": "点击查看",
        "keys": "卡密已发货",
        "show_code": "出示提货码",
        "ready": "待自提",
        "received": "已收货",
        "part": "部分发货",
        "parcel_2": "包裹 2",
        "signed": "已签收",
        "tracking": "物流详情",
    },
    "en": {
        "buy": "Buy now",
        "submit": "Place order",
        "pay": "Pay now",
        "look": "See the order",
        "show_keys": "Show keys",
        "tap": "Tap to show",
        "keys": "Your keys are here",
        "show_code": "Show my code",
        "ready": "Ready to pick up",
        "received": "Received",
        "part": "Partly shipped",
        "parcel_2": "Parcel 2",
        "signed": "Delivered",
        "tracking": "Tracking",
    },
}
DESK: dict[str, dict[str, Any]] = {
    "zh-CN": {
        "ready": "备货完成",
        "ready_title": "通知买家来自提",
        "code": "提货码",
        "read": "查询",
        "hand": "确认交货并核销",
        "done": "核销成功，订单已完成收货",
        "ship": "发货",
        "number": "物流单号",
        "send": re.compile("^确认发货"),
        "parcels": re.compile("包裹与物流"),
    },
    "en": {
        "ready": "Ready for pick-up",
        "ready_title": "Ready for pick-up",
        "code": "Pick-up code",
        "read": "Look up",
        "hand": "Handed over",
        "done": "Done: the order is received",
        "ship": "Ship",
        "number": "Tracking number",
        "send": re.compile(r"^Ship \d"),
        "parcels": re.compile("Parcels"),
    },
}


def put_cards(merchant: Merchant, keys: list[str]) -> str:
    """A product whose stock is these keys."""
    product_id, sku_id = new_id(), new_id()
    merchant.ask(
        "PUT",
        f"/api/console/products/{product_id}",
        json={
            "title": "茶艺课程兑换卡",
            "title_en": "Tea class voucher",
            "kind": "card_key",
            "delivery_note": "在小程序「我的课程」里输入密码兑换，两年内有效。",
            "media_ids": [upload_picture(merchant)],
            "skus": [{"id": sku_id, "code": f"card-{sku_id[-6:]}", "price_minor": 9900}],
            "state": "on_sale",
        },
    )
    merchant.ask(
        "POST",
        f"/api/console/skus/{sku_id}/keys",
        json={"id": new_id(), "text": "\n".join(keys)},
    )
    return product_id


def order_of(member: Member, order_id: str) -> Any:
    return member.ask("GET", f"/api/shop/orders/{order_id}")


def wait_for(member: Member, order_id: str, state: str, name: str = "state") -> Any:
    return until(
        lambda: (found := order_of(member, order_id))[name] == state and found,
        what=f"{name} {state}",
    )


@LANGUAGES
def test_a_card_key_is_bought_and_shown_to_its_buyer(
    shop: Running, a_phone: Callable[..., Phone], language: str
) -> None:
    said = SAID[language]
    merchant, _ = open_tea_shop(shop)
    product = put_cards(merchant, ["TEA-01,KEY-ALPHA-7781", "TEA-02,KEY-BETA-9042"])
    member = Member.sign_in(shop, merchant.slug, f"1390000{'41' if language == 'en' else '42'}01")
    phone = a_phone(language=language)
    be(phone, member, merchant.slug)
    phone.go(f"/pages/product/index?id={product}", merchant.slug)
    phone.tap(said["buy"])
    phone.page.get_by_role("dialog").get_by_role("button", name=said["buy"]).tap()
    phone.shows_price("99.00") if language == "zh-CN" else None
    phone.tap(said["submit"])
    phone.page.wait_for_url(re.compile("buy/pay"))
    order_id = re.search(r"id=([0-9a-f-]{36})", phone.page.url)
    assert order_id is not None
    member.pay(order_id[1])
    wait_for(member, order_id[1], "shipped")

    phone.go(f"/buy/order/index?id={order_id[1]}", merchant.slug)
    phone.sees(said["keys"], "在小程序「我的课程」里输入密码兑换")
    assert "KEY-" not in phone.page.content()
    phone.tap(said["show_keys"])
    masked = phone.page.get_by_role("button", name=said["tap"]).first
    expect(masked).to_contain_text("••••••")
    masked.tap()
    expect(phone.page.get_by_text(re.compile("KEY-(ALPHA-7781|BETA-9042)"))).to_be_visible()
    kept = merchant.ask("GET", f"/api/console/products/{product}/keys")["items"]
    assert [(sku["free"], sku["given"]) for sku in kept] == [(1, 1)]


@LANGUAGES
def test_an_order_is_fetched_with_the_code_on_the_phone(
    shop: Running, a_phone: Callable[..., Phone], a_desk: Callable[..., Desk], language: str
) -> None:
    said, desk_says = SAID[language], DESK[language]
    merchant, tea = open_tea_shop(shop)
    point = new_id()
    merchant.ask(
        "PUT",
        f"/api/console/pickup-points/{point}",
        json={
            "name": "龙井路门店",
            "region_code": "330106",
            "province": "浙江省",
            "city": "杭州市",
            "district": "西湖区",
            "street": "龙井路 1 号",
            "hours": "每天 10:00-21:00",
            "phone": "0571-88001234",
        },
    )
    member = Member.sign_in(shop, merchant.slug, f"1390000{'43' if language == 'en' else '44'}01")
    order = member.ask(
        "POST",
        "/api/shop/orders",
        json={
            "id": new_id(),
            "lines": [{"sku_id": tea.small_sku, "quantity": 2}],
            "delivery": {
                "kind": "pickup",
                "pickup_point_id": point,
                "contact_name": "陈晓棠",
                "contact_phone": "13800138000",
            },
        },
    )
    member.pay(order["id"])
    wait_for(member, order["id"], "paid")

    desk = a_desk(language=language)
    desk.sign_in(f"{merchant.slug}-owner", PASSWORD)
    desk.open(f"/orders?open={order['id']}")
    desk.button(desk_says["ready"]).click()
    box = desk.page.get_by_role("dialog", name=desk_says["ready_title"], exact=True)
    box.get_by_role("button", name=desk_says["ready"]).click()
    wait_for(member, order["id"], "ready", "fulfilment_state")

    phone = a_phone(language=language)
    be(phone, member, merchant.slug)
    phone.go(f"/buy/order/index?id={order['id']}", merchant.slug)
    phone.sees(said["ready"], "龙井路门店")
    phone.tap(said["show_code"])
    digits = phone.page.get_by_text(re.compile(r"^\d{4} \d{4} \d{4}$"))
    expect(digits).to_be_visible()
    code = digits.inner_text()

    desk.watch.refused = {404, 409}  # A code of nobody, and one that was used.
    desk.open("/write-off")
    box = desk.page.get_by_role("textbox", name=desk_says["code"])
    box.fill("0000 0000 0000")
    desk.button(desk_says["read"]).click()
    expect(desk.page.locator("p[role=alert]")).to_be_visible()
    box.fill(code)
    desk.button(desk_says["read"]).click()
    desk.sees("陈晓棠", "× 2")
    desk.button(desk_says["hand"]).click()
    desk.sees(desk_says["done"])
    wait_for(member, order["id"], "received")
    box.fill(code)
    desk.button(desk_says["read"]).click()
    expect(desk.page.locator("p[role=alert]")).to_be_visible()
    phone.go(f"/buy/order/index?id={order['id']}", merchant.slug)
    phone.sees(said["received"])


@LANGUAGES
def test_two_parcels_are_followed_on_the_phone(
    shop: Running, a_phone: Callable[..., Phone], a_desk: Callable[..., Desk], language: str
) -> None:
    said, desk_says = SAID[language], DESK[language]
    merchant, tea = open_tea_shop(shop)
    account = shop.outside.get("/_ctl/express/account").json()
    merchant.ask("PUT", "/api/console/tracking", json=account)
    member = Member.sign_in(shop, merchant.slug, f"1390000{'45' if language == 'en' else '46'}01")
    order = member.place([(tea.small_sku, 2), (tea.large_sku, 1)], member.put_address())
    member.pay(order["id"])
    wait_for(member, order["id"], "paid")

    tail = new_id().replace("-", "")[-10:]
    numbers = [f"SF1{int(tail, 16) % 10**11:011d}{n}" for n in (1, 2)]
    desk = a_desk(language=language)
    desk.sign_in(f"{merchant.slug}-owner", PASSWORD)
    desk.open(f"/orders?open={order['id']}")
    for nth, number in enumerate(numbers):
        desk.page.get_by_role("button", name=desk_says["ship"], exact=True).last.click()
        dialog = desk.page.get_by_role("dialog").filter(has=desk.page.locator(".lines"))
        dialog.get_by_placeholder(desk_says["number"]).fill(number)
        if nth == 0:  # One of the three pieces first.
            dialog.get_by_role("spinbutton").nth(0).fill("1")
            dialog.get_by_role("spinbutton").nth(1).fill("0")
            dialog.get_by_role("spinbutton").nth(1).press("Tab")
        dialog.get_by_role("button", name=desk_says["send"]).last.click()
        expect(dialog).to_be_hidden()
        if nth == 0:
            wait_for(member, order["id"], "part", "fulfilment_state")
            desk.open(f"/orders?open={order['id']}")
    wait_for(member, order["id"], "shipped")

    phone = a_phone(language=language)
    be(phone, member, merchant.slug)
    phone.go(f"/buy/order/index?id={order['id']}", merchant.slug)
    phone.sees(said["parcel_2"], numbers[0], numbers[1])

    def told() -> bool:
        moved = shop.outside.post("/_ctl/express", json={"number": numbers[0], "steps": 5})
        assert moved.is_success
        parcels = order_of(member, order["id"])["parcels"]
        return any(parcel["state"] == "signed" for parcel in parcels)

    until(told, what="the courier's word")
    phone.go(f"/buy/order/index?id={order['id']}", merchant.slug)
    phone.page.get_by_role("link").filter(has_text=said["signed"]).first.tap()
    phone.sees(said["tracking"], said["signed"], "已被揽收")

    desk.open(f"/orders?open={order['id']}")
    desk.page.get_by_role("tab", name=desk_says["parcels"]).click()
    desk.sees(numbers[0], "已被揽收")
