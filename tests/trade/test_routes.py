"""Trade over HTTP: a purchase from cart to settlement, and what strangers are answered."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.members.builders import seal
from tests.tenancy.builders import Shop, a_shop
from tests.trade.builders import Buyer, Stall, a_buyer, books_agree, stock_stall
from tests.trade.fulfilling import a_kit
from tests.web import OpenDoors, web_client
from weike import payment, trade
from weike.kernel import Database, Money, Tx, uuid7
from weike.ledger.routes import ROUTES as LEDGER_ROUTES
from weike.payment.providers.fake import FakeGateways
from weike.payment.settle_payment import settle_payment
from weike.trade.order.accept_payment import accept_payment
from weike.trade.order.settle_orders import settle_due
from weike.trade.routes import ROUTES

CLERK = "orders.read orders.ship orders.refund ledger.read"


@dataclass
class Web:
    """`get` and `post` as a buyer; `console` as somebody of the shop."""

    database: Database
    shop: Shop
    stall: Stall
    client: httpx.AsyncClient
    gateways: FakeGateways
    now: datetime

    async def as_buyer(
        self, verb: str, path: str, buyer: Buyer | None = None, **body: Any
    ) -> httpx.Response:
        token = f"Bearer m_{(buyer or self.stall.buyer).member_id}"
        return await self.client.request(
            verb,
            f"/api/shop{path}",
            json=body or None,
            headers={"authorization": token, "x-shop": "test"},
        )

    async def console(self, verb: str, path: str, **body: Any) -> httpx.Response:
        return await self.client.request(
            verb,
            f"/api/console{path}",
            json=body or None,
            headers={"authorization": f"Bearer s_{self.shop.owner.id} {CLERK}"},
        )

    async def place(self, buyer: Buyer | None = None, **changes: Any) -> httpx.Response:
        body = {
            "id": str(uuid7(self.now)),
            "lines": [{"sku_id": str(self.stall.skus[0]), "quantity": 1}],
            "address_id": str((buyer or self.stall.buyer).address_id),
        }
        return await self.as_buyer("POST", "/orders", buyer, **(body | changes))

    async def pay(self, order_id: str) -> None:
        """The provider says it is paid, and trade hears of it."""

        async def work(tx: Tx) -> None:
            intent = await payment.intent_of(tx, UUID(order_id))
            assert intent is not None
            seen = self.gateways.of(self.stall.config).pay(intent, now=self.now)
            await settle_payment(tx, seen, config=self.stall.config, now=self.now)
            (event,) = [e for e in tx.announced() if isinstance(e, payment.PaymentReceived)]
            await accept_payment(
                tx,
                order_id=event.order_id,
                intent_id=event.intent_id,
                amount=Money(event.amount_minor, event.currency),
                paid_at=event.paid_at,
                now=self.now,
            )

        await self.database.run(self.shop.tenant_id, work)


@pytest.fixture
async def web(database: Database, now: datetime) -> AsyncIterator[Web]:
    shop = await a_shop(database, now)
    stall = await database.run(shop.tenant_id, lambda tx: stock_stall(tx, now, buyers=2))
    gateways = FakeGateways()
    ports = trade.Ports()
    async with web_client(
        [*ROUTES, *LEDGER_ROUTES],
        database,
        OpenDoors(shop.tenant_id),
        dependencies={
            "order_batcher": trade.order_batcher(database, ports, clock=lambda: now),
            "trade_ports": ports,
            "gateways": gateways,
            "phone_seal": seal,
            "public_url": "https://shop.test",
            "fulfilment": a_kit()[0],
            "ledger_checks": (trade.order_checks, payment.channel_cash_check),
        },
        clock=lambda: now,
    ) as client:
        yield Web(database, shop, stall, client, gateways, now)


async def test_from_the_cart_to_settlement(web: Web) -> None:
    tea, cup = web.stall.skus
    await web.as_buyer("PUT", f"/cart/{tea}", quantity=2)
    cart = (await web.as_buyer("PUT", f"/cart/{cup}", quantity=11)).json()
    assert cart["goods_minor"] == 25600
    assert {line["sku_id"]: line["invalid_reason"] for line in cart["lines"]} == {
        str(tea): None,
        str(cup): "too_few",
    }
    gone = (await web.as_buyer("POST", "/cart/remove", sku_ids=[str(cup)])).json()
    assert len(gone["lines"]) == 1

    lines = [{"sku_id": str(tea), "quantity": 2}]
    preview = (await web.as_buyer("POST", "/orders/preview", lines=lines)).json()
    assert preview["payable_minor"] == 25600
    assert preview["brought_by"] is None

    answer = await web.place(lines=lines, from_cart=True, remark="请用礼盒")
    assert answer.status_code == 201, answer.text
    order = answer.json()
    assert order["payable_minor"] == 25600
    assert (await web.as_buyer("GET", "/cart")).json()["lines"] == []

    begun = (await web.as_buyer("POST", f"/orders/{order['id']}/pay", method="h5")).json()
    assert begun["h5_url"].startswith("https://")
    await web.pay(order["id"])
    detail = (await web.as_buyer("GET", f"/orders/{order['id']}")).json()
    assert detail["state"] == "paid"
    assert detail["actions"] == ["refund"]
    assert detail["address"]["phone"] == "13800138000"
    assert [entry["text"] for entry in detail["timeline"]] == [
        "提交订单，库存已为你保留",
        "付款成功，货款由平台担保",
    ]
    assert detail["guarantee"]["text"] == "货款由平台担保中，发货前可随时全额退款"

    shipped = await web.console(
        "POST",
        f"/orders/{order['id']}/ship",
        id=str(uuid7(web.now)),
        courier="sf",
        tracking_no="SF1234567890",
    )
    assert shipped.json()["state"] == "shipped", shipped.text
    detail = (await web.as_buyer("GET", f"/orders/{order['id']}")).json()
    assert detail["parcels"][0]["courier_name"] == "顺丰速运"
    assert detail["timeline"][-1]["text"] == "商家已发货：顺丰速运 SF1234567890"

    received = await web.as_buyer("POST", f"/orders/{order['id']}/receive")
    assert received.json()["state"] == "received"
    await web.database.run(
        web.shop.tenant_id, lambda tx: settle_due(tx, web.now + timedelta(days=7))
    )
    whole = (await web.console("GET", f"/orders/{order['id']}")).json()
    assert whole["state"] == "settled"
    assert [transfer["kind"] for transfer in whole["transfers"]][-1] == "order_settled"
    assert whole["lines"][0]["paid_minor"] == 25600
    assert whole["payments"][0]["state"] == "paid"
    accounts = {
        item["account"]: item["balance_minor"]
        for item in (await web.console("GET", "/ledger/accounts")).json()["items"]
    }
    assert accounts["merchant"] == 25600
    report = (await web.console("GET", "/ledger/reconciliation")).json()
    assert report["ok"], report
    assert all(check["title"] != check["key"] for check in report["checks"])
    journal = (await web.console("GET", "/ledger/transfers?limit=2")).json()
    assert len(journal["items"]) == 2
    assert journal["next_cursor"]


async def test_lists_and_counts(web: Web) -> None:
    orders = [(await web.place()).json() for _ in range(3)]
    await web.as_buyer("POST", f"/orders/{orders[0]['id']}/cancel", reason="拍错了")

    page = (await web.as_buyer("GET", "/orders?limit=2")).json()
    rest = (await web.as_buyer("GET", f"/orders?limit=2&cursor={page['next_cursor']}")).json()
    assert len(page["items"] + rest["items"]) == 3
    assert rest["next_cursor"] is None
    counts = (await web.as_buyer("GET", "/orders/counts")).json()
    assert (counts["all"], counts["placed"]) == (3, 2)
    mine = (await web.as_buyer("GET", "/orders?state=placed")).json()["items"]
    assert {item["id"] for item in mine} == {orders[1]["id"], orders[2]["id"]}
    assert mine[0]["actions"] == ["pay", "cancel"]
    found = (await web.console("GET", f"/orders?q={orders[1]['number']}")).json()["items"]
    assert [row["id"] for row in found] == [orders[1]["id"]]
    assert found[0]["first_title"] == "明前龙井特级"
    day = {"from": "2026-11-12T00:00:00Z"}
    late = await web.client.get(
        "/api/console/orders",
        params=day,
        headers={"authorization": f"Bearer s_{web.shop.owner.id} {CLERK}"},
    )
    assert late.json()["items"] == []
    totals = (await web.console("GET", "/orders/counts")).json()
    assert (totals["all"], totals["cancelled"]) == (3, 1)
    for bad in ("/orders?limit=0", "/orders?limit=101", "/orders?state=lost", "/orders?cursor=x"):
        assert (await web.as_buyer("GET", bad)).status_code in (400, 422), bad


async def test_somebody_elses_order_is_not_there(web: Web) -> None:
    order = (await web.place()).json()
    thief = web.stall.buyers[1]
    path = f"/orders/{order['id']}"

    answers = [
        await web.as_buyer("GET", path, thief),
        await web.as_buyer("POST", f"{path}/pay", thief, method="native"),
        await web.as_buyer("POST", f"{path}/cancel", thief, reason=""),
        await web.as_buyer("POST", f"{path}/receive", thief),
        await web.as_buyer("POST", f"{path}/refund", thief, id=str(uuid7(web.now))),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (404, "trade.unknown_order")
    ] * 5
    same_id = await web.place(thief, id=order["id"])
    assert (same_id.status_code, same_id.json()["code"]) == (409, "kernel.id_taken")
    robbed = await web.place(thief, address_id=str(web.stall.buyer.address_id))
    assert (robbed.status_code, robbed.json()["code"]) == (422, "trade.unknown_address")


async def test_a_clerk_without_the_permission_is_refused(web: Web) -> None:
    order = (await web.place()).json()
    answer = await web.client.post(
        f"/api/console/orders/{order['id']}/ship",
        json={"id": str(uuid7(web.now)), "courier": "sf", "tracking_no": "SF1"},
        headers={"authorization": f"Bearer s_{web.shop.owner.id} orders.read"},
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "changes",
    [
        {"lines": []},
        {"lines": [{"sku_id": "x", "quantity": 1}]},
        {"lines": [{"sku_id": "00000000-0000-0000-0000-000000000001", "quantity": 0}]},
        {"lines": [{"sku_id": "00000000-0000-0000-0000-000000000001", "quantity": 10**9}]},
        {"remark": "a\x00b"},
        {"remark": "字" * 201},
        {"price_minor": 1},
        {"share_code": "a'; drop"},
    ],
)
async def test_what_is_not_an_order_is_refused(web: Web, changes: dict[str, Any]) -> None:
    answer = await web.place(**changes)
    assert answer.status_code in (400, 422), answer.text
    assert answer.json()["code"].startswith("kernel.")


async def test_thirty_two_buyers_over_http(web: Web) -> None:
    async def arrive(tx: Tx) -> list[Buyer]:
        return [await a_buyer(tx, web.now) for _ in range(32)]

    buyers = await web.database.run(web.shop.tenant_id, arrive)

    answers = await asyncio.gather(*(web.place(buyer) for buyer in buyers))

    assert Counter(answer.status_code for answer in answers) == {201: 10, 409: 22}
    refused = next(answer.json() for answer in answers if answer.status_code == 409)
    assert refused["code"] == "trade.out_of_stock"
    assert refused["detail"] == "「明前龙井特级」库存不足，还剩 0 件"
    await web.database.run(web.shop.tenant_id, lambda tx: books_agree(tx, web.now))


async def test_a_refund_is_asked_for_once(web: Web) -> None:
    order = (await web.place()).json()
    await web.as_buyer("POST", f"/orders/{order['id']}/pay", method="native")
    await web.pay(order["id"])
    ask: dict[str, Any] = {"id": str(uuid7(web.now)), "reason": "不想要了"}

    first = await web.as_buyer("POST", f"/orders/{order['id']}/refund", **ask)
    again = await web.as_buyer("POST", f"/orders/{order['id']}/refund", **ask)
    other = await web.console(
        "POST", f"/orders/{order['id']}/refund", id=str(uuid7(web.now)), reason="缺货"
    )

    assert first.json() == again.json()
    assert first.json()["pay_state"] == "refunding"
    assert (other.status_code, other.json()["code"]) == (409, "trade.being_refunded")
    shown = (await web.as_buyer("GET", "/orders?state=refunded")).json()["items"]
    assert [item["id"] for item in shown] == [order["id"]]


async def test_couriers_have_names(web: Web) -> None:
    items = (await web.console("GET", "/couriers")).json()["items"]
    assert {"code": "sf", "name": "顺丰速运"} in items
    assert all(not item["name"].startswith("trade.") for item in items)


async def test_who_does_not_ship_sees_no_phone_number(web: Web) -> None:
    order = (await web.place()).json()
    path = f"/api/console/orders/{order['id']}"

    async def address(*permissions: str) -> dict[str, str]:
        token = " ".join((f"s_{UUID(int=9)}", *permissions))
        answer = await web.client.get(path, headers={"authorization": f"Bearer {token}"})
        found: dict[str, str] = answer.json()["address"]
        return found

    masked = await address("orders.read")
    assert (masked["name"][1:], masked["phone"], masked["street"]) == ("**", "*******8000", "***")
    assert (await address("orders.read", "orders.ship"))["phone"] == "13800138000"
