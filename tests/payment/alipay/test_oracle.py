"""The vendor's protocol as others speak it: the public SDK `python-alipay-sdk` against ours.

A differential test: the SDK signs, and our simulation must accept; our simulation signs, and the
SDK must verify; both sign the same bytes alike. What the SDK is known to get wrong is not asked
of it: it cuts an answer at the first `}` that stands inside a string, and takes the server's local
time for China's.
"""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from tests.payment.tills import Till, alipay_set_up
from tests.sandbox.shops import SANDBOX
from weike.payment.providers.alipay import (
    AlipayTransport,
    load_alipay_credentials,
    open_notification,
)
from weike.payment.providers.alipay.signing import content_to_sign, signed
from weike.sandbox.alipay_keys import load_or_make_alipay_keys

vendor = pytest.importorskip("alipay", reason="the oracle is not installed")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def credentials(made_keys: Path) -> Any:
    return load_or_make_alipay_keys(made_keys, now=datetime(2026, 11, 1, tzinfo=UTC)).credentials


def sdk(merchant: Any) -> Any:
    return vendor.AliPay(
        appid=merchant.app_id,
        app_notify_url="https://shop.test/hook",
        app_private_key_string=merchant.private_key_pem,
        alipay_public_key_string=merchant.alipay_public_key_pem,
        sign_type="RSA2",
    )


def ours(merchant: Any) -> Any:
    return load_alipay_credentials(
        app_id=merchant.app_id,
        seller_id=merchant.seller_id,
        private_key_pem=merchant.private_key_pem,
        alipay_public_key_pem=merchant.alipay_public_key_pem,
    )


def test_both_sign_the_same_parameters_alike(credentials: Any) -> None:
    merchant = credentials.merchants[0]
    given = {
        "method": "alipay.trade.query",
        "app_id": merchant.app_id,
        "biz_content": '{"out_trade_no":"中文 & = 一"}',
        "timestamp": "2026-11-11 11:00:00",
        "notify_url": "https://shop.test/?a=b",
    }
    theirs = dict(parse_qsl(sdk(merchant).sign_data(dict(given))))
    assert signed(given, ours(merchant).private_key)["sign"] == theirs["sign"]
    # Theirs would sign an empty value; the vendor's page says it stays out.
    assert content_to_sign({**given, "return_url": ""}) == content_to_sign(given)


def test_certificates_are_numbered_alike(credentials: Any) -> None:
    merchant = credentials.merchants[0]
    theirs = vendor.DCAliPay(
        appid=merchant.app_id,
        app_notify_url="https://shop.test/hook",
        app_private_key_string=merchant.private_key_pem,
        app_public_key_cert_string=merchant.app_certificate_pem,
        alipay_public_key_cert_string=merchant.alipay_certificate_pem,
        alipay_root_cert_string=merchant.root_certificate_pem,
        sign_type="RSA2",
    )
    mine = load_alipay_credentials(
        app_id=merchant.app_id,
        seller_id=merchant.seller_id,
        private_key_pem=merchant.private_key_pem,
        app_certificate_pem=merchant.app_certificate_pem,
        alipay_certificate_pem=merchant.alipay_certificate_pem,
        root_certificate_pem=merchant.root_certificate_pem,
    )
    assert mine.app_cert_sn == theirs.app_cert_sn
    assert mine.root_cert_sn == theirs.alipay_root_cert_sn


def test_a_notification_is_verified_alike(credentials: Any, made_keys: Path) -> None:
    merchant = credentials.merchants[0]
    keys = load_or_make_alipay_keys(made_keys, now=datetime(2026, 11, 1, tzinfo=UTC))
    fields = {
        "notify_id": "n1",
        "notify_type": "trade_status_sync",
        "app_id": merchant.app_id,
        "out_trade_no": "order1",
        "subject": '茶 & "点心" = 好',
        "body": "",
    }
    content = "&".join(f"{name}={value}" for name, value in sorted(fields.items()))
    sign = base64.b64encode(keys.private_key.sign(content.encode(), PKCS1v15(), SHA256())).decode()
    raw = urlencode(fields | {"sign": sign, "sign_type": "RSA2"}).encode()
    assert dict(open_notification(ours(merchant), raw)) == fields
    assert sdk(merchant).verify(dict(fields) | {"sign_type": "RSA2"}, sign)
    assert not sdk(merchant).verify(dict(fields) | {"body": "x", "sign_type": "RSA2"}, sign)


async def test_the_vendor_s_client_pays_queries_and_refunds_here(
    till: Till, credentials: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The SDK's requests are sent as it builds them; its answers are verified by it."""
    merchant = credentials.merchants[0]
    client = sdk(merchant)

    class ChinaTime(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> ChinaTime:
            # Its "now" is the server's local time, unless the server stands in China.
            moment = till.now.timestamp() + 8 * 3600
            return cls.fromtimestamp(moment, UTC).replace(tzinfo=None)

    monkeypatch.setattr(vendor, "datetime", ChinaTime)

    async def ask(method: str, business: dict[str, Any]) -> dict[str, Any]:
        query = client.sign_data(client.build_body(method, business))
        answer = await till.shop.http.get(f"{SANDBOX}/alipay/gateway.do?{query}")
        read: dict[str, Any] = client._verify_and_return_sync_response(
            answer.text, method.replace(".", "_") + "_response"
        )
        return read

    form = client.api_alipay_trade_wap_pay(
        "明前龙井", "vendor0001", "12.34", return_url="https://shop.test/back"
    )
    begun = await till.shop.http.get(f"{SANDBOX}/alipay/gateway.do?{form}")
    assert begun.status_code == 302, begun.text
    absent = await ask("alipay.trade.query", {"out_trade_no": "vendor0001"})
    assert absent["sub_code"] == "ACQ.TRADE_NOT_EXIST"
    await till.shop.http.get(begun.headers["location"])
    waiting = await ask("alipay.trade.query", {"out_trade_no": "vendor0001"})
    assert waiting["trade_status"] == "WAIT_BUYER_PAY"
    await till.shop.control("alipay/pay", out_trade_no="vendor0001", notify=False)
    refunded = await ask(
        "alipay.trade.refund",
        {"out_trade_no": "vendor0001", "refund_amount": "2.34", "out_request_no": "r1"},
    )
    assert (refunded["fund_change"], refunded["refund_fee"]) == ("Y", "2.34")
    known = await ask(
        "alipay.trade.fastpay.refund.query",
        {"out_trade_no": "vendor0001", "out_request_no": "r1"},
    )
    assert (known["refund_status"], known["refund_amount"]) == ("REFUND_SUCCESS", "2.34")


async def test_our_call_is_what_the_vendor_s_client_would_send(
    till: Till, credentials: Any
) -> None:
    merchant = credentials.merchants[0]
    sent: list[httpx.Request] = []

    def note(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(500)

    async with httpx.AsyncClient(transport=httpx.MockTransport(note)) as http:
        transport = AlipayTransport(ours(merchant), http=http, clock=lambda: till.now)
        await transport.call("alipay.trade.query", {"out_trade_no": "a1"}, answer=dict)
    given = dict(parse_qsl(sent[0].url.query.decode())) | dict(parse_qsl(sent[0].content.decode()))
    theirs = sdk(merchant).build_body("alipay.trade.query", {"out_trade_no": "a1"})
    for name in ("app_id", "method", "charset", "sign_type", "version"):
        assert given[name] == theirs[name]
    assert json.loads(given["biz_content"]) == theirs["biz_content"]
    assert given["timestamp"] == "2026-11-11 11:00:00"
    # Signed as the vendor verifies it.
    signature = given.pop("sign")
    content = content_to_sign(given)
    key = ours(merchant).private_key.public_key()
    key.verify(base64.b64decode(signature), content, PKCS1v15(), SHA256())


def test_the_till_and_the_oracle_hold_the_same_keys(made_keys: Path, credentials: Any) -> None:
    assert alipay_set_up(made_keys).app_id == credentials.merchants[0].app_id
