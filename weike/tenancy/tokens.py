"""Session tokens: opaque to whoever holds them, naming their tenant to us, kept only as a hash.

A token is a prefix and base64url of the tenant's id and 192 random bits, so one look-up inside
one tenant decides. Nothing about a token can be guessed from another one.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from uuid import UUID

from weike.kernel import TenantId

STAFF = "s_"
MEMBER = "m_"

_SECRET_BYTES = 24
_LENGTH = 2 + (16 + _SECRET_BYTES) * 4 // 3 + 1
"""40 bytes make 54 characters without padding."""


@dataclass(frozen=True, slots=True)
class Token:
    """`hash` is what the table keeps; `text` exists only on its way to its holder and back."""

    tenant_id: TenantId
    text: str
    hash: bytes


def issue_token(prefix: str, tenant_id: TenantId) -> Token:
    raw = tenant_id.bytes + secrets.token_bytes(_SECRET_BYTES)
    text = prefix + base64.urlsafe_b64encode(raw).decode().rstrip("=")
    return Token(tenant_id, text, _hash(text))


def read_token(prefix: str, text: str) -> Token | None:
    """None for whatever cannot be a token of this kind."""
    if not text.startswith(prefix) or len(text) != _LENGTH or not text.isascii():
        return None
    try:
        raw = base64.b64decode(text[len(prefix) :] + "==", altchars=b"-_", validate=True)
    except ValueError:
        return None
    if len(raw) != 16 + _SECRET_BYTES:
        return None
    return Token(TenantId(UUID(bytes=raw[:16])), text, _hash(text))


def _hash(text: str) -> bytes:
    # The secret has 192 random bits: a plain hash cannot be searched backwards.
    return hashlib.sha256(text.encode()).digest()
