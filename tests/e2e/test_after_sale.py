"""A part of an order comes back before shipping, another part with its parcel afterwards.

Two lines, a member price and freight: what comes back is to the fen what was paid. Told in Chinese
and in English, on the phone and at the desk.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.browsing import Desk, Phone
from tests.e2e.goods import TITLE, Tea, open_tea_shop, yuan
from tests.e2e.people import be
from tests.running import PASSWORD, Member, Merchant, Running, new_id, until
from weike.entry.demo.art import gallery

ENGLISH_TITLE = "Longjing green tea, before Qingming"
PIECE_MINOR = 123_50 + 2_09
"""129.99 less 5 %, with the first of two pieces' part of the freight: 4.17 of 8.00."""
LARGE_MINOR = 227_05 + 3_83


@dataclass(frozen=True)
class Words:
    """What the pages say, in one language."""

    language: str
    title: str
    entry: str
    refund_only: str
    give_back: str
    fewer: str
    reason: str
    mind: str
    damaged: str
    amount: str
    remark: str
    photos: str
    submit: str
    done: str
    refunded: str
    waiting: str
    to_return: str
    enter_parcel: str
    courier: str
    tracking_no: str
    send: str
    on_the_way: str
    desk: str
    detail: str
    agree: str
    name: str
    phone: str
    address: str
    accept: str
    refunding: str
    history: str


ZH = Words(
    language="zh-CN",
    title=TITLE,
    entry="申请售后",
    refund_only="仅退款",
    give_back="退货退款",
    fewer="减少数量",
    reason="申请原因",
    mind="不想要了",
    damaged="收到时已破损",
    amount="退款金额",
    remark="补充说明",
    photos="添加图片",
    submit="提交申请",
    done="售后完成",
    refunded="退款成功，¥{amount} 已原路退回",
    waiting="待商家处理",
    to_return="待买家寄回",
    enter_parcel="填写退货单号",
    courier="快递公司",
    tracking_no="快递单号",
    send="提交",
    on_the_way="待商家收货",
    desk="售后",
    detail="详情",
    agree="同意，请买家寄回",
    name="收件人",
    phone="电话",
    address="退货地址",
    accept="确认收到退货",
    refunding="退款中",
    history="退款 / 售后",
)
EN = Words(
    language="en-US",
    title=ENGLISH_TITLE,
    entry="After-sale",
    refund_only="Refund only",
    give_back="Return and refund",
    fewer="One fewer",
    reason="Reason",
    mind="Changed my mind",
    damaged="Arrived damaged",
    amount="Refund",
    remark="Tell us more",
    photos="Add photos",
    submit="Submit",
    done="Completed",
    refunded="Refunded: ¥{amount}",
    waiting="Waiting for the merchant",
    to_return="Waiting for the return",
    enter_parcel="Enter tracking number",
    courier="Courier",
    tracking_no="Tracking number",
    send="Send",
    on_the_way="Return on its way",
    desk="After-sale",
    detail="Details",
    agree="Agree, goods come back",
    name="Receiver",
    phone="Phone",
    address="Return address",
    accept="Goods are back",
    refunding="Refunding",
    history="Refunds & after-sale",
)


def a_paid_order(shop: Running, number: str) -> tuple[Merchant, Tea, Member, dict[str, Any]]:
    """Two lines at a member price, with freight."""
    merchant, tea = open_tea_shop(shop)
    level = {"id": new_id(), "name": "茶友", "name_en": "Friend", "growth_from": 0}
    rules = {"growth_per_yuan": 1, "term_days": 365}
    merchant.ask(
        "PUT",
        "/api/console/levels",
        json={"items": [level | {"discount_bp": 500}], "settings": rules},
    )
    member = Member.sign_in(shop, merchant.slug, number)
    order = member.place([(tea.small_sku, 2), (tea.large_sku, 1)], member.put_address())
    assert order["payable_minor"] == 2 * 123_50 + 227_05 + 8_00
    member.pay(order["id"])
    path = f"/api/console/orders/{order['id']}"
    until(lambda: merchant.ask("GET", path)["state"] == "paid", what="the order is paid")
    return merchant, tea, member, order


@pytest.mark.parametrize(("words", "number"), [(ZH, "13900000091"), (EN, "13900000092")])
def test_a_piece_and_then_a_parcel_come_back(
    shop: Running,
    a_phone: Callable[..., Phone],
    a_desk: Callable[..., Desk],
    words: Words,
    number: str,
) -> None:
    merchant, tea, member, order = a_paid_order(shop, number)
    phone = a_phone(language=words.language)
    be(phone, member, merchant.slug)

    take_one_piece_back(phone, words, merchant, member, order)
    assert stock(merchant, tea) == [99, 99]

    path = f"/api/console/orders/{order['id']}"
    parcel = {"id": new_id(), "courier": "sf", "tracking_no": "SF1234567890"}
    merchant.ask("POST", f"{path}/ship", json=parcel)
    member.ask("POST", f"/api/shop/orders/{order['id']}/receive")

    ask_to_return_the_large_one(phone, words, merchant, order)
    console = a_desk(language=words.language)
    console.sign_in(f"{merchant.slug}-owner", PASSWORD)
    agree_at_the_desk(console, words)
    send_it_back(phone, words)
    accept_at_the_desk(console, words)

    phone.go("/after/list/index", merchant.slug)
    until(lambda: case_states(member) == ["done", "done"], what="the money is back")
    phone.go("/after/list/index", merchant.slug)
    phone.sees(words.history, words.done)
    # One piece before shipping, one sent back in good state.
    assert stock(merchant, tea) == [99, 100]
    detail = merchant.ask("GET", path)
    assert [line["refunded_minor"] for line in detail["lines"]] == [PIECE_MINOR, LARGE_MINOR]
    assert detail["refund_state"] == "part"


def take_one_piece_back(
    phone: Phone, words: Words, merchant: Merchant, member: Member, order: dict[str, Any]
) -> None:
    """Not shipped yet: nobody has to agree."""
    phone.go(f"/buy/order/index?id={order['id']}", merchant.slug)
    phone.button(words.entry).tap()
    phone.page.get_by_role("radio", name=words.refund_only).first.tap()
    phone.page.get_by_role("checkbox", name=words.title).first.tap()
    phone.tap(words.fewer)
    cell(phone, words.reason).tap()
    phone.page.get_by_role("dialog").get_by_role("radio", name=words.mind).first.tap()
    expect(phone.input(words.amount)).to_have_value(yuan(PIECE_MINOR))
    phone.tap(words.submit)
    until(lambda: case_states(member) == ["done"], what="the piece is refunded")
    phone.go("/after/list/index", merchant.slug)
    phone.sees(words.done)
    phone.go(f"/buy/order/index?id={order['id']}", merchant.slug)
    phone.sees(yuan(PIECE_MINOR))


def ask_to_return_the_large_one(
    phone: Phone, words: Words, merchant: Merchant, order: dict[str, Any]
) -> None:
    """The seller's fault, so the freight comes back too; with a photo."""
    phone.go(f"/buy/order/index?id={order['id']}", merchant.slug)
    phone.button(words.entry).tap()
    phone.page.get_by_role("radio", name=words.give_back).first.tap()
    phone.page.get_by_role("checkbox", name=words.title).last.tap()
    cell(phone, words.reason).tap()
    phone.page.get_by_role("dialog").get_by_role("radio", name=words.damaged).first.tap()
    expect(phone.input(words.amount)).to_have_value(yuan(LARGE_MINOR))
    phone.input(words.remark).fill("罐子压瘪了")
    with phone.page.expect_file_chooser() as chosen:
        phone.button(words.photos).tap()
    chosen.value.set_files(
        {"name": "tin.png", "mimeType": "image/png", "buffer": gallery.png("longjing")}
    )
    expect(phone.page.locator(".x-upload img")).to_have_count(1)
    phone.tap(words.submit)
    phone.sees(words.waiting, yuan(LARGE_MINOR), "罐子压瘪了")


def agree_at_the_desk(console: Desk, words: Words) -> None:
    console.open("/after-sales?state=asked")
    row = console.page.get_by_role("row").filter(has_text=words.title).first
    expect(row).to_contain_text(words.damaged)
    row.get_by_role("button", name=words.detail).click()
    console.sees("罐子压瘪了")
    console.button(words.agree).click()
    console.page.get_by_label(words.name, exact=True).fill("云山茶铺 退货组")
    console.page.get_by_label(words.phone, exact=True).fill("0571-88880000")
    console.page.get_by_label(words.address, exact=True).fill("杭州市西湖区龙井路 8 号")
    console.button(words.agree).click()
    console.sees(words.to_return)


def send_it_back(phone: Phone, words: Words) -> None:
    phone.page.reload()
    phone.sees(words.to_return, "杭州市西湖区龙井路 8 号")
    phone.tap(words.enter_parcel)
    phone.input(words.courier).fill("顺丰速运")
    phone.input(words.tracking_no).fill("SF9876543210")
    phone.page.get_by_role("dialog").get_by_role("button", name=words.send).tap()
    phone.sees(words.on_the_way, "SF9876543210")


def accept_at_the_desk(console: Desk, words: Words) -> None:
    console.open("/after-sales?state=sent_back")
    row = console.page.get_by_role("row").filter(has_text=words.title).first
    row.get_by_role("button", name=words.detail).click()
    console.button(words.accept).click()
    console.button(words.accept).click()
    expect(console.page.get_by_role("dialog").get_by_text(words.refunding).first).to_be_visible()


def cell(phone: Phone, name: str) -> Locator:
    """A row is read with its value behind its name."""
    return phone.page.get_by_role("button", name=re.compile(f"^{name}")).first


def case_states(member: Member) -> list[str]:
    return [one["state"] for one in member.ask("GET", "/api/shop/after-sales")["items"]]


def stock(merchant: Merchant, tea: Tea) -> list[int]:
    skus = merchant.ask("GET", f"/api/console/products/{tea.product_id}")["skus"]
    return [sku["stock"] for sku in skus]
