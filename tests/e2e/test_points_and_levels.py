"""A member buys, earns, rises, pays with points, gets a part back, and finds it explained."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import asyncpg
from playwright.sync_api import expect

from tests.e2e.browsing import Desk, Phone
from tests.e2e.goods import FREIGHT_MINOR, Tea, open_tea_shop, yuan
from tests.e2e.people import be
from tests.running import PASSWORD, Member, Merchant, Running, new_id, until
from weike.entry.installation import installation
from weike.entry.settings import read_settings
from weike.entry.wiring import open_house
from weike.kernel import TenantId, utc_now
from weike.trade import settle_due

EARNED = 129
"""One point per yuan of 129.99."""
MEMBER_MINOR = 123_50
"""129.99 less floor(5 %)."""


def test_points_come_are_spent_and_come_back(
    shop: Running, a_phone: Callable[..., Phone], a_desk: Callable[..., Desk]
) -> None:
    merchant, tea = open_tea_shop(shop)
    open_club(merchant)
    member = Member.sign_in(shop, merchant.slug, "13900000071")
    address = member.put_address()
    first = buy(merchant, member, tea, address)

    phone = a_phone()
    be(phone, member, merchant.slug)
    until(lambda: points(member)["balance"]["pending"] == EARNED, what="points are promised")
    phone.go("/pages/me/index", merchant.slug)
    phone.sees("普通会员", "再得 100 成长值，升级为银卡会员", f"{EARNED} 积分待生效")

    let_the_after_sale_window_pass(shop, merchant, first)
    until(lambda: points(member)["balance"]["available"] == EARNED, what="points are there")
    until(lambda: level(member) == "银卡会员", what="the level has risen")
    phone.go("/club/points/index", merchant.slug)
    phone.sees("可用积分", str(EARNED), "购物奖励", "积分不能提现，也不能转给别人")
    phone.go("/club/level/index", merchant.slug)
    phone.sees("银卡会员", "会员价 9.5 折", "等级只凭购物获得")

    phone.go(f"/pages/product/index?id={tea.product_id}", merchant.slug)
    phone.sees("会员价", "¥123.5")
    spend_on_the_next_order(phone, merchant, tea)
    order = member.ask("GET", "/api/shop/orders?state=placed")["items"][0]
    member.pay(order["id"])
    assert points(member)["balance"]["available"] == 0

    give_one_piece_back(merchant, member, order["id"])
    until(lambda: points(member)["balance"]["available"] == EARNED // 2, what="half come back")
    phone.go("/club/points/index", merchant.slug)
    phone.sees("退回抵扣的积分", f"+{EARNED // 2}", f"-{EARNED}")

    english = a_phone(language="en-US")
    be(english, member, merchant.slug)
    english.go("/club/points/index", merchant.slug)
    english.sees("Points of a refunded order", "Points to use", "no cash, no transfer")
    english.go("/club/level/index", merchant.slug)
    english.sees("Silver", "Member price, 5% off", "Levels come from shopping")
    english.go(f"/pages/product/index?id={tea.product_id}", merchant.slug)
    english.sees("Member price")

    see_the_member_at_the_desk(a_desk(), merchant)


def see_the_member_at_the_desk(console: Desk, merchant: Merchant) -> None:
    """The list knows level and points; a large adjustment waits for somebody else."""
    console.sign_in(f"{merchant.slug}-owner", PASSWORD)
    console.open("/members?order=growth")
    row = console.page.get_by_role("row").filter(has_text="0071")
    expect(row).to_contain_text("银卡会员")
    row.get_by_role("button", name="详情").click()
    drawer = console.page.get_by_role("dialog")
    expect(drawer).to_contain_text("购物奖励")
    drawer.get_by_role("button", name="调整积分").click()
    dialog = console.page.get_by_role("dialog", name="调整")
    dialog.get_by_label("积分数").locator("input").or_(
        dialog.get_by_role("spinbutton", name="积分数")
    ).first.fill("5000")
    dialog.get_by_label("原因").first.fill("周年庆补发")
    console.sees("超过 1000 积分，提交后须由另一位员工审核。")
    dialog.get_by_role("button", name="提交").click()
    console.sees("已提交，等待另一位员工审核")
    console.open("/points")
    console.sees("待审核", "周年庆补发")


def open_club(merchant: Merchant) -> None:
    settings = merchant.ask("GET", "/api/console/points/settings")
    merchant.ask("PUT", "/api/console/points/settings", json={**settings, "enabled": True})
    merchant.ask(
        "PUT",
        "/api/console/levels",
        json={
            "items": [
                {"id": new_id(), "name": "普通会员", "name_en": "Member", "growth_from": 0},
                {
                    "id": new_id(),
                    "name": "银卡会员",
                    "name_en": "Silver",
                    "growth_from": 100,
                    "discount_bp": 500,
                },
            ],
            "settings": {"growth_per_yuan": 1, "term_days": 365},
        },
    )


def buy(merchant: Merchant, member: Member, tea: Tea, address: str) -> str:
    """Paid, shipped and received; the after-sale window is open."""
    order = member.place([(tea.small_sku, 1)], address)
    member.pay(order["id"])
    path = f"/api/console/orders/{order['id']}"
    until(lambda: merchant.ask("GET", path)["state"] == "paid", what="the order is paid")
    parcel = {"id": new_id(), "courier": "sf", "tracking_no": "SF1234567890"}
    merchant.ask("POST", f"{path}/ship", json=parcel)
    member.ask("POST", f"/api/shop/orders/{order['id']}/receive")
    return str(order["id"])


def spend_on_the_next_order(phone: Phone, merchant: Merchant, tea: Tea) -> None:
    phone.tap("立即购买")
    sheet = phone.page.get_by_role("dialog")
    sheet.get_by_role("radio", name="250g").tap()
    sheet.get_by_role("button", name="增加数量").tap()
    sheet.get_by_role("button", name="立即购买").tap()
    phone.shows_price(yuan(2 * MEMBER_MINOR + FREIGHT_MINOR))
    phone.sees("会员价（银卡会员）", f"可用 {EARNED} 积分抵 ¥{yuan(EARNED)}")
    phone.page.get_by_role("switch", name=f"使用 {EARNED} 积分").tap()
    phone.shows_price(yuan(2 * MEMBER_MINOR + FREIGHT_MINOR - EARNED))
    phone.sees(f"{EARNED} 积分抵扣")
    phone.tap("提交订单")
    phone.sees("支付剩余时间")


def give_one_piece_back(merchant: Merchant, member: Member, order_id: str) -> None:
    path = f"/api/console/orders/{order_id}"
    until(lambda: merchant.ask("GET", path)["state"] == "paid", what="the order is paid")
    # Not shipped yet: nobody has to agree.
    member.ask(
        "POST",
        "/api/shop/after-sales",
        json={
            "id": new_id(),
            "order_id": order_id,
            "kind": "refund_only",
            "lines": [{"position": 0, "quantity": 1}],
            "reason_code": "changed_mind",
        },
    )


def points(member: Member) -> Any:
    return member.ask("GET", "/api/shop/points")


def level(member: Member) -> str:
    return str(member.ask("GET", "/api/shop/level")["level"]["name"])


def let_the_after_sale_window_pass(shop: Running, merchant: Merchant, order_id: str) -> None:
    """Days that nobody wants to wait for, and what the worker would do at their end."""
    shop_id = UUID(merchant.ask("GET", "/api/console/me")["shop"]["tenant_id"])

    async def pass_by() -> None:
        here = installation(read_settings(shop.environment), shop.environment)
        with here.database() as urls:
            owner = await asyncpg.connect(urls.owner)
            await owner.execute(
                "update trade.orders set settle_at = now() where tenant_id = $1 and id = $2",
                shop_id,
                UUID(order_id),
            )
            await owner.close()
            async with open_house(here, urls) as house:
                now = utc_now()
                await house.database.run(TenantId(shop_id), lambda tx: settle_due(tx, now))

    # A loop of its own: this thread's is the browser's.
    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(asyncio.run, pass_by()).result()
