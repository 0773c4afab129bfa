"""What the catalogue asks of the world outside: a place for picture files."""

from __future__ import annotations

from typing import Protocol, runtime_checkable


@runtime_checkable
class MediaStore(Protocol):
    """Keeps small immutable files under keys like "1f0e…/Zk3…-m.webp".

    A key is written once and never changed; writing the same content again is fine. Both methods
    raise `MediaStoreUnavailable` when the place cannot be reached.
    """

    async def put(self, key: str, content: bytes, *, content_type: str) -> None: ...

    async def get(self, key: str) -> bytes | None:
        """None when there is no such file."""
        ...
