"""Pictures of 时令水果: fresh fruit, whole and cut."""

from weike.entry.demo.art import botany, vessels
from weike.entry.demo.art.colour import darker
from weike.entry.demo.art.setting import gleam, ring, scatter, shadow
from weike.entry.demo.art.sheet import Pictures, Sheet, number


def navel_orange(s: Sheet) -> None:
    shadow(s, 400, 625, 300)
    botany.orange(s, 400, 338, 142)
    botany.orange(s, 262, 500, 136, leafy=False)
    botany.orange_half(s, 520, 506, 132)


def red_apple(s: Sheet) -> None:
    shadow(s, 400, 632, 290)
    botany.apple(s, 520, 440, 136, "#c92d2a")
    botany.apple(s, 300, 474, 156)


def strawberry(s: Sheet) -> None:
    shadow(s, 400, 640, 270)
    for x, y, size, turn in ((300, 400, 118, -22), (498, 392, 116, 20), (400, 500, 136, 4)):
        s.ellipse(x + 8, y + 80, size * 0.8, size * 0.4, "#5a0a12", opacity=0.22, blur=14)
        botany.strawberry(s, x, y, size, turn=turn)
    botany.blossom(s, 212, 590, 62, "#ffffff")
    botany.leaf(s, 560, 600, 120, -14)


def shine_grapes(s: Sheet) -> None:
    shadow(s, 400, 640, 170)
    botany.grapes(s, 400, 290, 56, "#98b838")


def kiwi(s: Sheet) -> None:
    shadow(s, 400, 622, 300)
    botany.kiwi(s, 300, 430, 132)
    botany.kiwi(s, 500, 410, 118, turn=16)
    botany.kiwi_half(s, 420, 520, 122)


def dark_cherry(s: Sheet) -> None:
    shadow(s, 400, 634, 280)
    botany.leaf(s, 420, 190, 170, 12, "#5f9a34")
    for x, y, stalk in ((330, 392, (420, 190)), (486, 384, (424, 190))):
        botany.cherry(s, x, y, 88, stalk=stalk)
    for x, y, stalk in ((236, 532, (180, 330)), (566, 530, (640, 320)), (402, 536, (380, 300))):
        botany.cherry(s, x, y, 94, stalk=stalk)


def mango(s: Sheet) -> None:
    shadow(s, 400, 628, 310)
    botany.leaf(s, 250, 360, 150, -46, "#4f8f35")
    botany.mango(s, 330, 420, 150, turn=-20)
    botany.mango(s, 490, 500, 146, turn=8, mirror=True)


def blueberry(s: Sheet) -> None:
    shadow(s, 400, 650, 270)
    x, rim, radius = vessels.bowl(s, 400, 640, 240, 210, "#f6f1e8")
    spots = sorted(((dx, dy) for dx, dy in scatter(34)), key=lambda spot: spot[1])
    for index, (dx, dy) in enumerate(spots):
        heap = 96 * (1 - dx * dx)
        botany.blueberry(s, x + dx * radius * 0.86, rim + dy * 56 - heap * (0.75 - dy * 0.25), 40,
                         turn=index * 47)  # fmt: skip
    wall = vessels.bowl_front(s, 400, 640, 240, 210, "#f3ede2")
    with s.inside(wall):
        s.line("M150 500Q400 590 650 500", "#7c8cc8", 7, opacity=0.7)
        s.line("M150 518Q400 608 650 518", "#7c8cc8", 3, opacity=0.6)
    botany.blueberry(s, 640, 640, 38, turn=20)
    botany.blueberry(s, 172, 646, 36, turn=70)
    botany.leaf(s, 470, 318, 110, -28, "#5f9a44")


def honey_peach(s: Sheet) -> None:
    shadow(s, 400, 634, 300)
    botany.peach(s, 512, 432, 126)
    botany.peach(s, 300, 474, 152)
    botany.blossom(s, 590, 610, 58, "#ffb3c4", "#f7d774", turn=14)
    botany.blossom(s, 520, 636, 40, "#ffc7d3", "#f7d774", turn=50)


def melon(s: Sheet) -> None:
    """A watermelon with a slice before it."""
    shadow(s, 400, 640, 310)
    body = "M160 430a210 200 0 1 1 420 0a210 200 0 1 1 -420 0z"
    s.path(body, s.round_shade("#4f9d43", gloss=0.5))
    with s.inside(body):
        for bend in (-190, -118, -40, 40, 118, 190):
            x = 370 + bend
            wave = "".join(f"q{14 if i % 2 else -14} 18 0 36" for i in range(12))
            s.put(f'<g transform="translate({number(x)} 224)">')
            s.line("M0 0" + wave, "#1f5f2c", 26 - abs(bend) * 0.05, opacity=0.75)
            s.put("</g>")
        s.ellipse(520, 560, 160, 140, darker("#1f5f2c", 0.4), opacity=0.35, blur=40)
    gleam(s, 280, 320, 54, 26)
    s.line("M372 232q4 -34 34 -44", "#7a6a2c", 11)
    s.path("M322 470h338a169 169 0 0 1 -338 0z", "#2f7d35")
    s.path("M334 470h314a157 157 0 0 1 -314 0z", "#eaf3cf")
    s.path("M346 470h290a145 145 0 0 1 -290 0z", s.fade("#ff6a5c", "#e23b41"))
    for dx, dy, degrees in ring(9, turn=106):
        if dy > 0.1:
            s.ellipse(491 + dx * 92, 478 + dy * 92, 6, 10, "#2a1512", turn=degrees)
    for x in (440, 491, 542):
        s.ellipse(x, 516, 5, 9, "#2a1512")
    s.rect(322, 464, 338, 8, "#ff9a8c", corner=4, opacity=0.8)


PICTURES: Pictures = {
    "navel-orange": navel_orange,
    "red-apple": red_apple,
    "strawberry": strawberry,
    "shine-grapes": shine_grapes,
    "kiwi": kiwi,
    "dark-cherry": dark_cherry,
    "mango": mango,
    "blueberry": blueberry,
    "honey-peach": honey_peach,
    "melon": melon,
}
