"""What strangers send to the notification route: all refused, nothing written, no call made.

The list is the attack list of the threat model, A-10 to A-14. Each attack is made from a
notification that is believed when it is left alone, so each test can fail.
"""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Callable
from typing import Any

import httpx
import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.payment.tills import Till, set_up_of
from weike import payment
from weike.kernel import TenantId, uuid7
from weike.payment import PaymentQuarantined, PaymentReceived
from weike.payment.model import Intent
from weike.payment.ports import NotificationRefused
from weike.payment.providers.wechat_pay.signing import sign
from weike.sandbox.keys import load_or_make_keys
from weike.sandbox.wire import signed_headers

Message = tuple[dict[str, str], bytes]


class Forge:
    """Makes notifications with the platform's own key: what an attacker wishes to have."""

    def __init__(self, till: Till, folder: Any) -> None:
        self.till = till
        self.keys = load_or_make_keys(folder, now=till.now)

    def sign(self, body: bytes) -> Message:
        headers, body = signed_headers(
            self.keys,
            body,
            serial=self.keys.public_key_id,
            real_now=int(self.till.now.timestamp()),
        )
        return headers, body

    def told(self, intent: Intent, *, merchant: int = 0, **changed: Any) -> Message:
        """The payment of this intent, with some of its content changed."""
        apps = self.till.shop.credentials
        content = {
            "appid": apps.mini_program.app_id,
            "mchid": apps.merchants[0].mch_id,
            "out_trade_no": intent.out_trade_no,
            "transaction_id": "4200000001",
            "trade_type": "JSAPI",
            "trade_state": "SUCCESS",
            "amount": {"total": intent.amount_minor, "currency": "CNY"},
            "payer": {"openid": "o-buyer"},
            "success_time": "2026-11-11T11:00:00+08:00",
        } | changed
        return self.sign(self.seal(msgspec.json.encode(content), merchant=merchant))

    def seal(self, plain: bytes, *, merchant: int = 0, **changed: Any) -> bytes:
        key = self.till.shop.credentials.merchants[merchant].api_v3_key.encode()
        nonce = "0123456789ab"
        resource = {
            "original_type": "transaction",
            "algorithm": "AEAD_AES_256_GCM",
            "ciphertext": base64.b64encode(
                AESGCM(key).encrypt(nonce.encode(), plain, b"transaction")
            ).decode(),
            "associated_data": "transaction",
            "nonce": nonce,
        } | changed.pop("resource", {})
        envelope = {
            "id": f"EV-{secrets.token_hex(8)}",
            "create_time": "2026-11-11T11:00:00+08:00",
            "resource_type": "encrypt-resource",
            "event_type": "TRANSACTION.SUCCESS",
            "summary": "支付成功",
            "resource": resource,
        } | changed
        return msgspec.json.encode(envelope)


@pytest.fixture
def forge(till: Till, tmp_path: Any) -> Forge:
    return Forge(till, tmp_path)


async def deliver(till: Till, message: Message, config_id: Any = None) -> httpx.Response:
    headers, raw = message
    return await till.web.post(
        f"/hooks/wechat/{config_id or till.config.id}",
        content=raw,
        headers=headers | {"Content-Type": "application/json"},
    )


async def test_left_alone_it_is_believed(till: Till, forge: Forge) -> None:
    intent = await till.asked()
    assert (await deliver(till, forge.told(intent))).status_code == 204
    assert await till.state(intent) == "paid"


def _header(name: str, value: str) -> Callable[[Forge, Intent], Message]:
    def change(forge: Forge, intent: Intent) -> Message:
        headers, raw = forge.told(intent)
        return headers | {name: value}, raw

    return change


def _tampered(forge: Forge, intent: Intent) -> Message:
    headers, raw = forge.told(intent)
    return headers, raw.replace("支付成功".encode(), "支付失败".encode())


def _stale(forge: Forge, intent: Intent) -> Message:
    message = forge.told(intent)
    forge.till.shop.clock.pass_by(seconds=300)
    return message


def _from_the_future(forge: Forge, intent: Intent) -> Message:
    forge.till.shop.clock.pass_by(seconds=300)
    message = forge.told(intent)
    forge.till.shop.clock.pass_by(seconds=-300)
    return message


def _signtest(forge: Forge, intent: Intent) -> Message:
    headers, raw = forge.told(intent)
    probe = "WECHATPAY/SIGNTEST/" + headers["Wechatpay-Signature"]
    return headers | {"Wechatpay-Signature": probe}, raw


def _own_key(forge: Forge, intent: Intent) -> Message:
    """Signed by the merchant's key instead of the platform's."""
    headers, raw = forge.told(intent)
    merchant = forge.till.shop.keys().private_key
    message = f"{headers['Wechatpay-Timestamp']}\n{headers['Wechatpay-Nonce']}\n".encode()
    return headers | {"Wechatpay-Signature": sign(merchant, message + raw + b"\n")}, raw


def _unsigned(forge: Forge, intent: Intent) -> Message:
    return {}, forge.told(intent)[1]


def _garbage_ciphertext(forge: Forge, intent: Intent) -> Message:
    noise = base64.b64encode(secrets.token_bytes(200)).decode()
    return forge.sign(forge.seal(b"{}", resource={"ciphertext": noise}))


def _resource(**changed: Any) -> Callable[[Forge, Intent], Message]:
    return lambda forge, intent: forge.sign(forge.seal(b"{}", resource=changed))


def _envelope(**changed: Any) -> Callable[[Forge, Intent], Message]:
    return lambda forge, intent: forge.sign(forge.seal(b"{}", **changed))


def _body(raw: bytes) -> Callable[[Forge, Intent], Message]:
    return lambda forge, intent: forge.sign(raw)


def _other_key(forge: Forge, intent: Intent) -> Message:
    return forge.told(intent, merchant=1)


def _huge(forge: Forge, intent: Intent) -> Message:
    return forge.sign(b'{"id":"' + b"x" * 10_000_000 + b'"}')


ATTACKS: dict[str, Callable[[Forge, Intent], Message]] = {
    "no signature": _unsigned,
    "tampered body": _tampered,
    "stale": _stale,
    "from the future": _from_the_future,
    "SIGNTEST": _signtest,
    "signed by the merchant": _own_key,
    "unknown serial": _header("Wechatpay-Serial", "PUB_KEY_ID_9"),
    "serial that is no number": _header("Wechatpay-Serial", "'; drop table"),
    "other nonce": _header("Wechatpay-Nonce", "n"),
    "other algorithm": _header("Wechatpay-Signature-Type", "WECHATPAY2-SM2-WITH-SM3"),
    "signature of nothing": _header("Wechatpay-Signature", ""),
    "garbage ciphertext": _garbage_ciphertext,
    "ciphertext not base64": _resource(ciphertext="%%%"),
    "ciphertext too short": _resource(ciphertext="AAAA"),
    "nonce too long": _resource(nonce="0" * 13),
    "other cipher": _resource(algorithm="AES_128_CBC"),
    "other associated data": _resource(associated_data="refund"),
    "encrypted for another merchant": _other_key,
    "no resource": _envelope(resource_type="plain"),
    "id too long": _envelope(id="x" * 65),
    "content that is no payment": _envelope(),
    "no JSON": _body(b"\x00\xff"),
    "a JSON list": _body(b"[]"),
    "deep JSON": _body(b"[" * 50_000),
    "empty": _body(b""),
    "ten megabytes": _huge,
}


@pytest.mark.parametrize("attack", ATTACKS)
async def test_it_is_refused_without_a_trace(till: Till, forge: Forge, attack: str) -> None:
    intent = await till.asked()
    message = ATTACKS[attack](forge, intent)
    till.outgoing.calls.clear()
    began = time.perf_counter()
    answer = await deliver(till, message)
    took = time.perf_counter() - began
    assert 400 <= answer.status_code < 500, answer.text
    assert till.outgoing.calls == []
    assert await till.inbox() == []
    assert await till.state(intent) == "prepaid"
    assert await till.balance("escrow") == 0
    assert took < 2.0


def test_a_long_one_is_refused_before_anything_is_computed(till: Till, forge: Forge) -> None:
    """Also where no edge in front has a limit; just below the limit the same one is read."""
    gateway = till.gateways.of(till.config)
    plain = b'{"any":"thing"}'
    for summary, refusal in (("x" * 60_000, None), ("x" * 66_000, "too_large")):
        headers, raw = forge.sign(forge.seal(plain, summary=summary, event_type="OTHER"))
        if refusal is None:
            assert gateway.open_notification(headers, raw, now=till.now).content is None
            continue
        with pytest.raises(NotificationRefused, match=refusal):
            gateway.open_notification(headers, raw, now=till.now)


async def test_the_answer_tells_a_forger_nothing(till: Till, forge: Forge) -> None:
    intent = await till.asked()
    answers = {
        (await deliver(till, ATTACKS[attack](forge, intent))).text
        for attack in ("SIGNTEST", "unknown serial", "garbage ciphertext")
    }
    assert answers == {'{"code":"FAIL","message":"失败"}'}


async def test_an_unknown_config_is_answered_like_nothing(till: Till, forge: Forge) -> None:
    intent = await till.asked()
    answer = await deliver(till, forge.told(intent), uuid7(till.now))
    assert answer.status_code == 404
    assert (await till.web.post("/hooks/wechat/1%20or%201=1")).status_code == 404


async def test_replayed_a_hundred_times_it_pays_once(till: Till, forge: Forge) -> None:
    intent = await till.asked()
    message = forge.told(intent)
    for _ in range(100):
        assert (await deliver(till, message)).status_code == 204
    assert await till.inbox() == [("applied", None)]
    assert len(await till.events(PaymentReceived)) == 1
    assert await till.balance("escrow") == 1234


@pytest.mark.parametrize(
    ("changed", "reason", "state"),
    [
        ({"amount": {"total": 1233, "currency": "CNY"}}, "amount", "quarantined"),
        ({"amount": {"total": 1235, "currency": "CNY"}}, "amount", "quarantined"),
        ({"amount": {"total": 1234, "currency": "USD"}}, "currency", "quarantined"),
        ({"amount": None}, "amount", "quarantined"),
        ({"transaction_id": ""}, "transaction", "quarantined"),
        ({"mchid": "1900000002"}, "merchant", "prepaid"),
        ({"appid": "wx0000000000000000"}, "app", "prepaid"),
        ({"out_trade_no": "somebody-elses"}, "number", "prepaid"),
    ],
)
async def test_what_does_not_match_is_quarantined_and_never_paid(
    till: Till, forge: Forge, changed: dict[str, Any], reason: str, state: str
) -> None:
    intent = await till.asked(amount=1234)
    answer = await deliver(till, forge.told(intent, **changed))
    assert answer.status_code == 204
    assert await till.inbox() == [("quarantined", reason)]
    assert await till.state(intent) == state
    assert await till.events(PaymentReceived) == []
    assert [event["reason"] for event in await till.events(PaymentQuarantined)] == [reason]
    assert await till.balance("escrow") == 0


async def test_a_valid_notification_of_a_neighbour_pays_nothing_here(
    till: Till, forge: Forge
) -> None:
    """A-12: the neighbour really received this money, under the very same order number."""
    intent = await till.asked()
    neighbour = TenantId(uuid7(till.now))
    theirs = set_up_of(
        till.shop.credentials.merchants[1],
        mini=till.shop.credentials.mini_program.app_id,
        official=till.shop.credentials.official_account.app_id,
    )
    their_config = await till.database.run(
        neighbour, lambda tx: payment.set_up_wechat(tx, till.gateways, theirs, now=till.now)
    )
    message = forge.told(intent, merchant=1, mchid="1900000002")
    # To our address it does not decrypt; to theirs, our order does not exist.
    assert (await deliver(till, message)).status_code == 401
    assert (await deliver(till, message, their_config.id)).status_code == 204
    assert await till.state(intent) == "prepaid"
    assert await till.events(PaymentReceived) == []


async def test_a_second_transaction_for_one_number_is_quarantined(till: Till, forge: Forge) -> None:
    intent = await till.asked()
    await deliver(till, forge.told(intent))
    await deliver(till, forge.told(intent, transaction_id="4200000002"))
    assert sorted(await till.inbox()) == [("applied", None), ("quarantined", "paid_twice")]
    assert await till.balance("escrow") == 1234


async def test_an_unpaid_state_pays_nothing(till: Till, forge: Forge) -> None:
    for state in ("NOTPAY", "USERPAYING", "PAYERROR"):
        intent = await till.asked()
        await deliver(till, forge.told(intent, trade_state=state))
        assert await till.state(intent) == "prepaid"


async def test_a_notice_of_another_kind_is_kept_and_does_nothing(till: Till, forge: Forge) -> None:
    """Profit sharing says TRANSACTION.SUCCESS too; only `original_type` tells it apart."""
    intent = await till.asked()
    plain = msgspec.json.encode({"mchid": "1900000001", "out_trade_no": intent.out_trade_no})
    sharing = forge.sign(forge.seal(plain, resource={"original_type": "profitsharing"}))
    assert (await deliver(till, sharing)).status_code == 204
    assert await till.inbox() == [("ignored", None)]
    assert await till.state(intent) == "prepaid"
