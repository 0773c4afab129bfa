"""Freight by region: the merchant says where goods go, the buyer sees what that costs and why."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import Desk, Phone
from tests.e2e.goods import Tea, put_tea, yuan
from tests.e2e.people import be
from tests.running import PASSWORD, Member, Merchant, Running, new_id

SHENZHEN = "林小满 138-0013-8000 广东深圳南山区科技园南路1号"
LHASA = "收货人：扎西，电话：13900139000，地址：西藏自治区拉萨市城关区北京东路1号"

WORDS = {
    "zh-CN": {
        "money": "元",
        "paste": "粘贴整段地址，自动识别姓名、手机号和地区",
        "name": "收货人",
        "add": "添加收货地址",
        "new": "新增收货地址",
        "save": "保存",
        "title": "明前龙井 特级",
        "rule": "首 1 件 ¥6.00，每加 1 件 ¥2.00，满 ¥300.00 包邮",
        "gap": "再买 ¥170.01 包邮",
        "refused": "「明前龙井 特级」不配送到该地区，请换个地址或移除该商品",
        "line": "该地区不配送",
        "submit": "提交订单",
        "waits": "支付剩余时间",
        "console": "运费模板",
        "card": "首 1 件 ¥6.00，每加 1 件 ¥2.00 · 满 ¥300.00 包邮",
        "edit": "编辑",
        "trial": "运费 ¥8.00",
    },
    "en": {
        "money": "yuan",
        "paste": "Paste a full address: name, phone and region are filled in for you",
        "name": "Recipient",
        "add": "Add a delivery address",
        "new": "Add an address",
        "save": "Save",
        "title": "Longjing green tea, before Qingming",
        "rule": "First 1 pc ¥6.00, each further 1 pc ¥2.00, free from ¥300.00",
        "gap": "¥170.01 more for free delivery",
        "refused": '"Longjing green tea, before Qingming" is not delivered to this region',
        "line": "Not delivered to this region",
        "submit": "Place order",
        "waits": "Time left to pay",
        "console": "Freight",
        "card": "first 1 pcs ¥6.00, each further 1 pcs ¥2.00 · free from ¥300.00",
        "edit": "Edit",
        "trial": "Freight ¥8.00",
    },
}


def open_shop(shop: Running) -> tuple[Merchant, Tea]:
    """Guangdong 6.00 and 2.00 for each further piece, elsewhere 12.00, nothing to Tibet."""
    merchant = Merchant.sign_up(shop)
    rules = {
        "measure": "piece",
        "elsewhere": {"first_fee_minor": 1200},
        "zones": [
            {
                "regions": ["44"],
                "first_fee_minor": 600,
                "step_units": 1,
                "step_fee_minor": 200,
                "free_from_minor": 300_00,
            }
        ],
        "not_delivered": ["54"],
    }
    merchant.ask(
        "PUT",
        f"/api/console/freight-templates/{new_id()}",
        json={"name": "茶叶", "rules": rules, "is_default": True},
    )
    return merchant, put_tea(merchant)


def shows_price(phone: Phone, words: dict[str, str], minor: int) -> None:
    """A price is drawn in three sizes; its label says it whole."""
    label = f"{yuan(minor)} {words['money']}"
    expect(phone.page.get_by_label(label, exact=True).first).to_be_visible()


def put_address(phone: Phone, words: dict[str, str], pasted: str, name: str) -> None:
    phone.input(words["paste"]).fill(pasted)
    expect(phone.input(words["name"])).to_have_value(name)
    phone.tap(words["save"])


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_checkout_says_what_a_region_costs_and_where_nothing_goes(
    shop: Running,
    a_phone: Callable[..., Phone],
    a_desk: Callable[..., Desk],
    language: str,
) -> None:
    words = WORDS[language]
    merchant, tea = open_shop(shop)
    member = Member.sign_in(
        shop, merchant.slug, "13900000051" if language == "en" else "13900000052"
    )
    phone = a_phone(language=language)
    be(phone, member, merchant.slug)

    phone.go(f"/buy/checkout/index?sku={tea.small_sku}&n=1", merchant.slug)
    # Nobody knows where it goes yet: everywhere else.
    shows_price(phone, words, tea.small_minor + 1200)
    phone.text(words["add"]).tap()
    put_address(phone, words, LHASA, "扎西")
    phone.sees(words["refused"], words["line"])
    expect(phone.button(words["submit"])).to_have_attribute("aria-disabled", "true")

    phone.text(words["refused"], exact=False).tap()
    phone.tap(words["new"])
    put_address(phone, words, SHENZHEN, "林小满")
    phone.page.get_by_text("科技园南路1号").first.tap()
    phone.sees("科技园南路1号", words["rule"], words["gap"])
    shows_price(phone, words, tea.small_minor + 600)
    expect(phone.page.get_by_text(words["line"])).to_have_count(0)
    phone.tap(words["submit"])
    phone.sees(words["waits"])

    console = a_desk(language=language)
    console.sign_in(f"{merchant.slug}-owner", PASSWORD)
    console.open("/freight")
    expect(console.page.get_by_role("heading", name=words["console"]).first).to_be_visible()
    console.sees(words["card"], "西藏")
    console.button(words["edit"]).click()
    # Two pieces to Shenzhen, as the drawer proposes: 6.00 and 2.00.
    expect(console.page.get_by_role("dialog")).to_contain_text(words["trial"])
