"""What strangers send to the Alipay notification route: refused, nothing written, no call made.

The attack list A-10 to A-14, each made from a notification that is believed when left alone.
"""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import MD5, SHA1, SHA256, HashAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.payment.tills import Till, alipay_set_up
from tests.tenancy.builders import a_shop
from weike import payment
from weike.kernel import TenantId, uuid7
from weike.payment import PaymentQuarantined, PaymentReceived
from weike.payment.model import Intent
from weike.sandbox.alipay_keys import AlipayKeys, load_or_make_alipay_keys

Fields = dict[str, str]


class Forge:
    """Makes notifications with Alipay's own key: what an attacker wishes to have."""

    def __init__(self, till: Till, folder: Any) -> None:
        self.till = till
        self.keys: AlipayKeys = load_or_make_alipay_keys(folder, now=till.now)

    def fields(self, intent: Intent, **changed: str) -> Fields:
        merchant = self.keys.credentials.merchants[0]
        minor = intent.amount_minor
        return {
            "notify_id": secrets.token_hex(16),
            "notify_type": "trade_status_sync",
            "notify_time": "2026-11-11 11:00:00",
            "app_id": merchant.app_id,
            "seller_id": merchant.seller_id,
            "charset": "utf-8",
            "version": "1.0",
            "out_trade_no": intent.out_trade_no,
            "trade_no": "2026111122001400000000000001",
            "trade_status": "TRADE_SUCCESS",
            "total_amount": f"{minor // 100}.{minor % 100:02d}",
            "gmt_payment": "2026-11-11 11:00:00",
            "subject": "明前龙井 & 茶=好",
            "body": "",
        } | changed

    def sign(
        self,
        fields: Fields,
        *,
        key: RSAPrivateKey | None = None,
        digest: HashAlgorithm | None = None,
        sign_type: str = "RSA2",
    ) -> bytes:
        content = "&".join(f"{k}={v}" for k, v in sorted(fields.items()))
        signature = (key or self.keys.private_key).sign(
            content.encode(), PKCS1v15(), digest or SHA256()
        )
        encoded = base64.b64encode(signature).decode()
        return urlencode(fields | {"sign": encoded, "sign_type": sign_type}).encode()

    def told(self, intent: Intent, **changed: str) -> bytes:
        return self.sign(self.fields(intent, **changed))


@pytest.fixture
def forge(till: Till, tmp_path: Any) -> Forge:
    return Forge(till, tmp_path)


async def deliver(till: Till, raw: bytes, config_id: Any = None) -> httpx.Response:
    return await till.web.post(
        f"/hooks/alipay/{config_id or till.alipay.id}",
        content=raw,
        headers={"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"},
    )


async def test_left_alone_it_is_believed(till: Till, forge: Forge) -> None:
    intent = await till.asked_at_alipay()
    answer = await deliver(till, forge.told(intent))
    assert (answer.status_code, answer.text) == (200, "success")
    assert await till.state(intent) == "paid"


def _own_key(forge: Forge, intent: Intent) -> bytes:
    pem = forge.keys.credentials.merchants[0].private_key_pem
    key = load_pem_private_key(pem.encode(), None)
    assert isinstance(key, RSAPrivateKey)
    return forge.sign(forge.fields(intent), key=key)


def _changed(name: str, value: str) -> Callable[[Forge, Intent], bytes]:
    """A field changed after signing."""

    def change(forge: Forge, intent: Intent) -> bytes:
        fields = forge.fields(intent)
        raw = forge.sign(fields)
        return raw.replace(
            urlencode({name: fields[name]}).encode(), urlencode({name: value}).encode()
        )

    return change


def _added(more: str) -> Callable[[Forge, Intent], bytes]:
    return lambda forge, intent: forge.told(intent) + more.encode()


def _without(name: str) -> Callable[[Forge, Intent], bytes]:
    def change(forge: Forge, intent: Intent) -> bytes:
        fields = forge.fields(intent)
        del fields[name]
        return forge.sign(fields)

    return change


def _unsigned(forge: Forge, intent: Intent) -> bytes:
    return urlencode(forge.fields(intent) | {"sign": "", "sign_type": "RSA2"}).encode()


def _hash(digest: HashAlgorithm, sign_type: str) -> Callable[[Forge, Intent], bytes]:
    return lambda forge, intent: forge.sign(
        forge.fields(intent), digest=digest, sign_type=sign_type
    )


def _dropped_empty(forge: Forge, intent: Intent) -> bytes:
    """The empty `body` is a part of what is signed."""
    return forge.told(intent).replace(b"body=&", b"")


ATTACKS: dict[str, Callable[[Forge, Intent], bytes]] = {
    "no signature": _unsigned,
    "no signature at all": lambda forge, intent: urlencode(forge.fields(intent)).encode(),
    "signed by the merchant": _own_key,
    "other amount": _changed("total_amount", "0.01"),
    "other number": _changed("out_trade_no", "a" * 32),
    "other state": _changed("trade_status", "TRADE_FINISHED"),
    "an empty field left out": _dropped_empty,
    "a field added": _added("&extra=1"),
    "amount twice": _added("&total_amount=0.01"),
    "signature twice": _added("&sign=AAAA"),
    "the same field twice": _added("&body="),
    "RSA of old": _hash(SHA1(), "RSA"),  # noqa: S303 - what must be refused
    "SHA1 called RSA2": _hash(SHA1(), "RSA2"),  # noqa: S303
    "MD5 called RSA2": _hash(MD5(), "RSA2"),  # noqa: S303
    "no kind of signature": lambda forge, intent: forge.told(intent).replace(
        b"sign_type=RSA2", b"sign_type="
    ),
    "signature not base64": lambda forge, intent: urlencode(
        forge.fields(intent) | {"sign": "%%%", "sign_type": "RSA2"}
    ).encode(),
    "another charset": lambda forge, intent: forge.sign(forge.fields(intent, charset="gbk")),
    "no id": _without("notify_id"),
    "no number": _without("out_trade_no"),
    "no app": _without("app_id"),
    "an id too long": lambda forge, intent: forge.told(intent, notify_id="x" * 200),
    "JSON": lambda forge, intent: b'{"trade_status":"TRADE_SUCCESS"}',
    "no form": lambda forge, intent: b"\x00\xff\xfe",
    "broken escapes": lambda forge, intent: b"a=%ff%fe&" + forge.told(intent),
    "a thousand fields": lambda forge, intent: b"&".join(b"f%d=1" % n for n in range(1000)),
    "empty": lambda forge, intent: b"",
    "ten megabytes": lambda forge, intent: b"a=" + b"x" * 10_000_000,
}


async def test_each_is_refused_without_a_trace(till: Till, forge: Forge) -> None:
    intent = await till.asked_at_alipay()
    till.outgoing.calls.clear()
    for name, attack in ATTACKS.items():
        raw = attack(forge, intent)
        began = time.perf_counter()
        answer = await deliver(till, raw)
        took = time.perf_counter() - began
        assert 400 <= answer.status_code < 500, (name, answer.text)
        assert answer.text != "success", name
        assert await till.inbox() == [], name
        assert await till.state(intent) == "prepaid", name
        assert took < 2.0, name
    assert till.outgoing.calls == []
    assert await till.balance("escrow") == 0


async def test_the_answer_tells_a_forger_nothing(till: Till, forge: Forge) -> None:
    intent = await till.asked_at_alipay()
    answers = {
        (await deliver(till, ATTACKS[attack](forge, intent))).text
        for attack in ("signed by the merchant", "amount twice", "no id")
    }
    assert answers == {"failure"}


async def test_an_unknown_config_is_answered_like_nothing(till: Till, forge: Forge) -> None:
    intent = await till.asked_at_alipay()
    assert (await deliver(till, forge.told(intent), uuid7(till.now))).status_code == 404
    # Nor does the other channel's address take it, nor this one the other channel's config.
    raw = forge.told(intent)
    assert (await till.web.post(f"/hooks/wechat/{till.alipay.id}", content=raw)).is_error is False
    assert await till.state(intent) == "paid"
    assert (await deliver(till, raw, till.config.id)).status_code == 401


async def test_replayed_a_hundred_times_it_pays_once(till: Till, forge: Forge) -> None:
    intent = await till.asked_at_alipay()
    raw = forge.told(intent)
    for _ in range(100):
        assert (await deliver(till, raw)).text == "success"
    assert await till.inbox() == [("applied", None)]
    assert len(await till.events(PaymentReceived)) == 1
    assert await till.balance("escrow") == 1234


@pytest.mark.parametrize(
    ("changed", "reason", "state"),
    [
        ({"total_amount": "12.33"}, "amount", "quarantined"),
        ({"total_amount": "12.35"}, "amount", "quarantined"),
        ({"total_amount": "1234"}, "amount", "quarantined"),
        ({"total_amount": "12.340"}, "amount", "quarantined"),
        ({"total_amount": "１２.34"}, "amount", "quarantined"),
        ({"total_amount": ""}, "amount", "quarantined"),
        ({"trade_no": ""}, "transaction", "quarantined"),
        ({"seller_id": "2088000000000002"}, "merchant", "prepaid"),
        ({"seller_id": ""}, "merchant", "prepaid"),
        ({"app_id": "2021000000000002"}, "app", "prepaid"),
        ({"out_trade_no": "somebody-elses"}, "number", "prepaid"),
    ],
)
async def test_what_does_not_match_is_quarantined_and_never_paid(
    till: Till, forge: Forge, changed: Fields, reason: str, state: str
) -> None:
    intent = await till.asked_at_alipay(amount=1234)
    assert (await deliver(till, forge.told(intent, **changed))).text == "success"
    assert await till.inbox() == [("quarantined", reason)]
    assert await till.state(intent) == state
    assert await till.events(PaymentReceived) == []
    assert [event["reason"] for event in await till.events(PaymentQuarantined)] == [reason]
    assert await till.balance("escrow") == 0


async def test_a_notification_of_a_neighbour_pays_nothing_here(
    till: Till, forge: Forge, tmp_path: Any
) -> None:
    """A-12: the neighbour really received this money, under the very same order number. The key
    is Alipay's and signs for both, so only app and seller tell them apart."""
    intent = await till.asked_at_alipay()
    neighbour = TenantId(uuid7(till.now))
    theirs = alipay_set_up(tmp_path, 1)
    their_config = await till.database.run(
        neighbour, lambda tx: payment.set_up_alipay(tx, till.gateways, theirs, now=till.now)
    )
    other = forge.keys.credentials.merchants[1]
    raw = forge.told(intent, app_id=other.app_id, seller_id=other.seller_id)
    assert (await deliver(till, raw)).text == "success"
    assert await till.inbox() == [("quarantined", "merchant")]
    assert (await deliver(till, raw, their_config.id)).text == "success"
    assert await till.state(intent) == "prepaid"
    assert await till.events(PaymentReceived) == []


async def test_a_number_of_the_other_channel_is_not_paid_here(till: Till, forge: Forge) -> None:
    at_wechat = await till.asked()
    assert (await deliver(till, forge.told(at_wechat))).text == "success"
    assert await till.inbox() == [("quarantined", "config")]
    assert await till.state(at_wechat) == "prepaid"


async def test_a_second_transaction_for_one_number_is_quarantined(till: Till, forge: Forge) -> None:
    intent = await till.asked_at_alipay()
    await deliver(till, forge.told(intent))
    await deliver(till, forge.told(intent, trade_no="2026111122001400000000000002"))
    assert sorted(await till.inbox()) == [("applied", None), ("quarantined", "paid_twice")]
    assert await till.balance("escrow") == 1234


async def test_an_unpaid_state_pays_nothing(till: Till, forge: Forge) -> None:
    for state in ("WAIT_BUYER_PAY", "TRADE_CLOSED", "SUCCESS", ""):
        intent = await till.asked_at_alipay()
        fields = forge.fields(intent, trade_status=state)
        del fields["gmt_payment"]
        await deliver(till, forge.sign(fields))
        assert await till.state(intent) in ("prepaid", "closed")
    assert await till.balance("escrow") == 0


async def test_the_way_back_is_no_proof_of_payment(till: Till, forge: Forge) -> None:
    """A-11: "TRADE_SUCCESS" in the address of the browser changes nothing."""
    intent = await till.asked_at_alipay()
    shop = await a_shop(till.database, till.now)
    assert shop.tenant_id != till.tenant_id
    query = {"out_trade_no": intent.out_trade_no, "trade_status": "TRADE_SUCCESS", "sign": "x"}
    unknown = await till.web.get(f"/hooks/alipay/{uuid7(till.now)}/back", params=query)
    assert unknown.status_code == 404
    await till.web.get(f"/hooks/alipay/{till.alipay.id}/back", params=query)
    assert await till.state(intent) == "prepaid"
