"""Pictures of 母婴童趣: toys, books, and what little ones wear and drink from."""

from weike.entry.demo.art import botany, vessels
from weike.entry.demo.art.colour import darker, lighter
from weike.entry.demo.art.lettering import write
from weike.entry.demo.art.setting import gleam, ring, scatter, shadow
from weike.entry.demo.art.sheet import Pictures, Sheet


def blocks(s: Sheet) -> None:
    shadow(s, 410, 644, 290)
    spots = ((240, 634, "#ef8a5a", "A"), (400, 634, "#6aaed6", "B"), (560, 634, "#f3c14e", "C"),
             (318, 498, "#8cc06a", "1"), (480, 498, "#d98ac0", "2"))  # fmt: skip
    for x, base, colour, sign in spots:
        vessels.box(s, x - 20, base, 126, 126, 56, colour)
        s.rect(x - 70, base - 113, 100, 100, "#fff6e6", corner=14, opacity=0.92)
        write(s, sign, x - 20, base - 63, 70, darker(colour, 0.12))
    s.path("M330 372L400 262L470 372z", s.fade("#f2705c", "#c9402e"))
    s.path("M470 372L526 342L456 238L400 262z", s.fade("#c9402e", "#a83020"))
    s.path("M372 350L400 300L428 350z", "#ffffff", opacity=0.3)


def teddy(s: Sheet) -> None:
    shadow(s, 400, 650, 220)
    fur, light = "#c58f58", "#f0d6ae"
    shade = s.round_shade(fur, gloss=0.45)
    for side in (-1, 1):
        s.ellipse(400 + side * 104, 210, 54, 54, shade)
        s.ellipse(400 + side * 104, 214, 30, 30, light)
        s.ellipse(400 + side * 140, 470, 50, 92, shade, turn=-side * 26)
    s.ellipse(400, 500, 146, 152, shade)
    s.ellipse(400, 516, 92, 102, s.round_shade(light, gloss=0.5))
    for side in (-1, 1):
        s.ellipse(400 + side * 120, 596, 76, 62, shade, turn=side * 16)
        s.ellipse(400 + side * 130, 602, 42, 40, light)
        for dx, dy, _ in ring(3, turn=0):
            s.ellipse(400 + side * 130 + dx * 24, 590 + dy * 16, 8, None, darker(fur, 0.2))
    s.ellipse(400, 296, 156, 136, shade)
    s.ellipse(400, 338, 74, 58, s.round_shade(light, gloss=0.6))
    for side in (-1, 1):
        s.ellipse(400 + side * 62, 282, 15, 17, "#2a1a12")
        s.ellipse(396 + side * 62, 276, 5, None, "#ffffff")
        s.ellipse(400 + side * 104, 326, 27, 18, "#f2a08a", opacity=0.6, blur=6)
    s.path("M376 314Q400 300 424 314Q418 340 400 342Q382 340 376 314z", "#3a2218")
    s.line("M400 342v14q-18 20 -34 6M400 356q18 20 34 6", "#3a2218", 5)
    s.path("M400 428L318 394Q304 428 318 466z", "#e2574c")
    s.path("M400 428L482 394Q496 428 482 466z", "#e2574c")
    s.ellipse(400, 430, 24, 24, s.round_shade("#e2574c"))
    gleam(s, 330, 220, 34, 14, opacity=0.3)


def onesie(s: Sheet) -> None:
    shadow(s, 400, 650, 220)
    body = (
        "M312 178Q400 246 488 178L566 214L640 342L566 388L530 340V520Q530 560 492 574"
        "Q446 590 436 640H364Q354 590 308 574Q270 560 270 520V340L234 388L160 342L234 214z"
    )
    s.path(body, s.linear((0, "#fff7e2", 1), (0.5, "#fdecc4", 1), (1, "#ecd09a", 1), end=(1, 1)))
    with s.inside(body):
        for row in range(9):
            for column in range(9):
                x, y = 176 + column * 58 + row % 2 * 29, 214 + row * 52
                if (row + column) % 3:
                    s.ellipse(x, y, 6, None, "#f2a26a", opacity=0.7)
                else:
                    botany.blossom(s, x, y, 16, "#8cb8dc", "#ffffff")
        s.ellipse(540, 480, 60, 160, "#c99a4a", opacity=0.2, blur=24)
    s.line("M312 178Q400 246 488 178", "#8cb8dc", 13)
    s.line("M234 388L160 342M640 342L566 388", "#8cb8dc", 13)
    s.line("M270 520Q272 560 308 574Q354 590 364 640H436Q446 590 492 574Q528 560 530 520",
           "#8cb8dc", 10)  # fmt: skip
    for x in (376, 400, 424):
        s.ellipse(x, 628, 6, None, s.round_shade("#ffffff"))
    s.ellipse(400, 376, 66, 66, "#ffffff", opacity=0.85)
    with s.at(400, 380, scale=0.42):
        for side in (-1, 1):
            s.ellipse(side * 62, -96, 26, 64, s.round_shade("#f2d8c8"), turn=side * 10)
        s.ellipse(0, 0, 96, 84, s.round_shade("#f6e4d8"))
        for side in (-1, 1):
            s.ellipse(side * 36, -6, 10, None, "#3a2218")
            s.ellipse(side * 60, 22, 18, 12, "#f2a08a", opacity=0.7)
        s.line("M-12 20q12 14 24 0", "#3a2218", 6)


def sippy_cup(s: Sheet) -> None:
    shadow(s, 400, 650, 190)
    for side in (-1, 1):
        s.line(f"M{400 + side * 120} 380C{400 + side * 250} 370 {400 + side * 240} 570 "
               f"{400 + side * 112} 560", "#f08a5a", 32)  # fmt: skip
        s.line(f"M{400 + side * 130} 372C{400 + side * 230} 366 {400 + side * 236} 450 "
               f"{400 + side * 214} 500", "#ffd0b0", 7, opacity=0.8)  # fmt: skip
    corners = [(116, 0, 40), (128, 300, 10)]
    outline = vessels.turned(s, 400, 644, corners, "#e8f3f8", gloss=0.9)
    with s.inside(outline):
        s.rect(260, 440, 280, 220, s.turned_shade("#fff4dc", gloss=0.8))
        s.ellipse(400, 442, 128, 14, "#ffffff")
    vessels.glass(s, 400, 644, corners)
    vessels.turned(s, 400, 352, [(136, 0, 8), (136, 54, 10), (96, 104, 30)], "#6aaed6", gloss=0.6)
    s.path("M372 256Q370 190 400 184Q446 176 470 150L492 168Q470 214 432 226V256z",
           s.turned_shade("#fbe3a6", gloss=0.6))  # fmt: skip
    with s.at(400, 530):
        s.ellipse(0, 0, 56, 48, s.round_shade("#ffffff"))
        for side in (-1, 1):
            s.ellipse(side * 44, -34, 16, 22, "#3a3a44", turn=side * 30)
            s.ellipse(side * 22, -4, 14, 17, "#3a3a44", turn=side * 24)
            s.ellipse(side * 20, -6, 5, None, "#ffffff")
        s.ellipse(0, 14, 8, 6, "#3a3a44")
        s.line("M-10 24q10 8 20 0", "#3a3a44", 3)
    for y in (400, 424):
        s.line(f"M500 {y + 60}h18", "#8aa8b8", 3, opacity=0.7)


def books(s: Sheet) -> None:
    shadow(s, 400, 648, 280)
    stack = ((400, 630, 430, 60, "#5f9ea0"), (412, 570, 400, 54, "#f0b04a"),
             (390, 516, 420, 58, "#d9705a"))  # fmt: skip
    for x, base, width, height, colour in stack:
        left = x - width / 2
        s.rect(left, base - height, width, height, s.fade(lighter(colour, 0.2), colour), corner=10)
        s.rect(left + 40, base - height + 9, width - 34, height - 18, "#fffaf0", corner=3)
        for step in range(1, 6):
            y = base - height + 9 + step * (height - 18) / 6
            s.line(f"M{left + 44} {y}h{width - 46}", "#d8cbb0", 1.6, opacity=0.8)
        s.rect(left + 10, base - height, 16, height, "#ffffff", opacity=0.25)
    with s.at(392, 320, turn=-5):
        s.rect(-150, -166, 316, 300, "#e9ddc6", corner=8)
        s.rect(-160, -170, 316, 300, s.fade("#8fc4e8", "#d6ecc0"), corner=10)
        s.rect(-160, -170, 24, 300, "#4f83a8", opacity=0.4)
        s.ellipse(104, -46, 30, None, "#ffe08a")
        s.path("M-136 60Q-60 -20 20 40T156 20V120Q156 130 146 130H-136z", "#7db45a")
        s.path("M-136 92Q-20 40 60 84T156 76V120Q156 130 146 130H-136z", "#5c9a44")
        s.path("M-50 70V10L0 -34L50 10V70z", "#fff3df")
        s.path("M-64 14L0 -46L64 14L50 20L0 -24L-50 20z", "#d9603f")
        s.rect(-14, 28, 28, 42, "#a8623a", corner=3)
        write(s, "小河边", 8, -112, 54, "#2f6b9a", face="serif", spacing=4)


def train(s: Sheet) -> None:
    shadow(s, 400, 620, 310)
    s.rect(92, 596, 616, 14, "#b98a55", corner=6)
    s.rect(330, 530, 40, 14, "#6d5040", corner=6)
    s.rect(350, 470, 300, 100, s.fade("#e8735a", "#b8432e"), corner=18)
    s.rect(350, 476, 290, 16, "#ffffff", corner=8, opacity=0.3)
    s.rect(350, 300, 150, 200, s.fade("#f6c35a", "#d99a2a"), corner=14)
    s.rect(380, 340, 90, 84, s.fade("#d6ecf6", "#a3cfe3"), corner=12)
    s.path("M326 306Q424 258 524 306V318H326z", s.fade("#6aaed6", "#3f83ae"))
    s.ellipse(610, 470, 62, 74, s.round_shade("#f4a58c"))
    s.rect(494, 396, 120, 148, s.fade("#e8735a", "#b8432e"), corner=6)
    s.ellipse(614, 470, 62, 74, s.round_shade("#f0b04a"))
    s.ellipse(626, 462, 18, 18, "#fff3c4")
    s.path("M556 396V340L538 310H606L588 340V396z", s.turned_shade("#5c6a74"))
    for x, y, radius in ((566, 262, 28), (520, 222, 36), (458, 190, 26)):
        s.ellipse(x, y, radius, None, s.radial((0, "#ffffff", 1), (1, "#dfe4f2", 1)), opacity=0.9)
    s.path("M106 440H320V560H130Q106 560 106 536z", s.fade("#8cc06a", "#5c9a44"))
    s.rect(106, 440, 214, 16, "#ffffff", corner=6, opacity=0.35)
    for x, colour in ((150, "#f3c14e"), (212, "#e8735a"), (272, "#6aaed6")):
        s.ellipse(x, 424, 32, None, s.round_shade(colour))
    s.path("M106 440H320V470H106z", "#7db45a")
    for x, radius in ((160, 38), (270, 38), (398, 44), (508, 44), (606, 36)):
        s.ellipse(x, 600 - radius, radius, None, s.round_shade("#a8744a"))
        s.ellipse(x, 600 - radius, radius * 0.66, None, "#f0d6ae")
        s.ellipse(x, 600 - radius, radius * 0.24, None, "#8a5a34")


def crayons(s: Sheet) -> None:
    shadow(s, 400, 650, 240)
    colours = (
        "#e2574c",
        "#f08a3c",
        "#f6c744",
        "#7fba55",
        "#45a3a8",
        "#5b8ed6",
        "#9a6cc4",
        "#e07aa8",
    )
    for index, colour in enumerate(colours):
        x, top = 208 + index * 55, 250 + (index * 37 % 60)
        s.path(f"M{x - 9} {top}Q{x} {top - 10} {x + 9} {top}L{x + 22} {top + 56}H{x - 22}z",
               s.turned_shade(colour))  # fmt: skip
        s.rect(x - 25, top + 54, 50, 250, s.turned_shade(colour), corner=3)
        s.rect(x - 25, top + 76, 50, 6, darker(colour, 0.35), opacity=0.6)
    s.path("M160 420H640L620 644H180z", s.linear((0, "#ffd766", 1), (1, "#f0a93c", 1), end=(1, 1)))
    s.path("M160 420H640L638 444H162z", "#fff3cc", opacity=0.8)
    s.path("M230 470Q400 430 570 470L556 590Q400 620 244 590z", "#fffaf0")
    write(s, "蜂蜡蜡笔", 400, 506, 58, "#d9603f")
    write(s, "12 色 · 不脏手", 400, 564, 27, "#a8743c")


def rainbow_rings(s: Sheet) -> None:
    shadow(s, 400, 648, 230)
    vessels.turned(s, 400, 640, [(210, 0, 20), (204, 40, 16)], "#e0b47c", gloss=0.5)
    vessels.turned(s, 400, 604, [(20, 0, 4), (16, 440, 16)], "#e8c690", gloss=0.5)
    rings = ("#e2574c", "#f08a3c", "#f6c744", "#7fba55", "#45a3a8", "#7a7fd0")
    for index, colour in enumerate(rings):
        half, y = 178 - index * 22, 566 - index * 62
        s.rect(400 - half, y - 34, half * 2, 66, s.turned_shade(colour, gloss=0.45), corner=33)
        s.rect(400 - half + 26, y - 26, half * 1.1, 12, "#ffffff", corner=6, opacity=0.4, blur=2)
        s.rect(400 - half + 12, y + 12, half * 2 - 24, 16, darker(colour, 0.5), corner=8,
               opacity=0.22, blur=5)  # fmt: skip
    s.ellipse(400, 190, 46, 46, s.round_shade("#f2a0b8"))
    for side in (-1, 1):
        s.ellipse(400 + side * 15, 186, 4.5, 6, "#3a2218")
        s.ellipse(400 + side * 26, 202, 8, 5, "#e2574c", opacity=0.5)
    s.line("M390 204q10 10 20 0", "#3a2218", 3.5)
    for dx, dy in scatter(3):
        gleam(s, 384 + dx * 6, 172 + dy * 4, 8, 5, opacity=0.5)


PICTURES: Pictures = {
    "blocks": blocks,
    "teddy": teddy,
    "onesie": onesie,
    "sippy-cup": sippy_cup,
    "books": books,
    "train": train,
    "crayons": crayons,
    "rainbow-rings": rainbow_rings,
}
