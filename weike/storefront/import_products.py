"""Take a catalogue file in, stock included; write one out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from weike import catalog, inventory, tenancy
from weike.catalog import ImportedProducts, RowFailure, Sheet
from weike.kernel import Database, Refusal, TenantId, Tx
from weike.kernel.edge import Caller

FileForm = Literal["csv", "xlsx"]
_PAGE = 500
_CHUNK = 64 * 1024


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
    stock = dict(imported.stock)
    failures: list[RowFailure] = []
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


async def export_products(
    database: Database, tenant_id: TenantId, *, form: FileForm, language: str
) -> AsyncIterator[bytes]:
    """The whole catalogue, page by page, as `import_products` takes it."""
    if form == "csv":
        yield (catalog.CSV_START + catalog.csv_lines([catalog.headings(language)])).encode()
        async for rows in _pages(database, tenant_id, language):
            yield catalog.csv_lines(rows).encode()
        return
    book = catalog.XlsxFile()
    book.add([catalog.headings(language)])
    async for rows in _pages(database, tenant_id, language):
        await asyncio.to_thread(book.add, rows)
    for chunk in await asyncio.to_thread(_chunks, book):
        yield chunk


def template(*, form: FileForm, language: str) -> bytes:
    """An empty file with headings and one product as an example."""
    rows = catalog.template_rows(language)
    if form == "csv":
        return (catalog.CSV_START + catalog.csv_lines(rows)).encode()
    book = catalog.XlsxFile()
    book.add(rows)
    return b"".join(_chunks(book))


def _chunks(book: catalog.XlsxFile) -> list[bytes]:
    with book.finish() as file:
        return list(iter(lambda: file.read(_CHUNK), b""))


async def _pages(
    database: Database, tenant_id: TenantId, language: str
) -> AsyncIterator[list[catalog.Row]]:
    after: UUID | None = None
    while True:
        last = after

        async def work(tx: Tx, last: UUID | None = last) -> tuple[UUID | None, list[catalog.Row]]:
            products = await catalog.products_after(tx, last, limit=_PAGE)
            paths = catalog.category_paths(await catalog.categories(tx, on_sale_only=False))
            sku_ids = [sku.id for product in products for sku in product.draft.skus]
            stock = await inventory.on_hand(tx, sku_ids)
            rows = catalog.product_rows(
                products, category_paths=paths, stock=stock, language=language
            )
            return products[-1].id if products else None, list(rows)

        after, rows = await database.run(tenant_id, work)
        if after is None:
            return
        yield rows
