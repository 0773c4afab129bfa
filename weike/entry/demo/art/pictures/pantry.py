"""Pictures of 粮油干货: rice and noodles, oil and honey, dried fruit and mushrooms."""

from weike.entry.demo.art import botany, vessels
from weike.entry.demo.art.colour import darker, lighter
from weike.entry.demo.art.lettering import write, write_down
from weike.entry.demo.art.setting import gleam, ring, scatter, shadow
from weike.entry.demo.art.sheet import Pictures, Sheet, number


def grains(
    s: Sheet,
    x: float,
    y: float,
    rx: float,
    ry: float,
    colour: str,
    count: int,
    *,
    size: tuple[float, float] = (9, 4),
) -> None:
    """Loose grain spread over an ellipse."""
    for index, (dx, dy) in enumerate(scatter(count)):
        tint = lighter(colour, 0.35) if index % 3 else darker(colour, 0.12)
        s.ellipse(x + dx * rx, y + dy * ry, size[0], size[1], tint, turn=index * 53 % 180)


def rice(s: Sheet) -> None:
    shadow(s, 380, 652, 230)
    sack = ("M214 262Q250 236 380 238Q512 236 546 262Q578 420 572 560Q572 634 520 644"
            "Q380 662 240 644Q190 634 190 560Q182 420 214 262z")  # fmt: skip
    s.path(sack, s.turned_shade("#f3ead8", gloss=0.6))
    with s.inside(sack):
        s.rect(180, 356, 400, 190, "#b8402e")
        s.rect(180, 366, 400, 3, "#f6dfae", opacity=0.9)
        s.rect(180, 532, 400, 3, "#f6dfae", opacity=0.9)
        s.rect(180, 230, 60, 430, "#7a4a2a", opacity=0.16, blur=18)
        s.rect(520, 230, 70, 430, "#5a3018", opacity=0.3, blur=22)
        s.ellipse(300, 330, 30, 90, "#ffffff", opacity=0.35, blur=16, turn=10)
    s.path("M250 250Q230 196 206 176Q300 206 380 200Q462 206 556 176Q530 196 512 250"
           "Q380 268 250 250z", s.turned_shade("#efe3cc", gloss=0.5))  # fmt: skip
    s.line("M244 252Q380 274 518 252", "#b88a4a", 12)
    s.line("M396 262q40 20 30 60M396 262q6 30 -12 54", "#b88a4a", 7)
    write(s, "五常大米", 380, 424, 70, "#fff4dc", face="serif")
    write(s, "稻花香二号 · 5kg", 380, 494, 28, "#f6dfae")
    grains(s, 596, 634, 96, 22, "#f2ead8", 120)
    shadow(s, 600, 654, 60, 8, strength=0.12)


def honey(s: Sheet) -> None:
    shadow(s, 360, 650, 190)
    vessels.jar(s, 350, 645, 320, 400, "#e2941a", lid="#8a5526", fill=0.95)
    vessels.label(s, 350, 500, 210, 150, "土蜂蜜", small="秦岭百花 · 500g", ink="#8a5206")
    with s.at(600, 470, turn=24):
        s.rect(-9, -210, 18, 230, s.turned_shade("#c38a4e"), corner=9)
        for index, half in enumerate((30, 42, 48, 48, 42, 30)):
            s.rect(-half, 14 + index * 20, half * 2, 16, s.turned_shade("#b9793c"), corner=8)
        s.path("M-46 40Q-30 112 -4 152Q6 170 8 200Q16 168 20 148Q44 96 46 46Q0 76 -46 40z",
               "#f0a81f", opacity=0.82)  # fmt: skip
    s.ellipse(520, 652, 52, 12, "#f0a81f", opacity=0.85)
    gleam(s, 506, 650, 16, 4, turn=0)


def camellia_oil(s: Sheet) -> None:
    shadow(s, 390, 652, 150)
    corners = [(112, 0, 30), (116, 270, 70), (44, 366, 40), (38, 440, 4)]
    outline = vessels.turned(s, 380, 648, corners, "#8a7a22", gloss=0.55)
    with s.inside(outline):
        s.rect(240, 330, 300, 340, s.turned_shade("#d8b02c", gloss=0.5), opacity=0.92)
        s.ellipse(380, 332, 80, 10, "#f1d766")
    vessels.glass(s, 380, 648, corners, tint="#e8e4b0")
    vessels.turned(s, 380, 216, [(44, 0, 4), (44, 66, 12)], "#3d2a1a")
    vessels.label(s, 380, 508, 168, 196, "", ink="#5b4a10")
    write_down(s, "山茶油", 380, 424, 50, "#5b4a10", spacing=2)
    write(s, "500ml", 380, 590, 18, "#7a6a2a")
    botany.leaf(s, 560, 640, 120, -36, "#4b8a3a")
    botany.leaf(s, 556, 642, 110, 8, "#41793a")
    botany.blossom(s, 552, 616, 88, "#ffffff", "#f0b429", petals=6)
    s.ellipse(232, 632, 30, 28, s.round_shade("#7a4a28"))
    s.ellipse(184, 642, 24, 22, s.round_shade("#6b3e20"))


def date(s: Sheet, x: float, y: float, size: float, turn: float) -> None:
    with s.at(x, y, turn=turn, scale=size / 50):
        s.ellipse(0, 0, 50, 34, s.round_shade("#a2281d", gloss=0.45))
        for bend in (-18, -2, 14):
            s.line(f"M-34 {bend}q16 -12 30 0t34 -2", "#5e0f0e", 3, opacity=0.5)
        s.ellipse(-48, 0, 4, 7, "#d9b27a")
        gleam(s, -14, -16, 13, 5, turn=-12)


def jujube(s: Sheet) -> None:
    shadow(s, 400, 654, 260)
    vessels.bowl(s, 400, 644, 244, 200, "#c99457", inside="#9a6a34")
    for index, (dx, dy) in enumerate(sorted(scatter(26), key=lambda p: p[1])):
        date(s, 400 + dx * 186, 434 + dy * 52 - (1 - dx * dx) * 70 * (0.8 - dy * 0.2), 52,
             index * 41 % 70 - 35)  # fmt: skip
    wall = vessels.bowl_front(s, 400, 644, 244, 200, "#c28a4c")
    with s.inside(wall):
        for row in range(8):
            s.line(f"M120 {460 + row * 27}Q400 {556 + row * 27} 680 {460 + row * 27}", "#7d4f22", 4,
                   opacity=0.35)  # fmt: skip
        for column in range(-9, 10):
            s.line(f"M{400 + column * 30} 420L{400 + column * 20} 660", "#e7bd82", 4, opacity=0.35)
    date(s, 640, 636, 48, -20)
    date(s, 160, 642, 46, 18)


def mushroom(s: Sheet, x: float, y: float, size: float, *, turn: float = 0) -> None:
    with s.at(x, y, turn=turn, scale=size / 100):
        s.path("M-22 10Q-30 70 -24 96Q0 108 24 96Q28 60 22 10z", s.turned_shade("#ecdcbb"))
        s.path("M-102 26C-112 -62 -50 -88 0 -88C50 -88 112 -62 102 26C60 46 -60 46 -102 26z",
               s.round_shade("#7a4e2c", gloss=0.4))  # fmt: skip
        s.path("M-100 24Q0 52 100 24Q60 6 0 8Q-60 6 -100 24z", "#ead8b4")
        for step in range(-8, 9):
            s.line(f"M{step * 4} 10L{step * 11} {32 - abs(step) * 0.6}", "#b99b6a", 1.8,
                   opacity=0.7)  # fmt: skip
        for d in ("M-40 -56l22 12l-10 18", "M10 -70l14 20l24 -8", "M-78 -14l24 4l8 -18",
                  "M44 -30l20 12l16 -12", "M-14 -20l16 8l16 -12"):  # fmt: skip
            s.line(d, "#e3c79b", 5, opacity=0.85)


def shiitake(s: Sheet) -> None:
    shadow(s, 400, 640, 290)
    mushroom(s, 300, 380, 130, turn=-10)
    mushroom(s, 520, 400, 120, turn=12)
    mushroom(s, 404, 506, 150)
    with s.at(626, 600, turn=24):
        s.ellipse(0, 0, 58, 50, s.round_shade("#8a5c36"))
        s.line("M-30 -18l18 10l-6 14M8 -30l10 16l18 -4", "#e3c79b", 4)


def noodles(s: Sheet) -> None:
    shadow(s, 400, 606, 300)
    for layer, (dx, dy, turn) in enumerate(((-30, -84, -7), (34, -62, 6), (0, 16, -2))):
        with s.at(400 + dx, 530 + dy, turn=turn):
            s.rect(-250, -40, 512, 104, "#6b4416", corner=20, opacity=0.22, blur=10)
            s.rect(-256, -48, 512, 100, darker("#ecd5a0", 0.2 - layer * 0.06), corner=18)
            for row in range(15):
                y = -43 + row * 6.4
                s.line(f"M-250 {number(y)}h500", "#fff3d2" if row % 2 else "#e6cb92", 4.6)
            s.rect(-256, 18, 512, 32, "#7a5020", corner=14, opacity=0.22, blur=8)
            s.rect(-250, -46, 500, 14, "#ffffff", corner=7, opacity=0.45, blur=6)
            s.rect(-80, -52, 160, 108, s.fade("#c2472f", "#96301f"), corner=6)
            for x in (-66, 62):
                s.rect(x, -52, 4, 108, "#f3d59a", opacity=0.9)
            if layer == 2:
                write(s, "手工", 0, -22, 36, "#fff0d2", face="serif")
                write(s, "挂面", 0, 22, 36, "#fff0d2", face="serif")
    for index, x in enumerate((206, 234, 262)):
        with s.at(x, 346 - index * 6, turn=-18 + index * 16):
            s.line("M0 96L0 -60", "#cfa548", 5)
            for row in range(6):
                for side in (-1, 1):
                    with s.at(side * 8, -76 + row * 19, turn=side * 24):
                        s.ellipse(0, 0, 8, 15, s.fade("#f2cf72", "#c8932c"))


def walnut(s: Sheet, x: float, y: float, size: float, *, turn: float = 0) -> None:
    with s.at(x, y, turn=turn, scale=size / 100):
        s.ellipse(6, 10, 96, 98, "#3b1f08", opacity=0.35, blur=8)
        shell = (
            "M0 -102C34 -100 50 -88 64 -70C88 -50 96 -20 94 8C94 40 78 74 50 88"
            "C30 100 12 104 0 100"
            "C-16 104 -34 98 -52 86C-80 72 -94 38 -94 6C-96 -22 -86 -54 -62 -72"
            "C-48 -90 -32 -98 0 -102z"
        )
        s.path(
            shell,
            s.radial(
                (0, "#f7dcae", 1), (0.35, "#dcae70", 1), (0.72, "#b9823f", 1), (1, "#714414", 1)
            ),
        )
        with s.inside(shell):
            for d in (
                "M-70 -50q24 8 18 34t-16 40t8 50",
                "M-40 -84q12 22 -4 40t14 42t-10 44t8 50",
                "M34 -88q-10 24 6 42t-12 40t14 48t-8 50",
                "M66 -58q-14 20 2 40t-10 44t2 44",
                "M-88 -4q16 8 12 30M84 -10q-12 12 -2 28",
            ):
                s.line(d, "#7d4f1c", 5, opacity=0.5)
                with s.at(-3, -1):
                    s.line(d, "#f6dcab", 2, opacity=0.5)
        s.path("M-11 -102Q4 0 -10 101Q2 104 11 101Q22 0 10 -103z", s.fade("#d9aa68", "#a87434"))
        s.line("M0 -100Q12 0 0 100", "#6b3f12", 4)
        gleam(s, -46, -52, 20, 10, opacity=0.5)


def walnut_half(s: Sheet, x: float, y: float, size: float) -> None:
    with s.at(x, y, scale=size / 100):
        s.ellipse(0, 0, 100, 96, s.round_shade("#b98648"))
        s.ellipse(0, 0, 86, 82, s.fade("#8d5f2c", "#c69a60"))
        for side in (-1, 1):
            with s.at(side * 6, 0, mirror=side < 0):
                s.path("M4 -66C40 -78 72 -46 62 -18C84 6 70 52 40 58C24 70 6 64 4 50z",
                       s.round_shade("#e2bb80", gloss=0.55))  # fmt: skip
                s.line("M20 -48q20 8 14 24t18 18M18 0q20 4 16 22t10 18M10 30q12 4 12 16",
                       "#a8763a", 5, opacity=0.65)  # fmt: skip
        s.line("M0 -70V70", "#8a5c28", 5)


def walnuts(s: Sheet) -> None:
    shadow(s, 400, 634, 300)
    walnut(s, 290, 404, 112, turn=-14)
    walnut(s, 486, 388, 112, turn=12)
    walnut(s, 244, 530, 104, turn=20)
    walnut_half(s, 420, 530, 118)
    walnut(s, 592, 536, 96, turn=-24)


def millet(s: Sheet) -> None:
    shadow(s, 400, 652, 230)
    bag = "M206 420Q190 560 236 636Q400 664 564 636Q610 560 594 420z"
    s.path(bag, s.turned_shade("#d9c29a", gloss=0.35))
    with s.inside(bag):
        for row in range(26):
            s.line(f"M180 {410 + row * 10}h440", "#a88c5c", 1.2, opacity=0.35)
        for column in range(44):
            s.line(f"M{190 + column * 10} 410v260", "#f0e2c4", 1.2, opacity=0.4)
    s.ellipse(400, 412, 200, 62, s.fade("#a88850", "#c8ab74"))
    s.path("M222 410Q300 300 400 292Q500 300 578 410Q500 462 400 462Q300 462 222 410z",
           s.radial((0, "#fff0a0", 1), (0.6, "#f2c53c", 1), (1, "#c8901c", 1)))  # fmt: skip
    grains(s, 400, 386, 150, 66, "#efbe34", 240, size=(5, 4.4))
    rolled = (
        "M196 408C196 340 604 340 604 408C628 430 616 470 590 462C560 500 240 500 210 462"
        "C184 470 172 430 196 408z"
        "M222 410Q300 462 400 462Q500 462 578 410Q500 452 400 454Q300 452 222 410z"
    )
    s.path(rolled.split("M222")[0].replace("C196 340 604 340 604 408",
           "Q300 470 400 470Q500 470 604 408"), s.turned_shade("#e8d4ae", gloss=0.4))  # fmt: skip
    vessels.label(s, 400, 560, 170, 92, "黄小米", small="山西沁县", ink="#7a5a10")
    with s.at(566, 330, turn=34):
        s.path("M-16 30L-10 170Q0 178 10 170L16 30z", s.turned_shade("#b9824a"))
        s.ellipse(0, -10, 56, 66, s.round_shade("#c48e54"))
        s.ellipse(0, -16, 42, 48, s.fade("#f7d458", "#e0a826"))
        grains(s, 0, -16, 38, 44, "#f2c53c", 60, size=(5, 4.4))
    for dx, dy, _ in ring(9, turn=12):
        s.ellipse(400 + dx * 262, 640 + dy * 14, 5, 4, "#e9b62c")


PICTURES: Pictures = {
    "rice": rice,
    "honey": honey,
    "camellia-oil": camellia_oil,
    "jujube": jujube,
    "shiitake": shiitake,
    "noodles": noodles,
    "walnuts": walnuts,
    "millet": millet,
}
