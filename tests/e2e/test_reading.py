"""The shop in English, in the dark, and in large text."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.browsing import Phone
from tests.e2e.goods import Tea, open_tea_shop
from tests.e2e.people import be
from tests.running import Member, Merchant, Running

HAN = re.compile(r"[\u3400-\u9fff]+")


def test_the_english_shop_says_nothing_of_its_own_in_chinese(
    shop: Running, a_phone: Callable[..., Phone]
) -> None:
    """Only what the merchant wrote in Chinese alone stays so: names, subtitles, descriptions."""
    merchant, tea = open_tea_shop(shop)
    member = Member.sign_in(shop, merchant.slug, "13900000021")
    order = put_order(member, tea)
    join_over_http(member)
    phone = a_phone(language="en")
    be(phone, member, merchant.slug)
    written = words_of_the_merchant(merchant, tea)
    pages = {
        "/pages/home/index": "Home",
        "/pages/category/index": "Home",
        f"/pages/product/index?id={tea.product_id}": "Buy now",
        f"/buy/checkout/index?sku={tea.small_sku}&n=1": "Longjing green tea",
        "/buy/orders/index": "Longjing green tea",
        f"/buy/order/index?id={order}": "Longjing green tea",
        "/pages/me/index": "Home",
        "/pages/settings/index": "English",
        "/promo/home/index": "Longjing green tea",
        "/promo/rules/index": "",
    }
    found: dict[str, set[str]] = {}
    for page, sign in pages.items():
        phone.go(page, merchant.slug)
        phone.page.wait_for_load_state("networkidle")
        if sign:
            expect(phone.page.locator("body")).to_contain_text(sign)
        text = phone.page.locator("body").inner_text()
        for words in written:
            text = text.replace(words, "")
        if han := set(HAN.findall(text)):
            found[page] = han
    assert found == {}


def test_dark_and_large_are_one_tap_each(shop: Running, a_phone: Callable[..., Phone]) -> None:
    merchant, _ = open_tea_shop(shop)
    phone = a_phone()
    phone.go("/pages/settings/index", merchant.slug)
    before = look_of(phone, "大字版")
    phone.page.get_by_role("radio", name="深色", exact=True).tap()
    dark = look_of(phone, "大字版")
    assert brightness(before["paper"]) > 200 > 80 > brightness(dark["paper"])
    assert brightness(dark["ink"]) > 180

    phone.page.get_by_role("switch", name="大字版").tap()
    large = look_of(phone, "大字版")
    assert large["size"] >= before["size"] * 1.15

    phone.go("/pages/home/index", merchant.slug)
    phone.sees("标准版")
    assert brightness(look_of(phone, "平台担保交易")["paper"]) < 80, "remembered on this device"


def put_order(member: Member, tea: Tea) -> str:
    return str(member.place([(tea.small_sku, 1)], member.put_address())["id"])


def join_over_http(member: Member) -> None:
    agreement = member.ask("GET", "/api/shop/promoter/agreement")
    member.ask("POST", "/api/shop/promoter", json={"agreement_version": agreement["version"]})


def words_of_the_merchant(merchant: Merchant, tea: Tea) -> list[str]:
    product = merchant.ask("GET", f"/api/console/products/{tea.product_id}")
    shop = merchant.ask("GET", "/api/console/shop")
    spoken = [shop["name"], shop["intro"], product["subtitle"], *product["tags"]]
    spoken += product["description"].replace("<p>", "\n").replace("</p>", "\n").split("\n")
    spoken += [spec["name"] for spec in product["specs"]]
    # An address and a nickname are the reader's own words.
    spoken += ["陈晓棠", "浙江省", "杭州市", "西湖区", "龙井路 1 号", "微友", "简体中文"]
    # Without a picture, a face is the first letter of its name.
    spoken += ["微", shop["name"][0]]
    return sorted(filter(None, spoken), key=len, reverse=True)


def look_of(phone: Phone, words: str) -> dict[str, int]:
    """Of these words: the colours of paper and ink as 24 bits, and their size."""
    looked: dict[str, int] = phone.text(words).evaluate(
        """(text) => {
          const bits = (c) => c.match(/\\d+/g).slice(0, 3).reduce((n, x) => n * 256 + Number(x), 0)
          const opaque = (e) => {
            const c = getComputedStyle(e).backgroundColor
            if (!/rgba\\(.*, 0\\)|transparent/.test(c)) return c
            return e.parentElement ? opaque(e.parentElement) : 'rgb(255, 255, 255)'
          }
          return {
            paper: bits(opaque(text)),
            ink: bits(getComputedStyle(text).color),
            size: parseFloat(getComputedStyle(text).fontSize),
          }
        }"""
    )
    return looked


def brightness(colour: int) -> float:
    return 0.3 * (colour >> 16) + 0.6 * (colour >> 8 & 255) + 0.1 * (colour & 255)
