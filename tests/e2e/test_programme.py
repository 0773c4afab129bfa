"""The merchant sets the rules of sharing: unlawful wishes are stopped, lawful ones published."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import Desk
from tests.running import PASSWORD, Merchant, Running

WORDS = {
    "zh": {
        "wish": "收 99 元入门费",
        "mark": "不能使用",
        "fine": "可以使用",
        "article": "《禁止传销条例》第七条第（二）项",
        "promise": "邀请文案不能承诺收益或暗示不劳而获",
        "invitation": "贴上你的招募文案，检查有没有违规承诺",
        "hold": "结算等待期",
        "publish": "发布新规则",
        "refused": "《消费者权益保护法》第二十五条",
        "trigger": "从哪一步开始算",
        "paid": "通过分享付款",
        "plain": "通过分享付款才成为客户。",
        "saved": "第 1 版规则已生效",
    },
    "en": {
        "wish": "a joining fee of 99 yuan",
        "mark": "not lawful",
        "fine": "lawful",
        "article": "Regulation on Prohibiting Pyramid Selling, art. 7 (2)",
        "promise": "The invitation cannot promise income or income without work",
        "invitation": "Paste your invitation to check its promises",
        "hold": "Hold",
        "publish": "Publish",
        "refused": "Consumer Protection Law, art. 25",
        "trigger": "Begins with",
        "paid": "paying through it",
        "plain": "Paying through a link makes a customer.",
        "saved": "Version 1 is in force",
    },
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_the_law_forbids_is_stopped_while_it_is_typed(
    shop: Running, a_desk: Callable[..., Desk], language: str
) -> None:
    words = WORDS[language]
    merchant = Merchant.sign_up(shop)
    boss = a_desk(language="zh-CN" if language == "zh" else "en-US")
    boss.sign_in(f"{merchant.slug}-owner", PASSWORD)
    boss.open("/programme")
    mark = boss.page.get_by_role("status").filter(has_text=words["fine"])
    expect(mark).to_be_visible()

    boss.page.locator(".el-checkbox", has_text=words["wish"]).click()
    boss.sees(words["mark"])
    expect(boss.page.get_by_text(words["article"])).to_be_visible()
    boss.page.locator(".el-checkbox", has_text=words["wish"]).click()
    expect(mark).to_be_visible()
    boss.page.get_by_label(words["invitation"]).fill("躺赚，月入过万 passive income")
    expect(boss.page.get_by_text(words["promise"])).to_be_visible()

    hold = boss.page.get_by_label(words["hold"], exact=True)
    hold.fill("3")
    hold.press("Tab")
    expect(boss.page.get_by_text(words["refused"]).first).to_be_visible()
    boss.watch.refused = {422}
    publish(boss, words["publish"])
    expect(boss.page.get_by_text(words["refused"])).to_have_count(2)
    hold.fill("7")
    hold.press("Tab")
    field = boss.page.locator(".field", has=boss.page.get_by_text(words["trigger"], exact=True))
    field.locator(".el-select").click()
    boss.page.get_by_role("option", name=words["paid"]).click()
    boss.sees(words["plain"])
    publish(boss, words["publish"])
    boss.sees(words["saved"])


def publish(boss: Desk, name: str) -> None:
    boss.button(name).click()
    boss.page.get_by_role("dialog").get_by_role("button", name=name).click()
