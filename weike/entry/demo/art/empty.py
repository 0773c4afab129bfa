"""Illustrations for the moments when there is nothing to show, 480 by 360, without lettering.

They carry no words, so that the fronts can write theirs in the language of the reader.
"""

from collections.abc import Callable

from weike.entry.demo.art import botany
from weike.entry.demo.art.setting import scatter
from weike.entry.demo.art.sheet import Sheet

WIDTH, HEIGHT = 480, 360


def _scene(s: Sheet, tint: str = "#ffe9d2") -> None:
    s.path("M66 232C30 170 92 84 186 92C236 40 352 56 372 124C446 132 462 220 408 256"
           "C350 292 110 296 66 232z", tint, opacity=0.75)  # fmt: skip
    s.ellipse(240, 306, 150, 15, "#7a4a20", opacity=0.12)
    for dx, dy in scatter(7, twist=0.7):
        s.ellipse(240 + dx * 210, 150 + dy * 120, 4, None, "#ff9a5a", opacity=0.45)


def _face(s: Sheet, x: float, y: float, *, sad: bool = False) -> None:
    for side in (-1, 1):
        s.ellipse(x + side * 22, y, 5.4, 6.4, "#5a2f1c")
        s.ellipse(x + side * 36, y + 13, 9, 5.5, "#f2704a", opacity=0.4)
    s.line(f"M{x - 10} {y + (20 if sad else 13)}q10 {-8 if sad else 10} 20 0", "#5a2f1c", 4)


def empty_cart(s: Sheet) -> None:
    _scene(s)
    s.line("M96 96H138L176 246H356", "#c9713a", 12)
    s.path("M150 128H394L362 222H174z", s.fade("#ffc48a", "#ff9347"))
    for step in range(1, 6):
        s.line(f"M{150 + step * 41} 130L{170 + step * 33} 220", "#ffffff", 4, opacity=0.6)
    s.line("M156 160H384M166 192H372", "#ffffff", 4, opacity=0.6)
    for x in (206, 332):
        s.ellipse(x, 282, 24, None, "#7a4a2c")
        s.ellipse(x, 282, 10, None, "#ffe3c2")
    _face(s, 268, 166)
    botany.leaf(s, 396, 84, 44, 30)
    botany.leaf(s, 330, 66, 34, 110, "#8cc06a")


def no_orders(s: Sheet) -> None:
    _scene(s, "#e6f0dc")
    s.path("M150 66H318Q330 66 330 78V296L306 282L282 298L258 282L234 298L210 282L186 298L150 282z",
           s.fade("#ffffff", "#f4ead8"))  # fmt: skip
    s.line("M150 282V66H318Q330 66 330 78V296", "#ead9bd", 3)
    s.line("M150 282L186 298L210 282L234 298L258 282L282 298L306 282L330 296", "#e3cfae", 3)
    for y, width in ((106, 120), (136, 90), (236, 120)):
        s.line(f"M178 {y}h{width}", "#e8d6b8", 10)
    _face(s, 240, 176)
    with s.at(346, 222, turn=28):
        s.path("M-11 -96H11V30L0 56L-11 30z", s.fade("#ffb35a", "#f2763a"))
        s.path("M-11 30L0 56L11 30z", "#fbe0b8")
        s.path("M-4 46L0 56L4 46z", "#5a2f1c")
        s.rect(-11, -110, 22, 18, "#f29a9a", corner=6)
    botany.leaf(s, 112, 268, 62, -60)
    botany.leaf(s, 118, 272, 54, -14, "#8cc06a")


def no_results(s: Sheet) -> None:
    _scene(s, "#e3eef6")
    s.line("M296 236L362 300", "#a8623a", 24)
    s.line("M300 238L358 294", "#d9965a", 9)
    s.ellipse(228, 168, 98, None, "#ff9a4a")
    s.ellipse(228, 168, 82, None, s.radial((0, "#ffffff", 1), (1, "#d6eaf4", 1)))
    _face(s, 228, 160, sad=True)
    s.line("M172 130q18 -30 50 -36", "#ffffff", 9, opacity=0.9)
    for x, y, size in ((96, 110, 22), (382, 120, 16), (120, 270, 14)):
        s.line(f"M{x - size / 2} {y - size / 2}l{size} {size}m0 {-size}l{-size} {size}",
               "#9fbfd4", 5)  # fmt: skip


def network_error(s: Sheet) -> None:
    _scene(s, "#eee6f6")
    s.path("M136 214C96 210 92 152 138 148C142 96 218 84 242 122C284 104 326 132 318 170"
           "C352 178 346 216 312 216z", s.fade("#ffffff", "#dcd3ee"))  # fmt: skip
    _face(s, 222, 166, sad=True)
    s.line("M228 216v26q0 20 -20 20h-60", "#7f6bb8", 8)
    s.rect(112, 246, 40, 32, s.fade("#9a86d0", "#7260a8"), corner=8)
    s.line("M112 255h-16M112 269h-16", "#7260a8", 6)
    s.line("M372 262h-46", "#7f6bb8", 8)
    s.rect(290, 244, 40, 36, s.fade("#ffb35a", "#f2763a"), corner=8)
    s.line("M372 262q34 0 34 -36", "#7f6bb8", 8)
    s.path("M256 234l-16 22h13l-9 24l27 -31h-14l10 -15z", "#ffc02e")
    for x, y in ((372, 104), (94, 118)):
        s.line(f"M{x} {y - 11}v22M{x - 11} {y}h22", "#b3a2dc", 5)


EMPTY_STATES: dict[str, Callable[[Sheet], None]] = {
    "empty-cart": empty_cart,
    "no-orders": no_orders,
    "no-results": no_results,
    "network-error": network_error,
}
