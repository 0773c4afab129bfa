"""Pictures in an S3-compatible service (AWS, MinIO, OSS, COS, R2), addressed by path."""

from __future__ import annotations

from dataclasses import dataclass, field

import httpx

from weike.catalog.errors import MediaStoreUnavailable
from weike.catalog.media_stores.signing import SigningKey, encoded_path, signed_headers
from weike.kernel import Clock

_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class S3Settings:
    endpoint: str
    """Where the service answers: "https://s3.example.org"."""
    bucket: str
    """It must exist already; the keys below need only read and write objects in it."""
    access_key_id: str
    secret_access_key: str = field(repr=False)
    region: str = "us-east-1"
    """Whatever the service calls its region; many accept any."""
    prefix: str = ""
    """Put before every key, to share a bucket."""


class S3MediaStore:
    """Bodies are hashed and signed. What cannot be reached is asked three times."""

    def __init__(self, settings: S3Settings, *, client: httpx.AsyncClient, clock: Clock) -> None:
        self._settings = settings
        self._client = client
        self._clock = clock
        self._key = SigningKey(
            settings.access_key_id, settings.secret_access_key, region=settings.region
        )

    async def put(self, key: str, content: bytes, *, content_type: str) -> None:
        answer = await self._send("PUT", key, content, {"content-type": content_type})
        if answer.status_code not in (200, 201, 204):
            raise MediaStoreUnavailable()

    async def get(self, key: str) -> bytes | None:
        answer = await self._send("GET", key, b"", {})
        if answer.status_code == 404:
            return None
        if answer.status_code != 200:
            raise MediaStoreUnavailable()
        return answer.content

    async def _send(
        self, method: str, key: str, body: bytes, headers: dict[str, str]
    ) -> httpx.Response:
        path = encoded_path(f"/{self._settings.bucket}/{self._settings.prefix}{key}")
        url = self._settings.endpoint.rstrip("/") + path
        for attempt in range(1, _ATTEMPTS + 1):
            signed = signed_headers(
                self._key, method=method, url=url, headers=headers, body=body, now=self._clock()
            )
            try:
                answer = await self._client.request(method, url, content=body, headers=signed)
            except httpx.HTTPError as error:
                if attempt == _ATTEMPTS:
                    raise MediaStoreUnavailable() from error
                continue
            # Both methods may be repeated: a key never holds anything but the same content.
            if answer.status_code < 500 or attempt == _ATTEMPTS:
                return answer
        raise AssertionError("unreachable")
