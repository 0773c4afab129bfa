"""The goods of the demo shop, read from `goods/*.toml` and checked on the way in.

A mistake in the data is refused with the code of the good that carries it, so that whoever edits
the text files learns of it from the tests and not from a half-opened shop.
"""

import re
from functools import cache
from importlib.resources import files
from itertools import product

import msgspec

from weike import catalog

CATEGORY_CODES = ("fruit", "tea", "pantry", "bakery", "home", "kitchen", "beauty", "children")
"""In the order in which the shop shows them."""

SPECS_MAX = 3
_CHINESE = re.compile(r"[\u3400-\u9fff]")


class BadDemoData(ValueError):
    """A good of the demo shop contradicts itself."""


class Spec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One dimension a buyer chooses in, such as the size of the pack."""

    name: str
    values: tuple[str, ...]


class Sku(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that can be bought: a value for each dimension, in the order of the specs."""

    values: tuple[str, ...]
    price_minor: int
    market_minor: int
    """The price struck through."""
    cost_minor: int
    stock: int
    weight_grams: int


class Good(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    picture: str
    """Its name in `art.gallery`."""
    title: str
    title_en: str
    selling_point: str
    description: tuple[str, ...]
    commission_percent: int
    """What the shop suggests to give its promoters, of the price."""
    tags: tuple[str, ...]
    specs: tuple[Spec, ...]
    skus: tuple[Sku, ...]

    def sku_code(self, sku: Sku) -> str:
        """Unique in the shop, and readable on a parcel label."""
        return f"{self.code}-{self.skus.index(sku) + 1}"


class Category(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    name: str
    name_en: str
    line: str
    """What the shop says under the name."""
    goods: tuple[Good, ...]


@cache
def categories() -> tuple[Category, ...]:
    """Refuses with BadDemoData."""
    folder = files("weike.entry.demo").joinpath("goods")
    found = tuple(
        msgspec.toml.decode(folder.joinpath(f"{code}.toml").read_bytes(), type=Category)
        for code in CATEGORY_CODES
    )
    for category in found:
        for good in category.goods:
            check(good)
    return found


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    names: dict[str, str]
    values: dict[str, str]


@cache
def _words() -> _Words:
    file = files("weike.entry.demo").joinpath("specs_in_english.toml")
    return msgspec.toml.decode(file.read_bytes(), type=_Words)


def in_english(spec: Spec) -> catalog.Spec:
    """With the words English readers choose by. Refuses with BadDemoData."""
    words = _words()
    name = words.names.get(spec.name, "")
    values = tuple(words.values.get(value, "") for value in spec.values)
    said = zip((spec.name, *spec.values), (name, *values), strict=True)
    unsaid = [word for word, english in said if not english and _CHINESE.search(word)]
    if unsaid:
        raise BadDemoData(f"specs_in_english.toml does not know {unsaid}")
    return catalog.Spec(spec.name, spec.values, name, values if any(values) else ())


def check(good: Good) -> None:
    """Refuses with BadDemoData."""
    if not 1 <= len(good.specs) <= SPECS_MAX:
        raise BadDemoData(f"{good.code}: a good has one to {SPECS_MAX} specs")
    combinations = list(product(*(spec.values for spec in good.specs)))
    if sorted(combinations) != sorted(sku.values for sku in good.skus):
        raise BadDemoData(f"{good.code}: every combination of specs is exactly one SKU")
    for sku in good.skus:
        if not 0 < sku.cost_minor < sku.price_minor < sku.market_minor:
            raise BadDemoData(f"{good.code}: cost, price and market price rise in this order")
        if sku.stock <= 0 or sku.weight_grams <= 0:
            raise BadDemoData(f"{good.code}: stock and weight are positive")
