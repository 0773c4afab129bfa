"""The built fronts as static files: the mobile shop at `/m/`, the merchant console at `/console/`.

Files with a hash in their name are kept by browsers for a year, the pages themselves are asked for
again every time. Scripts inside the built pages are allowed by their hashes, no others.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import mimetypes
import re
from collections.abc import MutableMapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from weike.kernel.edge.reads import Headers, etag_of, matches
from weike.kernel.edge.shell import Receive, Send

PLACES = {"/m/": Path("mobile/dist/build/h5"), "/console/": Path("console/dist")}
_HASHED = re.compile(r"[.-][A-Za-z0-9_-]{8,}\.(js|css|woff2?|png|jpe?g|svg|webp)$")
_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_WORTH_SQUEEZING = ("text/", "application/javascript", "application/json", "image/svg+xml")
_NOT_BUILT = """<!doctype html><meta charset="utf-8"><title>Weike</title>
<p>This front has not been built yet. Run <code>make build</code> once; the API is already here.
<p>前端尚未构建，请运行 <code>make build</code>；接口已经可用。"""


@dataclass(frozen=True, slots=True)
class _File:
    modified: int
    headers: Headers
    etag: bytes
    body: bytes
    squeezed: bytes | None


class Fronts:
    def __init__(self, folder: Path, *, forms_to: Sequence[str] = ()) -> None:
        """`forms_to` are the origins that a form of ours may be sent to, besides us: a payment
        provider's cashier, as the operator configured it."""
        self._forms_to = " ".join(("'self'", *forms_to))
        self._places = {prefix: (folder / place).resolve() for prefix, place in PLACES.items()}
        self._files: dict[Path, _File] = {}

    def owns(self, path: str) -> bool:
        return path == "/" or path.startswith(("/m/", "/console/")) or path in ("/m", "/console")

    async def __call__(self, scope: MutableMapping[str, Any], _: Receive, send: Send) -> None:
        path: str = scope["path"]
        if path in ("/", "/m", "/console"):
            query = scope["query_string"]
            target = (b"/m/" if path == "/" else path.encode() + b"/") + (query and b"?" + query)
            await _send(send, 307, [(b"location", target)], b"")
            return
        file = self._file(path)
        given = dict(scope["headers"])
        if file is None:
            headers = [
                (b"content-type", b"text/html; charset=utf-8"),
                *_policy(b"", self._forms_to),
            ]
            await _send(send, 503, headers, _NOT_BUILT.encode())
        elif matches(given.get(b"if-none-match", b""), file.etag):
            await _send(send, 304, file.headers, b"")
        elif file.squeezed is not None and b"gzip" in given.get(b"accept-encoding", b""):
            headers = [*file.headers, (b"content-encoding", b"gzip")]
            await _send(send, 200, headers, file.squeezed, head=scope["method"] == "HEAD")
        else:
            await _send(send, 200, file.headers, file.body, head=scope["method"] == "HEAD")

    def _file(self, path: str) -> _File | None:
        prefix = "/m/" if path.startswith("/m/") else "/console/"
        root = self._places[prefix]
        wanted = root / "index.html"
        # An address without a file is a page of the application, which finds its own way.
        with suppress(ValueError, OSError):  # No file has such a name: NUL, or too long.
            asked = (root / path.removeprefix(prefix)).resolve()
            if asked.is_relative_to(root) and asked.is_file():
                wanted = asked
        if not wanted.is_file():
            return None
        modified = wanted.stat().st_mtime_ns
        known = self._files.get(wanted)
        if known is None or known.modified != modified:
            known = self._files[wanted] = _read(wanted, modified, self._forms_to)
        return known


def _read(path: Path, modified: int, forms_to: str) -> _File:
    body = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    etag = etag_of(body)
    kept = "public, max-age=31536000, immutable" if _HASHED.search(path.name) else "no-cache"
    headers: Headers = [
        (b"content-type", f"{kind}; charset=utf-8".encode() if "text" in kind else kind.encode()),
        (b"cache-control", kept.encode()),
        (b"etag", etag),
        (b"vary", b"accept-encoding"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if kind == "text/html":
        headers += _policy(body, forms_to)
    squeezed = gzip.compress(body, 6) if kind.startswith(_WORTH_SQUEEZING) else None
    return _File(modified, headers, etag, body, squeezed)


def _policy(page: bytes, forms_to: str) -> Headers:
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'"
        for script in _INLINE_SCRIPT.findall(page)
    )
    rules = (
        "default-src 'self'",
        f"script-src 'self' {hashes}".rstrip(),
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob: https:",
        "font-src 'self' data:",
        "connect-src 'self'",
        f"form-action {forms_to}",
        "frame-ancestors 'none'",
        "base-uri 'self'",
        "object-src 'none'",
    )
    return [
        (b"content-security-policy", "; ".join(rules).encode()),
        (b"referrer-policy", b"strict-origin-when-cross-origin"),
        (b"x-frame-options", b"DENY"),
    ]


async def _send(
    send: Send, status: int, headers: Headers, body: bytes, *, head: bool = False
) -> None:
    length = [] if status == 304 else [(b"content-length", str(len(body)).encode())]
    start = {"type": "http.response.start", "status": status, "headers": [*headers, *length]}
    await send(start)
    await send({"type": "http.response.body", "body": b"" if head else body})
