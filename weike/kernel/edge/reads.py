"""Reads that look the same to everybody in a shop, kept in the process for a moment.

An entry is found by what was asked (shop, language, path, query) before any routing, and answered
with its ETag. It is valid until its time is over or its tenant says that something public changed;
an answer that was being made while that happened is not kept.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b

from weike.kernel.ids import TenantId

Headers = list[tuple[bytes, bytes]]
ReadKey = tuple[str, str, bytes, bytes]
"""Shop or host, language, path, query."""

_BYTES_KEPT = 64 * 1024 * 1024
_LARGEST = 512 * 1024


def etag_of(body: bytes) -> bytes:
    return b'"' + blake2b(body, digest_size=12).hexdigest().encode() + b'"'


def matches(if_none_match: bytes, etag: bytes) -> bool:
    """Weak comparison, as RFC 9110 asks of If-None-Match."""
    if if_none_match == etag:
        return True
    tags = (tag.strip().removeprefix(b"W/") for tag in if_none_match.split(b","))
    return any(tag in (etag, b"*") for tag in tags)


@dataclass(frozen=True, slots=True)
class Kept:
    tenant_id: TenantId
    made_at_change: int
    expires: float
    headers: Headers
    etag: bytes
    body: bytes


class KeptReads:
    def __init__(
        self, *, monotonic: Callable[[], float] = time.monotonic, bytes_kept: int = _BYTES_KEPT
    ) -> None:
        self._monotonic = monotonic
        self._bytes_kept = bytes_kept
        self._size = 0
        self._entries: OrderedDict[ReadKey, Kept] = OrderedDict()
        self._last_change: dict[TenantId, int] = {}
        self.changes = 0
        """Counts changes of all tenants: take it before making an answer, give it to `keep`."""

    def find(self, key: ReadKey) -> Kept | None:
        kept = self._entries.get(key)
        if kept is None:
            return None
        if kept.expires > self._monotonic() and self._is_current(kept):
            return kept
        self._drop(key)
        return None

    def keep(
        self,
        key: ReadKey,
        *,
        tenant_id: TenantId,
        seconds: float,
        since_change: int,
        headers: Headers,
        etag: bytes,
        body: bytes,
    ) -> None:
        kept = Kept(tenant_id, since_change, self._monotonic() + seconds, headers, etag, body)
        if len(body) > _LARGEST or not self._is_current(kept):
            return
        self._drop(key)
        self._entries[key] = kept
        self._size += len(body)
        while self._size > self._bytes_kept:
            self._drop(next(iter(self._entries)))

    def forget(self, tenant_id: TenantId) -> None:
        """Something that everybody sees has changed in this shop."""
        self.changes += 1
        self._last_change[tenant_id] = self.changes

    def _is_current(self, kept: Kept) -> bool:
        return self._last_change.get(kept.tenant_id, 0) <= kept.made_at_change

    def _drop(self, key: ReadKey) -> None:
        kept = self._entries.pop(key, None)
        if kept is not None:
            self._size -= len(kept.body)
