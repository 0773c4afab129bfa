"""What buyers are shown of goods. Prices are minor units of the shop's currency."""

from __future__ import annotations

from uuid import UUID

import msgspec

from weike.catalog import Picture, ProductKind, ShelfCard, picture_url
from weike.kernel.words import Words


class Card(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A product in a list. `score_tenths` is the mean of its reviews, null without any."""

    id: UUID
    title: str
    subtitle: str
    image_url: str | None
    price_minor: int
    market_price_minor: int | None
    sold_count: int
    tags: list[str]
    is_sold_out: bool
    review_count: int
    score_tenths: int | None


class Image(msgspec.Struct, frozen=True, kw_only=True):
    """One picture in three widths; `width` and `height` are those of the largest."""

    url_s: str
    url_m: str
    url_l: str
    width: int
    height: int


class SpecChoice(msgspec.Struct, frozen=True):
    """What has to be chosen: 净含量 out of 50g, 100g, 250g."""

    name: str
    values: list[str]


class SkuChoice(msgspec.Struct, frozen=True, kw_only=True):
    """`available` is how many may be bought now."""

    id: UUID
    spec_values: list[str]
    price_minor: int
    market_price_minor: int | None
    available: int
    image_url: str | None


class Guarantee(msgspec.Struct, frozen=True):
    """Something the system itself keeps, whoever the merchant is."""

    key: str
    title: str
    text: str


class ProductDetail(msgspec.Struct, frozen=True, kw_only=True):
    """`state` is "on_sale" or "off_sale": links to withdrawn goods still say what they were."""

    id: UUID
    title: str
    subtitle: str
    description_html: str
    images: list[Image]
    specs: list[SpecChoice]
    skus: list[SkuChoice]
    sold_count: int
    tags: list[str]
    category_id: UUID | None
    guarantees: list[Guarantee]
    price_minor: int
    max_price_minor: int
    market_price_minor: int | None
    state: str
    kind: ProductKind


class ShopCategory(msgspec.Struct, frozen=True, kw_only=True):
    """`products_count` counts goods on sale in the category and below it."""

    id: UUID
    parent_id: UUID | None
    name: str
    icon_url: str | None
    products_count: int


class ShopCategories(msgspec.Struct, frozen=True):
    items: list[ShopCategory]


class HotWords(msgspec.Struct, frozen=True):
    words: list[str]


class BannerView(msgspec.Struct, frozen=True):
    image_url: str
    link: str


class HomeCategory(msgspec.Struct, frozen=True):
    id: UUID
    name: str
    icon_url: str | None


class HomeSection(msgspec.Struct, frozen=True):
    key: str
    title: str
    products: list[Card]


class HomeShop(msgspec.Struct, frozen=True, kw_only=True):
    """The shop's profile without the clock, so that an unchanged home keeps its ETag."""

    slug: str
    name: str
    intro: str
    logo_url: str | None
    contact_phone: str
    licence_name: str
    licence_no: str
    currency: str
    categories_count: int
    wechat_login: bool


class Home(msgspec.Struct, frozen=True, kw_only=True):
    shop: HomeShop
    banners: list[BannerView]
    categories: list[HomeCategory]
    sections: list[HomeSection]


def score_tenths(reviews: int, score_sum: int) -> int | None:
    """4.66… is 47: rounded half up, once, here."""
    return (score_sum * 20 + reviews) // (2 * reviews) if reviews else None


def card_of(tenant_id: UUID, card: ShelfCard, available: dict[UUID, int], words: Words) -> Card:
    return Card(
        id=card.id,
        title=words.of(card.title, card.title_en),
        subtitle=card.subtitle,
        image_url=picture_url(tenant_id, card.cover) if card.cover else None,
        price_minor=card.min_price_minor,
        market_price_minor=card.market_price_minor,
        sold_count=card.sold_count,
        tags=card.tags,
        is_sold_out=not any(available[sku_id] > 0 for sku_id in card.sku_ids),
        review_count=card.review_count,
        score_tenths=score_tenths(card.review_count, card.score_sum),
    )


def image_of(tenant_id: UUID, picture: Picture) -> Image:
    return Image(
        url_s=picture_url(tenant_id, picture.name, "s"),
        url_m=picture_url(tenant_id, picture.name, "m"),
        url_l=picture_url(tenant_id, picture.name, "l"),
        width=picture.width,
        height=picture.height,
    )
