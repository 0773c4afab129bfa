"""Take a catalogue file in, stock included; write one out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

import msgspec

from weike import catalog, inventory, tenancy
from weike.catalog import ImportedProducts, ProductKind, RowFailure, Sheet
from weike.kernel import Database, Refusal, TenantId, Tx
from weike.kernel.edge import Caller
from weike.kernel.edge.sheets import FileForm, rows_by_page, sheet_bytes, stream_sheet
from weike.storefront.errors import StockFollowsKeys

_PAGE = 500


class ImportReport(msgspec.Struct, frozen=True):
    """`created` and `updated` count products, `rows` and `failures` speak of rows."""

    rows: int
    created: int
    updated: int
    failures: list[RowFailure]


async def import_products(
    database: Database,
    tenant_id: TenantId,
    *,
    upload: bytes,
    dry_run: bool,
    actor: Caller | str,
    now: datetime,
) -> ImportReport:
    """One transaction; a dry run does everything and undoes it. Refuses with what
    `catalog.read_sheet` refuses."""
    sheet = await asyncio.to_thread(catalog.read_sheet, upload)

    async def work(tx: Tx) -> ImportReport:
        return await _import(tx, sheet, dry_run=dry_run, actor=actor, now=now)

    try:
        return await database.run(tenant_id, work)
    except _DryRun as over:
        return over.report


class _DryRun(Exception):
    """Carries the report past the undoing of everything."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__("dry run")
        self.report = report


async def _import(
    tx: Tx, sheet: Sheet, *, dry_run: bool, actor: Caller | str, now: datetime
) -> ImportReport:
    imported = await catalog.import_products(tx, sheet, now=now)
    failures = [*imported.failures, *await _set_stock(tx, imported, actor=actor, now=now)]
    report = ImportReport(
        imported.rows,
        imported.created,
        imported.updated,
        sorted(failures, key=lambda failure: failure.row),
    )
    if dry_run:
        raise _DryRun(report)
    tx.public_changed()
    await tenancy.record_audit(
        tx,
        actor=actor,
        action="products.imported",
        subject_type="products",
        subject_id="import",
        detail={"rows": report.rows, "created": report.created, "updated": report.updated},
        now=now,
    )
    return report


async def _set_stock(
    tx: Tx, imported: ImportedProducts, *, actor: Caller | str, now: datetime
) -> list[RowFailure]:
    """Stock that orders already need is told and left alone, one row at a time."""
    by_keys = await catalog.sku_ids_of_kind(tx, list(imported.stock), ProductKind.CARD_KEY)
    stock = {id: pieces for id, pieces in imported.stock.items() if id not in by_keys}
    failures = [
        RowFailure(imported.sku_rows[id], StockFollowsKeys(field="stock")) for id in by_keys
    ]
    while stock:
        try:
            async with tx.savepoint():
                await inventory.set_on_hand(
                    tx,
                    stock,
                    reason="imported",
                    actor_kind="system" if isinstance(actor, str) else actor.kind.value,
                    actor_id=None if isinstance(actor, str) else actor.id,
                    now=now,
                )
            break
        except Refusal as refusal:
            sku_id = refusal.facts.get("sku_id")
            if not isinstance(sku_id, UUID) or sku_id not in stock:
                raise
            del stock[sku_id]
            refusal.field = "stock"
            failures.append(RowFailure(imported.sku_rows[sku_id], refusal))
    return failures


def export_products(
    database: Database, tenant_id: TenantId, *, form: FileForm, language: str
) -> AsyncIterator[bytes]:
    """The whole catalogue, page by page, as `import_products` takes it."""

    async def page(tx: Tx, last: UUID | None) -> tuple[list[catalog.Row], UUID | None]:
        products = await catalog.products_after(tx, last, limit=_PAGE)
        categories = await catalog.categories(tx, on_sale_only=False)
        sku_ids = [sku.id for product in products for sku in product.draft.skus]
        stock = await inventory.on_hand(tx, sku_ids)
        rows = catalog.product_rows(
            products,
            category_paths=catalog.category_paths(categories),
            category_paths_en=catalog.category_paths_in_english(categories),
            stock=stock,
            language=language,
        )
        return list(rows), products[-1].id if products else None

    rows = rows_by_page(database, tenant_id, page)
    return stream_sheet(form, catalog.headings(language), rows)


def template(*, form: FileForm, language: str) -> bytes:
    """An empty file with headings and one product as an example."""
    return sheet_bytes(form, catalog.headings(language), catalog.template_rows(language))
