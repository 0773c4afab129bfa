"""发货信息管理: what WeChat is told, when, with three outcomes; its word that a buyer received."""

from __future__ import annotations

import base64
import struct
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.trade.builders import deliver, placed, provider_says_paid
from tests.trade.fulfilling import House, mini_program, open_house
from weike import payment
from weike.kernel import Database, Money, Tx, Unavailable, uuid7
from weike.payment import Refused, Unknown
from weike.sandbox.app import create_sandbox
from weike.sandbox.keys import load_or_make_keys
from weike.trade.events import ParcelSent
from weike.trade.fulfilment.model import ParcelState
from weike.trade.fulfilment.queries import Parcel
from weike.trade.fulfilment.wechat.api import App, HTTPShippingAPI
from weike.trade.fulfilment.wechat.pushes import PushKeys, sign
from weike.trade.fulfilment.wechat.reports import report_of, report_shipping
from weike.trade.model import Placed


@pytest.fixture
async def house(database: Database, now: datetime) -> AsyncIterator[House]:
    async with open_house(database, now) as house:
        yield house


async def bought_in_wechat(
    house: House, pieces: int = 2, method: payment.Method = "mini"
) -> Placed:
    """Paid inside the mini-program by somebody WeChat knows."""

    async def work(tx: Tx) -> Placed:
        house.stall.delivered = 0
        await mini_program(tx, house.now)
        order = await placed(tx, house.stall, house.now, lines={house.stall.skus[0]: pieces})
        intent = await payment.open_intent(
            tx,
            intent_id=uuid7(house.now),
            order_id=order.id,
            amount=Money(order.payable_minor),
            description="明前龙井特级",
            expires_at=order.expires_at,
            method=method,
            payer_openid="o-buyer" if method == "mini" else None,
            now=house.now,
        )
        await provider_says_paid(tx, house.stall, intent, house.now)
        await deliver(tx, house.stall, house.now)
        return order

    order: Placed = await house.run(work)
    return order


async def tell(house: House, order: Placed) -> None:
    event = ParcelSent(
        order_id=order.id,
        member_id=house.stall.buyer.member_id,
        parcel_id=UUID(int=1),
        kind="express",
        is_last=True,
        at=house.now,
    )
    await report_shipping(
        house.kit.reporter, house.database, house.shop.tenant_id, event, house.now
    )


async def report(house: House, order: Placed) -> Any:
    return (await house.console("GET", f"/orders/{order.id}/parcels")).json()["wechat_report"]


async def test_parts_are_told_as_parts_and_the_whole_once(house: House) -> None:
    order = await bought_in_wechat(house)
    await house.ship(order, "SF0000000001", {0: 1})
    for _ in range(2):
        await tell(house, order)
    await house.ship(order, "SF0000000002")
    await tell(house, order)
    first, second = house.wechat.uploads
    assert (first["delivery_mode"], first["is_all_delivered"]) == (2, False)
    assert (second["delivery_mode"], second["is_all_delivered"]) == (2, True)
    assert {one["tracking_no"] for one in second["shipping_list"]} == {
        "SF0000000001",
        "SF0000000002",
    }
    assert second["shipping_list"][0]["express_company"] == "SF"
    assert second["shipping_list"][0]["contact"]["receiver_contact"].endswith("8000")
    assert second["payer"] == {"openid": "o-buyer"}
    assert (await report(house, order))["state"] == "ok"


async def test_three_outcomes(house: House) -> None:
    order = await bought_in_wechat(house)
    await house.ship(order, "SF0000000001")
    house.wechat.answer = Unknown("timeout")
    with pytest.raises(Unavailable):
        await tell(house, order)
    assert (await report(house, order))["state"] == "unknown"
    house.wechat.answer = Refused("10060004", "支付单处于不可发货的状态")
    await tell(house, order)
    told = await report(house, order)
    assert (told["state"], told["last_code"]) == ("refused", "10060004")
    house.wechat.answer = None
    await tell(house, order)
    assert (await report(house, order))["state"] == "ok"
    await tell(house, order)
    assert len(house.wechat.uploads) == 3


async def test_one_correction_is_told_and_no_second_is_sent(house: House) -> None:
    order = await bought_in_wechat(house)
    await house.ship(order, "SF0000000001")
    await tell(house, order)
    (parcel,) = (await house.order(order))["parcels"]
    for number, sent, state in (("ZTO1", 2, "ok"), ("ZTO2", 2, "refused")):
        path = f"/orders/{order.id}/parcels/{parcel['id']}"
        await house.console("PUT", path, courier="zto", tracking_no=number)
        await tell(house, order)
        assert len(house.wechat.uploads) == sent
        assert (await report(house, order))["state"] == state
    assert (await report(house, order))["last_code"] == "corrected_once"


async def test_nothing_is_told_of_what_was_paid_elsewhere_or_is_not_managed(house: House) -> None:
    elsewhere = await bought_in_wechat(house, method="native")
    await house.ship(elsewhere, "SF0000000001")
    await tell(house, elsewhere)
    house.wechat.managed = False
    inside = await bought_in_wechat(house)
    await house.ship(inside, "SF0000000002")
    await tell(house, inside)
    assert house.wechat.uploads == []


def a_parcel(kind: Any, number: str = "") -> Parcel:
    return Parcel(
        id=UUID(int=1),
        order_id=UUID(int=2),
        kind=kind,
        courier="somebody" if kind == "express" else "",
        tracking_no=number,
        state=ParcelState.CREATED,
        note="",
        shipped_at=datetime(2026, 11, 22, tzinfo=UTC),
    )


@pytest.mark.parametrize(("kind", "type"), [("virtual", 3), ("card_key", 3), ("pickup", 4)])
def test_what_no_courier_carries_is_told_whole(kind: str, type: int, now: datetime) -> None:
    body = report_of(
        transaction_id="4200",
        openid="o",
        parcels=[a_parcel(kind)],
        description="茶" * 200,
        receiver_tail="8000",
        is_all=True,
        now=now,
    )
    assert (body["logistics_type"], body["delivery_mode"]) == (type, 1)
    assert "is_all_delivered" not in body
    assert len(body["shipping_list"][0]["item_desc"]) == 120


def test_a_courier_nobody_knows_is_told_as_another(now: datetime) -> None:
    body = report_of(
        transaction_id="4200",
        openid="o",
        parcels=[a_parcel("express", "X1")],
        description="茶",
        receiver_tail="8000",
        is_all=True,
        now=now,
    )
    assert body["shipping_list"][0]["express_company"] == "OTHERS"


# Against the simulation, and WeChat's word.


@pytest.fixture(scope="module")
def sandbox_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shipping")
    load_or_make_keys(folder, now=datetime(2026, 11, 1, tzinfo=UTC))
    return folder


async def test_the_client_speaks_as_wechat_answers(
    house: House, sandbox_folder: Path, now: datetime
) -> None:
    app: Any = create_sandbox(
        sandbox_folder, http=house.client, clock=lambda: now, delivers_by_itself=False
    )
    transport: Any = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox.test") as http:
        known = load_or_make_keys(sandbox_folder, now=now).credentials.mini_program
        api = HTTPShippingAPI(http, url="http://sandbox.test/wxapi", clock=lambda: now)
        ours = App(known.app_id, known.secret)
        assert await api.is_managed(ours) == payment.Ok(True)
        told = await api.upload(
            ours,
            report_of(
                transaction_id="4200000000",
                openid="o",
                parcels=[a_parcel("express", "X1")],
                description="茶",
                receiver_tail="8000",
                is_all=True,
                now=now,
            ),
        )
        assert told == Refused("10060001", "支付单不存在")
        wrong = await api.is_managed(App(known.app_id, "not the secret"))
        # The token of the right secret is kept; another process would be refused.
        assert wrong == payment.Ok(True)
        fresh = HTTPShippingAPI(http, url="http://sandbox.test/wxapi", clock=lambda: now)
        assert isinstance(await fresh.is_managed(App(known.app_id, "no")), Refused)
        nowhere = HTTPShippingAPI(http, url="http://sandbox.test/none", clock=lambda: now)
        assert isinstance(await nowhere.is_managed(ours), Unknown)


def sealed(keys: PushKeys, house: House, message: dict[str, Any], app_id: str) -> Any:
    """A message as WeChat sends it: address parts and body."""
    tenant = house.shop.tenant_id
    content = msgspec.json.encode(message)
    plain = b"r" * 16 + struct.pack(">I", len(content)) + content + app_id.encode()
    fill = 32 - len(plain) % 32
    key = keys.aes_key(tenant)
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    text = base64.b64encode(
        encryptor.update(plain + bytes([fill]) * fill) + encryptor.finalize()
    ).decode()
    signature = sign(keys.token(tenant), "1", "n", text)
    query = {"timestamp": "1", "nonce": "n", "msg_signature": signature}
    return {"params": query, "json": {"ToUserName": "gh", "Encrypt": text}}


async def test_receipt_confirmed_in_wechat_receives_the_order(house: House) -> None:
    order = await bought_in_wechat(house)
    intent = await house.run(lambda tx: payment.intent_of(tx, order.id))
    message = {
        "Event": "trade_manage_order_settlement",
        "merchant_trade_no": intent.out_trade_no,
        "confirm_receive_time": 1_763_000_000,
    }
    hook = f"/hooks/wechat-messages/{house.shop.tenant_id}"
    keys = house.kit.pushes
    early = await house.client.post(hook, **sealed(keys, house, message, "wx-mini"))
    assert (early.status_code, early.text) == (200, "success")
    assert (await house.order(order))["state"] == "paid"

    await house.ship(order, "SF0000000001")
    for forged in (
        sealed(PushKeys("another secret"), house, message, "wx-mini"),
        sealed(keys, house, message, "wx-other"),
        sealed(keys, house, message, "wx-mini") | {"params": {"timestamp": "1", "nonce": "n"}},
        {"json": {"Encrypt": "????"}},
        {"content": b"not json"},
    ):
        assert (await house.client.post(hook, **forged)).status_code == 401
    assert (await house.order(order))["state"] == "shipped"

    other = message | {"Event": "trade_manage_remind_shipping"}
    await house.client.post(hook, **sealed(keys, house, other, "wx-mini"))
    assert (await house.order(order))["state"] == "shipped"
    for _ in range(2):
        answer = await house.client.post(hook, **sealed(keys, house, message, "wx-mini"))
        assert answer.status_code == 200
    detail = await house.order(order)
    assert detail["state"] == "received"
    assert detail["timeline"][-1]["text"] == "买家在微信确认收货"


async def test_wechat_may_ask_whether_the_address_is_ours(house: House) -> None:
    told = (await house.console("GET", "/wechat-messages")).json()
    assert len(told["encoding_aes_key"]) == 43
    assert told["encoding_aes_key"].isalnum()
    hook = told["url"].removeprefix("https://shop.test")
    proof = sign(told["token"], "1", "n")
    query = {"timestamp": "1", "nonce": "n", "signature": proof, "echostr": "hello"}
    assert (await house.client.get(hook, params=query)).text == "hello"
    for forged in ("0", "é"):
        wrong = await house.client.get(hook, params=query | {"signature": forged})
        assert wrong.status_code == 401
