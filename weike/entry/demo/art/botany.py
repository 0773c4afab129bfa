"""Fruit, leaves and flowers; (x, y) is the middle of the fruit or the root of the leaf."""

from weike.entry.demo.art.colour import darker, lighter
from weike.entry.demo.art.setting import gleam, ring, scatter
from weike.entry.demo.art.sheet import Sheet, number


def leaf(
    sheet: Sheet, x: float, y: float, length: float, turn: float, colour: str = "#5fa532"
) -> None:
    """Grows from (x, y) to the right, turned by `turn` degrees."""
    with sheet.at(x, y, turn=turn, scale=length / 100):
        blade = "M0 0C18 -34 64 -38 100 -2C66 24 24 24 0 0z"
        sheet.path(blade, sheet.fade(lighter(colour, 0.28), darker(colour, 0.16)))
        sheet.line("M2 0Q50 -14 94 -3", lighter(colour, 0.5), 2.4, opacity=0.8)
        for start in (24, 42, 60):
            sheet.line(f"M{start} -7q8 -10 16 -12M{start} -7q10 6 18 8", lighter(colour, 0.4), 1.2,
                       opacity=0.6)  # fmt: skip


def blossom(
    sheet: Sheet,
    x: float,
    y: float,
    size: float,
    petal: str,
    heart: str = "#f2b632",
    *,
    petals: int = 5,
    turn: float = 0,
    slim: float = 0.36,
) -> None:
    """A flower seen from above."""
    for dx, dy, degrees in ring(petals, turn=turn):
        with sheet.at(x + dx * size * 0.5, y + dy * size * 0.5, turn=degrees):
            sheet.ellipse(0, 0, size * slim * 1.06, size * 0.52, darker(petal, 0.3), opacity=0.45)
            sheet.ellipse(0, 0, size * slim, size * 0.5,
                          sheet.fade(lighter(petal, 0.4), darker(petal, 0.07)))  # fmt: skip
    sheet.ellipse(x, y, size * 0.26, None, sheet.round_shade(heart))


def orange(sheet: Sheet, x: float, y: float, radius: float, *, leafy: bool = True) -> None:
    sheet.ellipse(x, y, radius, radius * 0.97, sheet.radial(
        (0, "#ffd98a", 1), (0.3, "#ffb03a", 1), (0.68, "#f98a12", 1), (1, "#cf5f02", 1),
        centre=(0.37, 0.31),
    ))  # fmt: skip
    for dx, dy in scatter(60):
        sheet.ellipse(x + dx * radius * 0.9, y + dy * radius * 0.88, radius * 0.014, None,
                      "#c85c00", opacity=0.28)  # fmt: skip
    sheet.ellipse(x + radius * 0.06, y - radius * 0.84, radius * 0.16, radius * 0.06, "#c86e08",
                  opacity=0.6, blur=3)  # fmt: skip
    sheet.line(f"M{number(x + radius * 0.06)} {number(y - radius * 0.84)}q4 -12 14 -20", "#6b7f2c",
               radius * 0.07)  # fmt: skip
    if leafy:
        leaf(sheet, x + radius * 0.1, y - radius * 0.9, radius * 0.8, -18)
    gleam(sheet, x - radius * 0.38, y - radius * 0.44, radius * 0.2, radius * 0.1)


def orange_half(sheet: Sheet, x: float, y: float, radius: float, *, flesh: str = "#ff9f1e",
                peel: str = "#f58a10", segments: int = 10) -> None:  # fmt: skip
    """A cut citrus fruit, facing us."""
    sheet.ellipse(x, y, radius, None, sheet.round_shade(peel))
    sheet.ellipse(x, y, radius * 0.93, None, lighter(peel, 0.8))
    for _, _, degrees in ring(segments):
        with sheet.at(x, y, turn=degrees, scale=radius / 100):
            spread = 520 / segments / 2
            sheet.path(
                f"M0 -14C{number(spread * 0.5)} -40 {number(spread)} -66 {number(spread * 0.86)} "
                f"-80Q0 -90 {number(-spread * 0.86)} -80C{number(-spread)} -66 "
                f"{number(-spread * 0.5)} -40 0 -14z",
                sheet.fade(lighter(flesh, 0.12), lighter(flesh, 0.42)),
            )
            sheet.line("M-6 -58l3 16M6 -66l-2 18M-12 -74l4 10", "#ffffff", 2.4, opacity=0.5)
    gleam(sheet, x - radius * 0.3, y - radius * 0.4, radius * 0.3, radius * 0.12, opacity=0.3)


def apple(sheet: Sheet, x: float, y: float, radius: float, colour: str = "#d8342c") -> None:
    with sheet.at(x, y, scale=radius / 100):
        body = ("M0 -72C30 -104 104 -92 102 -14C100 52 62 100 30 98C14 97 8 90 0 90"
                "C-8 90 -14 97 -30 98C-62 100 -100 52 -102 -14"
                "C-104 -92 -30 -104 0 -72z")  # fmt: skip
        sheet.path(body, sheet.radial(
            (0, "#ffc39a", 1), (0.26, lighter(colour, 0.22), 1), (0.65, colour, 1),
            (1, darker(colour, 0.42), 1), centre=(0.34, 0.3),
        ))  # fmt: skip
        with sheet.inside(body):
            for step in range(-9, 10):
                bend = step * 11.5
                sheet.line(f"M{number(step * 3)} -78Q{number(bend)} -20 {number(bend * 0.86)} 84",
                           "#ffd27e", 2.6, opacity=0.26)  # fmt: skip
            sheet.ellipse(0, -76, 46, 17, "#7c2a10", opacity=0.5, blur=7)
            sheet.ellipse(-4, -84, 30, 10, "#e9c36a", opacity=0.55, blur=6)
        sheet.line("M0 -70q4 -24 16 -38", "#6b4423", 7.5)
        leaf(sheet, 6, -86, 72, -14, "#6aa83a")
        gleam(sheet, -46, -44, 24, 12)


def strawberry(sheet: Sheet, x: float, y: float, size: float, *, turn: float = 0) -> None:
    with sheet.at(x, y, turn=turn, scale=size / 100):
        body = ("M0 -72C54 -92 96 -62 88 -8C80 48 34 108 0 108C-34 108 -80 48 -88 -8"
                "C-96 -62 -54 -92 0 -72z")  # fmt: skip
        sheet.path(body, sheet.radial(
            (0, "#ff9c8e", 1), (0.32, "#f4453f", 1), (0.7, "#d81f2c", 1), (1, "#8e0c1d", 1),
            centre=(0.36, 0.28),
        ))  # fmt: skip
        with sheet.inside(body):
            for row in range(6):
                for column in range(-4, 5):
                    sx = column * 23 + (row % 2) * 11.5
                    sy = -48 + row * 27 + abs(sx) * -0.06
                    sheet.ellipse(sx * (1 - row * 0.07), sy + 1.6, 4.4, 6.4, "#8e0c1d",
                                  opacity=0.55)  # fmt: skip
                    sheet.ellipse(sx * (1 - row * 0.07), sy, 3.1, 4.9, "#ffd971")
        for dx, dy, degrees in ring(7, turn=8):
            with sheet.at(dx * 6, -74 + dy * 4, turn=degrees):
                reach = 52 if dy > 0 else 34
                sheet.path(f"M-10 0Q-14 {-reach * 0.6} 0 {-reach}Q14 {-reach * 0.6} 10 0z",
                           sheet.fade("#3f8a2a", "#79b94a"))  # fmt: skip
        sheet.line("M0 -76q4 -22 14 -32", "#5f9a38", 7)
        gleam(sheet, -42, -34, 17, 9)


def grapes(sheet: Sheet, x: float, y: float, size: float, colour: str = "#9dbb3c") -> None:
    """A hanging bunch; (x, y) is where its stalk meets the berries."""
    rows = ((4, 0.0), (5, 0.6), (6, 1.2), (5, 1.84), (4, 2.46), (3, 3.06), (2, 3.62), (1, 4.1))
    sheet.line(f"M{number(x)} {number(y)}q6 -40 -20 -70", "#8a7a3a", 11)
    berry = sheet.radial(
        (0, "#f6fbd2", 1), (0.3, lighter(colour, 0.4), 1), (0.7, colour, 1),
        (0.93, darker(colour, 0.3), 1), (1, darker(colour, 0.14), 1), centre=(0.36, 0.3),
    )  # fmt: skip
    for count, drop in rows:
        for index in range(count):
            shift = (index - (count - 1) / 2) * size * 1.4 + (index * 5 + count * 3) % 7 * 2.4 - 7
            cx = x + shift
            cy = y + drop * size * 1.36 - abs(shift) * 0.1 + (index * 3 + count) % 4 * 5
            sheet.ellipse(cx + 3, cy + 5, size, None, darker(colour, 0.6), opacity=0.28)
            sheet.ellipse(cx, cy, size, size * 1.06, berry)
            gleam(sheet, cx - size * 0.34, cy - size * 0.4, size * 0.24, size * 0.13)
            sheet.ellipse(cx + size * 0.3, cy + size * 0.5, size * 0.34, size * 0.16, "#fbffd9",
                          opacity=0.28, turn=-30)  # fmt: skip
    leaf(sheet, x - 4, y - 34, size * 3.4, 10, "#6fa23b")
    leaf(sheet, x - 4, y - 34, size * 2.7, 158, "#5f9432")


def kiwi(sheet: Sheet, x: float, y: float, radius: float, *, turn: float = -12) -> None:
    with sheet.at(x, y, turn=turn, scale=radius / 100):
        sheet.ellipse(0, 0, 118, 98, sheet.round_shade("#94703c", gloss=0.4))
        for dx, dy in scatter(90):
            sheet.line(f"M{number(dx * 110)} {number(dy * 90)}l{number(5 + dx * 5)} "
                       f"{number(6 + dy * 5)}", "#5c401c", 1.8, opacity=0.5)  # fmt: skip
        sheet.ellipse(112, 2, 9, 14, "#5c401c")


def kiwi_half(sheet: Sheet, x: float, y: float, radius: float) -> None:
    sheet.ellipse(x, y, radius * 1.06, radius, sheet.round_shade("#8a6635"))
    sheet.ellipse(x, y, radius, radius * 0.94, sheet.radial(
        (0, "#f4f6cf", 1), (0.2, "#e6efb0", 1), (0.34, "#a9cf4b", 1), (0.75, "#7cb32b", 1),
        (0.94, "#8fc23e", 1), (1, "#c8d888", 1), centre=(0.5, 0.5), radius=0.5,
    ))  # fmt: skip
    for dx, dy, degrees in ring(26):
        sheet.line(f"M{number(x + dx * radius * 0.3)} {number(y + dy * radius * 0.28)}"
                   f"L{number(x + dx * radius * 0.82)} {number(y + dy * radius * 0.78)}",
                   "#d6ea9a", 2.4, opacity=0.5)  # fmt: skip
        reach = 0.4 + 0.1 * ((degrees * 7) % 3) / 3
        sheet.ellipse(x + dx * radius * reach, y + dy * radius * reach * 0.94, radius * 0.026,
                      radius * 0.056, "#20240f", turn=degrees)  # fmt: skip
    gleam(sheet, x - radius * 0.34, y - radius * 0.46, radius * 0.34, radius * 0.12, opacity=0.4)


def cherry(sheet: Sheet, x: float, y: float, radius: float, *, stalk: tuple[float, float]) -> None:
    """`stalk` is where its stalk ends."""
    sheet.line(f"M{number(x)} {number(y - radius * 0.66)}Q{number(x + 8)} "
               f"{number((y + stalk[1]) / 2)} {number(stalk[0])} {number(stalk[1])}",
               "#7a9440", 7)  # fmt: skip
    with sheet.at(x, y, scale=radius / 100):
        sheet.path("M0 -74C42 -106 112 -86 104 -8C98 62 46 98 0 98C-46 98 -98 62 -104 -8"
                   "C-112 -86 -42 -106 0 -74z", sheet.radial(
                       (0, "#ff8d8d", 1), (0.28, "#d32540", 1), (0.64, "#a10f2a", 1),
                       (1, "#4c0413", 1), centre=(0.34, 0.28)))  # fmt: skip
        sheet.ellipse(0, -72, 26, 8, "#4c0413", opacity=0.6, blur=4)
        gleam(sheet, -46, -34, 14, 28, turn=24)
        sheet.ellipse(52, 52, 24, 10, "#ff9aa0", opacity=0.35, turn=-40, blur=5)
    sheet.line(f"M{number(x)} {number(y - radius * 0.66)}q2 -16 4 -28", "#7a9440", 7)


def mango(
    sheet: Sheet, x: float, y: float, size: float, *, turn: float = 0, mirror: bool = False
) -> None:
    with sheet.at(x, y, turn=turn, scale=size / 100, mirror=mirror):
        body = ("M-108 10C-112 -50 -56 -92 8 -88C72 -84 128 -46 124 4C121 40 92 44 74 58"
                "C44 82 4 96 -44 86C-86 78 -105 50 -108 10z")  # fmt: skip
        sheet.path(
            body,
            sheet.radial(
                (0, "#fff0a8", 1), (0.35, "#ffcf3f", 1), (0.72, "#f7a823", 1), (1, "#c9720a", 1)
            ),
        )
        with sheet.inside(body):
            sheet.ellipse(-70, -62, 96, 62, "#e8492a", opacity=0.55, blur=26)
            sheet.ellipse(108, 20, 40, 40, "#9cb53a", opacity=0.4, blur=18)
            for dx, dy in scatter(40):
                sheet.ellipse(dx * 112, dy * 84, 1.8, None, "#a8610a", opacity=0.3)
        sheet.line("M-100 -30q-12 -8 -20 -22", "#6d5526", 9)
        gleam(sheet, 6, -58, 36, 12, turn=-4)


def blueberry(sheet: Sheet, x: float, y: float, radius: float, *, turn: float = 0) -> None:
    sheet.ellipse(
        x,
        y,
        radius,
        None,
        sheet.radial(
            (0, "#b7c2ec", 1), (0.34, "#6f80c6", 1), (0.72, "#3d4b92", 1), (1, "#1c2353", 1)
        ),
    )
    with sheet.at(x, y, turn=turn, scale=radius / 40):
        sheet.ellipse(4, -12, 14, 10, "#1d2450", opacity=0.75)
        for dx, dy, degrees in ring(5):
            with sheet.at(4 + dx * 12, -12 + dy * 9, turn=degrees):
                sheet.path("M-6 3L0 -8L6 3z", "#8796d0")
    gleam(sheet, x - radius * 0.45, y - radius * 0.2, radius * 0.16, radius * 0.3, turn=25,
          opacity=0.45)  # fmt: skip


def peach(sheet: Sheet, x: float, y: float, radius: float, *, leafy: bool = True) -> None:
    with sheet.at(x, y, scale=radius / 100):
        body = ("M0 -82C40 -112 108 -78 104 -4C100 62 46 96 8 104C-44 98 -102 62 -104 -4"
                "C-106 -78 -40 -112 0 -82z")  # fmt: skip
        if leafy:
            leaf(sheet, 0, -80, 96, -30, "#6aa13c")
            leaf(sheet, 0, -80, 84, 200, "#5d9434")
        sheet.path(
            body,
            sheet.radial(
                (0, "#fff3e2", 1), (0.35, "#ffd6bf", 1), (0.7, "#f9a19a", 1), (1, "#d6566a", 1)
            ),
        )
        with sheet.inside(body):
            sheet.ellipse(58, 20, 56, 84, "#ee5f78", opacity=0.5, blur=24)
            sheet.line("M2 -84Q-34 -10 2 104", "#c9475f", 5, opacity=0.5)
            sheet.line("M-4 -84Q-42 -10 -5 104", "#fff0e6", 4, opacity=0.5)
        gleam(sheet, -56, -40, 22, 12, opacity=0.5)
