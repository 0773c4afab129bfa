"""Public addresses of stored pictures."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

PictureSize = Literal["s", "m", "l"]


def picture_url(tenant_id: UUID, name: str, size: PictureSize = "m") -> str:
    """The path of a picture; it never changes, so it may be cached for ever."""
    return f"/media/{picture_key(tenant_id, name, size)}"


def picture_key(tenant_id: UUID, name: str, size: PictureSize) -> str:
    """Where the store keeps it."""
    return f"{tenant_id.hex}/{name}-{size}.webp"
