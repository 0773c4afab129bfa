"""Places where pictures lie."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from tests.catalog.fake_s3 import FakeS3
from weike.catalog import S3Settings, build_media_store
from weike.catalog.errors import MediaStoreUnavailable
from weike.catalog.media_stores import LocalMediaStore, S3MediaStore
from weike.catalog.media_stores.signing import SigningKey, encoded_path, signed_headers

SETTINGS = S3Settings(
    endpoint="http://s3.test:9000",
    bucket="pictures",
    access_key_id="ID",
    secret_access_key="secret",
    region="cn-north-1",
    prefix="weike/",
)


def s3(
    fake: httpx.AsyncBaseTransport, now: datetime, settings: S3Settings = SETTINGS
) -> S3MediaStore:
    client = httpx.AsyncClient(transport=fake)
    return S3MediaStore(settings, client=client, clock=lambda: now)


def test_signatures_equal_the_vendors_published_example() -> None:
    """GET Object of "Signature Calculations for the Authorization Header" in the S3 manual."""
    key = SigningKey(
        "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1"
    )
    headers = signed_headers(
        key,
        method="GET",
        url="https://examplebucket.s3.amazonaws.com/test.txt",
        headers={"Range": "bytes=0-9"},
        body=b"",
        now=datetime(2013, 5, 24, tzinfo=UTC),
    )
    assert headers["authorization"].endswith(
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    )


def test_paths_are_encoded_as_s3_signs_them() -> None:
    assert encoded_path("/a b/龙~-_.webp") == "/a%20b/%E9%BE%99~-_.webp"


async def test_s3_gives_back_what_was_put(now: datetime) -> None:
    fake = FakeS3(key_id="ID", secret="secret", now=now)
    store = s3(fake, now)
    await store.put("t/name-m.webp", b"picture", content_type="image/webp")
    assert fake.objects == {"/pictures/weike/t/name-m.webp": (b"picture", "image/webp")}
    assert await store.get("t/name-m.webp") == b"picture"
    assert await store.get("t/other-m.webp") is None
    assert fake.refusals == []


async def test_a_wrong_secret_is_refused_by_the_service(now: datetime) -> None:
    fake = FakeS3(key_id="ID", secret="other", now=now)
    with pytest.raises(MediaStoreUnavailable):
        await s3(fake, now).put("k", b"x", content_type="image/webp")
    assert fake.refusals == ["SignatureDoesNotMatch"]


async def test_a_service_that_stumbles_is_asked_again(now: datetime) -> None:
    store = s3(FakeS3(key_id="ID", secret="secret", now=now, failures=2), now)
    await store.put("k", b"x", content_type="image/webp")
    with pytest.raises(MediaStoreUnavailable):
        await s3(FakeS3(key_id="ID", secret="secret", now=now, failures=3), now).get("k")


async def test_a_service_that_is_away_is_told(now: datetime) -> None:
    def away(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("away", request=request)

    with pytest.raises(MediaStoreUnavailable):
        await s3(httpx.MockTransport(away), now).get("k")


def test_secrets_are_not_shown() -> None:
    assert "secret" not in repr(SETTINGS).replace("secret_access_key", "")
    assert "secret" not in repr(SigningKey("ID", "secret", "r")).replace("secret_access_key", "")


async def test_a_folder_gives_back_what_was_put(tmp_path: Path) -> None:
    store = LocalMediaStore(tmp_path / "media")
    assert await store.get("t/name-m.webp") is None
    await store.put("t/name-m.webp", b"picture", content_type="image/webp")
    assert await store.get("t/name-m.webp") == b"picture"
    assert [file.name for file in (tmp_path / "media" / "t").iterdir()] == ["name-m.webp"]


async def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "media").write_text("a file, not a folder")
    store = LocalMediaStore(tmp_path / "media")
    with pytest.raises(MediaStoreUnavailable):
        await store.put("t/name-m.webp", b"picture", content_type="image/webp")
    assert await store.get("t/name-m.webp") is None


async def test_the_setting_decides(tmp_path: Path, now: datetime) -> None:
    async with httpx.AsyncClient() as client:
        local = build_media_store(folder=tmp_path, s3=None, client=client, clock=lambda: now)
        remote = build_media_store(folder=tmp_path, s3=SETTINGS, client=client, clock=lambda: now)
    assert isinstance(local, LocalMediaStore)
    assert isinstance(remote, S3MediaStore)
