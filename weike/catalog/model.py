"""Products as values, and what makes one acceptable. No SQL, no web.

A product (SPU) has up to three specs; every SKU names one value of each. Prices are whole minor
units. A draft says everything a merchant decides; what the system counts is not in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec

from weike.catalog.errors import (
    CodeTwice,
    MarketPriceTooLow,
    SameSpecsTwice,
    SpecsTwice,
    SpecsUnfit,
)
from weike.kernel import Invalid, Money

PRICE_LIMIT_MINOR = 10**10
"""One hundred million yuan; a slip of the finger, not a price, lies above."""

SKU_LIMIT = 200
"""Three specs with a handful of values each."""

# Line breaks and tabs are the only control characters people type; PostgreSQL refuses NUL.
_NO_CONTROLS = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
_FILLED = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f\u3000][^\x00-\x1f\x7f]*$"

Title = Annotated[str, msgspec.Meta(min_length=1, max_length=120, pattern=_FILLED)]
TitleInEnglish = Annotated[str, msgspec.Meta(max_length=120, pattern=_NO_CONTROLS)]
Line = Annotated[str, msgspec.Meta(max_length=200, pattern=_NO_CONTROLS)]
Word = Annotated[str, msgspec.Meta(min_length=1, max_length=30, pattern=_FILLED)]
WordInEnglish = Annotated[str, msgspec.Meta(max_length=60, pattern=_NO_CONTROLS)]
SkuCode = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=_FILLED)]
Description = Annotated[str, msgspec.Meta(max_length=50_000, pattern=_NO_CONTROLS)]
Price = Annotated[int, msgspec.Meta(ge=1, le=PRICE_LIMIT_MINOR)]
Cost = Annotated[int, msgspec.Meta(ge=0, le=PRICE_LIMIT_MINOR)]
DeliveryNote = Annotated[str, msgspec.Meta(max_length=2000, pattern=_NO_CONTROLS)]
Weight = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]
BasisPoints = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
Position = Annotated[int, msgspec.Meta(ge=-1_000_000, le=1_000_000)]


class ProductState(StrEnum):
    DRAFT = "draft"
    """Never been on sale; not shown to buyers."""
    ON_SALE = "on_sale"
    """Shown and sold."""
    OFF_SALE = "off_sale"
    """Withdrawn; links to it say so."""


class ProductKind(StrEnum):
    PHYSICAL = "physical"
    """Carried to the buyer, or fetched."""
    VIRTUAL = "virtual"
    """Delivered at payment by the product's note; nothing is carried."""
    CARD_KEY = "card_key"
    """Delivered at payment by keys, each given once; its stock is the keys that are left."""


class ProductOrder(StrEnum):
    DEFAULT = "default"
    """The merchant's own order, newer first within it; hits in the title first when searching."""
    SALES = "sales"
    """Best-selling first."""
    PRICE_ASC = "price_asc"
    """Cheapest first."""
    PRICE_DESC = "price_desc"
    """Dearest first."""
    NEWEST = "newest"
    """Latest first."""


class Spec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A way in which SKUs of a product differ: 净含量 with 50g, 100g, 250g.

    `values_en` is empty or has one for each value; "" where the merchant wrote none.
    """

    name: Word
    values: Annotated[tuple[Word, ...], msgspec.Meta(min_length=1, max_length=100)]
    name_en: WordInEnglish = ""
    values_en: Annotated[tuple[WordInEnglish, ...], msgspec.Meta(max_length=100)] = ()

    def in_english(self, value: str) -> str:
        """ "" where there is none."""
        return dict(zip(self.values, self.values_en, strict=False)).get(value, "")


class SkuDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`spec_values` has one value per spec of the product, in their order."""

    id: UUID
    code: SkuCode
    spec_values: Annotated[tuple[Word, ...], msgspec.Meta(max_length=3)] = ()
    price_minor: Price
    market_price_minor: Price | None = None
    cost_minor: Cost | None = None
    weight_g: Weight | None = None
    media_id: UUID | None = None


class ProductDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything a merchant decides about a product. The first picture is its cover.

    `kind` is decided once. `delivery_note` is what buyers read after paying for what is not
    carried; nobody else sees it.
    """

    title: Title
    title_en: TitleInEnglish = ""
    subtitle: Line = ""
    description: Description = ""
    category_id: UUID | None = None
    state: ProductState = ProductState.DRAFT
    position: Position = 0
    specs: Annotated[tuple[Spec, ...], msgspec.Meta(max_length=3)] = ()
    media_ids: Annotated[tuple[UUID, ...], msgspec.Meta(max_length=20)] = ()
    tags: Annotated[tuple[Word, ...], msgspec.Meta(max_length=10)] = ()
    commission_rate_bp: BasisPoints | None = None
    kind: ProductKind = ProductKind.PHYSICAL
    delivery_note: DeliveryNote = ""
    freight_template_id: UUID | None = None
    """Trade's; None, and one that is gone: the shop's default."""
    skus: Annotated[tuple[SkuDraft, ...], msgspec.Meta(min_length=1, max_length=SKU_LIMIT)]


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """A product as it is kept. `description` is safe HTML; `draft.skus` are the active ones."""

    id: UUID
    draft: ProductDraft
    currency: str
    sold_count: int
    version: int
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None


class Picture(msgspec.Struct, frozen=True):
    """A stored picture. `name` is its public address."""

    id: UUID
    name: str
    width: int
    height: int


class SkuForSale(msgspec.Struct, frozen=True, kw_only=True):
    """What an order needs to know of a SKU, as of now."""

    sku_id: UUID
    product_id: UUID
    title: str
    title_en: str
    """Empty where the merchant wrote none."""
    spec_text: str
    spec_text_en: str = ""
    """Empty where the merchant wrote none."""
    media_url: str | None
    price: Money
    cost: Money | None
    is_on_sale: bool
    commission_rate_bp: int | None
    category_id: UUID | None
    weight_g: int | None
    kind: ProductKind
    member_pricing: str = "level"
    """"level", "fixed" or "none"; see `member_prices`."""
    member_price_minor: int | None = None
    freight_template_id: UUID | None


def check_draft(draft: ProductDraft) -> None:
    """Refuses with SpecsTwice, SpecsUnfit, SameSpecsTwice, CodeTwice or MarketPriceTooLow."""
    _no_twice([spec.name for spec in draft.specs])
    for place, spec in enumerate(draft.specs):
        _no_twice(spec.values)
        if spec.values_en and len(spec.values_en) != len(spec.values):
            raise Invalid(field=f"specs[{place}].values_en")
        # Buyers choose by these words, whatever language they read.
        _no_twice([spec.in_english(value) or value for value in spec.values])
    allowed = [frozenset(spec.values) for spec in draft.specs]
    codes: set[str] = set()
    combinations: set[tuple[str, ...]] = set()
    for index, sku in enumerate(draft.skus):
        field = f"skus[{index}]"
        if sku.code in codes:
            raise CodeTwice(field=f"{field}.code", sku_code=sku.code)
        codes.add(sku.code)
        if len(sku.spec_values) != len(allowed) or any(
            value not in values for value, values in zip(sku.spec_values, allowed, strict=True)
        ):
            raise SpecsUnfit(field=f"{field}.spec_values", sku_code=sku.code)
        if sku.spec_values in combinations:
            raise SameSpecsTwice(field=f"{field}.spec_values", sku_code=sku.code)
        combinations.add(sku.spec_values)
        if sku.market_price_minor is not None and sku.market_price_minor < sku.price_minor:
            raise MarketPriceTooLow(field=f"{field}.market_price_minor", sku_code=sku.code)


def spec_text(values: Sequence[str]) -> str:
    """What a buyer has chosen, as one line."""
    return " / ".join(values)


def spec_text_in_english(specs: Sequence[Spec], values: Sequence[str]) -> str:
    """The same; "" where no value has an English name, and its own word for one that has none."""
    words = [spec.in_english(value) for spec, value in zip(specs, values, strict=False)]
    if not any(words):
        return ""
    return spec_text([word or value for word, value in zip(words, values, strict=True)])


def _no_twice(names: Sequence[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise SpecsTwice(field="specs", name=name)
        seen.add(name)
