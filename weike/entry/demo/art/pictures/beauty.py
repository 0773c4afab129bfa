"""Pictures of 美妆个护: creams, soaps, tubes and combs."""

from weike.entry.demo.art import botany, vessels
from weike.entry.demo.art.colour import darker, lighter
from weike.entry.demo.art.lettering import write, write_down
from weike.entry.demo.art.setting import gleam, ring, scatter, shadow
from weike.entry.demo.art.sheet import Pictures, Sheet


def rose(s: Sheet, x: float, y: float, size: float, colour: str = "#e2627e") -> None:
    """A full rose seen from above: broad petals outside, a swirl at the heart."""
    for turn, reach, scale in ((0, 0.5, 1.0), (36, 0.36, 0.86)):
        for dx, dy, degrees in ring(5, turn=turn):
            with s.at(x + dx * size * reach, y + dy * size * reach, turn=degrees):
                wide, high = size * 0.52 * scale, size * 0.46 * scale
                s.ellipse(0, 4, wide, high, darker(colour, 0.5), opacity=0.35, blur=3)
                s.ellipse(0, 0, wide, high, s.fade(lighter(colour, 0.5), darker(colour, 0.16)))
    s.ellipse(x, y, size * 0.44, None, s.round_shade(darker(colour, 0.08), gloss=0.45))
    with s.at(x, y, scale=size / 100):
        for d in (
            "M-34 8C-38 -30 10 -46 32 -18",
            "M36 -4C40 30 -6 46 -28 24",
            "M-20 4C-22 -20 12 -28 20 -6",
            "M22 4C20 24 -8 28 -16 12",
            "M-8 0C-6 -12 12 -10 8 4C4 12 -6 10 -6 4",
        ):
            s.line(d, darker(colour, 0.42), 6, opacity=0.75)
            with s.at(-2, -3):
                s.line(d, lighter(colour, 0.5), 2.6, opacity=0.7)


def face_cream(s: Sheet) -> None:
    shadow(s, 400, 642, 220)
    vessels.turned(s, 390, 636, [(176, 0, 54), (186, 190, 30), (150, 220, 4)], "#f5e7dc", gloss=0.8)
    vessels.turned(s, 390, 420, [(176, 0, 6), (170, 110, 24)], "#c0906a", gloss=0.6)
    s.rect(214, 404, 352, 10, "#f0cfae", opacity=0.7)
    write(s, "玉容霜", 390, 508, 52, "#8a5f3c", face="serif", spacing=10)
    write(s, "CREAM · 50g", 390, 562, 22, "#a67c5a", spacing=3)
    rose(s, 610, 600, 66, "#e98ba0")
    for x, y, turn in ((196, 640, -20), (240, 652, 12)):
        with s.at(x, y, turn=turn):
            s.path("M-44 0Q0 -32 44 0Q0 20 -44 0z", s.fade("#fbd3dc", "#ec9db0"))


def cleanser(s: Sheet) -> None:
    shadow(s, 390, 650, 160)
    s.path("M252 160H508L492 560H268z", s.turned_shade("#dff0ea", gloss=0.8))
    s.rect(276, 200, 16, 330, "#ffffff", corner=8, opacity=0.6, blur=4)
    s.rect(250, 150, 260, 34, s.fade("#cfe6de", "#a9cdc0"), corner=4)
    for x in range(262, 506, 12):
        s.line(f"M{x} 154v26", "#8fb8a8", 2, opacity=0.6)
    vessels.turned(s, 380, 646, [(98, 0, 12), (110, 92, 6)], "#7fb4a0", gloss=0.5)
    write(s, "氨基酸", 380, 300, 52, "#3d7a66", face="serif", spacing=4)
    write(s, "洁面乳", 380, 366, 52, "#3d7a66", face="serif", spacing=4)
    write(s, "温和不紧绷 · 120g", 380, 430, 22, "#5b9a86")
    for x, y, radius in ((570, 610, 46), (636, 622, 34), (604, 560, 30), (540, 646, 24),
                         (660, 580, 16)):  # fmt: skip
        s.ellipse(x, y, radius, None, s.radial((0, "#ffffff", 1), (0.7, "#f4fbf8", 1),
                                               (1, "#c3e0d6", 1)))  # fmt: skip
        gleam(s, x - radius * 0.3, y - radius * 0.4, radius * 0.24, radius * 0.12, opacity=0.9)


def rose_water(s: Sheet) -> None:
    shadow(s, 380, 650, 140)
    corners = [(104, 0, 24), (104, 290, 60), (46, 340, 10)]
    outline = vessels.turned(s, 360, 644, corners, "#f7c3cf", gloss=0.8)
    with s.inside(outline):
        s.rect(240, 380, 240, 280, s.turned_shade("#f2a3b6", gloss=0.5), opacity=0.75)
        s.ellipse(360, 382, 104, 14, "#fbd7df")
    vessels.glass(s, 360, 644, corners, tint="#fbe4ea")
    vessels.turned(s, 360, 308, [(50, 0, 4), (50, 44, 6)], "#d8b27a", gloss=0.7)
    vessels.turned(s, 360, 266, [(34, 0, 4), (34, 66, 12)], "#fbf4f0", gloss=0.7)
    s.rect(300, 216, 40, 22, s.fade("#ffffff", "#e3d3cf"), corner=8)
    for dx, dy in scatter(16):
        s.ellipse(246 + dx * 50, 224 + dy * 40, 3, None, "#ffffff", opacity=0.9)
    vessels.label(s, 360, 510, 142, 176, "", ink="#b0506a", paper="#fff8f6")
    write_down(s, "玫瑰纯露", 360, 434, 34, "#a8425e", spacing=3)
    rose(s, 574, 574, 82)
    botany.leaf(s, 620, 636, 90, -10, "#6a9a4e")
    botany.leaf(s, 530, 634, 80, 170, "#5c8c44")


def soap(s: Sheet) -> None:
    shadow(s, 400, 640, 290)
    bars = (
        (300, 600, "#e79a94", "玫瑰"),
        (500, 612, "#a5bd78", "艾草"),
        (396, 478, "#f0d088", "羊奶"),
    )
    for x, base, colour, sign in bars:
        vessels.box(s, x - 20, base, 190, 92, 66, colour)
        s.ellipse(x - 20, base - 46, 66, 34, lighter(colour, 0.35), opacity=0.7)
        write(s, sign, x - 20, base - 46, 38, darker(colour, 0.42), face="serif", spacing=4)
        for dx, dy in scatter(9, twist=x):
            s.ellipse(x - 20 + dx * 84, base - 46 + dy * 38, 3, None, darker(colour, 0.3),
                      opacity=0.35)  # fmt: skip
    for x, y, radius in ((628, 626, 34), (668, 596, 20), (178, 632, 26), (150, 600, 14),
                         (560, 410, 18), (590, 380, 12)):  # fmt: skip
        s.ellipse(x, y, radius, None, s.radial(
            (0, "#ffffff", 0.3), (0.75, "#fbe3ea", 0.6), (1, "#e3aebd", 0.9),
            centre=(0.5, 0.5), radius=0.5))  # fmt: skip
        gleam(s, x - radius * 0.35, y - radius * 0.4, radius * 0.24, radius * 0.14, opacity=0.95)


def lipstick(s: Sheet) -> None:
    shadow(s, 390, 648, 230)
    for x, colour, base, turn in ((320, "#c2334a", 642, 0), (480, "#d9694e", 642, 0)):
        with s.at(x, base, turn=turn):
            s.path("M-40 -270V-380Q-38 -420 -10 -432L30 -446Q40 -446 40 -424V-270z",
                   s.turned_shade(colour, gloss=0.5))  # fmt: skip
            s.path("M-40 -380Q-38 -420 -10 -432L30 -446Q44 -446 38 -420Q0 -376 -40 -380z",
                   lighter(colour, 0.3), opacity=0.8)  # fmt: skip
            s.put('<g transform="translate(0 0)">')
            vessels.turned(s, 0, -180, [(50, 0, 4), (50, 100, 6)], "#e6c48c", gloss=0.8)
            vessels.turned(s, 0, 0, [(66, 0, 10), (66, 190, 8)], "#5c2a36", gloss=0.4)
            s.put("</g>")
            s.rect(-66, -118, 132, 4, "#e6c48c")
            write(s, "橙心", 0, -64, 34, "#e6c48c", face="serif")
    with s.at(634, 600, turn=80):
        vessels.turned(s, 0, 60, [(50, 0, 10), (50, 150, 10)], "#5c2a36", gloss=0.4)
    rose(s, 186, 610, 54, "#d9526c")


def comb(s: Sheet) -> None:
    shadow(s, 400, 616, 300)
    with s.at(400, 430, turn=-12):
        body = "M-270 30C-270 -90 -120 -150 0 -150C120 -150 270 -90 270 30V60H-270z"
        for index in range(27):
            x = -258 + index * 19.2
            length = 118 - abs(index - 13) * 1.6
            s.rect(x, 30, 12, 40 + length, s.turned_shade("#a8622e", gloss=0.4), corner=6)
        s.path(body, s.fade("#cf8f54", "#8a4d20"))
        with s.inside(body):
            for step in range(9):
                s.line(f"M-280 {-110 + step * 22}Q-60 {-150 + step * 24} 280 {-84 + step * 18}",
                       "#6d3a16", 3, opacity=0.35)  # fmt: skip
            gleam(s, -110, -96, 110, 12, turn=-16, opacity=0.4)
        botany.blossom(s, 0, -46, 64, "#f3d8a8", "#c98d3c", petals=5)
        botany.leaf(s, 34, -40, 90, -8, "#e0b980")
        botany.leaf(s, -34, -40, 90, 188, "#e0b980")
    for x, y in ((180, 610), (620, 606)):
        botany.blossom(s, x, y, 54, "#f7b7c8", "#f2d37a")


def hand_cream(s: Sheet) -> None:
    shadow(s, 400, 648, 270)
    tubes = ((236, "#f3b9c4", "樱花", -7), (400, "#f6d68c", "桂花", 0), (564, "#b5cfa8", "绿茶", 7))
    for x, colour, sign, turn in tubes:
        with s.at(x, 640, turn=turn):
            s.path("M-74 -380H74L62 -86H-62z", s.turned_shade(colour, gloss=0.6))
            s.rect(-76, -392, 152, 26, darker(colour, 0.1), corner=4)
            for step in range(-5, 6):
                s.line(f"M{step * 13} -388v18", darker(colour, 0.35), 2, opacity=0.5)
            vessels.turned(s, 0, -4, [(52, 0, 8), (58, 82, 4)], "#fdf8f2", gloss=0.8)
            s.ellipse(0, -236, 50, 50, "#ffffff", opacity=0.9)
            write(s, sign, 0, -236, 40, darker(colour, 0.5), face="serif")
            write(s, "护手霜", 0, -150, 27, darker(colour, 0.5))
            s.rect(-54, -360, 10, 250, "#ffffff", corner=5, opacity=0.5, blur=3)


def shampoo(s: Sheet) -> None:
    shadow(s, 380, 650, 170)
    vessels.turned(s, 370, 644, [(122, 0, 34), (126, 290, 70), (46, 330, 8)], "#6d7f4a", gloss=0.5)
    vessels.turned(s, 370, 322, [(50, 0, 6), (50, 46, 8)], "#2f3a22")
    s.rect(360, 208, 20, 72, s.turned_shade("#46562f"))
    s.path("M330 190H420Q432 190 432 204V222H344L282 236Q270 238 268 226V216L330 196z",
           s.fade("#5d6e3e", "#2f3a22"))  # fmt: skip
    vessels.label(s, 370, 500, 174, 200, "", ink="#46562f")
    write_down(s, "茶籽", 400, 424, 48, "#46562f")
    write_down(s, "洗发露", 344, 424, 38, "#6d7f4a", spacing=2)
    write(s, "500ml", 394, 570, 18, "#6d7f4a")
    botany.leaf(s, 540, 636, 110, -40, "#5c8c44")
    botany.leaf(s, 546, 640, 110, -2, "#4b7a38")
    botany.blossom(s, 566, 606, 76, "#ffffff", "#f0b429", petals=6)
    for x, y in ((196, 640), (236, 650)):
        s.ellipse(x, y, 24, 22, s.round_shade("#6b4326"))


PICTURES: Pictures = {
    "face-cream": face_cream,
    "cleanser": cleanser,
    "rose-water": rose_water,
    "soap": soap,
    "lipstick": lipstick,
    "comb": comb,
    "hand-cream": hand_cream,
    "shampoo": shampoo,
}
