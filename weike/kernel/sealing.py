"""Secrets at rest: sealed with AES-256-GCM, found again by a keyed hash.

Keys are derived from a secret of the installation, one for each purpose. What is sealed is bound
to its shop and its purpose, so a sealed value copied into another shop cannot be opened there.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from weike.kernel.ids import TenantId

_VERSION = b"\x01"
"""First byte of everything sealed, so that another key or cipher can follow one day."""
_NONCE = 12


class TenantBox:
    """Seals texts of one purpose; every shop's apart."""

    def __init__(self, secret: str, purpose: str) -> None:
        self._purpose = purpose.encode()
        self._cipher = AESGCM(derived_key(secret, f"weike seal {purpose}"))

    def seal(self, tenant_id: TenantId, text: str) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        sealed = self._cipher.encrypt(nonce, text.encode(), self._context(tenant_id))
        return _VERSION + nonce + sealed

    def open(self, tenant_id: TenantId, sealed: bytes) -> str:
        """Raises ValueError for what this shop did not seal for this purpose; see also InvalidTag
        of `cryptography`: somebody changed it."""
        if sealed[:1] != _VERSION:
            raise ValueError("sealed by something else")
        nonce, content = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        return self._cipher.decrypt(nonce, content, self._context(tenant_id)).decode()

    def _context(self, tenant_id: TenantId) -> bytes:
        return self._purpose + b"\0" + tenant_id.bytes


class TenantHash:
    """A keyed hash of one purpose: the same for the same text in the same shop, and nowhere else.
    Short texts are guessed in no time from a plain hash; from a keyed one they are not."""

    def __init__(self, secret: str, purpose: str) -> None:
        self._key = derived_key(secret, f"weike hash {purpose}")

    def of(self, tenant_id: TenantId, *parts: str) -> bytes:
        told = b"\0".join((tenant_id.bytes, *(part.encode() for part in parts)))
        return hmac.digest(self._key, told, hashlib.sha256)


def derived_key(secret: str, purpose: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret.encode())
