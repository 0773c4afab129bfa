"""Opening a notification: verify, decrypt, recognise. No database, no network, no clock.

Everything that is not wholly WeChat Pay's own for this merchant is refused with one exception,
`NotVerified`, whose reason is for our log and not for the sender.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from weike.payment.providers.wechat_pay.credentials import WeChatPayCredentials
from weike.payment.providers.wechat_pay.messages import (
    Envelope,
    RefundNotice,
    Resource,
    Transaction,
    TransferBill,
)
from weike.payment.providers.wechat_pay.verification import NotVerified, verify

# Real ones are under 4 KB; ten megabytes of garbage must not reach the JSON parser.
LARGEST_NOTIFICATION_BYTES = 64 * 1024
_NONCE_BYTES = 12
_TAG_BYTES = 16


@dataclass(frozen=True, slots=True)
class Notification:
    """A verified notification. `content` is None for kinds we do not act on (self-tests)."""

    id: str
    event_type: str
    content: "Content"
    plain: bytes
    """The decrypted JSON, kept for whoever must look into a quarantined one."""


Content: TypeAlias = Transaction | RefundNotice | TransferBill | None


def open_notification(
    credentials: WeChatPayCredentials,
    headers: Mapping[str, str],
    raw: bytes,
    *,
    now: datetime,
) -> Notification:
    """Refuses with NotVerified."""
    if len(raw) > LARGEST_NOTIFICATION_BYTES:
        raise NotVerified("too_large")
    verify(credentials.verifiers, headers, raw, now=now)
    try:
        envelope = msgspec.json.decode(raw, type=Envelope)
    except msgspec.MsgspecError as error:
        raise NotVerified("envelope") from error
    if envelope.resource_type != "encrypt-resource" or not 0 < len(envelope.id) <= 64:
        raise NotVerified("envelope")
    plain = decrypt(credentials.api_v3_key, envelope.resource)
    return Notification(
        id=envelope.id,
        event_type=envelope.event_type,
        content=_content(envelope, plain),
        plain=plain,
    )


def decrypt(api_v3_key: bytes, resource: Resource) -> bytes:
    """AES-256-GCM with the merchant's API v3 key. Refuses with NotVerified."""
    if resource.algorithm != "AEAD_AES_256_GCM":
        raise NotVerified("algorithm")
    nonce = resource.nonce.encode()
    try:
        ciphertext = base64.b64decode(resource.ciphertext, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotVerified("ciphertext") from error
    if len(nonce) != _NONCE_BYTES or len(ciphertext) < _TAG_BYTES:
        raise NotVerified("ciphertext")
    try:
        return AESGCM(api_v3_key).decrypt(
            nonce, ciphertext, (resource.associated_data or "").encode()
        )
    except InvalidTag as error:
        raise NotVerified("ciphertext") from error


def _content(envelope: Envelope, plain: bytes) -> Content:
    # The event type alone does not say what is inside: a profit-sharing notice is also called
    # TRANSACTION.SUCCESS and differs in `original_type` (WeChat Pay API v3, "分账动账通知").
    kind = envelope.event_type.partition(".")[0]
    try:
        if kind == "TRANSACTION" and envelope.resource.original_type in ("", "transaction"):
            return msgspec.json.decode(plain, type=Transaction)
        if kind == "MCHTRANSFER":
            return msgspec.json.decode(plain, type=TransferBill)
        if kind == "REFUND":
            return msgspec.json.decode(plain, type=RefundNotice)
    except msgspec.MsgspecError as error:
        raise NotVerified("content") from error
    return None
