"""Cuts the outlines of every character that the art writes into `glyphs.json`.

A tool for whoever changes a label, not part of the running product; it needs `fonttools` and the
Noto CJK collections (Debian: `fonts-noto-cjk`), whose Simplified Chinese face is number 2:

    python -m weike.entry.demo.art.cut_glyphs /usr/share/fonts/opentype/noto
"""

import sys
from pathlib import Path

import msgspec

SIMPLIFIED_CHINESE = 2
FONTS = {"sans": "NotoSansCJK-Bold.ttc", "serif": "NotoSerifCJK-Bold.ttc"}


def characters_in_use() -> list[str]:
    """Whatever is not ASCII in the sources of the art, and all of printable ASCII."""
    sources = "".join(
        path.read_text(encoding="utf-8") for path in Path(__file__).parent.rglob("*.py")
    )
    return sorted({c for c in sources if ord(c) > 126} | {chr(code) for code in range(32, 127)})


def cut(font: Path, characters: list[str]) -> dict[str, tuple[int, str]]:
    # Imported here and unknown to the type checker: only this tool needs fonttools.
    from fontTools.pens.svgPathPen import SVGPathPen  # type: ignore[import-not-found]
    from fontTools.pens.transformPen import TransformPen  # type: ignore[import-not-found]
    from fontTools.ttLib import TTFont  # type: ignore[import-not-found]

    face = TTFont(font, fontNumber=SIMPLIFIED_CHINESE)
    names, glyphs = face.getBestCmap(), face.getGlyphSet()
    outlines = {}
    for character in characters:
        if (name := names.get(ord(character))) is None:
            continue
        pen = SVGPathPen(glyphs, ntos=lambda value: str(round(value)))
        glyphs[name].draw(TransformPen(pen, (1, 0, 0, -1, 0, 0)))
        outlines[character] = (round(glyphs[name].width), pen.getCommands())
    return outlines


def main(folder: Path) -> None:
    characters = characters_in_use()
    faces = {name: cut(folder / file, characters) for name, file in FONTS.items()}
    text = msgspec.json.format(msgspec.json.encode(faces), indent=0)
    (Path(__file__).parent / "glyphs.json").write_bytes(text + b"\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
