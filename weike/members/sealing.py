"""Phone numbers at rest: sealed, and found by a keyed hash. The keys come from one secret of the
installation."""

from __future__ import annotations

import base64
import hashlib
import hmac

from weike.kernel import TenantId
from weike.kernel.sealing import TenantBox, derived_key
from weike.members.model import Address, AddressSnapshot


class PhoneSeal:
    """Everything that is done with phone numbers at rest."""

    def __init__(self, secret: str) -> None:
        self._box = TenantBox(secret, "phone")
        self._hash_key = derived_key(secret, "weike phone hash")

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
            phone=self.reveal(tenant_id, snapshot.phone_cipher) if snapshot.phone_cipher else "",
            region_code=snapshot.region_code,
            province=snapshot.province,
            city=snapshot.city,
            district=snapshot.district,
            street=snapshot.street,
        )

    def _keyed(self, *parts: bytes) -> bytes:
        return hmac.digest(self._hash_key, b"\0".join(parts), hashlib.sha256)
