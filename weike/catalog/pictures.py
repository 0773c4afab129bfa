"""Uploads become pictures of our own: decoded, turned upright, cut to sizes, written as WebP.

Nothing of the upload survives but its pixels: no EXIF (where and when it was taken), no second
file hidden behind the picture, no script. What it really is, is found by reading it; its name and
declared type are not looked at.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import cast

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from weike.catalog.addresses import PictureSize
from weike.catalog.errors import NotAPicture, PictureTooLarge

UPLOAD_LIMIT_BYTES = 10 * 1024 * 1024
PIXEL_LIMIT = 40_000_000
"""A phone's best camera, but not a bomb: 160 MB once decoded."""
SIDE_LIMIT = 16_000

_LONGEST_SIDE: dict[PictureSize, int] = {"s": 320, "m": 750, "l": 1500}
_FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITY = 82


@dataclass(frozen=True, slots=True)
class RenderedPicture:
    """`width` and `height` are those of the largest size."""

    width: int
    height: int
    sizes: dict[PictureSize, bytes]
    sha256: bytes
    """Of the upload: the same upload again is the same picture."""


def render_picture(upload: bytes) -> RenderedPicture:
    """Heavy on the processor: call it in a thread. Refuses with NotAPicture, PictureTooLarge."""
    too_large = PictureTooLarge(
        field="file",
        limit_mb=UPLOAD_LIMIT_BYTES // 1024 // 1024,
        limit_megapixels=PIXEL_LIMIT // 1_000_000,
    )
    if len(upload) > UPLOAD_LIMIT_BYTES:
        raise too_large
    try:
        with warnings.catch_warnings():
            # Our own limit is checked below, before a pixel is decoded.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(upload), formats=_FORMATS) as opened:
                if max(opened.size) > SIDE_LIMIT or opened.width * opened.height > PIXEL_LIMIT:
                    raise too_large
                pixels = _upright_srgb(opened)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise NotAPicture(field="file") from error
    except (Image.DecompressionBombError, MemoryError) as error:
        raise too_large from error
    sizes = {size: _webp(pixels, longest) for size, longest in _LONGEST_SIDE.items()}
    largest = _fitted(pixels.size, _LONGEST_SIDE["l"])
    return RenderedPicture(*largest, sizes, hashlib.sha256(upload).digest())


def _upright_srgb(opened: Image.Image) -> Image.Image:
    longest = _LONGEST_SIDE["l"]
    # A large JPEG is decoded at a fraction of its size, which costs a fraction of the time.
    opened.draft("RGB", (longest, longest))
    opened.load()
    profile = opened.info.get("icc_profile")
    upright = ImageOps.exif_transpose(opened)
    transparent = upright.has_transparency_data
    if profile and upright.mode in ("RGB", "RGBA", "CMYK"):
        upright = _to_srgb(upright, profile)
    mode = "RGBA" if transparent and upright.mode != "RGB" else "RGB"
    plain = upright.convert(mode)
    if max(plain.size) > longest:
        plain = plain.resize(_fitted(plain.size, longest), Image.Resampling.LANCZOS)
    return plain


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        converted = ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGBA" if image.mode == "RGBA" else "RGB",
        )
    except (ImageCms.PyCMSError, OSError):
        return image  # A damaged profile costs a shade of colour, not the upload.
    return cast(Image.Image, converted)


def _fitted(size: tuple[int, int], longest: int) -> tuple[int, int]:
    scale = min(1.0, longest / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _webp(pixels: Image.Image, longest: int) -> bytes:
    fitted = _fitted(pixels.size, longest)
    sized = pixels if fitted == pixels.size else pixels.resize(fitted, Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    sized.save(buffer, "WEBP", quality=_QUALITY, method=4, exif=b"", icc_profile=b"", xmp=b"")
    return buffer.getvalue()
