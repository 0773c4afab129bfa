"""The face of 橙心小店: its logo, its cover and three banners with their slogans."""

from weike.entry.demo.art import botany
from weike.entry.demo.art.colour import darker, lighter
from weike.entry.demo.art.lettering import width_of, write
from weike.entry.demo.art.pictures import beauty, fruit, home, kitchen, pantry, tea
from weike.entry.demo.art.setting import scatter
from weike.entry.demo.art.sheet import Sheet

BANNER_WIDTH, BANNER_HEIGHT = 750, 320
COVER_WIDTH, COVER_HEIGHT = 1080, 608


def logo(s: Sheet) -> None:
    """An orange with a heart in it, on a warm square; 400 by 400."""
    s.rect(0, 0, 400, 400, s.linear((0, "#ff9a4a", 1), (1, "#f2512b", 1), end=(1, 1)))
    s.ellipse(90, 60, 190, 150, "#ffffff", opacity=0.12)
    botany.leaf(s, 204, 104, 110, -28, "#8fce4e")
    s.ellipse(200, 222, 124, 124, "#c23a14", opacity=0.25, blur=12)
    s.ellipse(200, 214, 124, 122, s.radial((0, "#fff6e0", 1), (0.6, "#ffe3b0", 1),
                                           (1, "#ffc46b", 1)))  # fmt: skip
    s.line("M200 100q2 -22 14 -34", "#fff0d8", 10)
    s.path("M200 290C150 252 126 222 134 190C142 160 182 156 200 188C218 156 258 160 266 190"
           "C274 222 250 252 200 290z", s.fade("#ff7a45", "#ea4322"))  # fmt: skip
    s.ellipse(166, 192, 16, 9, "#ffffff", opacity=0.55, turn=-30)


def _ground(s: Sheet, first: str, second: str) -> None:
    s.rect(0, 0, s.width, s.height, s.linear((0, first, 1), (1, second, 1), end=(1, 0.6)))
    s.ellipse(s.width * 0.76, s.height * 0.56, s.height * 0.78, None, "#ffffff", opacity=0.22)
    s.ellipse(s.width * 0.76, s.height * 0.56, s.height * 0.58, None, "#ffffff", opacity=0.28)
    s.ellipse(s.width * 0.05, s.height * 1.02, s.height * 0.34, None, "#ffffff", opacity=0.14)
    for dx, dy in scatter(16, twist=1.3):
        s.ellipse(s.width * (0.5 + dx * 0.5), s.height * (0.5 + dy * 0.48), 4, None, "#ffffff",
                  opacity=0.5)  # fmt: skip


def _slogan(s: Sheet, title: str, line: str, button: str, ink: str) -> None:
    write(s, title, 48, 108, 54, ink, face="serif", align="start", spacing=2)
    write(s, line, 50, 172, 25, ink, align="start", opacity=0.82)
    width = width_of(button, 23) + 52
    s.rect(50, 216, width, 52, ink, corner=26)
    write(s, button, 50 + width / 2, 242, 23, "#ffffff")


def banner_harvest(s: Sheet) -> None:
    _ground(s, "#ffe6bd", "#ffc27a")
    _slogan(s, "这一季的甜", "产地直发 · 坏果包赔", "去尝鲜", "#c2480f")
    with s.at(404, 0, scale=0.42):
        fruit.navel_orange(s)
    with s.at(572, 118, scale=0.22):
        fruit.strawberry(s)


def banner_tea(s: Sheet) -> None:
    _ground(s, "#e3f0d8", "#b4d3a2")
    _slogan(s, "先喝口热的", "明前新茶 · 慢慢泡开", "选一罐", "#2f6b46")
    with s.at(430, 0, scale=0.42):
        tea.jasmine(s)
    with s.at(402, 116, scale=0.25):
        tea.longjing(s)


def banner_home(s: Sheet) -> None:
    _ground(s, "#fbe3e0", "#f4bfb2")
    _slogan(s, "好好吃饭", "一口锅 · 一碗米 · 一家人", "布置厨房", "#b2402c")
    with s.at(400, -16, scale=0.42):
        kitchen.enamel_pot(s)
    with s.at(568, 122, scale=0.23):
        kitchen.bowls(s)


def cover(s: Sheet) -> None:
    """The picture behind the head of the shop: its goods on one long table."""
    s.rect(0, 0, s.width, s.height, s.linear((0, "#ffb46b", 1), (1, "#f4693a", 1), end=(1, 1)))
    s.ellipse(540, 300, 520, 300, "#ffffff", opacity=0.16)
    s.ellipse(540, 320, 380, 220, "#ffffff", opacity=0.16)
    write(s, "橙心小店", 540, 120, 92, "#ffffff", face="serif", spacing=12)
    write(s, "好东西，说给朋友听", 540, 208, 34, "#fff2e0", spacing=4)
    table = "#c98a4e"
    s.rect(0, 520, s.width, 88, s.fade(lighter(table, 0.1), darker(table, 0.2)))
    s.rect(0, 520, s.width, 6, lighter(table, 0.5), opacity=0.8)
    row = (pantry.rice, fruit.red_apple, tea.longjing, fruit.navel_orange, pantry.honey,
           home.towels, beauty.rose_water)  # fmt: skip
    for index, drawing in enumerate(row):
        with s.at(-24 + index * 150, 262, scale=0.44):
            drawing(s)
