"""Products as rows of a sheet that `reading` reads back to the same products."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from weike.catalog.exchange.columns import COLUMNS
from weike.catalog.model import Product, ProductKind, SkuDraft
from weike.kernel import written

Row = list[str | int]
_KINDS = {
    "zh": {"physical": "实物", "virtual": "虚拟", "card_key": "卡密"},
    "en": {"physical": "physical", "virtual": "virtual", "card_key": "card keys"},
}
_STATES = {
    "zh": {"draft": "草稿", "on_sale": "上架", "off_sale": "下架"},
    "en": {"draft": "draft", "on_sale": "on sale", "off_sale": "off sale"},
}


def headings(language: str) -> list[str]:
    return [column.en if language == "en" else column.zh for column in COLUMNS]


def product_rows(
    products: Iterable[Product],
    *,
    category_paths: Mapping[UUID, Sequence[str]],
    category_paths_en: Mapping[UUID, Sequence[str]],
    stock: Mapping[UUID, int],
    language: str,
) -> Iterator[Row]:
    """One row per SKU, columns as in `COLUMNS`."""
    for product in products:
        for sku in product.draft.skus:
            cells = _cells(product, sku, category_paths, language)
            if category := product.draft.category_id:
                english = category_paths_en[category]
                cells["category_en"] = "/".join(english) if any(english) else ""
            if product.draft.kind != ProductKind.CARD_KEY:  # There it is the keys that are left.
                cells["stock"] = stock.get(sku.id, 0)
            yield [cells.get(column.key, "") for column in COLUMNS]


def template_rows(language: str) -> list[Row]:
    """One product in two sizes, to be written over."""
    english = language == "en"
    common: dict[str, str | int] = {
        "product_no": "LJ-2026",
        "title": "West Lake Longjing, first flush" if english else "西湖龙井 明前特级",
        "subtitle": "Hand-fired this spring" if english else "当季手工炒制",
        "category": "Tea/Green tea" if english else "茶叶/绿茶",
        "category_en": "" if english else "Tea/Green tea",
        "tags": "New;Gift" if english else "新品；送礼",
        "state": _STATES[language]["draft"],
        "commission_rate": 10,
        "spec1_name": "Net weight" if english else "净含量",
        "spec1_name_en": "" if english else "Net weight",
    }
    sizes: tuple[dict[str, str | int], ...] = (
        {"spec1_value": "50g", "sku_code": "LJ-2026-50", "price": "128.00", "stock": 100},
        {"spec1_value": "100g", "sku_code": "LJ-2026-100", "price": "238.00", "stock": 60},
    )
    return [[(common | size).get(column.key, "") for column in COLUMNS] for size in sizes]


def _cells(
    product: Product, sku: SkuDraft, paths: Mapping[UUID, Sequence[str]], language: str
) -> dict[str, str | int]:
    draft = product.draft
    cells: dict[str, str | int] = {
        "product_no": draft.skus[0].code,
        "title": draft.title,
        "title_en": draft.title_en,
        "subtitle": draft.subtitle,
        "category": "/".join(paths[draft.category_id]) if draft.category_id else "",
        "tags": ";".join(draft.tags),
        "state": _STATES[language][draft.state],
        "kind": _KINDS[language][draft.kind],
        "delivery_note": draft.delivery_note,
        "description": draft.description,
        "sku_code": sku.code,
        "price": _yuan(sku.price_minor),
        "market_price": _yuan(sku.market_price_minor),
        "cost": _yuan(sku.cost_minor),
        "weight_g": "" if sku.weight_g is None else sku.weight_g,
    }
    if draft.commission_rate_bp is not None:
        cells["commission_rate"] = _yuan(draft.commission_rate_bp)
    for place, (spec, value) in enumerate(zip(draft.specs, sku.spec_values, strict=True), start=1):
        cells[f"spec{place}_name"] = spec.name
        cells[f"spec{place}_value"] = value
        cells[f"spec{place}_name_en"] = spec.name_en
        cells[f"spec{place}_value_en"] = spec.in_english(value)
    return cells


def _yuan(minor: int | None) -> str:
    return "" if minor is None else written(minor)
