"""Places where pictures lie: a local folder, or any S3-compatible service."""

from __future__ import annotations

from pathlib import Path

import httpx

from weike.catalog.media_stores.local import LocalMediaStore
from weike.catalog.media_stores.s3 import S3MediaStore, S3Settings
from weike.catalog.ports import MediaStore
from weike.kernel import Clock

__all__ = ["LocalMediaStore", "S3MediaStore", "S3Settings", "build_media_store"]


def build_media_store(
    *, folder: Path, s3: S3Settings | None, client: httpx.AsyncClient, clock: Clock
) -> MediaStore:
    """The S3 service where one is set, else `folder`. `client` is closed by whoever made it."""
    if s3 is not None:
        return S3MediaStore(s3, client=client, clock=clock)
    return LocalMediaStore(folder)
