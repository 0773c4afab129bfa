"""Pictures in a folder of this machine."""

from __future__ import annotations

import asyncio
import os
import secrets
from contextlib import suppress
from pathlib import Path

from weike.catalog.errors import MediaStoreUnavailable


class LocalMediaStore:
    """`folder` is made when the first file comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, key: str, content: bytes, *, content_type: str) -> None:
        del content_type  # A file has none; `/media` serves WebP only.
        await asyncio.to_thread(self._write, self._folder / key, content)

    async def get(self, key: str) -> bytes | None:
        return await asyncio.to_thread(self._read, self._folder / key)

    def _write(self, path: Path, content: bytes) -> None:
        # Written aside and renamed, so that nobody ever reads half a picture.
        aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with aside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(path)
        except OSError as error:
            with suppress(OSError):
                aside.unlink()
            raise MediaStoreUnavailable() from error

    def _read(self, path: Path) -> bytes | None:
        try:
            return path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise MediaStoreUnavailable() from error
