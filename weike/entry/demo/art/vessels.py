"""Things that hold goods: whatever is turned on a lathe, bags, boxes, and the labels on them.

Vessels stand on their base line: (x, base) is the middle of the bottom.
"""

from collections.abc import Callable, Sequence
from math import hypot

from weike.entry.demo.art.colour import darker, lighter
from weike.entry.demo.art.lettering import write
from weike.entry.demo.art.sheet import Sheet, number

Corner = tuple[float, float, float]
"""Distance from the axis, height above the base, and how round the corner is."""


def polygon(points: Sequence[Corner]) -> str:
    """A closed outline through (x, y) points whose corners are rounded each in its measure."""
    pieces: list[str] = []
    for index, (x, y, roundness) in enumerate(points):
        (before_x, before_y, _), (after_x, after_y, _) = (
            points[index - 1],
            points[(index + 1) % len(points)],
        )
        back, ahead = hypot(before_x - x, before_y - y), hypot(after_x - x, after_y - y)
        reach = min(roundness, back / 2, ahead / 2)
        enter = x + (before_x - x) * reach / (back or 1), y + (before_y - y) * reach / (back or 1)
        leave = x + (after_x - x) * reach / (ahead or 1), y + (after_y - y) * reach / (ahead or 1)
        pieces.append(
            f"{'L' if pieces else 'M'}{number(enter[0])} {number(enter[1])}"
            f"Q{number(x)} {number(y)} {number(leave[0])} {number(leave[1])}"
        )
    return "".join(pieces) + "Z"


def profile(x: float, base: float, corners: Sequence[Corner]) -> str:
    """The outline of a turned body, given its right side from the bottom up."""
    right = [(x + r, base - height, roundness) for r, height, roundness in corners]
    left = [(x - r, base - height, roundness) for r, height, roundness in reversed(corners)]
    return polygon(right + left)


def turned(
    sheet: Sheet,
    x: float,
    base: float,
    corners: Sequence[Corner],
    colour: str,
    *,
    gloss: float = 0.4,
) -> str:
    """A solid turned body; gives its outline back, for clipping."""
    outline = profile(x, base, corners)
    sheet.path(outline, sheet.turned_shade(colour, gloss=gloss))
    return outline


def glass(
    sheet: Sheet, x: float, base: float, corners: Sequence[Corner], *, tint: str = "#dfeef0"
) -> str:
    """A clear body, put over its content: rims darker, one long reflection on the left."""
    outline = profile(x, base, corners)
    shade = sheet.linear(
        (0, darker(tint, 0.25), 0.55), (0.1, tint, 0.22), (0.5, "#ffffff", 0.06),
        (0.9, tint, 0.2), (1, darker(tint, 0.3), 0.55), end=(1, 0),
    )  # fmt: skip
    sheet.path(outline, shade)
    width = max(r for r, _, _ in corners)
    height = max(h for _, h, _ in corners)
    with sheet.inside(outline):
        sheet.rect(
            x - width * 0.8, base - height * 0.9, width * 0.16, height * 0.78, "#ffffff",
            corner=width * 0.08, opacity=0.5, blur=3,
        )  # fmt: skip
        sheet.rect(
            x + width * 0.72, base - height * 0.86, width * 0.07, height * 0.7, "#ffffff",
            corner=width * 0.04, opacity=0.3, blur=2,
        )  # fmt: skip
    sheet.line(outline, darker(tint, 0.3), 2, opacity=0.35)
    return outline


def label(
    sheet: Sheet,
    x: float,
    y: float,
    width: float,
    height: float,
    name: str,
    *,
    small: str = "",
    ink: str = "#5a3a1e",
    paper: str = "#fdf8ec",
    face: str = "serif",
    frame: bool = True,
    corner: float = 8,
) -> None:
    """A paper label around (x, y) with the name of the thing and a small line below it."""
    sheet.rect(x - width / 2, y - height / 2, width, height, paper, corner=corner)
    if frame:
        sheet.line(
            f"M{number(x - width / 2 + 9)} {number(y - height / 2 + 9)}h{number(width - 18)}"
            f"v{number(height - 18)}h{number(18 - width)}z",
            ink, 1.6, opacity=0.55,
        )  # fmt: skip
    size = min(height * (0.36 if small else 0.5), (width - 44) / max(len(name), 1))
    if small:
        write(sheet, name, x, y - height * 0.11, size, ink, face=face)
        tiny = min(height * 0.14, size * 0.42, (width - 36) / max(len(small) * 0.62, 1))
        write(sheet, small, x, y + height * 0.27, tiny, ink, opacity=0.75)
    else:
        write(sheet, name, x, y, size, ink, face=face)


def jar(
    sheet: Sheet,
    x: float,
    base: float,
    width: float,
    height: float,
    content: str,
    *,
    lid: str = "#8a5a2b",
    fill: float = 0.88,
    pieces: Callable[[], None] | None = None,
) -> None:
    """A glass jar with a screw lid, its content up to `fill`; `pieces` draws what swims in it."""
    half, shoulder = width / 2, height * 0.8
    body = [(half * 0.96, 0.0, 34.0), (half, shoulder, 46), (half * 0.8, shoulder + 34, 20),
            (half * 0.8, height, 4)]  # fmt: skip
    outline = profile(x, base, body)
    with sheet.inside(outline):
        top = base - shoulder * fill
        sheet.rect(x - half, top, width, base - top, sheet.turned_shade(content, gloss=0.45))
        sheet.ellipse(x, top, half, half * 0.1, lighter(content, 0.35))
        if pieces:
            pieces()
        sheet.rect(x - half, base - 26, width, 26, darker(content, 0.3), opacity=0.45, blur=8)
    glass(sheet, x, base, body)
    lid_height = height * 0.17
    turned(
        sheet, x, base - height + lid_height * 0.45,
        [(half * 0.9, 0, 6), (half * 0.9, lid_height, 14)], lid,
    )  # fmt: skip
    for step in range(1, 12):
        ridge = x - half * 0.9 + half * 1.8 * step / 12
        sheet.line(
            f"M{number(ridge)} {number(base - height + lid_height * 0.35)}"
            f"v{number(-lid_height * 0.62)}",
            darker(lid, 0.4), 2, opacity=0.28,
        )  # fmt: skip


def pouch(sheet: Sheet, x: float, base: float, width: float, height: float, colour: str) -> str:
    """A stand-up pouch: sealed above, bulging below."""
    half = width / 2
    outline = (
        f"M{number(x - half * 0.9)} {number(base - height)}h{number(half * 1.8)}"
        f"q{number(half * 0.02)} {number(height * 0.3)} {number(half * 0.1)} {number(height * 0.6)}"
        f"q{number(half * 0.04)} {number(height * 0.3)} {number(-half * 0.04)} "
        f"{number(height * 0.38)}"
        f"q{number(-half * 0.96)} {number(height * 0.07)} {number(-half * 1.92)} 0"
        f"q{number(-half * 0.08)} {number(-height * 0.08)} {number(-half * 0.04)} "
        f"{number(-height * 0.38)}"
        f"q{number(half * 0.08)} {number(-height * 0.3)} {number(half * 0.1)} "
        f"{number(-height * 0.6)}z"
    )
    sheet.path(outline, sheet.turned_shade(colour, gloss=0.22))
    with sheet.inside(outline):
        seal = height * 0.085
        sheet.rect(x - half, base - height, width, seal, darker(colour, 0.12), opacity=0.6)
        for step in range(1, 6):
            y = base - height + seal * step / 6
            sheet.line(f"M{number(x - half)} {number(y)}h{number(width)}", "#ffffff", 1.4,
                       opacity=0.35)  # fmt: skip
        fold = f"M{number(x - half)} {number(base - height * 0.1)}Q{number(x)} {number(base)} "
        sheet.line(f"{fold}{number(x + half)} {number(base - height * 0.1)}",
                   darker(colour, 0.4), 3, opacity=0.3)  # fmt: skip
        sheet.path(
            f"M{number(x - half * 0.78)} {number(base - height * 0.86)}q{number(-half * 0.1)} "
            f"{number(height * 0.4)} 0 {number(height * 0.74)}h{number(half * 0.12)}"
            f"q{number(-half * 0.08)} {number(-height * 0.4)} 0 {number(-height * 0.74)}z",
            "#ffffff", opacity=0.32, blur=4,
        )  # fmt: skip
    return outline


def box(
    sheet: Sheet, x: float, base: float, width: float, height: float, depth: float, colour: str
) -> None:
    """A closed box seen a little from above and from the left: front, lid and right side."""
    left, top, rise = x - width / 2, base - height, depth * 0.52
    front = f"M{number(left)} {number(top)}h{number(width)}v{number(height)}h{number(-width)}z"
    lid = (f"M{number(left)} {number(top)}l{number(depth)} {number(-rise)}h{number(width)}"
           f"l{number(-depth)} {number(rise)}z")  # fmt: skip
    side = (f"M{number(left + width)} {number(top)}l{number(depth)} {number(-rise)}"
            f"v{number(height)}l{number(-depth)} {number(rise)}z")  # fmt: skip
    sheet.path(front, sheet.linear((0, lighter(colour, 0.1), 1), (1, darker(colour, 0.06), 1),
                                   end=(1, 1)))  # fmt: skip
    sheet.path(lid, sheet.fade(lighter(colour, 0.32), lighter(colour, 0.2)))
    sheet.path(side, sheet.linear((0, darker(colour, 0.16), 1), (1, darker(colour, 0.3), 1),
                                  end=(1, 0.4)))  # fmt: skip
    sheet.line(f"M{number(left)} {number(top)}h{number(width)}", "#ffffff", 2, opacity=0.5)


def bowl(
    sheet: Sheet,
    x: float,
    base: float,
    radius: float,
    height: float,
    colour: str,
    *,
    inside: str | None = None,
    tilt: float = 0.26,
) -> tuple[float, float, float]:
    """A bowl seen from above its rim; gives the middle of its opening and its radius there.

    Put the content next, then `bowl_front` so that the wall hides what lies behind it.
    """
    rim = base - height
    hollow = inside or lighter(colour, 0.25)
    sheet.ellipse(x, rim, radius, radius * tilt, sheet.fade(darker(hollow, 0.3), hollow))
    return x, rim, radius


def bowl_front(
    sheet: Sheet,
    x: float,
    base: float,
    radius: float,
    height: float,
    colour: str,
    *,
    tilt: float = 0.26,
    foot: float = 0.42,
) -> str:
    """The outer wall of a bowl, from its rim down to the foot."""
    rim, sag = base - height, radius * tilt
    outline = (
        f"M{number(x - radius)} {number(rim)}A{number(radius)} {number(sag)} 0 0 0 "
        f"{number(x + radius)} {number(rim)}"
        f"C{number(x + radius)} {number(rim + height * 0.62)} {number(x + radius * 0.66)} "
        f"{number(base - 4)} {number(x + radius * foot)} {number(base)}"
        f"Q{number(x)} {number(base + radius * 0.09)} {number(x - radius * foot)} {number(base)}"
        f"C{number(x - radius * 0.66)} {number(base - 4)} {number(x - radius)} "
        f"{number(rim + height * 0.62)} {number(x - radius)} {number(rim)}z"
    )
    sheet.path(outline, sheet.turned_shade(colour))
    sheet.line(
        f"M{number(x - radius)} {number(rim)}A{number(radius)} {number(sag)} 0 0 0 "
        f"{number(x + radius)} {number(rim)}",
        lighter(colour, 0.6), 5, opacity=0.85,
    )  # fmt: skip
    return outline


def plate(
    sheet: Sheet,
    x: float,
    y: float,
    radius: float,
    colour: str = "#fbf7f0",
    *,
    tilt: float = 0.34,
) -> None:
    """A plate seen from the front edge of the table, with a thin gleaming rim."""
    sheet.ellipse(x, y + radius * 0.045, radius, radius * tilt, darker(colour, 0.22))
    sheet.ellipse(x, y, radius, radius * tilt, sheet.fade(lighter(colour, 0.4), colour))
    sheet.ellipse(x, y + 3, radius * 0.74, radius * tilt * 0.7,
                  sheet.fade(darker(colour, 0.1), lighter(colour, 0.5)))  # fmt: skip
