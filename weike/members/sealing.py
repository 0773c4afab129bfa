"""Phone numbers and app secrets at rest: sealed with AES-256-GCM, found by a keyed hash.

The keys come from one secret of the installation. What is sealed is bound to its shop and its
purpose, so a sealed value copied into another shop cannot be opened there.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from weike.kernel import TenantId
from weike.members.model import Address, AddressSnapshot

_VERSION = b"\x01"
"""First byte of everything sealed, so that another key or cipher can follow one day."""
_NONCE = 12


class TenantBox:
    """Seals texts of one purpose; every shop's apart."""

    def __init__(self, secret: str, purpose: str) -> None:
        self._purpose = purpose.encode()
        self._cipher = AESGCM(_key(secret, f"weike seal {purpose}"))

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


class PhoneSeal:
    """Everything that is done with phone numbers at rest."""

    def __init__(self, secret: str) -> None:
        self._box = TenantBox(secret, "phone")
        self._hash_key = _key(secret, "weike phone hash")

    def seal(self, tenant_id: TenantId, phone: str) -> bytes:
        return self._box.seal(tenant_id, phone)

    def reveal(self, tenant_id: TenantId, sealed: bytes | str) -> str:
        """From the table's bytes or a snapshot's base64."""
        raw = base64.b64decode(sealed) if isinstance(sealed, str) else sealed
        return self._box.open(tenant_id, raw)

    def find_by(self, tenant_id: TenantId, phone: str) -> bytes:
        """The same for the same number in the same shop, and nowhere else."""
        return self._keyed(b"phone", tenant_id.bytes, phone.encode())

    def code_hash(self, tenant_id: TenantId, phone: str, code: str) -> bytes:
        """Six digits are guessed in no time from a plain hash; from a keyed one they are not."""
        return self._keyed(b"code", tenant_id.bytes, phone.encode(), code.encode())

    def open_address(self, tenant_id: TenantId, snapshot: AddressSnapshot) -> Address:
        """With the phone number in clear, for the parcel's label and its owner."""
        return Address(
            name=snapshot.name,
            phone=self.reveal(tenant_id, snapshot.phone_cipher),
            region_code=snapshot.region_code,
            province=snapshot.province,
            city=snapshot.city,
            district=snapshot.district,
            street=snapshot.street,
        )

    def _keyed(self, *parts: bytes) -> bytes:
        return hmac.digest(self._hash_key, b"\0".join(parts), hashlib.sha256)


def _key(secret: str, purpose: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret.encode())
