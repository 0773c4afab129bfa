"""Take a file's products into the catalogue: a fixed number of statements for thousands of rows."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from weike.catalog import queries
from weike.catalog.categories import (
    categories,
    category_paths,
    create_categories,
    name_in_english,
)
from weike.catalog.exchange.planning import CategoryPath, PlannedProduct, plan_import
from weike.catalog.exchange.reading import RowFailure, Sheet
from weike.catalog.model import Product
from weike.catalog.put_product import CURRENCY, prepare_writes
from weike.kernel import Tx, derived_id, uuid7

_AT_ONCE = 1000


class ImportedProducts(msgspec.Struct, frozen=True, kw_only=True):
    """`stock` is what the file says of pieces on the shelf, for whoever keeps stock;
    `sku_rows` names the row of each SKU."""

    rows: int
    created: int
    updated: int
    failures: list[RowFailure]
    stock: dict[UUID, int]
    sku_rows: dict[UUID, int]


async def import_products(
    tx: Tx, sheet: Sheet, *, now: datetime, currency: str = CURRENCY
) -> ImportedProducts:
    """Good products are taken, bad rows are told; products with a bad row are left alone.

    Blank cells leave what is there. `updated` counts only products that really changed.
    """
    known = await _known_products(tx, sheet)
    found = await categories(tx, on_sale_only=False)
    paths = {path: id for id, path in category_paths(found).items()}
    plan = plan_import(sheet, known=known, categories=paths, now=now)
    changed = await _with_categories(
        tx,
        [planned for planned in plan.products if planned.is_changed],
        known=paths,
        taken={category.id for category in found},
        now=now,
    )
    for some in _in_parts(changed):
        writes = await prepare_writes(
            tx, [(planned.id, planned.draft) for planned in some], currency=currency
        )
        await queries.write_products(tx, writes, now=now)
    await name_in_english(
        tx,
        {
            planned.category: planned.category_en
            for planned in plan.products
            if planned.category and any(planned.category_en)
        },
    )
    created = sum(planned.is_new for planned in changed)
    return ImportedProducts(
        rows=len(sheet),
        created=created,
        updated=len(changed) - created,
        failures=plan.failures,
        stock={id: number for planned in plan.products for id, number in planned.stock.items()},
        sku_rows={id: row for planned in plan.products for id, row in planned.rows.items()},
    )


async def _known_products(tx: Tx, sheet: Sheet) -> dict[str, Product]:
    codes = [row.values["sku_code"] for row in sheet if "sku_code" in row.values]
    owners = await queries.sku_owners(tx, ids=[], codes=codes)
    products = await queries.products_by_id(tx, sorted({o[1] for o in owners}), lock=True)
    return {sku.code: product for product in products for sku in product.draft.skus}


async def _with_categories(
    tx: Tx,
    changed: list[PlannedProduct],
    *,
    known: dict[CategoryPath, UUID],
    taken: set[UUID],
    now: datetime,
) -> list[PlannedProduct]:
    """Makes the categories that are missing, and gives them to the drafts."""
    missing: dict[CategoryPath, UUID] = {}
    for planned in changed:
        for depth in range(1, len(planned.category or ()) + 1):
            path = (planned.category or ())[:depth]
            if path not in known and path not in missing:
                # Derived, so that two imports at once collide and the second finds the first's;
                # a fresh one where that category was renamed since.
                id = derived_id(tx.tenant_id, "category/" + "/".join(path))
                missing[path] = uuid7(now) if id in taken else id
    if not missing:
        return changed
    made = known | await create_categories(tx, missing, now=now)
    return [
        msgspec.structs.replace(
            planned,
            draft=msgspec.structs.replace(planned.draft, category_id=made[planned.category]),
        )
        if planned.category
        else planned
        for planned in changed
    ]


def _in_parts(changed: list[PlannedProduct]) -> list[list[PlannedProduct]]:
    return [changed[i : i + _AT_ONCE] for i in range(0, len(changed), _AT_ONCE)]
