"""Pictures of 厨房餐具: pots and pans, boards and knives, table ware."""

from weike.entry.demo.art import botany, vessels
from weike.entry.demo.art.colour import darker, lighter
from weike.entry.demo.art.lettering import write
from weike.entry.demo.art.setting import gleam, ring, scatter, shadow
from weike.entry.demo.art.sheet import Pictures, Sheet, number


def enamel_pot(s: Sheet) -> None:
    shadow(s, 400, 646, 280)
    colour = "#d9532c"
    for side in (-1, 1):
        s.line(f"M{400 + side * 232} 452q{side * 66} -8 {side * 62} 30t{side * -56} 26",
               darker(colour, 0.2), 24)  # fmt: skip
        s.line(f"M{400 + side * 234} 448q{side * 54} -6 {side * 56} 20", lighter(colour, 0.4), 6,
               opacity=0.7)  # fmt: skip
    vessels.turned(s, 400, 640, [(206, 0, 60), (240, 120, 50), (240, 228, 4)], colour, gloss=0.5)
    s.path(
        "M156 412C156 330 270 292 400 292C530 292 644 330 644 412z",
        s.radial((0, lighter(colour, 0.6), 1), (0.4, colour, 1), (1, darker(colour, 0.34), 1)),
    )
    vessels.turned(s, 400, 428, [(248, 0, 8), (248, 24, 10)], lighter(colour, 0.08), gloss=0.6)
    s.line("M236 372Q400 326 564 372", darker(colour, 0.25), 4, opacity=0.5)
    vessels.turned(s, 400, 300, [(30, 0, 4), (22, 20, 4), (50, 30, 8), (46, 58, 18)], "#c9a86a",
                   gloss=0.7)  # fmt: skip
    gleam(s, 262, 352, 60, 12, turn=-22)
    gleam(s, 210, 530, 14, 64, turn=4, opacity=0.5)
    s.ellipse(400, 540, 54, 54, darker(colour, 0.12), opacity=0.6)
    write(s, "橙", 400, 540, 54, "#ffd9b8", face="serif")


def bamboo_board(s: Sheet) -> None:
    shadow(s, 400, 640, 300)
    with s.at(400, 420, turn=-8):
        s.rect(-268, -176, 536, 372, "#a8783e", corner=36)
        s.rect(-268, -184, 536, 366, s.fade("#ecd09a", "#d8b06c"), corner=36)
        for index in range(11):
            x = -254 + index * 47
            s.rect(x, -182, 45, 362, "#b98a48" if index % 2 else "#fff0c8", opacity=0.2)
            for knot in (-120 + index * 31 % 140, 60 + index * 17 % 90):
                s.line(f"M{x + 3} {knot}q20 5 40 0", "#a8783e", 2.4, opacity=0.5)
        s.line("M-236 -152h472v304h-472z", "#b98a48", 6, opacity=0.55)
        s.ellipse(0, -142, 46, 15, "#8a5c28")
        s.ellipse(0, -139, 44, 12, "#e6efe9")
    for x, y, r in ((470, 470, 62), (396, 504, 62), (318, 526, 62)):
        s.ellipse(x + 4, y + 10, r, r * 0.8, "#6b3a10", opacity=0.3, blur=8)
        s.ellipse(x, y, r, r * 0.8, s.round_shade("#e2412f"))
        s.ellipse(x, y - 3, r * 0.88, r * 0.68, "#f5806a")
        for dx, dy, _ in ring(5, turn=x):
            s.ellipse(x + dx * r * 0.5, y - 3 + dy * r * 0.38, r * 0.22, r * 0.16, "#d8342a")
            s.ellipse(x + dx * r * 0.52, y - 3 + dy * r * 0.4, 5, 4, "#ffe2a0")
    for turn in (-70, -34, 4):
        botany.leaf(s, 540, 372, 104, turn, "#4f9440")


def rice_bowl(s: Sheet, x: float, base: float, ink: str) -> None:
    vessels.bowl(s, x, base, 170, 130, "#f8f5ee", tilt=0.24)
    s.line(f"M{number(x - 158)} {number(base - 126)}a158 36 0 0 1 316 0", ink, 3, opacity=0.5)
    wall = vessels.bowl_front(s, x, base, 170, 130, "#f6f2ea", tilt=0.24)
    with s.inside(wall):
        for step in range(-3, 4):
            px, py = x + step * 48, base - 72 + (9 - step * step) * 2.6
            s.line(f"M{number(px)} {number(py + 34)}q6 -30 0 -50", ink, 4, opacity=0.9)
            botany.blossom(s, px, py - 16, 30, ink, "#f0c04a", petals=6)
            botany.leaf(s, px, py + 22, 26, -20, ink)
        s.line(f"M{number(x - 170)} {number(base - 118)}Q{number(x)} {number(base - 32)} "
               f"{number(x + 170)} {number(base - 118)}", ink, 4)  # fmt: skip


def bowls(s: Sheet) -> None:
    shadow(s, 400, 648, 270)
    for base in (640, 568, 496):
        rice_bowl(s, 350, base, "#3d67a8")
    rice_bowl(s, 540, 652, "#c2503c")


def chopsticks(s: Sheet) -> None:
    shadow(s, 400, 636, 290)
    colours = ("#6b3a20", "#7d4526", "#5c3018", "#74401f", "#663820")
    for index, colour in enumerate(colours):
        with s.at(230 + index * 78, 410, turn=10):
            for side in (-15, 15):
                s.path(f"M{side - 11} -236H{side + 11}L{side + 6} 208H{side - 6}z",
                       s.turned_shade(colour, gloss=0.4))  # fmt: skip
                s.rect(side - 11, -236, 22, 70, s.turned_shade("#d0a85a", gloss=0.6), corner=3)
                s.rect(side - 11, -150, 22, 5, "#d0a85a")
    with s.at(400, 536, turn=0):
        s.rect(-250, -24, 500, 66, s.fade("#f6efe2", "#d9cbb2"), corner=18)
        s.path("M-250 6Q-125 -16 0 6T250 6V24Q250 42 232 42H-232Q-250 42 -250 24z",
               "#7fa69a", opacity=0.7)  # fmt: skip
        for x in (-180, -90, 0, 90, 180):
            botany.blossom(s, x, 10, 20, "#ffffff", "#e3b458")


def thermos(s: Sheet) -> None:
    shadow(s, 400, 650, 180)
    s.line("M492 330C630 330 640 540 500 548", "#3c4a4c", 26)
    s.line("M496 324C610 322 630 470 590 512", "#8fa2a4", 5, opacity=0.7)
    vessels.turned(s, 380, 644, [(126, 0, 26), (132, 320, 60), (92, 384, 12)], "#e9efe6",
                   gloss=0.8)  # fmt: skip
    vessels.turned(s, 380, 262, [(90, 0, 4), (90, 30, 4)], "#b8c2c2", gloss=0.7)
    s.path("M300 254L246 226L262 210L316 218z", s.fade("#c8d0d0", "#8d9a9b"))
    vessels.turned(s, 380, 236, [(84, 0, 4), (76, 58, 24)], "#43585a", gloss=0.4)
    vessels.turned(s, 380, 180, [(22, 0, 4), (26, 24, 12)], "#c9a25a", gloss=0.6)
    botany.leaf(s, 356, 560, 120, -66, "#7fa69a")
    botany.leaf(s, 362, 570, 110, -110, "#a8c4b4")
    botany.leaf(s, 370, 576, 90, -30, "#9dbba8")
    s.rect(258, 640, 244, 10, "#8d9a9b", corner=5)


def glass_boxes(s: Sheet) -> None:
    """Glass food boxes with snap lids, one upon the other."""
    shadow(s, 400, 646, 270)
    rows = ((400, 640, 420, 150, "#5f9ea0", "#f0b04a"), (400, 462, 350, 130, "#e8915a", "#8cba5a"))
    for x, base, width, height, lid, food in rows:
        half = width / 2
        outline = vessels.profile(x, base, [(half * 0.9, 0, 34), (half, height, 10)])
        with s.inside(outline):
            s.rect(x - half, base - height * 0.74, width, height, s.turned_shade(food))
            for step in range(14):
                px = x - half * 0.84 + step * half * 0.13
                s.ellipse(px, base - height * 0.68 + step % 3 * 12, 21, None,
                          s.round_shade(lighter(food, 0.12 + step % 3 * 0.14)))  # fmt: skip
            for step in range(10):
                px = x - half * 0.72 + step * half * 0.16
                tint = ("#e2412f", "#fff3d2", "#5f9440")[step % 3]
                s.ellipse(px, base - height * 0.34 + step % 2 * 24, 16, None, s.round_shade(tint))
        vessels.glass(s, x, base, [(half * 0.9, 0, 34), (half, height, 10)])
        s.rect(x - half - 14, base - height - 26, width + 28, 40, s.fade(lighter(lid, 0.3), lid),
               corner=16)  # fmt: skip
        s.rect(x - half + 20, base - height - 20, width - 40, 8, "#ffffff", corner=4, opacity=0.45)
        for side in (-1, 1):
            s.rect(x + side * half - 17, base - height - 16, 34, 56, s.fade(lid, darker(lid, 0.25)),
                   corner=9)  # fmt: skip


def frying_pan(s: Sheet) -> None:
    shadow(s, 370, 626, 270)
    with s.at(530, 440, turn=-30):
        s.path("M-20 -20H186Q214 -20 214 4T186 28H-20z", s.fade("#b98049", "#6d4522"))
        s.rect(-20, -13, 206, 8, "#e3b47c", corner=4, opacity=0.6)
        s.ellipse(190, 4, 9, 8, "#4a2c14")
        s.rect(-30, -26, 46, 60, s.fade("#8d9a9f", "#4d585e"), corner=8)
    s.ellipse(340, 522, 238, 132, "#20262b")
    s.ellipse(340, 492, 240, 140, s.fade("#6b777e", "#2b3338"))
    s.ellipse(340, 494, 216, 122, s.radial((0, "#59646b", 1), (1, "#2a3136", 1)))
    for dx, dy in scatter(60):
        s.ellipse(340 + dx * 206, 494 + dy * 114, 1.8, None, "#aab6ba", opacity=0.5)
    white = (
        "M200 486C186 442 246 432 286 416C334 392 384 414 420 420C478 426 500 462 484 496"
        "C488 546 412 542 374 556C316 574 278 552 250 544C216 538 206 516 200 486z"
    )
    s.path(white, s.radial((0, "#ffffff", 1), (0.8, "#fbf6ea", 1), (1, "#ecdcb6", 1)))
    s.ellipse(338, 486, 66, 52, s.round_shade("#ffb21f", gloss=0.6))
    gleam(s, 318, 466, 18, 8)
    for x, y, turn in ((420, 520, 20), (256, 474, -40), (404, 446, 70)):
        with s.at(x, y, turn=turn):
            s.line("M0 0h13", "#4f9440", 5)
    gleam(s, 176, 424, 56, 10, turn=-38, opacity=0.4)


def knife(s: Sheet) -> None:
    """A cleaver leaning over its board, with what it has just sliced."""
    shadow(s, 400, 640, 310)
    s.path("M96 596L180 486H636L704 596z", s.fade("#ecd09a", "#d4aa66"))
    s.path("M96 596H704V626Q704 634 696 634H104Q96 634 96 626z", s.fade("#b98a48", "#96692e"))
    for step in range(1, 8):
        s.line(f"M{96 + step * 76} 595L{180 + step * 57} 487", "#b98a48", 2.4, opacity=0.45)
    with s.at(372, 400, turn=-14):
        s.path("M-250 84H130V96H-240z", "#6b3a10", opacity=0.25, blur=8)
        blade = "M-270 -110H130V70H-250Q-280 10 -270 -110z"
        steel = s.linear(
            (0, "#fafcfc", 1),
            (0.35, "#c6d0d3", 1),
            (0.5, "#eef3f4", 1),
            (1, "#98a6aa", 1),
            end=(0.8, 1),
        )
        s.path(blade, steel)
        s.path("M-262 44H130V70H-250z", s.fade("#ffffff", "#c3ced1"))
        s.line("M-262 42H130", "#8d9a9b", 2, opacity=0.7)
        s.ellipse(-226, -76, 14, 14, "#c4dcd5")
        write(s, "锻", 60, -54, 44, "#7f8d90", face="serif")
        s.rect(128, -110, 34, 82, s.fade("#d0a85a", "#8a6420"), corner=6)
        s.path("M160 -106H290Q316 -100 316 -66T290 -32H160z", s.fade("#8a5630", "#4d2b14"))
        for x in (192, 238, 284):
            s.ellipse(x, -68, 8, 8, s.round_shade("#e3c88a"))
        s.rect(166, -100, 130, 8, "#c98d5c", corner=4, opacity=0.5)
    for index, x in enumerate((470, 512, 554, 596)):
        y = 556 + index % 2 * 10
        s.ellipse(x + 3, y + 6, 32, 25, "#6b3a10", opacity=0.25, blur=4)
        s.ellipse(x, y, 32, 26, s.round_shade("#5f9a3c"))
        s.ellipse(x, y - 2, 27, 21, "#e3f0bc")
        s.ellipse(x, y - 2, 15, 11, "#cfe49a")
        for dx, dy, _ in ring(6):
            s.ellipse(x + dx * 9, y - 2 + dy * 7, 2, 3, "#f7fae0")


PICTURES: Pictures = {
    "enamel-pot": enamel_pot,
    "bamboo-board": bamboo_board,
    "bowls": bowls,
    "chopsticks": chopsticks,
    "thermos": thermos,
    "glass-boxes": glass_boxes,
    "frying-pan": frying_pan,
    "knife": knife,
}
