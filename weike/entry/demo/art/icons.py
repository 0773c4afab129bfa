"""Eight round category icons, 160 by 160: one clear sign each, on the pastel of its category."""

from collections.abc import Callable

from weike.entry.demo.art import botany
from weike.entry.demo.art.colour import lighter
from weike.entry.demo.art.pictures import bakery, beauty, children, home, kitchen, pantry, tea
from weike.entry.demo.art.setting import BACKDROPS
from weike.entry.demo.art.sheet import Sheet

SIZE = 160


def _plate(s: Sheet, category: str) -> None:
    middle, rim = BACKDROPS[category]
    s.ellipse(80, 80, 78, None, s.radial((0, middle, 1), (1, rim, 1), centre=(0.45, 0.35)))
    s.ellipse(80, 80, 70, None, lighter(rim, 0.6), opacity=0.35)


def fruit(s: Sheet) -> None:
    botany.orange(s, 80, 90, 42)


def _shrunk(
    drawing: Callable[[Sheet], None], scale: float, x: float, y: float
) -> Callable[[Sheet], None]:
    def icon(s: Sheet) -> None:
        with s.at(x, y, scale=scale):
            drawing(s)

    return icon


ICONS: dict[str, Callable[[Sheet], None]] = {
    "fruit": fruit,
    "tea": _shrunk(tea.jasmine, 0.19, 4, -10),
    "pantry": _shrunk(pantry.rice, 0.18, 10, 0),
    "bakery": _shrunk(bakery.cookies, 0.19, 2, -14),
    "home": _shrunk(home.basket, 0.19, 4, -18),
    "kitchen": _shrunk(kitchen.enamel_pot, 0.19, 4, -10),
    "beauty": _shrunk(beauty.rose_water, 0.18, 6, 2),
    "children": _shrunk(children.teddy, 0.17, 12, 12),
}


def icon(s: Sheet, category: str) -> None:
    _plate(s, category)
    ICONS[category](s)
