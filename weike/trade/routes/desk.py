"""The order desk over HTTP: find, take out as a file, ship by a sheet, list what to pick."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import Provide
from litestar.enums import RequestEncodingType
from litestar.handlers import HTTPRouteHandler
from litestar.params import Body, QueryParameter
from litestar.response import Stream
from msgspec import Meta, Struct

from weike import members, tenancy
from weike.kernel import PAGE_LIMIT, Database, Page, Texts, decode_cursor
from weike.kernel.edge import Caller, staff
from weike.kernel.edge.sheet_uploads import FILE_LIMIT_BYTES
from weike.kernel.edge.sheets import (
    MEDIA_TYPES,
    FileForm,
    download_headers,
    sheet_bytes,
    sheet_stream,
)
from weike.kernel.words import Words
from weike.trade.couriers import COURIERS
from weike.trade.desk.list_orders import (
    PickingList,
    desk_orders,
    export_rows,
    headings,
    picking_list,
)
from weike.trade.desk.question import (
    Carried,
    DeskList,
    DeskQuestion,
    DeskSort,
    Fulfilment,
    RefundState,
    Way,
    wanted_by,
)
from weike.trade.desk.ship_by_sheet import SheetShipped, ship_by_sheet, template_headings
from weike.trade.desk.to_ship import template_rows
from weike.trade.order.show_orders import courier_name
from weike.trade.order.show_shop_orders import ShopOrderRow

READ = staff("orders.read")
SHIP = staff("orders.ship")
_BODY_LIMIT = FILE_LIMIT_BYTES + 64 * 1024


class Courier(Struct, kw_only=True):
    code: str
    name: str


class Couriers(Struct, kw_only=True):
    items: list[Courier]


class PickingAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    order_ids: Annotated[list[UUID], Meta(min_length=1, max_length=200)]


async def desk_question(
    in_state: Annotated[DeskList, QueryParameter(name="state")] = "all",
    q: Annotated[str | None, QueryParameter(max_length=64)] = None,
    since: Annotated[datetime | None, QueryParameter(name="from")] = None,
    until: Annotated[datetime | None, QueryParameter(name="to")] = None,
    handed_over: Annotated[Fulfilment | None, QueryParameter(name="fulfilment")] = None,
    product_id: UUID | None = None,
    paid_by: Way | None = None,
    delivery: Carried | None = None,
    pickup_point_id: UUID | None = None,
    refund: RefundState | None = None,
    sort: DeskSort = "newest",
) -> DeskQuestion:
    """`q`: an order number or its beginning, a tracking number, the last four digits of the
    receiver's phone, the receiver's name."""
    return DeskQuestion(
        state=in_state,
        fulfilment=handed_over,
        since=since,
        until=until,
        product_id=product_id,
        paid_by=paid_by,
        delivery=delivery,
        pickup_point_id=pickup_point_id,
        refund=refund,
        wanted=wanted_by(q),
        sort=sort,
    )


_QUESTION = {"question": Provide(desk_question)}


@get(
    "/api/console/orders",
    opt=READ,
    operation_id="list_orders",
    dependencies=_QUESTION,
    tags=["console"],
)
async def list_orders(
    caller: Caller,
    database: Database,
    words: Words,
    question: DeskQuestion,
    cursor: str | None = None,
    limit: Annotated[int, QueryParameter(ge=1, le=PAGE_LIMIT)] = 20,
) -> Page[ShopOrderRow]:
    """Newest first, unless asked otherwise."""
    after = decode_cursor(cursor, tuple[str, UUID])
    return await database.run(
        caller.tenant_id,
        lambda tx: desk_orders(tx, question, after=after, limit=limit, words=words),
    )


@get(
    "/api/console/orders/export",
    opt=READ,
    operation_id="export_orders",
    dependencies=_QUESTION,
    tags=["console"],
)
async def export_orders(
    caller: Caller,
    database: Database,
    words: Words,
    question: DeskQuestion,
    phone_seal: members.PhoneSeal,
    now: datetime,
    form: Annotated[FileForm, QueryParameter(name="format")] = "csv",
) -> Stream:
    """A row is a line of an order. Receivers are masked for those who may not ship."""
    await database.run(
        caller.tenant_id,
        lambda tx: tenancy.record_audit(
            tx,
            actor=caller,
            action="orders.exported",
            subject_type="orders",
            subject_id="export",
            detail={"state": question.state, "format": form},
            now=now,
        ),
    )
    rows = export_rows(
        database,
        caller.tenant_id,
        question,
        seal=phone_seal if "orders.ship" in caller.permissions else None,
        words=words,
    )
    return sheet_stream(form, f"orders-{now:%Y%m%d-%H%M}", headings(words), rows)


@get("/api/console/couriers", opt=READ, operation_id="list_couriers", tags=["console"])
async def list_couriers(words: Words) -> Couriers:
    return Couriers(items=[Courier(code=code, name=courier_name(code, words)) for code in COURIERS])


@get(
    "/api/console/orders/ship-template",
    opt=SHIP,
    operation_id="ship_template",
    tags=["console"],
)
async def give_template(
    caller: Caller,
    database: Database,
    texts: Texts,
    language: str,
    form: Annotated[FileForm, QueryParameter(name="format")] = "xlsx",
) -> Response[bytes]:
    """Orders that wait to be shipped, oldest first, to be filled with couriers and numbers."""
    rows = await database.run(caller.tenant_id, template_rows)
    return Response(
        sheet_bytes(form, template_headings(texts, language), rows),
        media_type=MEDIA_TYPES[form],
        headers=download_headers(f"to-ship.{form}"),
    )


@post(
    "/api/console/orders/ship-sheet",
    opt=SHIP,
    operation_id="ship_by_sheet",
    request_max_body_size=_BODY_LIMIT,
    status_code=200,
    tags=["console"],
)
async def take_sheet(
    caller: Caller,
    database: Database,
    texts: Texts,
    language: str,
    now: datetime,
    data: Annotated[UploadFile, Body(media_type=RequestEncodingType.MULTI_PART)],
    dry_run: bool = False,
) -> SheetShipped:
    """CSV or XLSX. Every row is tried by itself; a dry run says what would happen."""
    return await ship_by_sheet(
        database,
        caller.tenant_id,
        upload=await data.read(FILE_LIMIT_BYTES + 1),
        dry_run=dry_run,
        caller=caller,
        texts=texts,
        language=language,
        now=now,
    )


@post(
    "/api/console/orders/picking-list",
    opt=READ,
    operation_id="picking_list",
    status_code=200,
    tags=["console"],
)
async def give_picking_list(
    caller: Caller, database: Database, words: Words, data: PickingAsked
) -> PickingList:
    return await database.run(
        caller.tenant_id,
        lambda tx: picking_list(tx, order_ids=data.order_ids, words=words),
    )


DESK_ROUTES: tuple[HTTPRouteHandler, ...] = (
    list_orders,
    export_orders,
    list_couriers,
    give_template,
    take_sheet,
    give_picking_list,
)
