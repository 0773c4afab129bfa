"""A day's bill differs, somebody repairs it, and the day turns green; in Chinese and in English."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

from playwright.sync_api import expect

from tests.e2e.browsing import Desk
from tests.e2e.goods import open_tea_shop
from tests.running import PASSWORD, Member, Merchant, Running, until

CHINA = timezone(timedelta(hours=8))


def sold(shop: Running, phone: str, *, days_ago: int, fault: str) -> tuple[Merchant, str]:
    """A shop that was paid twice on a day whose bill is written; the bill will be wrong once. All
    shops here have one merchant number, so every story has a day of its own."""
    merchant, tea = open_tea_shop(shop)
    member = Member.sign_in(shop, merchant.slug, phone)
    address = member.put_address()
    day = datetime.now(UTC).astimezone(CHINA).date() - timedelta(days=days_ago)
    for _ in range(2):
        order = member.place([(tea.small_sku, 1)], address)
        member.pay(order["id"], seconds_ago=days_ago * 86400)
        until(
            lambda id=order["id"]: member.ask("GET", f"/api/shop/orders/{id}")["state"] == "paid",
            what="the payment",
        )
    calendar = merchant.ask(
        "GET",
        "/api/console/reconciliation/calendar",
        params={"first": day.isoformat(), "last": day.isoformat()},
    )
    [config] = [c for c in calendar["days"][0]["channels"] if c["provider"] == "wechat"]
    set_fault = shop.outside.post("/_ctl/faults", json={"target": "bill_rows", "kind": fault})
    assert set_fault.is_success, set_fault.text
    merchant.ask(
        "POST",
        "/api/console/reconciliation/bills",
        json={"config_id": config["config_id"], "day": day.isoformat()},
    )
    return merchant, day.isoformat()


def mark(desk: Desk, day: str, state: str) -> None:
    found = desk.page.locator(f"[data-day='{day}'][data-channel='wechat']")
    expect(found).to_have_attribute("data-state", state)
    found.click()


def open_month(desk: Desk, day: str, previous: str) -> None:
    desk.open("/reconciliation")
    if datetime.now(UTC).astimezone(CHINA).date().isoformat()[:7] != day[:7]:
        desk.button(previous).click()


def test_a_strange_payment_is_taken_in_and_the_day_turns_green(
    shop: Running, a_desk: Callable[..., Desk]
) -> None:
    merchant, day = sold(shop, "13900000611", days_ago=2, fault="extra_row")
    desk = a_desk()
    desk.sign_in(f"{merchant.slug}-owner", PASSWORD)
    open_month(desk, day, "上个月")
    mark(desk, day, "red")
    desk.sees("渠道账单", "资金账本", "渠道有、本店无")
    desk.button("详情").click()
    drawer = desk.page.get_by_role("dialog").first
    expect(drawer).to_contain_text("可能是同一商户号的其他收银台")
    drawer.get_by_role("button", name="转入异常收款").click()
    asked = desk.page.get_by_role("dialog").filter(has_text="把这笔钱转入异常收款")
    asked.get_by_text("同一商户号的其他收银台收款").click()
    asked.get_by_role("button", name="转入异常收款").click()
    expect(drawer).to_contain_text("再次核对时已一致")
    desk.page.keyboard.press("Escape")
    mark(desk, day, "green")
    desk.open("/quarantined")
    desk.sees("对账时从账单转入")
    desk.button("详情").click()
    desk.sees("没有对应的订单", "退回付款人")


def test_in_english_a_better_bill_repairs_the_day(
    shop: Running, a_desk: Callable[..., Desk]
) -> None:
    merchant, day = sold(shop, "13900000612", days_ago=3, fault="missing_row")
    desk = a_desk(language="en")
    desk.sign_in(f"{merchant.slug}-owner", PASSWORD)
    open_month(desk, day, "Previous month")
    mark(desk, day, "red")
    desk.sees("Channel's bill", "Only in the shop")
    desk.button("Details").click()
    drawer = desk.page.get_by_role("dialog").first
    drawer.get_by_role("button", name="Ask the channel").click()
    desk.sees("Asked: the difference remains")
    desk.page.keyboard.press("Escape")
    with desk.page.expect_download() as saved:
        desk.button("Export").click()
    assert saved.value.suggested_filename == "differences.xlsx"
    desk.button("Fetch again").click()
    desk.sees("Checked: all three agree")
    mark(desk, day, "green")
    expect(desk.page.get_by_text("No differences").first).to_be_visible()
    desk.open("/quarantined")
    desk.sees("No odd payments")
