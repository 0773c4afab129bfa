"""After the parcel: a review a friend sees first, one's own data, an invoice. In both languages."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import FilePayload, expect

from tests.e2e.browsing import Desk, Phone
from tests.e2e.goods import Tea, open_tea_shop
from tests.e2e.people import be
from tests.running import PASSWORD, Member, Merchant, Running, code_for, new_id, until
from weike.entry.demo.art import gallery

LANGUAGES = ("zh-CN", "en")
SAID = "豆香足，回甘快，家里老人也说好。"
LATER = "包装有点简单，茶还行。"
COMPANY = "橙心科技有限公司"
TAX_NO = "91350100M000100Y43"
INVOICE_NO = "26332000000001234567"


def bought(merchant: Merchant, tea: Tea, buyer: Member) -> dict[str, Any]:
    """One small tin, shipped and received."""
    order = buyer.place([(tea.small_sku, 1)], buyer.put_address())
    buyer.pay(order["id"])
    path = f"/api/console/orders/{order['id']}"
    until(lambda: merchant.ask("GET", path)["state"] == "paid", what="the payment is heard")
    parcel = {"id": new_id(), "courier": "sf", "tracking_no": "SF1234567890123"}
    merchant.ask("POST", f"{path}/ship", json=parcel)
    buyer.ask("POST", f"/api/shop/orders/{order['id']}/receive")
    return order


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_review_with_a_picture_comes_first_for_a_friend_and_not_for_a_stranger(
    shop: Running,
    a_phone: Callable[..., Phone],
    a_desk: Callable[..., Desk],
    language: str,
) -> None:
    zh = language == "zh-CN"
    number = 41 if zh else 51
    merchant, tea = open_tea_shop(shop)
    friend, reader, stranger, other = (
        Member.sign_in(shop, merchant.slug, f"139000001{number + i}") for i in range(4)
    )
    friend.ask("PUT", "/api/shop/me", json={"nickname": "小满"})
    order = bought(merchant, tea, friend)

    phone = a_phone(language=language)
    be(phone, friend, merchant.slug)
    write_a_review(phone, merchant.slug, order["id"], zh=zh)
    late = bought(merchant, tea, other)
    other.ask(
        "POST",
        "/api/shop/reviews",
        json={
            "id": new_id(),
            "order_id": late["id"],
            "position": 0,
            "score": 3,
            "text": LATER,
            "media_ids": [upload_picture_of(other)],
        },
    )
    theirs = a_phone(language=language)
    be(theirs, stranger, merchant.slug)
    theirs.go(f"/care/reviews/index?id={tea.product_id}", merchant.slug)
    strangers = theirs.page.locator(".one .x-review")
    expect(strangers.first).to_contain_text(LATER)
    expect(strangers.nth(1)).to_contain_text(SAID)
    expect(theirs.page.get_by_text("你的好友" if zh else "Your friend")).to_have_count(0)

    opened = shared(friend, tea.product_id)
    hers = a_phone(language=language)
    be(hers, reader, merchant.slug)
    hers.open(f"{shop.web_url}/s/{opened}")
    expect(hers.page.locator(".x-reviews-block .x-review").first).to_be_visible()
    hers.page.reload()
    blocks = hers.page.locator(".x-reviews-block .x-review")
    expect(blocks.first).to_contain_text(SAID)
    expect(blocks.first).to_contain_text("你的好友" if zh else "Your friend")
    expect(blocks.nth(1)).to_contain_text(LATER)
    hers.tap("查看全部" if zh else "See all")
    first = hers.page.locator(".one .x-review").first
    expect(first).to_contain_text(SAID)
    first.get_by_role("button", name="有用" if zh else "Helpful").tap()
    expect(first).to_contain_text("有用 1" if zh else "Helpful 1")

    console = a_desk(language=language)
    console.sign_in(f"{merchant.slug}-owner", PASSWORD)
    answer(console, zh=zh)
    hers.page.reload()
    expect(hers.page.locator(".one .x-review").first).to_contain_text("谢谢小满")


def write_a_review(phone: Phone, slug: str, order_id: str, *, zh: bool) -> None:
    phone.go(f"/buy/order/index?id={order_id}", slug)
    phone.tap("评价" if zh else "Review")
    phone.page.get_by_role("radio", name="非常满意" if zh else "Very good").tap()
    phone.page.get_by_role("checkbox", name="品质好" if zh else "Good quality").tap()
    phone.input("评价内容" if zh else "Your review").fill(SAID)
    with phone.page.expect_file_chooser() as chooser:
        phone.tap("添加图片" if zh else "Add photos")
    picture = FilePayload(name="tea.png", mimeType="image/png", buffer=gallery.png("longjing"))
    chooser.value.set_files(picture)
    expect(phone.page.locator(".x-upload img")).to_have_count(1)
    phone.page.get_by_role(
        "switch", name="让好友先看到" if zh else "Show it to friends first"
    ).tap()
    phone.tap("提交评价" if zh else "Post")
    phone.sees("评价成功，谢谢你的分享" if zh else "Posted. Thank you!")


def upload_picture_of(member: Member) -> str:
    answer = member.ask(
        "POST",
        "/api/shop/media",
        files={"file": ("tea.png", gallery.png("longjing"), "image/png")},
    )
    return str(answer["id"])


def shared(member: Member, product_id: str) -> str:
    share = {"id": new_id(), "kind": "product", "product_id": product_id, "channel": "wechat"}
    return str(member.ask("POST", "/api/shop/shares", json=share)["code"])


def answer(console: Desk, *, zh: bool) -> None:
    console.open("/reviews")
    row = console.page.get_by_role("row").filter(has_text=SAID)
    row.get_by_role("button", name="详情" if zh else "Details").click()
    drawer = console.page.get_by_role("dialog")
    drawer.get_by_role("button", name="回复" if zh else "Answer").click()
    drawer.get_by_role("textbox").first.fill("谢谢小满，喝完再来坐坐。")
    drawer.get_by_role("button", name="回复" if zh else "Answer").click()
    console.sees("已回复" if zh else "Answered")
    # Nothing here deletes.
    for word in ("删除", "Delete", "Remove"):
        expect(drawer.get_by_role("button", name=word)).to_have_count(0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_member_takes_her_data_along_and_asks_to_be_deleted(
    shop: Running,
    a_phone: Callable[..., Phone],
    a_desk: Callable[..., Desk],
    language: str,
) -> None:
    zh = language == "zh-CN"
    number = "13900000161" if zh else "13900000171"
    merchant, tea = open_tea_shop(shop)
    member = Member.sign_in(shop, merchant.slug, number)
    order = member.place([(tea.small_sku, 1)], member.put_address())

    phone = a_phone(language=language)
    be(phone, member, merchant.slug)
    phone.go("/pages/settings/index", merchant.slug)
    phone.text("个人信息与隐私" if zh else "Data and privacy").tap()
    phone.tap("申请导出" if zh else "Ask for an export")
    with phone.page.expect_download() as download:
        phone.tap("下载" if zh else "Download")
    pack = zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes()))
    told = json.loads(pack.read("data/members.json"))
    assert told["phone"] == [{"phone": number}]
    assert told["addresses"][0]["street"] == "龙井路 1 号"
    assert "收货地址 Addresses" in pack.read("index.html").decode()

    # An open order stands in the way, and is named.
    phone.page.locator(".delete").tap()
    phone.sees("还有 1 笔订单没有完成" if zh else "Orders not finished: 1")
    phone.tap("知道了" if zh else "I see")
    member.ask("POST", f"/api/shop/orders/{order['id']}/cancel", json={"reason": ""})

    phone.page.locator(".delete").tap()
    phone.tap("获取验证码" if zh else "Get a code")
    phone.sees("验证码已发送" if zh else "The code was sent")
    label = f"验证码（尾号 {number[-4:]}）" if zh else f"Code (…{number[-4:]})"
    phone.input(label).fill(code_for(shop, number))
    phone.tap("提交注销申请" if zh else "Ask for deletion")
    phone.text("确定注销" if zh else "Delete").tap()
    phone.sees("账号将被注销" if zh else "Your account will be deleted")

    console = a_desk(language=language)
    console.sign_in(f"{merchant.slug}-owner", PASSWORD)
    console.open("/privacy")
    console.sees("注销账号" if zh else "Deletion", "办理中" if zh else "Waiting")

    phone.tap("撤回注销申请" if zh else "Keep my account")
    phone.sees("已撤回，账号保持不变" if zh else "Kept. Nothing changes.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_invoice_is_asked_for_issued_and_downloaded(
    shop: Running,
    a_phone: Callable[..., Phone],
    a_desk: Callable[..., Desk],
    language: str,
) -> None:
    zh = language == "zh-CN"
    merchant, tea = open_tea_shop(shop)
    buyer = Member.sign_in(shop, merchant.slug, "13900000181" if zh else "13900000191")
    order = bought(merchant, tea, buyer)

    phone = a_phone(language=language)
    be(phone, buyer, merchant.slug)
    phone.watch.refused.add(422)
    phone.go(f"/buy/order/index?id={order['id']}", merchant.slug)
    phone.text("申请开票" if zh else "Invoice").tap()
    phone.page.get_by_role("radio", name="企业" if zh else "Company").tap()
    phone.input("抬头" if zh else "Title").fill(COMPANY)
    # One sign wrong: the check character does not fit.
    phone.input("税号" if zh else "Tax number").fill(TAX_NO[:-1] + "4")
    phone.tap("提交申请" if zh else "Submit")
    phone.sees("校验位不符" if zh else "whose check character fits")
    phone.input("税号" if zh else "Tax number").fill(TAX_NO)
    phone.tap("提交申请" if zh else "Submit")
    phone.sees("我的发票" if zh else "My invoices", COMPANY, "待开具" if zh else "Requested")

    console = a_desk(language=language)
    console.sign_in(f"{merchant.slug}-owner", PASSWORD)
    issue(console, zh=zh)

    phone.go("/care/invoices/index", merchant.slug)
    phone.sees("已开具" if zh else "Issued", INVOICE_NO)
    with phone.page.expect_download() as download:
        phone.tap("下载发票" if zh else "Download")
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    assert download.value.suggested_filename == f"{INVOICE_NO}.pdf"


def issue(console: Desk, *, zh: bool) -> None:
    console.open("/invoices")
    row = console.page.get_by_role("row").filter(has_text=COMPANY)
    row.get_by_role("button", name="登记开具" if zh else "Issue", exact=True).click()
    dialog = console.page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="发票号码" if zh else "Invoice no.").fill(INVOICE_NO)
    file = FilePayload(name="i.pdf", mimeType="application/pdf", buffer=b"%PDF-1.4\n%%EOF\n")
    dialog.locator("input[type=file]").set_input_files(file)
    dialog.get_by_role("button", name="登记开具" if zh else "Issue", exact=True).click()
    console.sees("已登记开具" if zh else "Issued")
    expect(row).to_contain_text(INVOICE_NO)
