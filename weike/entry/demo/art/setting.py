"""What every goods picture shares: the pastel backdrop, the shadow on the ground, scattering."""

from collections.abc import Iterator
from math import cos, pi, sin, sqrt

from weike.entry.demo.art.sheet import Sheet

BACKDROPS = {
    "fruit": ("#fffaf0", "#ffdcae"),
    "tea": ("#f6faf0", "#c5dcb8"),
    "pantry": ("#fffaeb", "#f3d9a0"),
    "bakery": ("#fff7f2", "#f6cdb8"),
    "home": ("#f5f9fc", "#c3d8e6"),
    "kitchen": ("#f3f8f6", "#b5d3cb"),
    "beauty": ("#fff6f8", "#f1c6d4"),
    "children": ("#f9f7ff", "#cfc9ee"),
}
"""Category code to the colours in the middle and at the rim of its pictures."""


def backdrop(sheet: Sheet, category: str) -> None:
    middle, rim = BACKDROPS[category]
    glow = sheet.radial((0, middle, 1), (1, rim, 1), centre=(0.46, 0.38), radius=0.78)
    sheet.rect(0, 0, sheet.width, sheet.height, glow)
    light = sheet.radial(
        (0, "#ffffff", 0.75),
        (0.6, "#ffffff", 0.2),
        (1, "#ffffff", 0),
        centre=(0.5, 0.5),
        radius=0.5,
    )
    sheet.ellipse(400, 655, 420, 120, light)


def shadow(
    sheet: Sheet, x: float, y: float, rx: float, ry: float | None = None, *, strength: float = 0.26
) -> None:
    """Soft and wide away from the light, with a tighter, darker one where things touch.

    Gradients and not blurs: a blur of this size costs more than all the rest of a picture.
    """
    ry = rx * 0.15 if ry is None else ry
    for dx, dy, grown, high, colour in (
        (rx * 0.08, 6.0, 1.24, 1.75, "#3b1d0a"),
        (0.0, 0.0, 0.98, 0.95, "#2a1206"),
    ):
        sheet.ellipse(x + dx, y + dy, rx * grown, ry * high, _soft(sheet, colour), opacity=strength)


def _soft(sheet: Sheet, colour: str) -> str:
    """Falls off towards the rim as a blurred edge does."""
    return sheet.radial(
        (0, colour, 1), (0.5, colour, 0.92), (0.68, colour, 0.62), (0.84, colour, 0.22),
        (0.94, colour, 0.05), (1, colour, 0), centre=(0.5, 0.5), radius=0.5,
    )  # fmt: skip


def gleam(
    sheet: Sheet,
    x: float,
    y: float,
    rx: float,
    ry: float,
    *,
    turn: float = -35,
    opacity: float = 0.6,
) -> None:
    """The window of light on something glossy."""
    light = sheet.radial(
        (0, "#ffffff", 1), (0.72, "#ffffff", 0.94), (0.88, "#ffffff", 0.5), (1, "#ffffff", 0),
        centre=(0.5, 0.5), radius=0.5,
    )  # fmt: skip
    sheet.ellipse(x, y, rx * 1.08, ry * 1.08, light, opacity=opacity, turn=turn)


def scatter(count: int, *, twist: float = 0) -> Iterator[tuple[float, float]]:
    """Points spread evenly over the unit disc as sunflower seeds are: no clumps, no grid."""
    for index in range(count):
        distance, angle = sqrt((index + 0.5) / count), index * pi * (3 - sqrt(5)) + twist
        yield distance * cos(angle), distance * sin(angle)


def ring(count: int, *, turn: float = 0) -> Iterator[tuple[float, float, float]]:
    """Points on the unit circle, with their angle in degrees; the first one is on top."""
    for index in range(count):
        degrees = turn + 360 * index / count
        yield sin(degrees * pi / 180), -cos(degrees * pi / 180), degrees
