"""Invoices over HTTP: buyers ask, the merchant's people issue."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Response, delete, get, post, put
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.handlers import HTTPRouteHandler
from litestar.params import Body, QueryParameter
from litestar.response import Stream
from msgspec import Meta, Struct

from weike import catalog
from weike.kernel import PAGE_LIMIT, Database, Page, Tx, decode_cursor
from weike.kernel.edge import MEMBER, Caller, limited, staff
from weike.kernel.edge.sheets import (
    FileForm,
    Row,
    download_headers,
    rows_by_page,
    sheet_stream,
)
from weike.kernel.words import Words
from weike.trade.invoices import keep_titles, queries
from weike.trade.invoices.issue_invoice import (
    MEDIA_TYPES,
    file_of,
    issue_invoice,
    keep_file,
    refuse_invoice,
    reverse_invoice,
    send_invoice,
)
from weike.trade.invoices.keep_titles import KeptTitle
from weike.trade.invoices.request_invoice import request_invoice
from weike.trade.invoices.rules import FILE_LIMIT_BYTES, InvoiceTitle, TitleKind
from weike.trade.invoices.show_invoices import (
    EXPORT_COLUMNS,
    InvoiceCounts,
    InvoiceList,
    InvoiceView,
    OrderInvoice,
    ShopInvoice,
    export_page,
    invoice_counts,
    my_invoice,
    my_invoices,
    order_invoice,
    shop_invoice,
    shop_invoices,
)

_WORD = r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$"
Named = Annotated[str, Meta(min_length=1, max_length=100, pattern=_WORD)]
Number = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z-]+$")]
EMail = Annotated[str, Meta(max_length=120, pattern=r"^([^@\s]+@[^@\s]+\.[^@\s]+)?$")]
Link = Annotated[str, Meta(max_length=500, pattern=r"^https://[^\s<>\"']+$")]
Reason = Annotated[str, Meta(min_length=1, max_length=200, pattern=_WORD)]
InState = Annotated[InvoiceList, QueryParameter(name="state")]
Wanted = Annotated[str | None, QueryParameter(max_length=64)]
_ROWS_AT_ONCE = 500
_BODY_LIMIT = FILE_LIMIT_BYTES + 64 * 1024


class TitleInput(Struct, forbid_unknown_fields=True, kw_only=True):
    kind: TitleKind
    title: Named
    tax_no: Annotated[str, Meta(max_length=30)] = ""
    email: EMail = ""
    is_default: bool = False

    def value(self) -> InvoiceTitle:
        return InvoiceTitle(
            kind=self.kind, title=self.title.strip(), tax_no=self.tax_no, email=self.email
        )


class TitleList(Struct, kw_only=True):
    items: list[KeptTitle]


class InvoiceAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    """An ordinary electronic invoice for what is left of the order."""

    id: UUID
    order_id: UUID
    kind: TitleKind
    title: Named
    tax_no: Annotated[str, Meta(max_length=30)] = ""
    email: EMail = ""


class IssueAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    """`invoice_no` is the tax system's; `link` leads to the file there."""

    invoice_no: Number
    link: Link | None = None


class RefuseAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    reason: Reason


class ReverseAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    red_no: Number
    reason: Reason


# Buyers.


@get("/api/shop/invoice-titles", opt=MEMBER, operation_id="my_invoice_titles", tags=["shop"])
async def list_titles(caller: Caller, database: Database) -> TitleList:
    items = await database.run(
        caller.tenant_id, lambda tx: keep_titles.my_titles(tx, member_id=caller.member_id)
    )
    return TitleList(items=items)


@put(
    "/api/shop/invoice-titles/{title_id:uuid}",
    opt=MEMBER,
    operation_id="put_invoice_title",
    tags=["shop"],
)
async def put_title(
    caller: Caller, database: Database, title_id: UUID, data: TitleInput, now: datetime
) -> KeptTitle:
    """Makes the title or replaces it."""
    return await database.run(
        caller.tenant_id,
        lambda tx: keep_titles.put_title(
            tx,
            title_id=title_id,
            member_id=caller.member_id,
            title=data.value(),
            is_default=data.is_default,
            now=now,
        ),
    )


@delete(
    "/api/shop/invoice-titles/{title_id:uuid}",
    opt=MEMBER,
    operation_id="remove_invoice_title",
    tags=["shop"],
)
async def remove_title(caller: Caller, database: Database, title_id: UUID) -> None:
    await database.run(
        caller.tenant_id,
        lambda tx: keep_titles.remove_title(tx, title_id=title_id, member_id=caller.member_id),
    )


@get("/api/shop/invoices", opt=MEMBER, operation_id="my_invoices", tags=["shop"])
async def list_mine(
    caller: Caller,
    database: Database,
    words: Words,
    cursor: str | None = None,
    limit: Annotated[int, QueryParameter(ge=1, le=50)] = 20,
) -> Page[InvoiceView]:
    """Newest first."""
    after = decode_cursor(cursor, tuple[datetime, UUID])
    return await database.run(
        caller.tenant_id,
        lambda tx: my_invoices(
            tx, member_id=caller.member_id, after=after, limit=limit, words=words
        ),
    )


@get(
    "/api/shop/orders/{order_id:uuid}/invoice",
    opt=MEMBER,
    operation_id="my_order_invoice",
    tags=["shop"],
)
async def read_of_order(
    caller: Caller, database: Database, words: Words, order_id: UUID
) -> OrderInvoice:
    """What can be invoiced of an order, and what is under way."""
    return await database.run(
        caller.tenant_id,
        lambda tx: order_invoice(tx, order_id=order_id, member_id=caller.member_id, words=words),
    )


@post(
    "/api/shop/invoices",
    opt=limited(MEMBER, per_minute=30),
    operation_id="request_invoice",
    tags=["shop"],
)
async def post_request(
    caller: Caller, database: Database, words: Words, data: InvoiceAsked, now: datetime
) -> InvoiceView:
    """One living invoice per order."""
    member_id = caller.member_id

    async def work(tx: Tx) -> InvoiceView:
        invoice_id = await request_invoice(
            tx,
            invoice_id=data.id,
            order_id=data.order_id,
            member_id=member_id,
            title=InvoiceTitle(
                kind=data.kind, title=data.title.strip(), tax_no=data.tax_no, email=data.email
            ),
            now=now,
        )
        return await my_invoice(tx, invoice_id=invoice_id, member_id=member_id, words=words)

    return await database.run(caller.tenant_id, work)


@get(
    "/api/shop/invoices/{invoice_id:uuid}/file",
    opt=MEMBER,
    operation_id="fetch_my_invoice",
    tags=["shop"],
)
async def fetch_mine(
    caller: Caller, database: Database, media_store: catalog.MediaStore, invoice_id: UUID
) -> Response[bytes]:
    """The file the merchant put here, for the buyer who asked."""
    member_id = caller.member_id
    row = await database.run(
        caller.tenant_id, lambda tx: queries.invoice(tx, invoice_id, member_id=member_id)
    )
    return _file(*await file_of(media_store, caller.tenant_id, row))


def _file(content: bytes, ending: str) -> Response[bytes]:
    return Response(
        content, media_type=MEDIA_TYPES[ending], headers=download_headers(f"invoice.{ending}")
    )


# The merchant's people.


@get(
    "/api/console/invoices",
    opt=staff("invoices.read"),
    operation_id="list_invoices",
    tags=["console"],
)
async def list_invoices(
    caller: Caller,
    database: Database,
    words: Words,
    in_state: InState = "all",
    q: Wanted = None,
    cursor: str | None = None,
    limit: Annotated[int, QueryParameter(ge=1, le=PAGE_LIMIT)] = 20,
) -> Page[ShopInvoice]:
    """Newest first. `q`: a number or its beginning, a tax number, part of a title or nickname, a
    phone tail."""
    after = decode_cursor(cursor, tuple[datetime, UUID])
    wanted = (q.strip() or None) if q else None
    return await database.run(
        caller.tenant_id,
        lambda tx: shop_invoices(
            tx, state=in_state, wanted=wanted, after=after, limit=limit, words=words
        ),
    )


@get(
    "/api/console/invoices/counts",
    opt=staff("invoices.read"),
    operation_id="count_invoices",
    tags=["console"],
)
async def count_invoices(caller: Caller, database: Database) -> InvoiceCounts:
    return await database.run(caller.tenant_id, invoice_counts)


@get(
    "/api/console/invoices/export",
    opt=staff("invoices.read"),
    operation_id="export_invoices",
    tags=["console"],
)
async def export_invoices(
    caller: Caller,
    database: Database,
    words: Words,
    in_state: InState = "all",
    q: Wanted = None,
    form: FileForm = "csv",
) -> Stream:
    """The list as a file, written as it is read."""
    wanted = (q.strip() or None) if q else None

    async def page(
        tx: Tx, after: queries.AfterKey | None
    ) -> tuple[Iterable[Row], queries.AfterKey | None]:
        return await export_page(
            tx, in_state, wanted, after=after, limit=_ROWS_AT_ONCE, words=words
        )

    columns = [words(f"trade.invoice_column.{name}") for name in EXPORT_COLUMNS]
    return sheet_stream(form, "invoices", columns, rows_by_page(database, caller.tenant_id, page))


@get(
    "/api/console/invoices/{invoice_id:uuid}",
    opt=staff("invoices.read"),
    operation_id="get_invoice",
    tags=["console"],
)
async def get_invoice(
    caller: Caller, database: Database, words: Words, invoice_id: UUID
) -> ShopInvoice:
    return await database.run(
        caller.tenant_id, lambda tx: shop_invoice(tx, invoice_id=invoice_id, words=words)
    )


@get(
    "/api/console/invoices/{invoice_id:uuid}/file",
    opt=staff("invoices.read"),
    operation_id="fetch_invoice",
    tags=["console"],
)
async def fetch_invoice(
    caller: Caller, database: Database, media_store: catalog.MediaStore, invoice_id: UUID
) -> Response[bytes]:
    row = await database.run(caller.tenant_id, lambda tx: queries.invoice(tx, invoice_id))
    return _file(*await file_of(media_store, caller.tenant_id, row))


async def _done(
    caller: Caller,
    database: Database,
    words: Words,
    invoice_id: UUID,
    deed: Callable[[Tx], Awaitable[None]],
) -> ShopInvoice:
    """Runs the deed and answers where the invoice stands now."""

    async def work(tx: Tx) -> ShopInvoice:
        await deed(tx)
        return await shop_invoice(tx, invoice_id=invoice_id, words=words)

    return await database.run(caller.tenant_id, work)


@post(
    "/api/console/invoices/{invoice_id:uuid}/issue",
    opt=staff("invoices.write"),
    operation_id="issue_invoice",
    status_code=200,
    tags=["console"],
)
async def post_issue(
    caller: Caller,
    database: Database,
    words: Words,
    invoice_id: UUID,
    data: IssueAsked,
    now: datetime,
) -> ShopInvoice:
    """Its number, from wherever it was issued."""
    return await _done(
        caller,
        database,
        words,
        invoice_id,
        lambda tx: issue_invoice(
            tx,
            invoice_id=invoice_id,
            invoice_no=data.invoice_no,
            link=data.link,
            actor=caller,
            now=now,
        ),
    )


@post(
    "/api/console/invoices/{invoice_id:uuid}/send",
    opt=staff("invoices.write"),
    operation_id="send_invoice",
    status_code=200,
    tags=["console"],
)
async def post_send(
    caller: Caller, database: Database, words: Words, invoice_id: UUID, now: datetime
) -> ShopInvoice:
    """The buyer has it."""
    return await _done(
        caller,
        database,
        words,
        invoice_id,
        lambda tx: send_invoice(tx, invoice_id=invoice_id, actor=caller, now=now),
    )


@post(
    "/api/console/invoices/{invoice_id:uuid}/refuse",
    opt=staff("invoices.write"),
    operation_id="refuse_invoice",
    status_code=200,
    tags=["console"],
)
async def post_refuse(
    caller: Caller,
    database: Database,
    words: Words,
    invoice_id: UUID,
    data: RefuseAsked,
    now: datetime,
) -> ShopInvoice:
    return await _done(
        caller,
        database,
        words,
        invoice_id,
        lambda tx: refuse_invoice(
            tx, invoice_id=invoice_id, reason=data.reason.strip(), actor=caller, now=now
        ),
    )


@post(
    "/api/console/invoices/{invoice_id:uuid}/reverse",
    opt=staff("invoices.write"),
    operation_id="reverse_invoice",
    status_code=200,
    tags=["console"],
)
async def post_reverse(
    caller: Caller,
    database: Database,
    words: Words,
    invoice_id: UUID,
    data: ReverseAsked,
    now: datetime,
) -> ShopInvoice:
    """A red-letter invoice was issued for it."""
    return await _done(
        caller,
        database,
        words,
        invoice_id,
        lambda tx: reverse_invoice(
            tx,
            invoice_id=invoice_id,
            red_no=data.red_no,
            reason=data.reason.strip(),
            actor=caller,
            now=now,
        ),
    )


@post(
    "/api/console/invoices/{invoice_id:uuid}/file",
    opt=staff("invoices.write"),
    operation_id="upload_invoice",
    request_max_body_size=_BODY_LIMIT,
    status_code=200,
    tags=["console"],
)
async def post_file(
    caller: Caller,
    database: Database,
    words: Words,
    media_store: catalog.MediaStore,
    invoice_id: UUID,
    now: datetime,
    data: Annotated[UploadFile, Body(media_type=RequestEncodingType.MULTI_PART)],
) -> ShopInvoice:
    """A PDF or OFD file."""
    await keep_file(
        database,
        media_store,
        invoice_id=invoice_id,
        content=await data.read(FILE_LIMIT_BYTES + 1),
        actor=caller,
        now=now,
    )
    return await database.run(
        caller.tenant_id, lambda tx: shop_invoice(tx, invoice_id=invoice_id, words=words)
    )


INVOICE_ROUTES: tuple[HTTPRouteHandler, ...] = (
    list_titles,
    put_title,
    remove_title,
    list_mine,
    read_of_order,
    post_request,
    fetch_mine,
    list_invoices,
    count_invoices,
    export_invoices,
    get_invoice,
    fetch_invoice,
    post_issue,
    post_send,
    post_refuse,
    post_reverse,
    post_file,
)
