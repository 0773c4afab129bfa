"""A tiny S3: keeps objects in memory and refuses requests whose signature it cannot reproduce.

It works the signature out on its own, from the vendor's description, not with our signer.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta

import httpx

_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<id>[^/]+)/(?P<day>\d{8})/(?P<region>[^/]+)/s3/aws4_request, "
    r"SignedHeaders=(?P<names>[a-z0-9;-]+), Signature=(?P<signature>[0-9a-f]{64})"
)


class FakeS3(httpx.AsyncBaseTransport):
    """`failures` requests are answered with 503 before it comes to its senses."""

    def __init__(self, *, key_id: str, secret: str, now: datetime, failures: int = 0) -> None:
        self.objects: dict[str, tuple[bytes, str]] = {}
        self.refusals: list[str] = []
        self._key_id = key_id
        self._secret = secret
        self._now = now
        self._failures = failures

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._failures:
            self._failures -= 1
            return httpx.Response(503)
        body = await request.aread()
        if fault := self._fault(request, body):
            self.refusals.append(fault)
            return httpx.Response(403, text=fault)
        path = request.url.raw_path.decode()
        if request.method == "PUT":
            self.objects[path] = (body, request.headers["content-type"])
            return httpx.Response(200)
        if path not in self.objects:
            return httpx.Response(404)
        content, kind = self.objects[path]
        return httpx.Response(200, content=content, headers={"content-type": kind})

    def _fault(self, request: httpx.Request, body: bytes) -> str | None:
        given = _AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
        if given is None:
            return "AuthorizationHeaderMalformed"
        if given["id"] != self._key_id:
            return "InvalidAccessKeyId"
        names = given["names"].split(";")
        needed = {"host", "x-amz-content-sha256", "x-amz-date"}
        if names != sorted(names) or not needed <= set(names):
            return "SignedHeaders"
        if request.headers["x-amz-content-sha256"] != hashlib.sha256(body).hexdigest():
            return "XAmzContentSHA256Mismatch"
        stamp = request.headers["x-amz-date"]
        sent_at = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        if abs(sent_at - self._now) > timedelta(minutes=15) or stamp[:8] != given["day"]:
            return "RequestTimeTooSkewed"
        path, _, query = request.url.raw_path.decode().partition("?")
        lines = [request.method, path, query]
        lines += [f"{name}:{request.headers[name].strip()}" for name in names]
        lines += ["", given["names"], hashlib.sha256(body).hexdigest()]
        scope = f"{given['day']}/{given['region']}/s3/aws4_request"
        request_hash = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{request_hash}"
        key = b"AWS4" + self._secret.encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        if hmac.digest(key, text.encode(), "sha256").hex() != given["signature"]:
            return "SignatureDoesNotMatch"
        return None
