"""Uploads that are pictures, that only look like pictures, and that are bombs."""

from __future__ import annotations

import glob
import io
import struct
import zipfile
import zlib
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from tests.catalog.builders import a_picture
from weike import catalog
from weike.catalog import errors
from weike.catalog.media_stores import LocalMediaStore
from weike.catalog.pictures import UPLOAD_LIMIT_BYTES, render_picture
from weike.kernel import Database, TenantId, uuid7


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_cut_to_three_sizes(kind: str) -> None:
    rendered = render_picture(a_picture(3000, 2000, kind=kind))
    assert (rendered.width, rendered.height) == (1500, 1000)
    sizes = {size: opened(content) for size, content in rendered.sizes.items()}
    assert {size: picture.size for size, picture in sizes.items()} == {
        "s": (320, 213),
        "m": (750, 500),
        "l": (1500, 1000),
    }
    assert {picture.format for picture in sizes.values()} == {"WEBP"}


def test_a_small_picture_is_not_blown_up() -> None:
    rendered = render_picture(a_picture(40, 1))
    assert {opened(content).size for content in rendered.sizes.values()} == {(40, 1)}


def test_where_a_picture_was_taken_is_forgotten_and_it_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # Turned by a quarter.
    exif[0x010F] = "A phone"
    exif.get_ifd(0x8825)[2] = (30.0, 14.0, 0.0)
    upload = saved(Image.new("RGB", (600, 400), "teal"), "JPEG", exif=exif, comment=b"secret")
    rendered = render_picture(upload)
    assert (rendered.width, rendered.height) == (400, 600)
    for content in rendered.sizes.values():
        picture = opened(content)
        assert dict(picture.getexif()) == {}
        assert not {"exif", "xmp", "icc_profile", "comment"} & set(picture.info)
        assert b"secret" not in content
        assert b"A phone" not in content


def test_transparency_stays() -> None:
    glass = Image.new("RGBA", (50, 50), (200, 0, 0, 0))
    palette = glass.quantize(4)
    for upload in (saved(glass, "PNG"), saved(palette, "PNG")):
        assert opened(render_picture(upload).sizes["m"]).mode == "RGBA"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "CMYK"])
def test_every_kind_of_pixel_is_understood(mode: str) -> None:
    upload = saved(Image.new(mode, (30, 20)), "JPEG" if mode == "CMYK" else "PNG")
    assert opened(render_picture(upload).sizes["s"]).size == (30, 20)


def test_colours_are_converted_and_a_damaged_profile_does_no_harm() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for icc in (profile, b"rubbish"):
        render_picture(saved(Image.new("RGB", (30, 20)), "JPEG", icc_profile=icc))


def test_what_hides_behind_a_picture_is_gone() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("payload.js", "alert(1)")
    script = b"<script>alert(document.domain)</script><?php system($_GET[0]);"
    for kind in ("PNG", "JPEG"):
        polyglot = a_picture(kind=kind) + archive.getvalue() + script
        assert opened(polyglot).size == (400, 300)
        for content in render_picture(polyglot).sizes.values():
            assert content.startswith(b"RIFF")
            assert content[8:12] == b"WEBP"
            assert len(content) == struct.unpack("<I", content[4:8])[0] + 8
            for hidden in (b"payload.js", b"<script", b"<?php", b"PK\x03\x04"):
                assert hidden not in content


@pytest.mark.parametrize(
    "upload",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"%PDF-1.7",
        b"GIF89a" + b"<script>alert(1)</script>",
        saved(Image.new("RGB", (9, 9)), "GIF"),
        saved(Image.new("RGB", (9, 9)), "BMP"),
        saved(Image.new("RGB", (9, 9)), "TIFF"),
        saved(Image.new("RGB", (9, 9)), "EPS"),
        a_picture()[:200],
        a_picture(kind="JPEG")[:300],
        a_picture(kind="WEBP")[:60],
        b"\x89PNG\r\n\x1a\n" + b"\xff" * 500,
        b"\xff\xd8\xff\xe0" + b"\x00" * 500,
        b"RIFF\x20\x00\x00\x00WEBPVP8 " + b"\x01" * 50,
    ],
)  # fmt: skip
def test_what_is_no_picture_is_refused(upload: bytes) -> None:
    with pytest.raises(errors.NotAPicture):
        render_picture(upload)


def png_of(width: int, height: int, data: bytes) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(("width", "height"), [(30_000, 30_000), (65_000, 20), (10_000, 5_000)])
def test_a_bomb_is_refused_before_it_is_decoded(width: int, height: int) -> None:
    with pytest.raises(errors.PictureTooLarge):
        render_picture(png_of(width, height, zlib.compress(b"\0" * 1000)))


def test_a_bomb_of_text_is_refused() -> None:
    body = b"note\0\0" + zlib.compress(b"\0" * 200_000_000)
    chunk = (
        struct.pack(">I", len(body))
        + b"zTXt"
        + body
        + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    )
    picture = a_picture()
    with pytest.raises(errors.NotAPicture):
        render_picture(picture[:33] + chunk + picture[33:])


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(errors.PictureTooLarge):
        render_picture(a_picture() + b"\0" * UPLOAD_LIMIT_BYTES)


async def test_the_same_upload_is_one_picture_in_a_shop_and_another_in_the_next(
    database: Database, now: datetime, tmp_path: Path
) -> None:
    store = LocalMediaStore(tmp_path)
    mine, theirs = TenantId(uuid7(now)), TenantId(uuid7(now))

    async def stored(tenant_id: TenantId) -> catalog.Picture:
        return await catalog.store_media(
            database, store, tenant_id, media_id=uuid7(now), upload=a_picture(), now=now
        )

    first, again, other = await stored(mine), await stored(mine), await stored(theirs)
    assert first == again
    assert first.name != other.name
    small = await catalog.read_picture(store, mine, first.name, size="s")
    assert small is not None
    assert opened(small).size == (320, 240)
    assert await catalog.read_picture(store, theirs, first.name, size="s") is None
    assert len(glob.glob("*/*.webp", root_dir=tmp_path)) == 6
    seen = await database.run(theirs, lambda tx: catalog.pictures_by_id(tx, [first.id, other.id]))
    assert list(seen) == [other.id]


async def test_a_store_that_is_away_leaves_no_row(
    database: Database, now: datetime, tmp_path: Path
) -> None:
    (tmp_path / "media").write_text("a file, not a folder")
    tenant_id, media_id = TenantId(uuid7(now)), uuid7(now)
    with pytest.raises(errors.MediaStoreUnavailable):
        await catalog.store_media(
            database,
            LocalMediaStore(tmp_path / "media"),
            tenant_id,
            media_id=media_id,
            upload=a_picture(),
            now=now,
        )
    assert await database.run(tenant_id, lambda tx: catalog.pictures_by_id(tx, [media_id])) == {}
