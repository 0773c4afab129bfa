"""Passwords: argon2id, hashed beside the event loop, checked in the same time for nobody too."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from weike.kernel import Unavailable

T = TypeVar("T")

_WAITING_LIMIT = 64
"""More than this many hashes waiting would only make everybody time out."""


class Passwords:
    """argon2id with 19 MiB and two passes (the OWASP floor), at most `threads` at a time.

    Hashing releases the interpreter's lock, so the event loop goes on serving meanwhile.
    """

    def __init__(self, *, memory_kib: int = 19 * 1024, passes: int = 2, threads: int = 2) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="passwords")
        self._waiting = 0
        self._nobody = self._hasher.hash(secrets.token_urlsafe())

    async def hash(self, password: str) -> str:
        """Refuses with Unavailable when too many are waiting."""
        return await self._aside(lambda: self._hasher.hash(password))

    async def matches(self, kept_hash: str | None, password: str) -> bool:
        """None is nobody's hash: it never matches and costs as much as a real one."""
        matched = await self._aside(lambda: self._check(kept_hash or self._nobody, password))
        return matched and kept_hash is not None

    def is_outdated(self, kept_hash: str) -> bool:
        """It was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(kept_hash)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _check(self, kept_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _aside(self, work: Callable[[], T]) -> T:
        if self._waiting >= _WAITING_LIMIT:
            raise Unavailable(retry_after=2)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1
