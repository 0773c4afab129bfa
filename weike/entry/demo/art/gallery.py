"""Every picture of the demo shop by its name: as SVG text, or as PNG or WebP bytes.

Names: a good's picture (`navel-orange`), `logo`, `cover`, `banner-harvest`, `icon-fruit`,
`avatar-00` to `avatar-47`, `empty-cart`. The same name always gives the same bytes.
"""

from functools import partial
from io import BytesIO

import resvg_py
from PIL import Image

from weike.entry.demo.art import avatars, brand, empty, icons
from weike.entry.demo.art.pictures import (
    bakery,
    beauty,
    children,
    fruit,
    home,
    kitchen,
    pantry,
    tea,
)
from weike.entry.demo.art.setting import backdrop
from weike.entry.demo.art.sheet import Drawing, Pictures, Sheet

GOODS: dict[str, Pictures] = {
    "fruit": fruit.PICTURES,
    "tea": tea.PICTURES,
    "pantry": pantry.PICTURES,
    "bakery": bakery.PICTURES,
    "home": home.PICTURES,
    "kitchen": kitchen.PICTURES,
    "beauty": beauty.PICTURES,
    "children": children.PICTURES,
}
"""Category to its pictures."""


class NoSuchPicture(LookupError):
    """The gallery has no picture of that name."""


def _good(s: Sheet, category: str, picture: Drawing) -> None:
    """On the backdrop of its category, drawn a little larger than its own coordinates say."""
    backdrop(s, category)
    with s.at(-60, -92, scale=1.15):
        picture(s)


def _drawings() -> dict[str, tuple[int, int, Drawing]]:
    found: dict[str, tuple[int, int, Drawing]] = {
        "logo": (400, 400, brand.logo),
        "cover": (brand.COVER_WIDTH, brand.COVER_HEIGHT, brand.cover),
    }
    banners: tuple[Drawing, ...] = (brand.banner_harvest, brand.banner_tea, brand.banner_home)
    for name, drawing in zip(("harvest", "tea", "home"), banners, strict=True):
        found[f"banner-{name}"] = (brand.BANNER_WIDTH, brand.BANNER_HEIGHT, drawing)
    for category, pictures in GOODS.items():
        found[f"icon-{category}"] = (icons.SIZE, icons.SIZE, partial(icons.icon, category=category))
        for name, drawing in pictures.items():
            found[name] = (800, 800, partial(_good, category=category, picture=drawing))
    for number in range(avatars.COUNT):
        face = partial(avatars.avatar, number=number)
        found[f"avatar-{number:02}"] = (avatars.SIZE, avatars.SIZE, face)
    for name, drawing in empty.EMPTY_STATES.items():
        found[name] = (empty.WIDTH, empty.HEIGHT, drawing)
    return found


_DRAWINGS = _drawings()


def names() -> tuple[str, ...]:
    return tuple(_DRAWINGS)


def svg(name: str) -> str:
    """Refuses with NoSuchPicture."""
    try:
        width, height, drawing = _DRAWINGS[name]
    except KeyError:
        raise NoSuchPicture(name) from None
    sheet = Sheet(name, width, height)
    drawing(sheet)
    return sheet.svg()


def png(name: str, *, width: int | None = None) -> bytes:
    """Refuses with NoSuchPicture. Icons and empty states keep their transparent ground."""
    return bytes(resvg_py.svg_to_bytes(svg_string=svg(name), width=width, skip_system_fonts=True))


def webp(name: str, *, width: int | None = None, quality: int = 86) -> bytes:
    """About a sixth of the bytes of the PNG, with no difference to see."""
    kept = BytesIO()
    Image.open(BytesIO(png(name, width=width))).save(kept, "WEBP", quality=quality, method=4)
    return kept.getvalue()
