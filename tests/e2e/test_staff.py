"""Colleagues sign in with their own names and see what is theirs to do."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.browsing import Desk
from tests.running import PASSWORD, Merchant, Running


def test_a_colleague_who_ships_sees_no_ledger(shop: Running, a_desk: Callable[..., Desk]) -> None:
    merchant = Merchant.sign_up(shop)
    boss = a_desk()
    boss.context.grant_permissions(["clipboard-read", "clipboard-write"])
    boss.sign_in(f"{merchant.slug}-owner", PASSWORD)
    boss.open("/staff")
    boss.button("添加员工").click()
    dialog = boss.page.get_by_role("dialog")
    dialog.get_by_label("姓名").first.fill("小禾")
    dialog.get_by_label("登录账号").first.fill(f"{merchant.slug}-service")
    dialog.get_by_label("初始密码").first.fill(PASSWORD)
    dialog.locator(".el-checkbox", has_text="客服").click()
    dialog.get_by_role("button", name="创建并复制账号密码").click()
    expect(boss.page.get_by_role("listitem").filter(has_text="小禾")).to_contain_text("客服")

    colleague = a_desk()
    colleague.sign_in(f"{merchant.slug}-service", PASSWORD)
    menu = colleague.page.get_by_role("navigation").first
    expect(menu.get_by_role("link", name="订单管理")).to_be_visible()
    expect(menu.get_by_role("link", name="资金账本")).to_have_count(0)

    boss.open("/audit")
    boss.sees("小禾")
    boss.sees("哈希链完整")
