"""Our client against the simulation: three outcomes, and nothing believed that is not proven."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.sandbox.shops import SANDBOX, Shop, keys_of
from weike.payment.outcome import Ok, Refused, Unknown
from weike.payment.providers.wechat_pay import (
    NotVerified,
    UnusableCredentials,
    WeChatPayTransport,
    close,
    open_notification,
    prepay,
    query,
)
from weike.payment.providers.wechat_pay.orders import shortened
from weike.payment.providers.wechat_pay.transport import UnsafeIdentifier


@pytest.mark.parametrize("channel", ["jsapi", "h5", "native"])
async def test_every_channel_answers_in_its_own_way(shop: Shop, channel: str) -> None:
    asked = await shop.announce(channel=channel)
    assert isinstance(asked, Ok)
    filled = {name for name in ("prepay_id", "h5_url", "code_url") if getattr(asked.value, name)}
    assert filled == {{"jsapi": "prepay_id", "h5": "h5_url", "native": "code_url"}[channel]}


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("bad_signature", "answer_signature"),
        ("tamper", "answer_signature"),
        ("signtest", "answer_signature"),
        ("stale", "answer_stale"),
        ("wrong_serial", "answer_serial"),
        ("unsigned", "answer_header_missing"),
        ("error_after", "status_500"),
    ],
)
async def test_an_answer_that_does_not_verify_is_unknown(
    shop: Shop, kind: str, reason: str
) -> None:
    await shop.announce()
    await shop.control("faults", target="query", kind=kind)
    assert await query(shop.transport(), "order-0001") == Unknown(reason)
    # Without the fault the very same question is answered: the test sees the fault, not noise.
    assert isinstance(await query(shop.transport(), "order-0001"), Ok)


@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "error_after"])
async def test_a_cut_connection_is_unknown_whatever_happened(shop: Shop, kind: str) -> None:
    await shop.control("faults", target="prepay", kind=kind)
    assert isinstance(await shop.announce(), Unknown)
    known = [order["out_trade_no"] for order in (await shop.truth())["orders"]]
    assert known == ([] if kind == "cut_before" else ["order-0001"])


async def test_a_refusal_is_a_refusal_and_a_forged_one_is_unknown(shop: Shop) -> None:
    await shop.control("faults", target="*", kind="refuse", code="NOT_ENOUGH", status=403)
    asked = await query(shop.transport(), "order-0001")
    assert isinstance(asked, Refused)
    assert asked.code == "NOT_ENOUGH"
    await shop.control("faults", target="*", kind="refuse", code="SYSTEM_ERROR", status=400)
    assert await query(shop.transport(), "order-0001") == Unknown("SYSTEM_ERROR")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (httpx.Response(502, text="<html>"), "status_502"),
        (httpx.Response(403, text="<html>blocked by a proxy</html>"), "status_403"),
        (httpx.Response(302, headers={"Location": "https://elsewhere.invalid"}), "status_302"),
        (httpx.Response(200, json={"trade_state": "SUCCESS"}), "answer_header_missing"),
        (httpx.ConnectError("no"), "ConnectError"),
        (httpx.ReadTimeout("slow"), "ReadTimeout"),
    ],
)
async def test_what_others_on_the_way_say_is_unknown(
    shop: Shop, answer: httpx.Response | httpx.HTTPError, reason: str
) -> None:
    def somebody(_request: httpx.Request) -> httpx.Response:
        if isinstance(answer, httpx.HTTPError):
            raise answer
        return answer

    async with httpx.AsyncClient(transport=httpx.MockTransport(somebody)) as http:
        transport = WeChatPayTransport(
            shop.keys(), http=http, clock=shop.clock, nonce=lambda: "n", base_url=SANDBOX
        )
        assert await query(transport, "order-0001") == Unknown(reason)


async def test_the_backup_is_asked_only_when_the_first_never_opened(shop: Shop) -> None:
    asked: list[str] = []
    failure: httpx.HTTPError = httpx.ConnectError("no")

    def first_is_down(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url.host))
        if request.url.host == "first.test":
            raise failure
        return httpx.Response(500)

    async with httpx.AsyncClient(transport=httpx.MockTransport(first_is_down)) as http:
        transport = WeChatPayTransport(
            shop.keys(),
            http=http,
            clock=shop.clock,
            nonce=lambda: "n",
            base_url="https://first.test",
            backup_base_url="https://second.test",
        )
        assert await query(transport, "order-0001") == Unknown("status_500")
        failure = httpx.ReadTimeout("it may have been executed")
        assert await query(transport, "order-0001") == Unknown("ReadTimeout")
    assert asked == ["first.test", "second.test", "first.test"]


async def test_the_bytes_that_are_sent_are_the_bytes_that_are_signed(shop: Shop) -> None:
    sent: list[httpx.Request] = []

    def keep(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(500)

    async with httpx.AsyncClient(transport=httpx.MockTransport(keep)) as http:
        transport = WeChatPayTransport(
            shop.keys(), http=http, clock=shop.clock, nonce=lambda: "n", base_url=SANDBOX
        )
        await close(transport, "order*0001")
        await query(transport, "order*0001")
    assert sent[0].url.raw_path == b"/v3/pay/transactions/out-trade-no/order%2A0001/close"
    assert sent[0].content == b'{"mchid":"1900000001"}'
    assert sent[1].content == b""
    assert not re.search(r"[^\x20-\x7e]", sent[0].headers["authorization"])


@pytest.mark.parametrize("number", ["../../refund", "a/b", "a?b=1", "", "x" * 65, "单号", "a b"])
async def test_an_id_cannot_become_another_path(shop: Shop, number: str) -> None:
    with pytest.raises(UnsafeIdentifier):
        await query(shop.transport(), number)


def test_a_long_description_is_cut_between_characters() -> None:
    assert shortened("明前龙井" * 20) == "明前龙井" * 10 + "明前"
    assert len(shortened("明前龙井" * 20).encode()) <= 127


async def test_jsapi_without_an_openid_is_our_own_mistake(shop: Shop) -> None:
    with pytest.raises(ValueError, match="openid"):
        await prepay(
            shop.transport(),
            "jsapi",
            app_id="wx",
            out_trade_no="order-0001",
            amount_minor=1,
            currency="CNY",
            description="x",
            expires_at=shop.clock(),
            notify_url="https://shop.test",
        )


def test_unusable_keys_are_named(shop: Shop) -> None:
    merchant = shop.credentials.merchants[0]
    curve = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    certificate = next(
        pem for serial, pem in merchant.verifier_pems.items() if "PUB_KEY" not in serial
    )
    wrong: list[dict[str, Any]] = [
        {"api_v3_key": "short"},
        {"private_key_pem": "nonsense"},
        {"private_key_pem": curve.decode()},
        {"verifier_pems": {}},
        {"verifier_pems": {"PUB_KEY_ID_1": "nonsense"}},
        {"verifier_pems": {"0123ABCD": certificate}},
    ]
    for other in wrong:
        with pytest.raises(UnusableCredentials):
            keys_of(merchant, **other)


def test_credentials_do_not_show_their_secrets(shop: Shop) -> None:
    merchant = shop.credentials.merchants[0]
    shown = repr(shop.keys())
    assert merchant.mch_id in shown
    assert merchant.api_v3_key not in shown
    assert "PRIVATE" not in shown


async def _told(shop: Shop) -> tuple[dict[str, str], bytes]:
    await shop.announce()
    await shop.control("pay", out_trade_no="order-0001")
    return shop.mailbox.received[-1]


@pytest.mark.parametrize("seconds", [-301, -300, 300, 301, 86400 * 365])
async def test_a_notification_outside_the_window_is_refused(shop: Shop, seconds: int) -> None:
    headers, raw = await _told(shop)
    with pytest.raises(NotVerified, match="stale"):
        open_notification(shop.keys(), headers, raw, now=shop.clock() + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-299, 0, 299])
async def test_a_notification_inside_the_window_is_believed(shop: Shop, seconds: int) -> None:
    headers, raw = await _told(shop)
    assert open_notification(
        shop.keys(), headers, raw, now=shop.clock() + timedelta(seconds=seconds)
    ).content


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"wechatpay-signature": "WECHATPAY/SIGNTEST/AAAA"}, "signature"),
        ({"wechatpay-signature": "not base64!"}, "signature"),
        ({"wechatpay-serial": "PUB_KEY_ID_9"}, "serial"),
        ({"wechatpay-nonce": "other"}, "signature"),
        ({"wechatpay-timestamp": "١٢٣"}, "timestamp"),
        ({"wechatpay-timestamp": "9" * 400}, "timestamp"),
        ({"wechatpay-signature-type": "WECHATPAY2-HMAC"}, "algorithm"),
    ],
)
async def test_changed_headers_are_refused(shop: Shop, change: dict[str, str], reason: str) -> None:
    headers, raw = await _told(shop)
    with pytest.raises(NotVerified) as refused:
        open_notification(shop.keys(), headers | change, raw, now=shop.clock())
    assert refused.value.reason == reason


async def test_keys_of_one_mode_refuse_the_other(shop: Shop) -> None:
    headers, raw = await _told(shop)
    merchant = shop.credentials.merchants[0]
    only_certificate = {
        serial: pem for serial, pem in merchant.verifier_pems.items() if "PUB_KEY" not in serial
    }
    keys = keys_of(merchant, verifier_pems=only_certificate)
    with pytest.raises(NotVerified, match="serial"):
        open_notification(keys, headers, raw, now=shop.clock())
    # And the same client gets answers signed by the certificate, because it asks for them.
    transport = WeChatPayTransport(
        keys, http=shop.http, clock=shop.clock, nonce=lambda: "n", base_url=SANDBOX
    )
    assert isinstance(await query(transport, "order-0001"), Ok)


def test_answers_are_asked_under_the_public_key_when_there_is_one(shop: Shop) -> None:
    assert shop.keys().answer_serial.startswith("PUB_KEY_ID_")
