"""The share poster: the goods, the price, who recommends them, and a code that scans.

A pure function of plain values; the same values draw the same bytes. Size 750 × 1200, the width
phones show without scaling. The QR code keeps a quiet zone of four modules and error correction M
(ISO/IEC 18004), so it still scans from a screen held at an angle.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files

import segno
from PIL import Image, ImageDraw, ImageFont, ImageOps

WIDTH, HEIGHT = 750, 1200
_MARGIN = 40
_CARD = (_MARGIN, 168, WIDTH - _MARGIN, HEIGHT - 76)
_PICTURE = _CARD[2] - _CARD[0] - 48
_INK, _GREY, _BRAND = (34, 30, 28), (120, 113, 108), (226, 63, 27)
_TOP, _BOTTOM = (255, 122, 56), (236, 66, 34)


@dataclass(frozen=True, slots=True)
class PosterWords:
    """All texts, already in the reader's language, and what the code opens."""

    shop_name: str
    sharer: str
    invitation: str
    title: str
    price_yuan: str
    price_cents: str
    market_price: str | None
    scan_hint: str
    url: str


@lru_cache(maxsize=64)
def draw_poster(words: PosterWords, *, picture: bytes | None, avatar: bytes | None) -> bytes:
    """PNG bytes, about a tenth of a second of work; the last few are remembered.

    Without a picture the shop's name stands in its place, without an avatar the sharer's initial.
    """
    poster = _gradient()
    draw = ImageDraw.Draw(poster)
    _head(poster, draw, words, avatar)
    draw.rounded_rectangle(_CARD, radius=28, fill="white")
    _picture(poster, draw, words, picture)
    _foot(poster, draw, words)
    buffer = io.BytesIO()
    poster.save(buffer, "PNG", optimize=False, compress_level=6)
    return buffer.getvalue()


def _gradient() -> Image.Image:
    column = Image.new("RGB", (1, HEIGHT))
    for y in range(HEIGHT):
        share = y / (HEIGHT - 1)
        column.putpixel(
            (0, y), tuple(round(a + (b - a) * share) for a, b in zip(_TOP, _BOTTOM, strict=True))
        )
    return column.resize((WIDTH, HEIGHT))


def _head(
    poster: Image.Image, draw: ImageDraw.ImageDraw, words: PosterWords, avatar: bytes | None
) -> None:
    left = _MARGIN
    draw.ellipse((left - 4, 40, left + 88, 132), fill="white")
    if avatar is None:
        draw.text((left + 42, 86), words.sharer[:1], _BRAND, _font(44), anchor="mm")
    else:
        face = _round(avatar, 84)
        poster.paste(face, (left, 44), face)
    left += 108
    draw.text((left, 44), _fit(words.sharer, 34, WIDTH - left - _MARGIN), "white", _font(34))
    draw.text((left, 94), _fit(words.invitation, 26, WIDTH - left - _MARGIN), "#ffe9df", _font(26))


def _picture(
    poster: Image.Image, draw: ImageDraw.ImageDraw, words: PosterWords, picture: bytes | None
) -> None:
    box = (_CARD[0] + 24, _CARD[1] + 24)
    if picture is None:
        area = (*box, box[0] + _PICTURE, box[1] + _PICTURE)
        draw.rounded_rectangle(area, radius=20, fill="#fff3ec")
        draw.text(
            (WIDTH // 2, box[1] + _PICTURE // 2),
            _fit(words.shop_name, 64, _PICTURE - 60),
            _BRAND,
            _font(64),
            anchor="mm",
        )
        return
    with Image.open(io.BytesIO(picture)) as opened:
        goods = ImageOps.fit(opened.convert("RGB"), (_PICTURE, _PICTURE))
    mask = Image.new("L", goods.size, 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, *goods.size), radius=20, fill=255)
    poster.paste(goods, box, mask)


def _foot(poster: Image.Image, draw: ImageDraw.ImageDraw, words: PosterWords) -> None:
    top = _CARD[1] + 24 + _PICTURE + 28
    code_size = 196
    text_width = _PICTURE - code_size - 28
    left = _CARD[0] + 24
    for index, line in enumerate(_lines(words.title, 32, text_width, 2)):
        draw.text((left, top + index * 46), line, _INK, _font(32), stroke_width=0.6)
    price_line = top + 160
    if words.price_yuan:
        x = float(left)
        for text, size in (("¥", 34), (words.price_yuan, 60), (words.price_cents, 34)):
            draw.text((x, price_line), text, _BRAND, _font(size), anchor="ls", stroke_width=0.8)
            x += draw.textlength(text, _font(size)) + 2
        if words.market_price:
            x += 14
            draw.text((x, price_line), words.market_price, _GREY, _font(26), anchor="ls")
            width = draw.textlength(words.market_price, _font(26))
            draw.line((x, price_line - 9, x + width, price_line - 9), fill=_GREY, width=2)
    draw.text((left, top + 186), _fit(words.scan_hint, 24, text_width), _GREY, _font(24))
    code = _code(words.url, code_size)
    poster.paste(code, (_CARD[2] - 24 - code.width, top))
    draw.text((WIDTH // 2, HEIGHT - 38), words.shop_name, "white", _font(26), anchor="mm")


def _code(url: str, size: int) -> Image.Image:
    symbol = segno.make(url, error="m", micro=False)
    modules = symbol.symbol_size(border=4)[0]
    # Whole pixels per module: a code resampled to fractions is what fails to scan.
    scale = max(2, round(size / modules))
    buffer = io.BytesIO()
    symbol.save(buffer, kind="png", scale=scale, border=4)
    return Image.open(buffer).convert("RGB")


def _round(picture: bytes, size: int) -> Image.Image:
    with Image.open(io.BytesIO(picture)) as opened:
        face = ImageOps.fit(opened.convert("RGBA"), (size, size))
    mask = Image.new("L", (size * 4, size * 4), 0)
    ImageDraw.Draw(mask).ellipse((0, 0, size * 4, size * 4), fill=255)
    face.putalpha(mask.resize((size, size), Image.Resampling.LANCZOS))
    return face


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont:
    """Noto Sans CJK, simplified Chinese face (OFL-1.1), from the package that carries it."""
    with as_file(files("noto_cjk_sans_otc").joinpath("NotoSansCJK-Regular.ttc")) as path:
        return ImageFont.truetype(str(path), size, index=2)


def _fit(text: str, size: int, width: int) -> str:
    return _lines(text, size, width, 1)[0] if text else ""


def _lines(text: str, size: int, width: int, most: int) -> list[str]:
    """Broken where the width ends (Chinese has no spaces); too long ends with an ellipsis."""
    font, line = _font(size), ""
    lines: list[str] = []
    for letter in text:
        if font.getlength(line + letter) <= width:
            line += letter
            continue
        if len(lines) == most - 1:
            while line and font.getlength(line + "…") > width:
                line = line[:-1]
            return [*lines, line + "…"]
        lines.append(line)
        line = letter if not letter.isspace() else ""
    return [*lines, line]
