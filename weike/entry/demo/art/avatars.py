"""Forty-eight friendly faces, 240 by 240, put together from hair, skin, clothes and moods."""

from weike.entry.demo.art.colour import darker, lighter
from weike.entry.demo.art.sheet import Sheet

COUNT = 48
SIZE = 240

GROUNDS = ("#ffd8a8", "#b8e0d2", "#c9d8f6", "#f8c8d4", "#e3d3f4", "#fbe7a1", "#bfe3f2", "#d6e8b0")
SKINS = ("#fde0c8", "#f8d2b0", "#f0c19a", "#e3ab80", "#c98e62")
HAIRS = ("#2b211e", "#46332a", "#6b4a36", "#8a8580", "#3a2b3f", "#a86b3c")
GREY = "#8a8580"
STYLES = (0, 1, 2, 0, 4, 5, 3, 0)
"""Short hair, long, bob, short, one bun, pony tail, two buns, short."""
CLOTHES = ("#f2724a", "#4f9d8c", "#5b86c9", "#e8a23a", "#c65b7c", "#7f6bb8", "#6f9a4e", "#ffffff")


def _hair_behind(s: Sheet, style: int, colour: str) -> None:
    if style == 1:  # long
        s.path("M58 112C50 40 190 40 182 112L190 196Q120 216 50 196z", colour)
    elif style == 2:  # bob
        s.path("M54 110C46 36 194 36 186 110Q192 150 178 164H62Q48 150 54 110z", colour)
    elif style == 3:  # two buns
        s.ellipse(66, 54, 25, None, colour)
        s.ellipse(174, 54, 25, None, colour)
    elif style == 4:  # one bun
        s.ellipse(120, 32, 28, None, colour)
    elif style == 5:  # pony tail
        s.path("M164 60C216 66 212 140 186 172C194 128 178 104 160 92z", colour)


FRINGES = (
    "M64 110C60 48 110 40 128 44C164 40 182 70 176 110C170 86 150 78 132 80C104 84 76 84 64 110z",
    "M62 116C58 46 112 40 120 40C128 40 182 46 178 116C172 92 148 86 124 62C104 90 74 88 62 116z",
    "M60 114C54 40 186 40 180 114C176 98 172 92 168 90H72C68 92 64 98 60 114z",
    "M64 106C66 50 112 42 130 46C158 44 180 60 178 108C168 80 120 88 96 70C84 80 70 88 64 106z",
)


def _eyes(s: Sheet, mood: int) -> None:
    for side in (-1, 1):
        x = 120 + side * 25
        if mood == 0:
            s.ellipse(x, 120, 6, 7, "#33221b")
            s.ellipse(x - 2, 117, 2.2, None, "#ffffff")
        elif mood == 1:
            s.line(f"M{x - 9} 122q9 -11 18 0", "#33221b", 4.6)
        elif mood == 2:
            s.line(f"M{x - 9} 117q9 9 18 0", "#33221b", 4.6)
        else:
            s.ellipse(x, 120, 7.5, 8.5, "#33221b")
            s.ellipse(x - 2.5, 116, 2.8, None, "#ffffff")
            s.line(f"M{x + side * 6} 114l{side * 6} -4", "#33221b", 3)
        s.line(f"M{x - 9} 103q9 -5 18 0", "#33221b", 3, opacity=0.55)


def _mouth(s: Sheet, mood: int) -> None:
    if mood % 3 == 0:
        s.line("M106 146q14 13 28 0", "#a8452f", 4.4)
    elif mood % 3 == 1:
        s.path("M104 142H136Q134 164 120 164T104 142z", "#b8432e")
        s.path("M107 142H133L131 149H109z", "#ffffff")
    else:
        s.line("M109 148q11 8 22 0", "#a8452f", 4.4)


def avatar(s: Sheet, number: int) -> None:
    """The same number always gives the same face; no two of them are alike."""
    ground = GROUNDS[number % 8]
    skin = SKINS[(number * 3 + number // 8) % 5]
    hair = HAIRS[(number * 5 + number // 6) % 6]
    clothes = CLOTHES[(number * 3 + number // 8 + 1) % 8]
    style = STYLES[number % 8] if hair != GREY else (0, 2, 4)[number % 3]
    fringe, mood = (number // 2 + number // 12) % 4, (number + number // 5) % 4
    s.rect(0, 0, SIZE, SIZE, s.radial((0, lighter(ground, 0.5), 1), (1, ground, 1)))
    _hair_behind(s, style, darker(hair, 0.12))
    s.path("M26 240C28 186 74 174 120 174S212 186 214 240z",
           s.fade(lighter(clothes, 0.14), darker(clothes, 0.1)))  # fmt: skip
    s.path("M98 150H142V182Q120 204 98 182z", darker(skin, 0.1))
    if number % 4 == 1:
        s.path("M92 178L120 206L148 178L158 190L120 226L82 190z", lighter(clothes, 0.6))
    elif number % 4 == 2:
        s.line("M88 180Q120 214 152 180", lighter(clothes, 0.55), 9)
    for side in (-1, 1):
        s.ellipse(120 + side * 58, 122, 11, 14, darker(skin, 0.06))
    s.path("M64 108C64 58 176 58 176 108C178 150 152 176 120 176C88 176 62 150 64 108z",
           s.radial((0, lighter(skin, 0.4), 1), (1, skin, 1)))  # fmt: skip
    for side in (-1, 1):
        s.ellipse(120 + side * 40, 140, 13, 8, "#f2836a", opacity=0.4)
    _eyes(s, mood)
    s.line("M119 128q-5 8 2 9", darker(skin, 0.3), 3.4)
    _mouth(s, 2 if number % 24 == 7 else number // 3)
    s.path(FRINGES[fringe], s.fade(lighter(hair, 0.14), hair))
    _extras(s, number, style, hair)


def _extras(s: Sheet, number: int, style: int, hair: str) -> None:
    """Glasses, a flower, a hat: what makes somebody remembered."""
    if number % 7 == 2:
        for side in (-1, 1):
            s.line(f"M{120 + side * 25 - 18} 120a18 18 0 1 0 36 0a18 18 0 1 0 -36 0",
                   "#4a3a34", 4)  # fmt: skip
        s.line("M113 118q7 -5 14 0", "#4a3a34", 4)
    if number % 9 == 4 and style:
        for dx, dy in ((0, -9), (9, -2), (5, 8), (-5, 8), (-9, -2)):
            s.ellipse(168 + dx, 74 + dy, 7.5, None, "#ffffff")
        s.ellipse(168, 74, 5.5, None, "#f4b83a")
    if number % 11 == 6:
        s.path("M58 88C58 28 182 28 182 88z", s.fade("#f4d48a", "#d9a848"))
        s.path("M34 92Q120 66 206 92Q120 112 34 92z", s.fade("#f9e2a8", "#e3b65a"))
        s.path("M60 80Q120 62 180 80V88Q120 70 60 88z", "#c9503a")
    if number % 13 == 8:
        s.path("M62 84Q120 40 178 84V70Q120 22 62 70z", "#e2574c")
        s.ellipse(120, 32, 13, None, "#ffffff")
    if number % 24 == 7:
        s.line("M102 144q8 -7 18 -2q10 -5 18 2", darker(hair, 0.1), 6)
