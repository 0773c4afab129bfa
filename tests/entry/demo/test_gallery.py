"""Every picture of the demo shop can be drawn, shows something, and is like no other."""

from hashlib import sha256
from io import BytesIO

import pytest
from PIL import Image, ImageStat

from weike.entry.demo.art import gallery
from weike.entry.demo.art.lettering import MissingGlyph, write
from weike.entry.demo.art.sheet import Sheet

SMALL = 96


@pytest.mark.parametrize("name", gallery.names())
def test_a_picture_renders_and_is_not_blank(name: str) -> None:
    picture = Image.open(BytesIO(gallery.png(name, width=SMALL))).convert("RGBA")
    assert picture.width == SMALL
    spread = ImageStat.Stat(picture.convert("RGB")).stddev
    assert max(spread) > 8


def test_no_two_pictures_are_identical() -> None:
    """Names are part of the SVG text, as ids; so what is compared is what is seen."""
    seen = {
        sha256(Image.open(BytesIO(gallery.png(name, width=SMALL))).tobytes()).digest(): name
        for name in gallery.names()
    }
    assert len(seen) == len(gallery.names())


def test_a_picture_is_the_same_every_time() -> None:
    assert gallery.png("navel-orange") == gallery.png("navel-orange")


def test_a_good_is_drawn_square_at_eight_hundred() -> None:
    assert Image.open(BytesIO(gallery.png("longjing"))).size == (800, 800)


def test_banners_have_the_size_the_shop_shows() -> None:
    assert Image.open(BytesIO(gallery.png("banner-tea"))).size == (750, 320)


def test_webp_is_much_smaller_than_png() -> None:
    assert len(gallery.webp("teddy")) < len(gallery.png("teddy")) / 3


def test_an_unknown_picture_is_refused() -> None:
    with pytest.raises(gallery.NoSuchPicture):
        gallery.svg("unicorn")


def test_a_character_without_outline_is_refused() -> None:
    with pytest.raises(MissingGlyph, match="龘"):
        write(Sheet("label"), "龘", 0, 0, 10, "#000000")
