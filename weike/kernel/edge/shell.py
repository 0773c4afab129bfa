"""The shell around every request: its id, kept reads, ETags, safe headers, metrics, the log line.

One plain ASGI layer instead of six middlewares, because each layer costs every request.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from time import perf_counter, time
from typing import Any

from weike.kernel.edge.answers import AnsweringDatabase
from weike.kernel.edge.asked import Asked
from weike.kernel.edge.caller import Caller
from weike.kernel.edge.logs import AccessLog
from weike.kernel.edge.metrics import Metrics
from weike.kernel.edge.reads import Headers, KeptReads, etag_of, matches

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_EVERYWHERE: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
_STRICT_POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
_PAGE_POLICY = (
    b"content-security-policy",
    b"default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https: data:; "
    b"frame-ancestors 'none'",
)
_FRAME_POLICY = (b"x-frame-options", b"DENY")


class Shell:
    def __init__(
        self,
        application: Application,
        *,
        reads: KeptReads,
        metrics: Metrics,
        access_log: AccessLog | None,
        trusted_proxies: int = 0,
        strict_transport: bool = False,
    ) -> None:
        self._application = application
        self._reads = reads
        self._metrics = metrics
        self._access_log = access_log
        self._trusted_proxies = trusted_proxies
        self._safe = [*_EVERYWHERE]
        if strict_transport:
            self._safe.append((b"strict-transport-security", b"max-age=31536000"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        request = Asked(scope, self._trusted_proxies, changes=self._reads.changes)
        scope["asked"] = request
        if request.key is not None and (kept := self._reads.find(request.key)) is not None:
            fresh = request.if_none_match is None or not matches(request.if_none_match, kept.etag)
            await send(
                {
                    "type": "http.response.start",
                    "status": 200 if fresh else 304,
                    "headers": [
                        *(kept.headers if fresh else _without_length(kept.headers)),
                        (b"x-request-id", request.id.encode()),
                    ],
                }
            )
            await send({"type": "http.response.body", "body": kept.body if fresh else b""})
            self._metrics.kept_reads.inc()
            return
        answer = _Answer(self, request, scope, send)
        try:
            await self._application(scope, receive, answer.send)
        finally:
            self._note(request, scope, answer.status)

    def safe_headers(self, given: Headers) -> Headers:
        """The safe headers that the answer does not set itself."""
        names = {name.lower() for name, _ in given}
        more = [header for header in self._safe if header[0] not in names]
        if _STRICT_POLICY[0] not in names:
            # A page of our own (behind a share link) may be styled and show pictures, no scripts.
            page = any(
                n.lower() == b"content-type" and v.startswith(b"text/html") for n, v in given
            )
            more += (_PAGE_POLICY if page else _STRICT_POLICY, _FRAME_POLICY)
        return more

    def keep(
        self, request: Asked, scope: Scope, headers: Headers, etag: bytes, body: bytes
    ) -> None:
        handler, caller = scope.get("route_handler"), scope.get("caller")
        seconds = handler.opt.get("cached_seconds") if handler is not None else None
        if seconds and request.key is not None and isinstance(caller, Caller):
            self._reads.keep(
                request.key,
                tenant_id=caller.tenant_id,
                seconds=seconds,
                since_change=request.changes,
                headers=headers,
                etag=etag,
                body=body,
            )

    def _note(self, request: Asked, scope: Scope, status: int) -> None:
        seconds = perf_counter() - request.started
        route = scope.get("path_template") or "none"
        self._metrics.request(scope["method"], route, status, seconds)
        if self._access_log is None:
            return
        caller = scope.get("caller")
        self._access_log.note(
            {
                "at": round(time(), 3),
                "level": "info",
                "logger": "weike.access",
                "request_id": request.id,
                "tenant_id": caller.tenant_id if isinstance(caller, Caller) else None,
                "method": scope["method"],
                "route": route,
                "status": status,
                "milliseconds": round(seconds * 1000, 2),
            }
        )


class _Answer:
    """Holds back the start of an answer until its body shows what headers it deserves."""

    __slots__ = ("_parts", "_request", "_scope", "_send", "_shell", "_start", "status")

    def __init__(self, shell: Shell, request: Asked, scope: Scope, send: Send) -> None:
        self._shell = shell
        self._request = request
        self._scope = scope
        self._send = send
        self._start: Message | None = None
        self._parts: list[bytes] = []
        self.status = 500

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start, self.status = message, message["status"]
            headers: Headers = list(message.get("headers", ()))
            headers += self._shell.safe_headers(headers)
            message["headers"] = headers
            return
        if message["type"] != "http.response.body" or self._start is None:
            await self._send(message)
            return
        start, self._start = self._start, None
        if message.get("more_body"):
            start["headers"].append((b"x-request-id", self._request.id.encode()))
            await self._send(start)
            await self._send(message)
            return
        await self._whole(start, message)

    async def _whole(self, start: Message, message: Message) -> None:
        headers: Headers = start["headers"]
        body = message.get("body", b"")
        keyed = self._scope.get("answering")
        if isinstance(keyed, AnsweringDatabase):
            await keyed.settle(self.status, body)
        if self._request.is_read and self.status == 200 and _has_type(headers, b"application/json"):
            etag = next((value for name, value in headers if name.lower() == b"etag"), None)
            if etag is None:
                etag = etag_of(body)
                headers.append((b"etag", etag))
                if not any(name.lower() == b"cache-control" for name, _ in headers):
                    headers.append((b"cache-control", b"private, no-cache"))
            self._shell.keep(self._request, self._scope, [*headers], etag, body)
            if self._request.if_none_match and matches(self._request.if_none_match, etag):
                start["status"] = self.status = 304
                message["body"] = b""
                headers[:] = _without_length(headers)
        headers.append((b"x-request-id", self._request.id.encode()))
        await self._send(start)
        await self._send(message)


def _has_type(headers: Headers, kind: bytes) -> bool:
    return any(
        name.lower() == b"content-type" and value.startswith(kind) for name, value in headers
    )


def _without_length(headers: Headers) -> Headers:
    return [header for header in headers if header[0].lower() != b"content-length"]
