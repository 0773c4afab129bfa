"""Pictures of 家居日用: linen, light, baskets and what a household uses up."""

from weike.entry.demo.art import botany, vessels
from weike.entry.demo.art.colour import darker, lighter
from weike.entry.demo.art.lettering import write
from weike.entry.demo.art.setting import gleam, scatter, shadow
from weike.entry.demo.art.sheet import Pictures, Sheet


def folded(s: Sheet, x: float, y: float, width: float, height: float, colour: str) -> None:
    """One folded cloth lying flat, its fold towards us; (x, y) is its middle."""
    left, right, top, end = x - width / 2, x + width / 2, y - height / 2, y + height / 2
    body = (f"M{left} {top}H{right}Q{right + height * 0.5} {y} {right} {end}H{left}"
            f"Q{left - height * 0.5} {y} {left} {top}z")  # fmt: skip
    s.path(body, s.fade(lighter(colour, 0.3), darker(colour, 0.16)))
    s.line(f"M{left - 4} {y + 2}H{right + 8}", darker(colour, 0.3), 4, opacity=0.45)
    for step in range(int(width / 12)):
        s.line(f"M{left + 8 + step * 12} {top + 6}v{height * 0.3}", "#ffffff", 3, opacity=0.22)
    s.path(f"M{left} {top}H{right}l8 8H{left - 8}z", lighter(colour, 0.5), opacity=0.8)


def towels(s: Sheet) -> None:
    shadow(s, 400, 640, 290)
    for index, colour in enumerate(("#7fa6bd", "#f3ece0", "#e5a58f", "#a9bf9a")):
        folded(s, 400 + (index % 2) * 8, 594 - index * 84, 440 - index * 10, 84, colour)
    s.rect(360, 290, 90, 46, "#fffaf0", corner=4)
    write(s, "纯棉", 405, 313, 26, "#8a6a4a", face="serif")
    for stalk, turn in ((380, -12), (410, 6), (440, 22)):
        with s.at(stalk, 296, turn=turn):
            s.line("M0 0Q6 -40 0 -84", "#8a6a3a", 5)
            for dx, dy in ((-14, -84), (14, -84), (0, -100), (0, -74)):
                s.ellipse(dx, dy, 19, None, s.round_shade("#f6f1ea"))


def tissue(s: Sheet) -> None:
    shadow(s, 400, 640, 290)
    vessels.box(s, 370, 630, 380, 190, 130, "#cfe0c3")
    botany.leaf(s, 196, 612, 96, -64, "#6aa04a")
    botany.leaf(s, 200, 614, 84, -30, "#7db45a")
    write(s, "竹浆本色", 396, 522, 50, "#4c7a36", face="serif")
    write(s, "3 层 · 300 张 · 可湿水", 412, 584, 21, "#5b7f4a")
    s.ellipse(436, 406, 116, 17, "#7a8a6a")
    sheet = (
        "M330 406Q300 330 340 260Q376 296 400 240Q428 300 470 236Q500 280 536 262"
        "Q560 340 542 406Q436 432 330 406z"
    )
    s.path(sheet, s.fade("#fffdf6", "#e8dcc2"))
    for d in ("M372 290Q366 350 380 408", "M436 276Q430 340 440 412", "M498 276Q506 350 494 408"):
        s.line(d, "#cbbb98", 4, opacity=0.6)


def candle(s: Sheet) -> None:
    shadow(s, 390, 648, 190)
    halo = s.radial((0, "#fff3c4", 0.95), (0.4, "#ffe6a0", 0.45), (1, "#ffe6a0", 0),
                    centre=(0.5, 0.5), radius=0.5)  # fmt: skip
    s.ellipse(390, 316, 230, 230, halo)
    corners = [(138, 0, 30), (142, 290, 8)]
    outline = vessels.profile(390, 642, corners)
    with s.inside(outline):
        s.rect(240, 410, 300, 240, s.turned_shade("#f7e6cc", gloss=0.6))
        s.ellipse(390, 412, 142, 26, s.fade("#fff6e0", "#f5dfb6"))
        s.ellipse(390, 412, 60, 11, "#ffedb8")
    s.line("M390 410v-46", "#4a3422", 6)
    s.path("M390 268C432 318 420 372 390 376C360 372 348 318 390 268z",
           s.fade("#ffd65a", "#ff8a2a"))  # fmt: skip
    s.path("M390 312C408 340 404 366 390 368C376 366 372 340 390 312z", "#fff6cc")
    vessels.glass(s, 390, 642, corners)
    s.ellipse(390, 352, 142, 22, "none")
    vessels.label(s, 390, 540, 176, 120, "木质香", small="雪松 · 佛手柑", ink="#6b4a2c")
    for x, y, turn in ((580, 634, -60), (602, 640, -30), (196, 640, 200)):
        botany.leaf(s, x, y, 110, turn, "#8aa38a")


def bedding(s: Sheet) -> None:
    shadow(s, 400, 640, 320)
    for x, colour in ((236, "#dfe9ef"), (424, "#f6f0e6")):
        s.path(f"M{x} 300Q{x + 80} 262 {x + 164} 296Q{x + 196} 286 {x + 186} 326"
               f"Q{x + 200} 400 {x + 184} 450H{x - 12}Q{x - 34} 390 {x - 16} 326"
               f"Q{x - 28} 284 {x} 300z", s.round_shade(colour, gloss=0.7))  # fmt: skip
        s.line(f"M{x + 6} 312Q{x + 80} 286 {x + 160} 310", darker(colour, 0.2), 3, opacity=0.5)
    quilt = ("M120 452Q260 396 400 416T680 446Q712 540 690 622Q540 662 400 646T112 624"
             "Q92 540 120 452z")  # fmt: skip
    s.path(quilt, s.fade("#a8c4d6", "#6f95ae"))
    with s.inside(quilt):
        for row in range(7):
            for column in range(12):
                botany.blossom(s, 110 + column * 54 + row % 2 * 27, 500 + row * 34, 14, "#ffffff",
                               "#f4d58a")  # fmt: skip
        s.path("M100 470Q260 404 400 430T700 462L696 506Q540 446 400 474T104 516z", "#f8f2e8")
        s.line("M104 518Q262 454 400 476T696 508", "#d8c9b0", 4)
        s.ellipse(250, 600, 130, 40, "#3f667f", opacity=0.2, blur=24)
        s.ellipse(560, 610, 140, 40, "#3f667f", opacity=0.24, blur=24)


def umbrella(s: Sheet) -> None:
    shadow(s, 400, 646, 250)
    s.line("M400 180V566Q400 622 446 622T492 574", "#8a5a34", 15)
    s.line("M396 190V560", "#d3a878", 4, opacity=0.8)
    s.line("M400 146V190", "#b8895a", 11)
    canopy = "M110 440C110 250 260 176 400 176C540 176 690 250 690 440"
    scallops = "Q642 396 594 440Q546 392 498 440Q448 390 400 440Q352 390 302 440Q254 392 206 440"
    s.path(canopy + scallops + "Q158 396 110 440z", s.round_shade("#f2a23c", gloss=0.5))
    for left, mid, right in ((206, 288, 302), (498, 512, 594)):
        dip, far = (left + right) / 2, (right + 400) / 2
        panel = (
            f"M400 176C{mid} 236 {left} 330 {left} 440Q{dip} 392 {right} 440"
            f"C{right} 330 {far} 236 400 176z"
        )
        s.path(panel, "#fff4de", opacity=0.9)
    for d in (
        "M400 176C300 236 206 320 206 440",
        "M400 176C346 236 302 330 302 440",
        "M400 176C454 236 498 330 498 440",
        "M400 176C500 236 594 320 594 440",
    ):
        s.line(d, "#a8621a", 3, opacity=0.5)
    gleam(s, 230, 300, 70, 22, turn=-48, opacity=0.4)
    for x, y, size in ((250, 540, 10), (300, 590, 8), (560, 540, 9), (610, 500, 7)):
        s.path(f"M{x} {y - size * 2}q{size * 1.4} {size * 2} 0 {size * 3}"
               f"q{-size * 1.4} {-size} 0 {-size * 3}z", "#7fb4d4")  # fmt: skip


def basket(s: Sheet) -> None:
    shadow(s, 400, 652, 270)
    s.line("M210 420C200 330 260 316 270 414", "#8a5c2c", 16)
    s.line("M590 420C600 330 540 316 530 414", "#8a5c2c", 16)
    s.ellipse(400, 416, 240, 50, s.fade("#5f3e1c", "#8a5f30"))
    with s.at(320, 388, turn=-6):
        s.path("M-110 20Q-96 -70 0 -66T112 10Q110 60 0 60T-110 20z", s.round_shade("#f6efe2"))
        s.line("M-84 -4Q0 -40 88 -2M-92 20Q0 -12 96 20", "#d9ccb6", 4)
    with s.at(476, 388, turn=8):
        s.path("M-86 20Q-76 -60 0 -56T88 10Q80 56 0 56T-86 20z", s.round_shade("#a8c4d6"))
        s.line("M-66 0Q0 -34 68 0", "#7f9fb4", 4)
    body = "M160 416A240 50 0 0 0 640 416L586 622Q570 650 400 650T214 622z"
    s.path(body, s.turned_shade("#c8955a"))
    with s.inside(body):
        for row in range(12):
            for column in range(17):
                x = 168 + column * 30 + row % 2 * 15
                y = 436 + row * 20 + (1 - ((x - 400) / 240) ** 2) * 46
                s.ellipse(x, y, 15, 8, s.fade("#e2b87e", "#a8743c"))
                s.ellipse(x, y - 3, 9, 2, "#fff0d0", opacity=0.5)
        s.rect(150, 400, 90, 280, "#5a3412", opacity=0.22, blur=20)
        s.rect(540, 400, 120, 280, "#4a2a0c", opacity=0.36, blur=26)
    s.line("M160 416A240 50 0 0 0 640 416", "#a8743c", 20)
    s.line("M162 412A238 50 0 0 0 638 412", "#e8c48e", 6, opacity=0.8)


def slippers(s: Sheet) -> None:
    shadow(s, 400, 640, 290)
    for x, turn in ((290, -14), (500, 10)):
        with s.at(x, 440, turn=turn):
            s.path("M-92 -60C-96 -190 -50 -226 0 -226C50 -226 96 -190 92 -60C88 20 84 60 80 110"
                   "C72 196 -72 196 -80 110C-84 60 -88 20 -92 -60z", "#b98d5c")  # fmt: skip
            s.path("M-84 -60C-88 -182 -46 -214 0 -214C46 -214 88 -182 84 -60C80 20 76 60 72 106"
                   "C64 182 -64 182 -72 106C-76 60 -80 20 -84 -60z",
                   s.fade("#f1e4cb", "#dcc6a0"))  # fmt: skip
            for row in range(24):
                s.line(f"M-70 {-180 + row * 15}h140", "#c2a878", 1.6, opacity=0.4)
            s.path("M-104 -46C-112 -200 -56 -236 0 -236C56 -236 112 -200 104 -46"
                   "C60 6 -60 6 -104 -46z", s.round_shade("#7f9f8c"))  # fmt: skip
            s.line("M-100 -50C-58 0 58 0 100 -50", "#f6efe0", 9)
            for dx in (-44, 0, 44):
                with s.at(dx, -110 - (20 if dx == 0 else 0)):
                    botany.blossom(s, 0, 0, 34, "#fdf6e8", "#e3b458")


def detergent(s: Sheet) -> None:
    shadow(s, 400, 652, 200)
    body = ("M262 330Q262 292 306 286L350 276H448Q540 286 548 380V588Q548 646 490 646H310"
            "Q252 646 252 588z")  # fmt: skip
    s.path(body, s.turned_shade("#5d9fce", gloss=0.55))
    s.path("M446 330Q506 330 506 392V470Q506 500 478 500Q456 500 456 474V400Q456 380 438 378"
           "Q414 352 446 330z", s.fade("#eef5f9", "#c3d8e6"))  # fmt: skip
    vessels.turned(s, 372, 284, [(52, 0, 4), (52, 20, 4)], "#e8f0f4")
    vessels.turned(s, 372, 266, [(60, 0, 8), (54, 92, 14)], "#f4f7fa", gloss=0.7)
    s.ellipse(354, 530, 88, 88, "#ffffff", opacity=0.95)
    write(s, "皂角", 354, 504, 46, "#2f75a8", face="serif")
    write(s, "洗衣液", 354, 556, 34, "#2f75a8", face="serif")
    write(s, "2kg", 354, 594, 18, "#5d9fce")
    s.rect(272, 320, 18, 290, "#ffffff", corner=9, opacity=0.4, blur=4)
    for x, y, radius in ((604, 600, 40), (652, 540, 24), (600, 510, 16), (196, 612, 30),
                         (220, 556, 15)):  # fmt: skip
        s.ellipse(x, y, radius, None, s.radial(
            (0, "#ffffff", 0.2), (0.8, "#d6ecf8", 0.4), (1, "#8ec3e0", 0.85),
            centre=(0.5, 0.5), radius=0.5))  # fmt: skip
        gleam(s, x - radius * 0.35, y - radius * 0.4, radius * 0.24, radius * 0.14, opacity=0.9)
    for dx, dy in scatter(3):
        botany.leaf(s, 262 + dx * 6, 648 + dy * 4, 90, 190 + dx * 30, "#7db45a")


PICTURES: Pictures = {
    "towels": towels,
    "tissue": tissue,
    "candle": candle,
    "bedding": bedding,
    "umbrella": umbrella,
    "basket": basket,
    "slippers": slippers,
    "detergent": detergent,
}
