"""What a request's headers say, read in one pass: every layer behind the shell asks here.

Where a header is sent twice the last one counts, for everybody: an answer kept for one shop can
then never be another's.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import MutableMapping
from time import perf_counter
from typing import Any

from weike.kernel.edge.reads import ReadKey
from weike.kernel.texts import language_of

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")


class Asked:
    """`scope["asked"]` of every request. `key` names a read that may be shared, else None."""

    __slots__ = (
        *("accept_language", "address", "authorization", "changes", "host", "id"),
        *("idempotency_key", "if_none_match", "is_read", "key", "length", "shop", "started"),
    )

    def __init__(
        self, scope: MutableMapping[str, Any], trusted_proxies: int, *, changes: int
    ) -> None:
        self.started = perf_counter()
        self.changes = changes
        self.is_read = scope["method"] in ("GET", "HEAD")
        self.if_none_match: bytes | None = None
        self.idempotency_key: bytes | None = None
        self.host = self.authorization = self.accept_language = ""
        self.shop: str | None = None
        self.length: bytes | None = None
        client = scope.get("client")
        self.address = client[0] if client else ""
        forwarded = given_id = b""
        for name, value in scope["headers"]:
            match name:
                case b"x-shop":
                    self.shop = value.decode("latin-1")
                case b"host":
                    self.host = value.decode("latin-1")
                case b"accept-language":
                    self.accept_language = value.decode("latin-1")
                case b"if-none-match":
                    self.if_none_match = value
                case b"x-request-id":
                    given_id = value
                case b"x-forwarded-for" if trusted_proxies:
                    forwarded = value
                case b"authorization":
                    self.authorization = value.decode("latin-1")
                case b"content-length":
                    self.length = value
                case b"idempotency-key":
                    self.idempotency_key = value
        if forwarded:
            hops = forwarded.decode("latin-1").split(",")
            self.address = hops[-min(trusted_proxies, len(hops))].strip()
        self.id = given_id.decode() if _REQUEST_ID.fullmatch(given_id) else secrets.token_hex(8)
        # A token may stand for the shop; only where the shop is named can the answer be shared.
        self.key: ReadKey | None = None
        if scope["method"] == "GET" and (self.shop or not self.authorization):
            self.key = (
                f"shop:{self.shop}" if self.shop else f"host:{self.host}",
                self.language,
                scope.get("raw_path") or scope["path"].encode(),
                scope["query_string"],
            )

    @property
    def language(self) -> str:
        return language_of(self.accept_language)


def asked_of(scope: MutableMapping[str, Any]) -> Asked:
    asked = scope["asked"]
    assert isinstance(asked, Asked)  # noqa: S101 - the shell stands before everything
    return asked
