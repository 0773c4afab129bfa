"""The vault: secrets of this installation, made fresh when first asked for and kept in one file.

No secret has a default in the code. An environment variable `WEIKE_SECRET_<NAME>` takes precedence,
so that several machines can share one database.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

import msgspec


class Vault:
    """`secret("app.password")` gives the same value for ever after; other names, other values."""

    def __init__(self, folder: Path, *, environment: Mapping[str, str]) -> None:
        self._file = folder / "secrets.json"
        self._environment = environment

    def secret(self, name: str) -> str:
        given = self._environment.get("WEIKE_SECRET_" + name.upper().replace(".", "_"))
        if given:
            return given
        known = self._read()
        return known[name] if name in known else self._make(name)

    def _read(self) -> dict[str, str]:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=dict[str, str])
        except FileNotFoundError:
            return {}

    def _make(self, name: str) -> str:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        # Two processes that start together must not give themselves two different secrets.
        with (self._file.parent / "secrets.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            known = self._read()
            if name not in known:
                known[name] = secrets.token_urlsafe(32)
                self._write(known)
            return known[name]

    def _write(self, known: dict[str, str]) -> None:
        # Written beside and renamed: a crash leaves the old file, never half of the new one.
        fresh = self._file.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(known), indent=2) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._file)
