"""Ship many orders by an uploaded sheet: every row is tried by itself, a dry run undoes it all."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from weike import tenancy
from weike.kernel import Database, Invalid, Refusal, TenantId, Tx, derived_id
from weike.kernel.edge import Caller
from weike.kernel.edge.sheet_uploads import SheetLine, heading_key, read_sheet
from weike.kernel.texts import Texts
from weike.trade.couriers import COURIERS
from weike.trade.desk import queries
from weike.trade.errors import UnknownOrder
from weike.trade.fulfilment import queries as parcel_queries
from weike.trade.fulfilment.ship_order import ship_order
from weike.trade.model import Actor

ROWS_LIMIT = 2_000
_COLUMNS = ("number", "courier", "tracking_no", "line", "quantity")
_REQUIRED = ("number", "courier", "tracking_no")
_LANGUAGES = ("zh", "en")
_NUMBER_LIMIT = 40


class CellMissing(Invalid):
    """A row lacks what it cannot be shipped without. Fact: `column`."""

    code = "trade.cell_missing"


class CellInvalid(Invalid):
    """A cell cannot be read. Facts: `column`, `value`."""

    code = "trade.cell_invalid"


class ShippedRow(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one row: a parcel, or a refusal with its sentence."""

    row: int
    number: str
    tracking_no: str
    ok: bool
    known: bool
    code: str = ""
    message: str = ""


class SheetShipped(msgspec.Struct, frozen=True, kw_only=True):
    """`known` rows were shipped by an earlier upload and changed nothing."""

    rows: int
    shipped: int
    known: int
    failed: int
    items: list[ShippedRow]


def template_headings(texts: Texts, language: str) -> list[str]:
    return [texts.say(f"trade.sheet.{key}", language, {}) for key in _COLUMNS]


async def ship_by_sheet(
    database: Database,
    tenant_id: TenantId,
    *,
    upload: bytes,
    dry_run: bool,
    caller: Caller,
    texts: Texts,
    language: str,
    now: datetime,
) -> SheetShipped:
    """One transaction; a row that is refused leaves the others alone. Refuses with what
    `read_sheet` refuses."""
    headings = {
        heading_key(texts.say(f"trade.sheet.{key}", one, {})): key
        for key in _COLUMNS
        for one in _LANGUAGES
    } | {heading_key(key): key for key in _COLUMNS}
    required = {key: texts.say(f"trade.sheet.{key}", language, {}) for key in _REQUIRED}
    lines = await asyncio.to_thread(
        read_sheet, upload, headings=headings, required=required, row_limit=ROWS_LIMIT
    )
    couriers = _couriers(texts)

    async def work(tx: Tx) -> SheetShipped:
        report = await _ship(tx, lines, couriers, caller, texts=texts, language=language, now=now)
        if dry_run:
            raise _DryRun(report)
        await tenancy.record_audit(
            tx,
            actor=caller,
            action="orders.shipped_by_sheet",
            subject_type="orders",
            subject_id="sheet",
            detail={"rows": report.rows, "shipped": report.shipped, "failed": report.failed},
            now=now,
        )
        return report

    try:
        return await database.run(tenant_id, work)
    except _DryRun as over:
        return over.report


class _DryRun(Exception):
    """Carries the report past the undoing of everything."""

    def __init__(self, report: SheetShipped) -> None:
        super().__init__("dry run")
        self.report = report


def _couriers(texts: Texts) -> dict[str, str]:
    """By code and by name in every language."""
    found = {code: code for code in COURIERS}
    for code in COURIERS:
        for language in _LANGUAGES:
            found[heading_key(texts.say(f"trade.courier.{code}", language, {}))] = code
    return found


async def _ship(
    tx: Tx,
    lines: list[SheetLine],
    couriers: Mapping[str, str],
    caller: Caller,
    *,
    texts: Texts,
    language: str,
    now: datetime,
) -> SheetShipped:
    numbers = [line.cells["number"] for line in lines if "number" in line.cells]
    orders = await queries.orders_by_number(tx, numbers)
    items = []
    for line in lines:
        known, refusal = False, None
        try:
            async with tx.savepoint():
                known = await _ship_row(tx, line, orders, couriers, caller, now=now)
        except Refusal as caught:
            refusal = caught
        facts = dict(refusal.facts) if refusal else {}
        if "column" in facts:
            facts["column"] = texts.say(f"trade.sheet.{facts['column']}", language, {})
        items.append(
            ShippedRow(
                row=line.number,
                number=line.cells.get("number", ""),
                tracking_no=line.cells.get("tracking_no", ""),
                ok=refusal is None,
                known=known,
                code=refusal.code if refusal else "",
                message=texts.say(refusal.code, language, facts) if refusal else "",
            )
        )
    failed = sum(not item.ok for item in items)
    known_rows = sum(item.known for item in items)
    return SheetShipped(
        rows=len(items),
        shipped=len(items) - failed - known_rows,
        known=known_rows,
        failed=failed,
        items=items,
    )


async def _ship_row(
    tx: Tx,
    line: SheetLine,
    orders: Mapping[str, UUID],
    couriers: Mapping[str, str],
    caller: Caller,
    *,
    now: datetime,
) -> bool:
    """Whether this parcel was known already."""
    cells = line.cells
    for key in _REQUIRED:
        if key not in cells:
            raise CellMissing(field=key, column=key)
        if len(cells[key]) > _NUMBER_LIMIT or not cells[key].isprintable():
            raise CellInvalid(field=key, column=key, value=cells[key][:40])
    order_id = orders.get(cells["number"])
    if order_id is None:
        raise UnknownOrder(field="number")
    courier = couriers.get(heading_key(cells["courier"]), cells["courier"])
    tracking_no = cells["tracking_no"]
    pieces = await _pieces(tx, order_id, cells)
    which = ",".join(f"{position}x{count}" for position, count in sorted((pieces or {}).items()))
    parcel_id = derived_id(order_id, f"trade.sheet:{courier}:{tracking_no}:{which}")
    known = await parcel_queries.parcel_by_id(tx, parcel_id) is not None
    await ship_order(
        tx,
        parcel_id=parcel_id,
        order_id=order_id,
        courier=courier,
        tracking_no=tracking_no,
        pieces=pieces,
        actor=Actor("staff", caller.staff_id),
        now=now,
    )
    return known


async def _pieces(tx: Tx, order_id: UUID, cells: Mapping[str, str]) -> dict[int, int] | None:
    """Lines are counted from one. A line without a quantity is all that is left of it."""
    if "line" not in cells:
        if "quantity" in cells:
            raise CellMissing(field="line", column="line")
        return None
    position = _whole(cells, "line") - 1
    if "quantity" in cells:
        return {position: _whole(cells, "quantity")}
    left = {one.position: one.left for one in await parcel_queries.lines_of(tx, order_id)}
    return {position: left.get(position, 0)}


def _whole(cells: Mapping[str, str], key: str) -> int:
    text = cells[key].removesuffix(".0")
    if not text.isdecimal() or not 1 <= len(text) <= 4 or int(text) < 1:
        raise CellInvalid(field=key, column=key, value=cells[key][:40])
    return int(text)
