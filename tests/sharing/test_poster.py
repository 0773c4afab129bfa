"""The poster's code scans, and what does not fit is shortened, not lost off the edge."""

import io

import pytest
import zxingcpp
from PIL import Image

from weike.sharing.poster import HEIGHT, WIDTH, PosterWords, draw_poster

URL = "http://127.0.0.1:8080/s/0aB9zZ3kQwErTyUiOpAsDfGhJ"


def words(**changed: str | None) -> PosterWords:
    return PosterWords(
        **{
            "shop_name": "橙心小店",
            "sharer": "爱吃橙子的猫",
            "invitation": "推荐给你一件好物",
            "title": "赣南脐橙 现摘现发 5斤家庭装",
            "price_yuan": "29",
            "price_cents": ".90",
            "market_price": "¥49.90",
            "scan_hint": "长按识别，看看详情",
            "url": URL,
            **changed,
        }  # type: ignore[arg-type]  # every field is text; None only where the field allows it
    )


def picture(colour: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (800, 600), colour).save(buffer, "WEBP")
    return buffer.getvalue()


@pytest.mark.parametrize("scale", [1.0, 0.5], ids=["full size", "half size"])
def test_the_code_scans_to_the_link(scale: float) -> None:
    png = draw_poster(words(), picture=picture("#ffcc80"), avatar=picture("navy"))
    with Image.open(io.BytesIO(png)) as poster:
        assert poster.size == (WIDTH, HEIGHT)
        seen = poster.convert("L").resize((round(WIDTH * scale), round(HEIGHT * scale)))
    found = zxingcpp.read_barcodes(seen)
    assert [code.text for code in found] == [URL]


def test_the_same_values_draw_the_same_bytes() -> None:
    first = draw_poster(words(), picture=None, avatar=None)
    assert first == draw_poster(words(), picture=None, avatar=None)
    assert first != draw_poster(words(price_yuan="30"), picture=None, avatar=None)


def test_words_of_any_length_stay_inside() -> None:
    png = draw_poster(
        words(title="很长的名字" * 40, sharer="名" * 90, shop_name="店" * 60),
        picture=None,
        avatar=None,
    )
    with Image.open(io.BytesIO(png)) as poster:
        edge = [poster.getpixel((WIDTH - 12, y)) for y in range(40, 160)]
    # Beside the long name there is only background: white letters would be brighter.
    assert all(isinstance(pixel, tuple) and pixel[2] < 80 for pixel in edge)
