"""A poster that a stranger's camera can read."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from io import BytesIO

import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from tests.e2e.browsing import Phone
from tests.e2e.goods import open_tea_shop
from tests.e2e.people import be, copied
from tests.running import Member, Running


def test_the_code_on_a_poster_is_the_share_link(
    shop: Running, a_phone: Callable[..., Phone]
) -> None:
    merchant, tea = open_tea_shop(shop)
    member = Member.sign_in(shop, merchant.slug, "13900000011")
    agreement = member.ask("GET", "/api/shop/promoter/agreement")
    member.ask("POST", "/api/shop/promoter", json={"agreement_version": agreement["version"]})
    phone = a_phone()
    be(phone, member, merchant.slug)
    phone.context.grant_permissions(["clipboard-read", "clipboard-write"])

    phone.go(f"/pages/product/index?id={tea.product_id}", merchant.slug)
    phone.tap("分享给朋友")
    phone.text("生成海报").tap()
    picture = phone.page.get_by_role("img", name="分享海报，带有可扫描的二维码")
    expect(picture).to_be_visible()
    drawn = b64decode(str(picture.get_attribute("src")).partition(",")[2])
    phone.tap("复制链接")
    phone.sees("链接已复制")
    link = copied(phone)

    seen = zxingcpp.read_barcodes(Image.open(BytesIO(drawn)))
    assert [code.text for code in seen] == [link]

    stranger = a_phone()
    stranger.open(seen[0].text)
    expect(stranger.page.get_by_role("heading", name="明前龙井 特级")).to_be_visible()
