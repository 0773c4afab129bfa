"""Pictures of 茶与冲饮: leaf teas, flower teas, coffee, and what is stirred into hot water."""

from weike.entry.demo.art import botany, vessels
from weike.entry.demo.art.colour import darker, lighter
from weike.entry.demo.art.lettering import write, write_down
from weike.entry.demo.art.setting import gleam, ring, scatter, shadow
from weike.entry.demo.art.sheet import Pictures, Sheet, number


def tea_leaves(s: Sheet, x: float, y: float, spread: float, colour: str, count: int = 46) -> None:
    """A little heap of dry leaves."""
    for index, (dx, dy) in enumerate(scatter(count)):
        with s.at(x + dx * spread, y + dy * spread * 0.24, turn=index * 67 % 180):
            tint = lighter(colour, 0.22) if index % 3 else darker(colour, 0.2)
            s.path("M-24 0Q0 -10 24 0Q0 9 -24 0z", tint)


def cup_of(s: Sheet, x: float, base: float, radius: float, drink: str, ware: str) -> None:
    """A small handleless cup with its drink."""
    _, rim, _ = vessels.bowl(s, x, base, radius, radius * 0.95, ware, tilt=0.3)
    s.ellipse(x, rim + radius * 0.05, radius * 0.88, radius * 0.24,
              s.fade(darker(drink, 0.18), lighter(drink, 0.2)))  # fmt: skip
    vessels.bowl_front(s, x, base, radius, radius * 0.95, ware, tilt=0.3, foot=0.5)


def steam(s: Sheet, x: float, y: float, height: float) -> None:
    for shift, opacity in ((-22, 0.55), (14, 0.7)):
        s.line(f"M{number(x + shift)} {number(y)}q-26 {number(-height * 0.3)} 0 "
               f"{number(-height * 0.5)}q24 {number(-height * 0.22)} 2 {number(-height * 0.5)}",
               "#ffffff", 9, opacity=opacity)  # fmt: skip


def longjing(s: Sheet) -> None:
    shadow(s, 370, 650, 200)
    vessels.turned(s, 360, 645, [(148, 0, 20), (148, 380, 10)], "#2f6b46")
    vessels.turned(s, 360, 290, [(154, 0, 6), (154, 92, 22)], "#c8a052", gloss=0.6)
    s.rect(206, 282, 308, 8, "#7d5a1c", opacity=0.45)
    vessels.label(s, 348, 462, 150, 250, "", ink="#2f6b46", paper="#f8f3e2")
    write_down(s, "明前", 378, 358, 54, "#2f6b46")
    write_down(s, "龙井", 318, 418, 54, "#2f6b46")
    s.rect(362, 500, 34, 34, "#b8352a", corner=5)
    write(s, "茶", 379, 517, 24, "#fff4e2", face="serif")
    shadow(s, 590, 648, 96)
    tea_leaves(s, 592, 634, 92, "#6f9440")


def puer(s: Sheet) -> None:
    shadow(s, 400, 650, 250)
    s.ellipse(400, 398, 236, 236, s.round_shade("#efe2c6", gloss=0.7))
    for _, _, degrees in ring(28):
        with s.at(400, 398, turn=degrees):
            s.path("M-4 -232Q6 -206 0 -184Q12 -206 10 -232z", "#cdb98f", opacity=0.55)
    s.ellipse(400, 398, 176, 176, "#f7efdd", opacity=0.9)
    s.line("M400 232a166 166 0 1 1 -0.1 0z", "#8b3a26", 4, opacity=0.8)
    s.line("M400 246a152 152 0 1 1 -0.1 0z", "#8b3a26", 1.8, opacity=0.6)
    write(s, "古树", 400, 338, 76, "#7c2f1d", face="serif")
    write(s, "普洱", 400, 428, 76, "#7c2f1d", face="serif")
    write(s, "云南勐海 · 357g", 400, 500, 22, "#8b5a3a")
    with s.at(588, 560, turn=-10):
        s.path("M-70 40C-80 0 -40 -44 6 -40C58 -36 86 -4 72 40C50 66 -50 66 -70 40z",
               s.round_shade("#6b3f22", gloss=0.3))  # fmt: skip
        tea_leaves(s, 0, 6, 62, "#5a331a", 36)


def jasmine(s: Sheet) -> None:
    """A glass teapot of jasmine tea."""
    shadow(s, 400, 640, 240)
    s.line("M556 420C680 380 690 560 560 570", "#cfe0da", 24, opacity=0.9)
    s.line("M556 420C680 380 690 560 560 570", "#ffffff", 7, opacity=0.7)
    s.path("M250 470C190 450 180 390 136 372L160 350C214 366 226 410 268 420z", "#d5e5df",
           opacity=0.9)  # fmt: skip
    corners = [(120, 0, 60), (190, 120, 110), (120, 282, 60), (96, 296, 8)]
    outline = vessels.profile(400, 636, corners)
    with s.inside(outline):
        s.rect(190, 414, 420, 240, s.fade("#f3dc83", "#d9ad3d"))
        s.ellipse(400, 416, 190, 20, "#f9eaae")
        for dx, dy in scatter(9, twist=1):
            botany.blossom(s, 400 + dx * 130, 470 + dy * 34 + abs(dx) * 10, 46, "#ffffff",
                           "#e8d48a", turn=dx * 60)  # fmt: skip
        tea_leaves(s, 400, 612, 116, "#6d7a35", 40)
    vessels.glass(s, 400, 636, corners)
    vessels.turned(s, 400, 346, [(104, 0, 6), (84, 24, 18)], "#e3efe9", gloss=0.6)
    s.ellipse(400, 306, 22, 20, s.round_shade("#d8e8e0"))
    for x, y, size in ((220, 634, 60), (166, 620, 44), (590, 640, 52)):
        botany.leaf(s, x + 10, y, size * 1.2, 16, "#5c9a4a")
        botany.blossom(s, x, y, size, "#ffffff", "#efe0a0", petals=6, turn=20)


def osmanthus_oolong(s: Sheet) -> None:
    shadow(s, 350, 652, 200)
    vessels.pouch(s, 340, 640, 300, 430, "#e3b04b")
    s.ellipse(340, 420, 104, 104, "#fff7e0")
    write(s, "桂花", 340, 386, 62, "#8a5a12", face="serif")
    write(s, "乌龙", 340, 456, 62, "#8a5a12", face="serif")
    write(s, "三角茶包 · 20 包", 340, 584, 23, "#6f4508")
    for dx, dy, _ in ring(12):
        botany.blossom(s, 340 + dx * 124, 420 + dy * 124, 20, "#f9c22e", "#c87d0a", petals=4)
    shadow(s, 590, 650, 110)
    cup_of(s, 590, 646, 98, "#c98a2b", "#f4efe4")
    botany.blossom(s, 566, 554, 20, "#f9c22e", "#c87d0a", petals=4, turn=20)
    botany.blossom(s, 612, 560, 16, "#f9c22e", "#c87d0a", petals=4, turn=60)
    steam(s, 592, 520, 150)


def drip_coffee(s: Sheet) -> None:
    shadow(s, 420, 650, 290)
    vessels.box(s, 290, 636, 250, 330, 90, "#7a5238")
    write(s, "挂耳咖啡", 290, 392, 46, "#fbeedb", face="serif")
    s.rect(190, 436, 200, 3, "#fbeedb", opacity=0.6)
    write(s, "中度烘焙 · 10 包", 290, 466, 22, "#fbeedb")
    for x, turn in ((250, -24), (330, 18)):
        with s.at(x, 550, turn=turn):
            s.ellipse(0, 0, 24, 34, s.round_shade("#4a2c18", gloss=0.35))
            s.line("M0 -30Q10 0 0 30", "#24120a", 4)
    s.line("M664 540C740 530 736 620 656 612", "#f4efe6", 20)
    cup_of(s, 580, 646, 108, "#5b3319", "#f6f1e8")
    s.ellipse(580, 548, 62, 15, "#a06a3c", opacity=0.75)
    s.ellipse(572, 547, 34, 8, "#d9ac78", opacity=0.8)
    steam(s, 582, 510, 170)


def lemon_slices(s: Sheet) -> None:
    shadow(s, 380, 650, 200)

    def slices() -> None:
        for x, y in ((290, 586), (420, 600), (350, 500), (456, 506), (280, 420), (400, 404)):
            botany.orange_half(s, x, y, 66, flesh="#ffe25a", peel="#eebd1c", segments=9)

    vessels.jar(s, 370, 645, 310, 430, "#efd77c", lid="#e0a91c", fill=0.94, pieces=slices)
    vessels.label(s, 370, 520, 190, 96, "冻干柠檬", small="四川安岳 · 100g", ink="#8a6a05")
    shadow(s, 604, 636, 90)
    botany.orange_half(s, 598, 560, 82, flesh="#ffe25a", peel="#eebd1c", segments=9)


def ginger_jujube(s: Sheet) -> None:
    shadow(s, 370, 650, 200)
    vessels.jar(s, 360, 645, 300, 370, "#6b2a1a", lid="#d9b36a")
    vessels.label(s, 360, 500, 210, 140, "姜枣膏", small="古法慢熬 · 300g", ink="#7c2a16")
    shadow(s, 600, 645, 90)
    for x, y, turn in ((566, 616, -14), (640, 622, 20), (604, 574, 6)):
        with s.at(x, y, turn=turn):
            s.ellipse(0, 0, 48, 36, s.round_shade("#a02a20", gloss=0.45))
            for bend in (-16, 0, 14):
                s.line(f"M{bend - 22} {bend * 0.4}q20 -12 40 2", "#5c1210", 3, opacity=0.5)
            gleam(s, -14, -14, 12, 5)
    with s.at(196, 610, turn=-10):
        s.path("M-66 20C-84 -6 -50 -34 -24 -22C-20 -58 24 -60 26 -24C58 -40 86 -8 62 16"
               "C50 44 -46 46 -66 20z", s.round_shade("#dcae66"))  # fmt: skip
        s.line("M-40 -6q8 14 0 26M0 -22q10 22 2 44M36 -10q8 12 2 26", "#a87a36", 3, opacity=0.7)


def chrysanthemum(s: Sheet) -> None:
    shadow(s, 400, 650, 190)

    def buds() -> None:
        for dx, dy in sorted(scatter(40), key=lambda spot: spot[1]):
            botany.blossom(s, 400 + dx * 170, 466 + dy * 190, 44, "#fbe27c", "#dd9a14", petals=13,
                           turn=dx * 90, slim=0.15)  # fmt: skip

    vessels.jar(s, 400, 645, 330, 450, "#c99b3a", lid="#a9783c", fill=0.97, pieces=buds)
    vessels.label(s, 400, 520, 176, 120, "胎菊", small="桐乡头采 · 60g", ink="#8a6410")
    for x, y, size in ((606, 630, 66), (182, 636, 60)):
        botany.blossom(s, x, y, size, "#fbe07a", "#d8920e", petals=14, slim=0.15)


PICTURES: Pictures = {
    "longjing": longjing,
    "puer": puer,
    "jasmine": jasmine,
    "osmanthus-oolong": osmanthus_oolong,
    "drip-coffee": drip_coffee,
    "lemon-slices": lemon_slices,
    "ginger-jujube": ginger_jujube,
    "chrysanthemum": chrysanthemum,
}
