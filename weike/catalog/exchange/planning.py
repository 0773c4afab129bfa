"""From rows to drafts: which products a file makes or changes. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from weike.catalog.description import safe_description
from weike.catalog.errors import (
    CellMissing,
    CodeTaken,
    CodeTwice,
    KindFixed,
    NeighbourRowFailed,
    RowsDisagree,
    TooManySkus,
)
from weike.catalog.exchange.columns import COLUMNS
from weike.catalog.exchange.reading import RowFailure, Sheet, SheetRow
from weike.catalog.model import SKU_LIMIT, Product, ProductDraft, SkuDraft, Spec, check_draft
from weike.kernel import Refusal, uuid7

CategoryPath = tuple[str, ...]
_OF_PRODUCT = tuple(column.key for column in COLUMNS if column.of_product)
_SPECS = (1, 2, 3)
_COLUMN_OF_FIELD = {
    "code": "sku_code",
    "spec_values": "spec1_value",
    "market_price_minor": "market_price",
    "specs": "spec1_name",
}
"""Where the merchant finds what `check_draft` refuses."""


class PlannedProduct(msgspec.Struct, frozen=True, kw_only=True):
    """`stock` says how many pieces lie of which SKU, where the file says so."""

    id: UUID
    draft: ProductDraft
    category: CategoryPath | None
    category_en: CategoryPath = ()
    """What the file calls the levels of `category` in English; empty, or one for each."""
    is_new: bool
    is_changed: bool
    stock: dict[UUID, int]
    rows: dict[UUID, int]
    """The row of each SKU that the file names."""


class Plan(msgspec.Struct, frozen=True):
    products: list[PlannedProduct]
    failures: list[RowFailure]


def plan_import(
    sheet: Sheet,
    *,
    known: Mapping[str, Product],
    categories: Mapping[CategoryPath, UUID],
    now: datetime,
) -> Plan:
    """`known` maps active SKU codes to their products, `categories` existing paths to ids.

    The category of a draft is left as it is where the path is not known yet (`category` says it).
    """
    failures: list[RowFailure] = []
    products = []
    for place, rows in enumerate(_groups(sheet, known)):
        refusals = [RowFailure(row.number, refusal) for row in rows for refusal in row.refusals]
        # Earlier rows get later ids, because newer products are shown first.
        made_at = now - timedelta(milliseconds=place)
        if not refusals:
            try:
                products.append(_planned(rows, known=known, categories=categories, made_at=made_at))
                continue
            except _RowRefused as refused:
                refusals = [RowFailure(refused.row, refused.refusal)]
        failures += refusals
        refused_rows = {failure.row for failure in refusals}
        failures += [
            RowFailure(row.number, NeighbourRowFailed(field="sku_code"))
            for row in rows
            if row.number not in refused_rows
        ]
    return Plan(products, sorted(failures, key=lambda failure: failure.row))


class _RowRefused(Exception):
    def __init__(self, row: int, refusal: Refusal) -> None:
        super().__init__(row)
        self.row = row
        self.refusal = refusal


def _groups(rows: Sheet, known: Mapping[str, Product]) -> list[list[SheetRow]]:
    """Rows by product, each with what is already wrong about it."""
    owners: dict[str, UUID] = {}
    for row in rows:
        code, number = row.values.get("sku_code"), row.values.get("product_no")
        if code is not None and code in known and number is not None:
            owners.setdefault(number, known[code].id)
    groups: dict[object, list[SheetRow]] = {}
    seen: set[str] = set()
    for row in rows:
        code, number = row.values.get("sku_code"), row.values.get("product_no")
        refusals = [*row.refusals]
        key: object = row.number if number is None else owners.get(number, number)
        if code is None:
            if not any(refusal.field == "sku_code" for refusal in refusals):
                refusals.append(CellMissing(field="sku_code", column="sku_code"))
        elif code in seen:
            refusals.append(CodeTwice(field="sku_code", sku_code=code))
        elif code in known:
            if number is not None and key != known[code].id:
                refusals.append(CodeTaken(field="sku_code", sku_code=code))
            else:
                key = known[code].id
        if code is not None:
            seen.add(code)
        groups.setdefault(key, []).append(SheetRow(row.number, row.values, refusals))
    return list(groups.values())


def _planned(
    rows: Sequence[SheetRow],
    *,
    known: Mapping[str, Product],
    categories: Mapping[CategoryPath, UUID],
    made_at: datetime,
) -> PlannedProduct:
    present = next((known[code] for row in rows if (code := row.values["sku_code"]) in known), None)
    said = _said_of_product(rows)
    if present is None and "title" not in said:
        raise _RowRefused(rows[0].number, CellMissing(field="title", column="title"))
    names = _spec_names(rows, said, present)
    skus, stock, numbers = _skus(rows, names, present, made_at)
    path = said.get("category")
    fields: dict[str, Any] = {
        name: said[name]
        for name in ("title", "title_en", "subtitle", "tags", "state", "kind", "delivery_note")
        if name in said
    }
    if "commission_rate" in said:
        fields["commission_rate_bp"] = said["commission_rate"]
    if "description" in said:
        fields["description"] = safe_description(said["description"])
    if path is not None and path in categories:
        fields["category_id"] = categories[path]
    fields["skus"] = skus
    fields["specs"] = _in_english(rows, said, _specs(names, skus, present))
    if present is None:
        draft = ProductDraft(**fields)
    else:
        draft = msgspec.structs.replace(present.draft, **fields)
        if draft.kind != present.draft.kind:
            kind = str(present.draft.kind)
            raise _RowRefused(rows[0].number, KindFixed(field="kind", kind=kind))
    try:
        check_draft(draft)
    except Refusal as refusal:
        code = refusal.facts.get("sku_code")
        row = next((row for row in rows if row.values["sku_code"] == code), rows[0])
        refusal.field = _COLUMN_OF_FIELD[(refusal.field or "").rpartition(".")[2]]
        raise _RowRefused(row.number, refusal) from refusal
    english = said.get("category_en", ())
    if english and len(english) != len(path or ()):
        raise _RowRefused(rows[0].number, RowsDisagree(field="category_en", column="category_en"))
    is_new_category = path is not None and path not in categories
    return PlannedProduct(
        id=uuid7(made_at) if present is None else present.id,
        draft=draft,
        category=path,
        category_en=english,
        is_new=present is None,
        is_changed=present is None or present.draft != draft or is_new_category,
        stock=stock,
        rows=numbers,
    )


def _said_of_product(rows: Sequence[SheetRow]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for row in rows:
        for key in _OF_PRODUCT:
            if key in row.values and said.setdefault(key, row.values[key]) != row.values[key]:
                raise _RowRefused(row.number, RowsDisagree(field=key, column=key))
    return said


def _spec_names(
    rows: Sequence[SheetRow], said: Mapping[str, Any], present: Product | None
) -> list[str]:
    keys = [f"spec{n}_name" for n in _SPECS]
    names = [said[key] for key in keys if key in said]
    if present is None:
        if any(key not in said for key in keys[: len(names)]):
            missing = next(key for key in keys if key not in said)
            raise _RowRefused(rows[0].number, CellMissing(field=missing, column=missing))
        return names
    kept = [spec.name for spec in present.draft.specs]
    # A file may leave the names out, but not give other ones: SKUs it does not name have them too.
    if names and names != kept:
        raise _RowRefused(rows[0].number, RowsDisagree(field="spec1_name", column="spec1_name"))
    return kept


def _skus(
    rows: Sequence[SheetRow], names: Sequence[str], present: Product | None, made_at: datetime
) -> tuple[tuple[SkuDraft, ...], dict[UUID, int], dict[UUID, int]]:
    skus = {sku.code: sku for sku in present.draft.skus} if present else {}
    stock: dict[UUID, int] = {}
    numbers: dict[UUID, int] = {}
    for row in rows:
        code = row.values["sku_code"]
        sku = _sku(row, names, skus.get(code), made_at)
        skus[code] = sku
        numbers[sku.id] = row.number
        if "stock" in row.values:
            stock[sku.id] = row.values["stock"]
    if len(skus) > SKU_LIMIT:
        raise _RowRefused(rows[-1].number, TooManySkus(field="product_no", limit=SKU_LIMIT))
    return tuple(skus.values()), stock, numbers


def _sku(
    row: SheetRow, names: Sequence[str], present: SkuDraft | None, made_at: datetime
) -> SkuDraft:
    values = row.values
    for n in _SPECS[len(names) :]:
        if f"spec{n}_value" in values:
            column = f"spec{n}_name"
            raise _RowRefused(row.number, CellMissing(field=column, column=column))
    spec_values = []
    for place, _ in enumerate(names):
        column = f"spec{place + 1}_value"
        value = values.get(column) or (present.spec_values[place] if present else None)
        if value is None:
            raise _RowRefused(row.number, CellMissing(field=column, column=column))
        spec_values.append(value)
    price = values.get("price", present.price_minor if present else None)
    if price is None:
        raise _RowRefused(row.number, CellMissing(field="price", column="price"))
    return SkuDraft(
        id=present.id if present else uuid7(made_at),
        code=values["sku_code"],
        spec_values=tuple(spec_values),
        price_minor=price,
        market_price_minor=values.get(
            "market_price", present.market_price_minor if present else None
        ),
        cost_minor=values.get("cost", present.cost_minor if present else None),
        weight_g=values.get("weight_g", present.weight_g if present else None),
        media_id=present.media_id if present else None,
    )


def _specs(
    names: Sequence[str], skus: Sequence[SkuDraft], present: Product | None
) -> tuple[Spec, ...]:
    """Values in the order they had, new ones after them in the order of the file."""
    specs = []
    for place, name in enumerate(names):
        used = dict.fromkeys(sku.spec_values[place] for sku in skus)
        before = present.draft.specs[place] if present else None
        kept = before.values if before else ()
        ordered = [value for value in kept if value in used]
        ordered += [value for value in used if value not in kept]
        spec = Spec(name=name, values=tuple(ordered))
        if before is not None:
            words = tuple(before.in_english(value) for value in ordered)
            spec = msgspec.structs.replace(
                spec, name_en=before.name_en, values_en=words if any(words) else ()
            )
        specs.append(spec)
    return tuple(specs)


def _in_english(
    rows: Sequence[SheetRow], said: Mapping[str, Any], specs: Sequence[Spec]
) -> tuple[Spec, ...]:
    """With the English words of the file; blank cells leave those that were there."""
    named = []
    for n, spec in enumerate(specs, start=1):
        words = {value: spec.in_english(value) for value in spec.values}
        for row in rows:
            value, word = row.values.get(f"spec{n}_value"), row.values.get(f"spec{n}_value_en")
            if value is not None and word is not None:
                words[value] = word
        named.append(
            msgspec.structs.replace(
                spec,
                name_en=said.get(f"spec{n}_name_en", spec.name_en),
                values_en=tuple(words.values()) if any(words.values()) else (),
            )
        )
    return tuple(named)
