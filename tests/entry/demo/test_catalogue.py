"""The goods of the demo shop hold together and are worth showing."""

import re
from dataclasses import dataclass

import msgspec
import pytest

from weike.entry.demo.art import gallery
from weike.entry.demo.catalogue import BadDemoData, Good, Spec, categories, check, in_english

GOODS = [(category, good) for category in categories() for good in category.goods]


def test_there_are_eight_categories_and_more_than_sixty_goods() -> None:
    assert len(categories()) == 8
    assert len(GOODS) == 66


def test_codes_and_titles_are_unique() -> None:
    goods = [good for _, good in GOODS]
    sku_codes = [good.sku_code(sku) for good in goods for sku in good.skus]
    assert len({good.code for good in goods}) == len(goods)
    assert len({good.title for good in goods}) == len(goods)
    assert len(set(sku_codes)) == len(sku_codes)


def test_every_good_earns_between_a_quarter_and_three_fifths() -> None:
    for _, good in GOODS:
        for sku in good.skus:
            margin = 1 - sku.cost_minor / sku.price_minor
            assert 0.25 <= margin <= 0.60, good.code
            assert good.commission_percent / 100 < margin, good.code


def test_every_good_has_texts_tags_and_a_picture_of_its_category() -> None:
    for category, good in GOODS:
        assert 3 <= len(good.description) <= 5, good.code
        assert all(good.description), good.code
        assert good.selling_point, good.code
        assert good.title_en, good.code
        assert good.tags, good.code
        assert good.picture in gallery.GOODS[category.code], good.code


def test_english_readers_choose_without_a_chinese_word() -> None:
    for _, good in GOODS:
        for one in good.specs:
            spec = in_english(one)
            words = [spec.in_english(value) or value for value in spec.values]
            assert len(set(words)) == len(words), good.code
            for word in (spec.name_en, *words):
                assert word, good.code
                assert not re.search("[\u3400-\u9fff]", word), good.code
    with pytest.raises(BadDemoData, match="没有这个词"):
        in_english(Spec("规格", ("没有这个词",)))


def test_every_picture_of_a_good_is_used_once() -> None:
    drawn = sorted(name for pictures in gallery.GOODS.values() for name in pictures)
    assert sorted(good.picture for _, good in GOODS) == drawn


@dataclass(frozen=True)
class Spoilt:
    name: str
    good: Good


def spoilt_goods() -> list[Spoilt]:
    good = GOODS[0][1]
    first, *others = good.skus
    replaced = msgspec.structs.replace
    dear = replaced(first, cost_minor=first.price_minor)
    return [
        Spoilt("no spec", replaced(good, specs=())),
        Spoilt("a missing SKU", replaced(good, skus=tuple(others))),
        Spoilt("a doubled SKU", replaced(good, skus=(first, first, *others))),
        Spoilt("cost not below price", replaced(good, skus=(dear, *others))),
        Spoilt("no stock", replaced(good, skus=(replaced(first, stock=0), *others))),
    ]


@pytest.mark.parametrize("spoilt", spoilt_goods(), ids=lambda spoilt: spoilt.name)
def test_a_good_that_contradicts_itself_is_refused(spoilt: Spoilt) -> None:
    with pytest.raises(BadDemoData, match="navel-orange"):
        check(spoilt.good)
