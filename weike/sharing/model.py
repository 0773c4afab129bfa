"""Shares as values: what a share says, and its code, which names nobody and cannot be guessed.

The code is base62 over shop number (4 bytes), key (8 bytes) and check (6 bytes). The key is derived
from the share's id, so the same id always has the same code; the check is an HMAC, so a forged code
is refused before any query. Rules: docs/algorithms/attribution.md.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_DIGITS = {letter: value for value, letter in enumerate(_ALPHABET)}
_SHOP, _KEY, _CHECK = 4, 8, 6
_LENGTH = _SHOP + _KEY + _CHECK
CODE_LENGTH = 25
"""18 bytes never need more than 25 base62 digits; codes are padded to it."""


class ShareKind(StrEnum):
    PRODUCT = "product"
    SHOP = "shop"
    INVITE = "invite"
    """An invitation to become a promoter."""


class Channel(StrEnum):
    WECHAT = "wechat"
    """A WeChat chat."""
    MOMENTS = "moments"
    """WeChat Moments 朋友圈."""
    LINK = "link"
    """A copied link."""
    POSTER = "poster"
    """A picture with a code."""
    WEIBO = "weibo"


class TouchEvent(StrEnum):
    OPEN = "open"
    SIGN_IN = "sign_in"
    """The visitor signed in after opening the share; ties the visit to a member."""


@dataclass(frozen=True, slots=True)
class Share:
    id: UUID
    code: str
    sharer_id: UUID
    kind: ShareKind
    product_id: UUID | None
    channel: Channel
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ReadCode:
    """What a genuine code says before any query."""

    shop_no: int
    key: bytes


@dataclass(frozen=True, slots=True)
class ShareCodes:
    """Makes and reads codes with the platform's share secret (at least 32 bytes)."""

    secret: bytes

    def key_of(self, share_id: UUID) -> bytes:
        return self._mac(b"key", share_id.bytes)[:_KEY]

    def code(self, *, shop_no: int, key: bytes) -> str:
        body = shop_no.to_bytes(_SHOP, "big") + key
        return _base62(body + self._mac(b"check", body)[:_CHECK])

    def read(self, code: str) -> ReadCode | None:
        """None for anything this platform did not make."""
        raw = _unbase62(code)
        if raw is None:
            return None
        body, check = raw[:-_CHECK], raw[-_CHECK:]
        if not hmac.compare_digest(check, self._mac(b"check", body)[:_CHECK]):
            return None
        return ReadCode(shop_no=int.from_bytes(body[:_SHOP], "big"), key=body[_SHOP:])

    def _mac(self, purpose: bytes, data: bytes) -> bytes:
        message = b"weike.share." + purpose + b"." + data
        return hmac.new(self.secret, message, hashlib.sha256).digest()


def _base62(raw: bytes) -> str:
    value, digits = int.from_bytes(raw, "big"), []
    for _ in range(CODE_LENGTH):
        value, digit = divmod(value, 62)
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))


def _unbase62(code: str) -> bytes | None:
    if len(code) != CODE_LENGTH:
        return None
    value = 0
    for letter in code:
        digit = _DIGITS.get(letter)
        if digit is None:
            return None
        value = value * 62 + digit
    return value.to_bytes(_LENGTH, "big") if value < 1 << 8 * _LENGTH else None
