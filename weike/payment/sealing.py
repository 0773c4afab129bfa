"""Sealing secrets at rest: AES-256-GCM under a key derived from the installation's vault.

What is sealed for one config cannot be opened as another's: its place is authenticated too.
"""

import os
from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12


class Sealer:
    """Holds the key. `place` is where the secret belongs; opening elsewhere fails."""

    def __init__(self, secret: str, *, random: Callable[[int], bytes] = os.urandom) -> None:
        derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"weike payment credentials")
        self._key = AESGCM(derive.derive(secret.encode()))
        self._random = random

    def seal(self, plain: bytes, *, place: str) -> bytes:
        nonce = self._random(_NONCE_BYTES)
        return nonce + self._key.encrypt(nonce, plain, place.encode())

    def open(self, sealed: bytes, *, place: str) -> bytes:
        """Raises `cryptography.exceptions.InvalidTag` for another key, place or content."""
        return self._key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encode())
