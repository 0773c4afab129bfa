"""Lettering without a font: the characters used in the pictures, kept as outlines.

The outlines were cut from Noto Sans CJK and Noto Serif CJK (`glyphs.OFL.txt`) with
`python -m weike.entry.demo.art.cut_glyphs`; run it again after writing a new character.
"""

from functools import cache
from importlib.resources import files

import msgspec

from weike.entry.demo.art.sheet import Sheet, number

Face = dict[str, tuple[int, str]]
"""Character to advance width and outline, in thousandths of the letter size, y downwards."""


class MissingGlyph(LookupError):
    """The character has no outline yet: cut the glyphs again."""


@cache
def faces() -> dict[str, Face]:
    source = files("weike.entry.demo.art").joinpath("glyphs.json").read_bytes()
    return msgspec.json.decode(source, type=dict[str, Face])


def _glyph(face: str, character: str) -> tuple[int, str]:
    try:
        return faces()[face][character]
    except KeyError:
        raise MissingGlyph(f"{face}: {character}") from None


def width_of(text: str, size: float, *, face: str = "sans", spacing: float = 0) -> float:
    advance = sum(_glyph(face, character)[0] for character in text) * size / 1000
    return advance + spacing * max(len(text) - 1, 0)


def write(
    sheet: Sheet,
    text: str,
    x: float,
    y: float,
    size: float,
    fill: str,
    *,
    face: str = "sans",
    spacing: float = 0,
    align: str = "middle",
    opacity: float = 1,
) -> None:
    """One line whose optical middle is at height `y`; `x` is its middle, or its start."""
    pen = x - width_of(text, size, face=face, spacing=spacing) / 2 if align == "middle" else x
    baseline = y + size * 0.38
    scale = f"{size / 1000:.4f}"
    for character in text:
        advance, outline = _glyph(face, character)
        if outline:
            sheet.put(
                f'<path transform="translate({number(pen)} {number(baseline)}) scale({scale})" '
                f'd="{outline}" fill="{fill}"'
                + (f' opacity="{number(opacity)}"' if opacity < 1 else "")
                + "/>"
            )
        pen += advance * size / 1000 + spacing


def write_down(
    sheet: Sheet,
    text: str,
    x: float,
    top: float,
    size: float,
    fill: str,
    *,
    face: str = "serif",
    spacing: float = 4,
) -> None:
    """A column, read from above: the way tea and cakes are labelled."""
    for index, character in enumerate(text):
        write(sheet, character, x, top + size / 2 + index * (size + spacing), size, fill, face=face)
