"""What the demo's buyers say is about goods that exist, and not all praise."""

from __future__ import annotations

from weike.entry.demo.catalogue import categories
from weike.entry.demo.voices import voices


def test_voices_are_about_goods_of_the_shop_and_none_is_said_twice() -> None:
    codes = {good.code for category in categories() for good in category.goods}
    said = voices()
    assert set(said) <= codes
    everything = [voice for spoken in said.values() for voice in spoken]
    assert len({voice.text for voice in everything}) == len(everything) > 60


def test_voices_differ_as_real_ones_do() -> None:
    everything = [voice for spoken in voices().values() for voice in spoken]
    scores = [voice.score for voice in everything]
    assert set(scores) == {1, 2, 3, 4, 5}
    assert sum(score <= 3 for score in scores) > len(scores) / 8
    assert sum(voice.text.isascii() for voice in everything) >= 5
    # Whoever complains is answered.
    assert all(voice.answer for voice in everything if voice.score <= 2)
