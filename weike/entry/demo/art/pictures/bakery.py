"""Pictures of 糕点零食: pastries, cookies, nuts and sweets."""

from weike.entry.demo.art import botany, vessels
from weike.entry.demo.art.colour import darker, lighter
from weike.entry.demo.art.lettering import write
from weike.entry.demo.art.setting import gleam, ring, scatter, shadow
from weike.entry.demo.art.sheet import Pictures, Sheet, number


def pastry(s: Sheet, x: float, y: float, radius: float, *, cut: bool = False) -> None:
    """An egg-yolk pastry: domed, glazed, with black sesame."""
    with s.at(x, y, scale=radius / 100):
        s.path("M-100 26C-104 -50 -56 -84 0 -84C56 -84 104 -50 100 26C96 54 60 64 0 64"
               "C-60 64 -96 54 -100 26z", s.radial(
                   (0, "#ffe6a6", 1), (0.35, "#f6b847", 1), (0.75, "#d88a24", 1),
                   (1, "#f3d5a2", 1), centre=(0.4, 0.24)))  # fmt: skip
        if cut:
            s.path("M-84 20C-60 -40 60 -40 84 20C70 58 -70 58 -84 20z", "#f4dfb4")
            s.path("M-64 20C-44 -22 44 -22 64 20C50 48 -50 48 -64 20z", "#5a2620")
            s.ellipse(0, 18, 34, 25, s.round_shade("#f08a1c"))
            for step in range(3):
                s.line(f"M{-88 + step * 7} 16Q0 {-62 + step * 9} {88 - step * 7} 16", "#d9b678", 2)
        else:
            for dx, dy in scatter(15, twist=0.6):
                s.ellipse(dx * 36, -54 + dy * 17, 5.4, 3.2, "#2a1a12", turn=dx * 90)
        gleam(s, -46, -46, 20, 9)


def egg_yolk_pastry(s: Sheet) -> None:
    shadow(s, 400, 630, 310)
    vessels.plate(s, 400, 580, 300, "#eaf0ee")
    pastry(s, 290, 446, 100)
    pastry(s, 496, 436, 100)
    pastry(s, 256, 540, 104)
    pastry(s, 530, 540, 104)
    pastry(s, 394, 560, 116, cut=True)


def mould_cake(s: Sheet, x: float, y: float, size: float, colour: str, sign: str) -> None:
    """A pressed cake with a flower rim, seen from above at a slant."""
    with s.at(x, y, scale=size / 100):
        for dx, dy, _ in ring(10):
            s.ellipse(dx * 72, dy * 50 + 26, 34, 26, darker(colour, 0.25))
        s.ellipse(0, 26, 80, 56, darker(colour, 0.25))
        for dx, dy, _ in ring(10):
            s.ellipse(dx * 72, dy * 50, 34, 26, s.fade(lighter(colour, 0.3), colour))
        s.ellipse(0, 0, 78, 55, s.radial((0, lighter(colour, 0.45), 1), (1, colour, 1)))
        s.line("M0 -42a62 42 0 1 1 -0.1 0z", darker(colour, 0.2), 3, opacity=0.7)
        write(s, sign, 0, 0, 50, darker(colour, 0.36), face="serif")


def mung_cake(s: Sheet) -> None:
    shadow(s, 400, 640, 310)
    vessels.plate(s, 400, 548, 320, "#f1ece2")
    mould_cake(s, 306, 440, 92, "#b9cc7a", "福")
    mould_cake(s, 494, 440, 92, "#efd487", "喜")
    mould_cake(s, 218, 528, 96, "#efd487", "禄")
    mould_cake(s, 400, 540, 100, "#b9cc7a", "绿")
    mould_cake(s, 582, 528, 96, "#e9a9a4", "寿")
    botany.leaf(s, 578, 620, 90, -14, "#6a9a3e")
    botany.leaf(s, 574, 622, 76, 24, "#82b04e")


def twist(s: Sheet, x: float, y: float, *, turn: float = 0, scale: float = 1) -> None:
    """A fried dough twist: two strands winding around each other."""
    crust = ((0, "#ffe2a0", 1.0), (0.4, "#e7a23c", 1.0), (0.8, "#b8681c", 1.0), (1, "#7d3f0e", 1.0))
    with s.at(x, y, turn=turn, scale=scale):
        s.ellipse(0, 34, 236, 26, "#5a2c08", opacity=0.3, blur=10)
        for step in range(9):
            slim = 1 - abs(step - 4) * 0.09
            with s.at(-176 + step * 44, 0, turn=-42):
                s.ellipse(4, 4, 33, 64 * slim, "#5a2c08", opacity=0.3)
                s.ellipse(0, 0, 33, 64 * slim, s.radial(*crust))
                s.line(
                    f"M-8 {number(-44 * slim)}Q-20 0 -8 {number(40 * slim)}",
                    "#ffe9b8",
                    4,
                    opacity=0.6,
                )
                for dx, dy in scatter(5, twist=step):
                    s.ellipse(dx * 18, dy * 40 * slim, 4.4, 2.8, "#fff3d6", turn=dx * 80)


def dough_twists(s: Sheet) -> None:
    shadow(s, 400, 640, 310)
    vessels.plate(s, 400, 556, 320, "#dfe9e6")
    twist(s, 400, 440, turn=-9, scale=0.95)
    twist(s, 386, 506, turn=6, scale=1)
    twist(s, 412, 576, turn=-4, scale=1.05)


def cookie(s: Sheet, x: float, y: float, radius: float, *, flat: float = 1) -> None:
    """A chocolate-chip cookie; `flat` below 1 lays it down."""
    with s.at(x, y):
        s.ellipse(0, radius * 0.1, radius, radius * flat, "#9a5e22")
        s.ellipse(0, 0, radius, radius * flat, s.radial(
            (0, "#f9dca0", 1), (0.6, "#e8b564", 1), (1, "#c17f34", 1)))  # fmt: skip
        for dx, dy in scatter(11, twist=radius):
            px, py = dx * radius * 0.78, dy * radius * flat * 0.78
            s.ellipse(px + 2, py + 3, radius * 0.12, radius * 0.1 * flat, "#8a5220", opacity=0.5)
            s.ellipse(px, py, radius * 0.12, radius * 0.1 * flat, s.round_shade("#54301a"))
        for dx, dy in scatter(14, twist=2):
            s.rect(dx * radius * 0.8, dy * radius * flat * 0.8, 5, 4, "#ffffff", corner=1,
                   opacity=0.85)  # fmt: skip


def cookies(s: Sheet) -> None:
    shadow(s, 400, 645, 280)
    s.ellipse(290, 420, 172, 172, s.round_shade("#2f5d8a", gloss=0.5))
    s.ellipse(290, 420, 150, 150, s.round_shade("#3e73a8", gloss=0.4))
    s.line("M290 286a134 134 0 1 1 -0.1 0z", "#f2dfb4", 4)
    write(s, "海盐", 290, 384, 64, "#fdf1d2", face="serif")
    write(s, "曲奇", 290, 456, 64, "#fdf1d2", face="serif")
    for row in range(4):
        cookie(s, 560 + row % 2 * 8, 600 - row * 36, 104, flat=0.34)
    cookie(s, 330, 586, 78, flat=0.7)
    cookie(s, 452, 560, 84)


def almond(s: Sheet, x: float, y: float, size: float, turn: float) -> None:
    with s.at(x, y, turn=turn, scale=size / 40):
        s.path("M0 -40C26 -20 30 20 0 40C-30 20 -26 -20 0 -40z", s.round_shade("#b4713a"))
        s.line("M-8 -22Q-14 6 -6 28M6 -24Q12 6 6 28", "#7d451c", 2, opacity=0.6)


def cashew(s: Sheet, x: float, y: float, size: float, turn: float) -> None:
    with s.at(x, y, turn=turn, scale=size / 40):
        s.path("M-36 -10C-34 -44 40 -46 40 -2C40 20 20 30 14 18C22 -14 -8 -16 -12 8"
               "C-18 24 -38 16 -36 -10z", s.round_shade("#efd3a0"))  # fmt: skip


def raisin(s: Sheet, x: float, y: float, size: float, turn: float) -> None:
    with s.at(x, y, turn=turn, scale=size / 40):
        s.ellipse(0, 0, 26, 20, s.round_shade("#8c1f3a"))
        s.line("M-14 -4q8 6 4 12M2 -12q8 10 2 20", "#4d0d1e", 2.4)


def daily_nuts(s: Sheet) -> None:
    shadow(s, 380, 650, 220)
    vessels.pouch(s, 360, 630, 330, 430, "#e8743b")
    write(s, "每日坚果", 360, 310, 58, "#fff3df")
    write(s, "七种果仁 · 30 小包", 360, 366, 25, "#ffe2c0")
    s.ellipse(360, 488, 108, 96, "#fff6e6")
    with s.inside("M252 488a108 96 0 1 0 216 0a108 96 0 1 0 -216 0z"):
        for index, (dx, dy) in enumerate(scatter(18)):
            shape = (almond, cashew, raisin)[index % 3]
            shape(s, 360 + dx * 100, 492 + dy * 88, 30, index * 77)
    for index, (x, y) in enumerate(((560, 622), (612, 640), (664, 622), (600, 590), (150, 640),
                                    (196, 648), (520, 650))):  # fmt: skip
        (almond, cashew, raisin)[index % 3](s, x, y, 36, index * 61)


def snow_crisp(s: Sheet) -> None:
    shadow(s, 400, 630, 280)
    vessels.plate(s, 400, 574, 290, "#f4e4e6")
    spots = ((286, 520), (404, 534), (520, 514), (340, 444), (462, 440), (400, 362))
    for index, (x, y) in enumerate(spots):
        vessels.box(s, x - 14, y + 40, 96, 84, 42, "#f6ecdc")
        with s.at(x - 14, y):
            for dx, dy in scatter(5, twist=index):
                tint = ("#c33a4a", "#7aa84a", "#d99a4a", "#8c1f3a", "#e9c88a")[int(dx * 9) % 5]
                s.ellipse(dx * 36, dy * 30, 10, 8, tint, turn=dx * 90)
            for dx, dy in scatter(20, twist=index + 1):
                s.ellipse(dx * 44, dy * 38, 2.4, None, "#ffffff")
            s.path("M-48 -44l42 -22h96l-42 22z", "#ffffff", opacity=0.75)


def swiss_roll(s: Sheet) -> None:
    shadow(s, 410, 630, 310)
    vessels.plate(s, 400, 580, 310, "#eef1f4")
    s.path("M262 352H560Q648 358 648 460T560 574H262z", s.fade("#f3c777", "#b97a32"))
    s.rect(270, 372, 310, 18, "#ffffff", opacity=0.4, blur=8, corner=9)
    for x in range(300, 620, 46):
        s.ellipse(x, 366, 12, 5, "#ffffff", opacity=0.75)
    s.ellipse(270, 463, 108, 112, "#c8893c")
    s.ellipse(270, 463, 98, 102, "#fbe3a6")
    s.line("M270 368C210 366 184 416 184 463C184 520 226 552 272 552C322 552 350 510 348 462"
           "C346 424 314 402 274 404C238 406 218 436 220 466C222 500 248 516 274 514"
           "C300 512 314 490 310 464C306 446 286 440 272 446", "#ffffff", 21)  # fmt: skip
    botany.strawberry(s, 506, 338, 52, turn=-8)
    botany.blueberry(s, 424, 346, 21)
    botany.blueberry(s, 586, 352, 20)
    botany.leaf(s, 556, 340, 50, -40)


def sesame_balls(s: Sheet) -> None:
    shadow(s, 380, 650, 200)

    def balls() -> None:
        for row in range(6):
            for column in range(5):
                x, y = 246 + column * 62 + row % 2 * 30, 616 - row * 54
                s.ellipse(x, y, 33, None, s.round_shade("#3a2f2c", gloss=0.5))

    vessels.jar(s, 360, 645, 320, 420, "#463a36", lid="#c9a25a", fill=0.96, pieces=balls)
    vessels.label(s, 360, 516, 220, 116, "黑芝麻丸", small="九蒸九晒 · 252g", ink="#3a2a20")
    for x, y, radius in ((580, 618, 36), (650, 624, 32), (612, 568, 33)):
        s.ellipse(x, y, radius, None, s.round_shade("#3a2f2c", gloss=0.5))
        for dx, dy in scatter(14, twist=x):
            s.ellipse(x + dx * radius * 0.8, y + dy * radius * 0.8, 3, 1.8, "#1c1412",
                      turn=dx * 90)  # fmt: skip


PICTURES: Pictures = {
    "egg-yolk-pastry": egg_yolk_pastry,
    "mung-cake": mung_cake,
    "dough-twists": dough_twists,
    "cookies": cookies,
    "daily-nuts": daily_nuts,
    "snow-crisp": snow_crisp,
    "swiss-roll": swiss_roll,
    "sesame-balls": sesame_balls,
}
