"""Believing what comes in: answers and notifications, over the raw bytes, before parsing.

The rules are those of WeChat Pay API v3, "如何验证签名", and of its Go SDK: a timestamp
within five minutes, a serial we hold a key for (an unknown one is a refusal, never a download),
an RSA-SHA256 signature over `timestamp\\nnonce\\nbody\\n`.
"""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from weike.payment.providers.wechat_pay.signing import SCHEME

WINDOW_SECONDS = 300
SIGNATURE_TYPE_HEADER = "wechatpay-signature-type"


class NotVerified(Exception):
    """These bytes are not proven to come from WeChat Pay; `reason` is a short stable word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def verify(
    verifiers: Mapping[str, RSAPublicKey],
    headers: Mapping[str, str],
    raw: bytes,
    *,
    now: datetime,
) -> None:
    """Returns if the bytes are WeChat Pay's and fresh. Refuses with NotVerified."""
    lowered = {name.lower(): value for name, value in headers.items()}
    try:
        timestamp = lowered["wechatpay-timestamp"]
        nonce = lowered["wechatpay-nonce"]
        serial = lowered["wechatpay-serial"]
        encoded = lowered["wechatpay-signature"]
    except KeyError as missing:
        raise NotVerified("header_missing") from missing
    # Absent means RSA, as in the vendor's Go SDK; anything else is not an algorithm we allow.
    if lowered.get(SIGNATURE_TYPE_HEADER, SCHEME) != SCHEME:
        raise NotVerified("algorithm")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise NotVerified("timestamp")
    if abs(now.timestamp() - int(timestamp)) >= WINDOW_SECONDS:
        raise NotVerified("stale")
    key = verifiers.get(serial)
    if key is None:
        raise NotVerified("serial")
    try:
        # `WECHATPAY/SIGNTEST/…` probes, sent on purpose to see whether we verify, contain
        # valid base64 letters: they fail at the key, not here.
        signature = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotVerified("signature") from error
    message = timestamp.encode() + b"\n" + nonce.encode() + b"\n" + raw + b"\n"
    try:
        key.verify(signature, message, PKCS1v15(), SHA256())
    except InvalidSignature as error:
        raise NotVerified("signature") from error
