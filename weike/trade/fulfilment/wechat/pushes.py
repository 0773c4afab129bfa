"""WeChat's message push in its secure mode: who sent it, what it says, what follows.

The token and the AES key are derived for every shop, so the merchant copies them into WeChat's
page and no secret has to be typed here. Answering late or twice is no harm: receipt is taken once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import string
import struct
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from weike import members, payment
from weike.kernel import TenantId, Tx
from weike.kernel.sealing import TenantBox, TenantHash
from weike.trade.model import BY_PAYMENT
from weike.trade.order import queries as order_queries
from weike.trade.order.receive_orders import receive

LARGEST_PUSH_BYTES = 64 * 1024
_BLOCK = 32
_LETTERS = string.ascii_letters + string.digits
_SETTLEMENT = "trade_manage_order_settlement"


class BadPush(Exception):
    """It is not WeChat's word about this shop's mini-program."""


class PushKeys:
    """Token and AES key of each shop."""

    def __init__(self, secret: str) -> None:
        self._hash = TenantHash(secret, "wechat push")

    def token(self, tenant_id: TenantId) -> str:
        return self._hash.of(tenant_id, "token").hex()[:32]

    def aes_key(self, tenant_id: TenantId) -> bytes:
        return base64.b64decode(self.encoding_aes_key(tenant_id) + "=")

    def encoding_aes_key(self, tenant_id: TenantId) -> str:
        """As WeChat's page wants it: 43 letters and digits, which are 32 bytes in base64."""
        told = self._hash.of(tenant_id, "aes, first") + self._hash.of(tenant_id, "aes, second")
        return "".join(_LETTERS[byte % len(_LETTERS)] for byte in told[:43])


def sign(*parts: str) -> str:
    text = "".join(sorted(parts))
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def open_push(
    keys: PushKeys, tenant_id: TenantId, query: Mapping[str, str], raw: bytes, *, app_id: str
) -> dict[str, Any]:
    """The message inside. Refuses with BadPush."""
    try:
        encrypted = msgspec.json.decode(raw, type=dict[str, Any])["Encrypt"]
        expected = sign(
            keys.token(tenant_id), query.get("timestamp", ""), query.get("nonce", ""), encrypted
        )
        if not hmac.compare_digest(expected, query.get("msg_signature", "")):
            raise BadPush("signature")
        key = keys.aes_key(tenant_id)
        decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
        plain = decryptor.update(base64.b64decode(encrypted, validate=True)) + decryptor.finalize()
        body = plain[16 : -plain[-1]] if 1 <= plain[-1] <= _BLOCK else b""
        (length,) = struct.unpack(">I", body[:4])
        content, addressee = body[4 : 4 + length], body[4 + length :]
        if addressee.decode() != app_id:
            raise BadPush("addressee")
        return msgspec.json.decode(content, type=dict[str, Any])
    except (ValueError, KeyError, TypeError, IndexError, struct.error) as error:
        raise BadPush("content") from error


async def take_push(
    tx: Tx,
    keys: PushKeys,
    secrets: TenantBox,
    *,
    query: Mapping[str, str],
    raw: bytes,
    now: datetime,
) -> None:
    """Raises BadPush. What does not concern us is passed over."""
    app = await members.wechat_app_secret(tx, secrets, "mini")
    if app is None:
        raise BadPush("no mini-program")
    told = open_push(keys, tx.tenant_id, query, raw, app_id=app[0])
    confirmed = told.get("confirm_receive_time")
    number = told.get("merchant_trade_no")
    if told.get("Event") == _SETTLEMENT and confirmed and isinstance(number, str):
        await _receive(tx, number, now=now)


async def _receive(tx: Tx, out_trade_no: str, *, now: datetime) -> None:
    """How it was confirmed (by hand, by time) is not believed: the field is known to be wrong at
    times. That it was is what counts."""
    order_id = await payment.order_of_number(tx, out_trade_no)
    if order_id is None:
        return
    order = await order_queries.lock_order(tx, order_id)
    if order.state == "shipped":
        await receive(tx, [order_id], actor=BY_PAYMENT, kind="received_at_wechat", now=now)
