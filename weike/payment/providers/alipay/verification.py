"""Believing what comes in, over the exact characters, before anything in it is used.

An answer is signed over the very substring of its object, so it is located by a JSON scanner
that knows strings and escapes (a `}` in a shop's name must not end it). Source: Alipay's open
platform, "自行实现验签".
"""

import base64
import binascii
import json
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

_DECODER = json.JSONDecoder()
_BLANK = " \t\r\n"


class NotVerified(Exception):
    """These bytes are not proven to come from Alipay; `reason` is a short stable word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def verify(
    verifiers: Mapping[str, RSAPublicKey], serial: str, content: bytes, signature: str
) -> None:
    """`serial` is the certificate's number, or "" in public-key mode.

    A number we hold no key for is a refusal, never a download. Refuses with NotVerified.
    """
    key = verifiers.get(serial)
    if key is None:
        raise NotVerified("serial")
    try:
        key.verify(base64.b64decode(signature, validate=True), content, PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise NotVerified("signature") from error


def members_of(text: str) -> dict[str, str]:
    """The members of a JSON object, each value as the exact substring it was written in.

    Refuses with NotVerified: no object, a name twice, anything behind it.
    """
    found: dict[str, str] = {}
    at = _skip(text, 0)
    if text[at : at + 1] != "{":
        raise NotVerified("unreadable")
    at = _skip(text, at + 1)
    while text[at : at + 1] != "}":
        name, at = _value(text, at)
        at = _skip(text, at)
        if not isinstance(name, str) or name in found or text[at : at + 1] != ":":
            raise NotVerified("unreadable")
        start = _skip(text, at + 1)
        _, at = _value(text, start)
        found[name] = text[start:at]
        at = _skip(text, at)
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)
        elif text[at : at + 1] != "}":
            raise NotVerified("unreadable")
    if _skip(text, at + 1) != len(text):
        raise NotVerified("unreadable")
    return found


def _value(text: str, at: int) -> tuple[object, int]:
    try:
        return _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError) as error:
        raise NotVerified("unreadable") from error


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _BLANK:
        at += 1
    return at
