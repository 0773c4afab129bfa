"""After-sale over HTTP, as the merchant's people meet it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from litestar.response import Stream
from msgspec import Meta, Struct

from weike import tenancy
from weike.kernel import PAGE_LIMIT, Database, Page, Tx, decode_cursor
from weike.kernel.edge import Caller, staff
from weike.kernel.edge.sheets import FileForm, sheet_stream
from weike.kernel.words import Words
from weike.trade.after_sale.answer_case import agree, decline
from weike.trade.after_sale.arbitrate import decide
from weike.trade.after_sale.ask_after_sale import ask_after_sale
from weike.trade.after_sale.bring_forward import bring_forward
from weike.trade.after_sale.exchange import ship_replacement
from weike.trade.after_sale.model import Kind, ReturnAddress
from weike.trade.after_sale.reading_queries import (
    DeskList,
    DeskOrder,
    DeskQuestion,
    counts_of_shop,
)
from weike.trade.after_sale.refund_case import refund_again
from weike.trade.after_sale.send_back import accept_return, refuse_return
from weike.trade.after_sale.show_desk import (
    DeskCase,
    DeskRow,
    desk_case,
    desk_cases,
    export_columns,
    export_rows,
)
from weike.trade.after_sale.show_options import Offered, offered
from weike.trade.model import Actor
from weike.trade.routes.after_sale import (
    AfterSaleAsked,
    Amount,
    MediaIds,
    Said,
    SaidWithPictures,
    SentBack,
)


class AddressGiven(Struct, forbid_unknown_fields=True, kw_only=True):
    name: Annotated[str, Meta(min_length=1, max_length=50)]
    phone: Annotated[str, Meta(min_length=1, max_length=30)]
    address: Annotated[str, Meta(min_length=1, max_length=200)]

    def plain(self) -> ReturnAddress:
        return ReturnAddress(name=self.name, phone=self.phone, address=self.address)


class Agreed(Struct, forbid_unknown_fields=True, kw_only=True):
    """What is left out stays as it was asked, and goods go to the shop's own return address."""

    amount_minor: Amount | None = None
    return_to: AddressGiven | None = None
    note: Said = ""


class Refused(Struct, forbid_unknown_fields=True, kw_only=True):
    reason: Said
    media_ids: MediaIds = []


class Resaleable(Struct, forbid_unknown_fields=True, kw_only=True):
    position: int
    quantity: Annotated[int, Meta(ge=0, le=10_000)]


class Accepted(Struct, forbid_unknown_fields=True, kw_only=True):
    """`resaleable`: what can be sold again lies on the shelf at once."""

    resaleable: Annotated[list[Resaleable], Meta(max_length=50)] = []
    note: Said = ""


class Decided(Struct, forbid_unknown_fields=True, kw_only=True):
    for_buyer: bool
    reason: Said
    amount_minor: Amount | None = None
    return_to: AddressGiven | None = None


class OpenedByStaff(AfterSaleAsked, kw_only=True):
    """Agreed to at once: nobody declines what they offer themselves."""

    return_to: AddressGiven | None = None


class AfterSaleCounts(Struct, kw_only=True):
    all: int
    asked: int
    agreed: int
    sent_back: int
    received: int
    refunding: int
    appealed: int
    done: int
    closed: int


def _question(
    which: DeskList,
    kind: str | None,
    reason_code: str | None,
    q: str | None,
    since: datetime | None,
    until: datetime | None,
    by: DeskOrder,
) -> DeskQuestion:
    return DeskQuestion(
        which=which,
        kind=kind,
        reason_code=reason_code,
        wanted=q.strip() or None if q else None,
        since=since,
        until=until,
        by=by,
    )


@get(
    "/api/console/after-sales",
    opt=staff("orders.read"),
    operation_id="list_after_sales",
    tags=["console"],
)
async def list_cases(
    caller: Caller,
    database: Database,
    words: Words,
    in_state: Annotated[DeskList, QueryParameter(name="state")] = "all",
    kind: Kind | None = None,
    reason: Annotated[str | None, QueryParameter(max_length=40)] = None,
    q: Annotated[str | None, QueryParameter(max_length=64)] = None,
    since: Annotated[datetime | None, QueryParameter(name="from")] = None,
    until: Annotated[datetime | None, QueryParameter(name="to")] = None,
    sort: DeskOrder = "newest",
    cursor: str | None = None,
    limit: Annotated[int, QueryParameter(ge=1, le=PAGE_LIMIT)] = 20,
) -> Page[DeskRow]:
    """`q`: the number of a case, an order or a parcel, or who receives the order."""
    after = decode_cursor(cursor, tuple[datetime, UUID])
    question = _question(in_state, kind, reason, q, since, until, sort)
    return await database.run(
        caller.tenant_id,
        lambda tx: desk_cases(tx, question, after=after, limit=limit, words=words),
    )


@get(
    "/api/console/after-sales/counts",
    opt=staff("orders.read"),
    operation_id="count_after_sales",
    tags=["console"],
)
async def count_cases(caller: Caller, database: Database) -> AfterSaleCounts:
    return AfterSaleCounts(**await database.run(caller.tenant_id, counts_of_shop))


@get(
    "/api/console/after-sales/export",
    opt=staff("orders.read"),
    operation_id="export_after_sales",
    tags=["console"],
)
async def export_cases(
    caller: Caller,
    database: Database,
    words: Words,
    now: datetime,
    form: Annotated[FileForm, QueryParameter(name="format")] = "xlsx",
    in_state: Annotated[DeskList, QueryParameter(name="state")] = "all",
    kind: Kind | None = None,
    reason: Annotated[str | None, QueryParameter(max_length=40)] = None,
    q: Annotated[str | None, QueryParameter(max_length=64)] = None,
    since: Annotated[datetime | None, QueryParameter(name="from")] = None,
    until: Annotated[datetime | None, QueryParameter(name="to")] = None,
) -> Stream:
    """The same list as a file, written as it is read."""
    question = _question(in_state, kind, reason, q, since, until, "newest")
    rows = export_rows(database, caller.tenant_id, question, words=words)
    return sheet_stream(form, f"after-sales-{now:%Y%m%d}", export_columns(words), rows)


@get(
    "/api/console/after-sales/{case_id:uuid}",
    opt=staff("orders.read"),
    operation_id="get_after_sale",
    tags=["console"],
)
async def get_case(
    caller: Caller, database: Database, case_id: UUID, words: Words, now: datetime
) -> DeskCase:
    return await database.run(
        caller.tenant_id, lambda tx: desk_case(tx, case_id=case_id, words=words, now=now)
    )


async def _step(
    caller: Caller,
    database: Database,
    case_id: UUID,
    words: Words,
    now: datetime,
    *,
    action: str,
    deed: Callable[[Tx, Actor], Awaitable[object]],
) -> DeskCase:
    """A step of staff, in the audit log, in one transaction."""
    actor = Actor("staff", caller.staff_id)

    async def work(tx: Tx) -> DeskCase:
        await deed(tx, actor)
        case = await desk_case(tx, case_id=case_id, words=words, now=now)
        await tenancy.record_audit(
            tx,
            actor=caller,
            action=action,
            subject_type="after_sale",
            subject_id=case_id,
            detail={"number": case.number, "order": case.order_number},
            now=now,
        )
        return case

    return await database.run(caller.tenant_id, work)


@post(
    "/api/console/after-sales/{case_id:uuid}/agree",
    opt=staff("orders.refund"),
    operation_id="agree_after_sale",
    status_code=200,
    tags=["console"],
)
async def agree_case(
    caller: Caller, database: Database, case_id: UUID, data: Agreed, words: Words, now: datetime
) -> DeskCase:
    return await _step(
        caller,
        database,
        case_id,
        words,
        now,
        action="after_sales.agreed",
        deed=lambda tx, actor: agree(
            tx,
            case_id=case_id,
            actor=actor,
            amount_minor=data.amount_minor,
            return_to=data.return_to.plain() if data.return_to else None,
            note=data.note,
            now=now,
        ),
    )


@post(
    "/api/console/after-sales/{case_id:uuid}/decline",
    opt=staff("orders.refund"),
    operation_id="decline_after_sale",
    status_code=200,
    tags=["console"],
)
async def decline_case(
    caller: Caller, database: Database, case_id: UUID, data: Refused, words: Words, now: datetime
) -> DeskCase:
    return await _step(
        caller,
        database,
        case_id,
        words,
        now,
        action="after_sales.declined",
        deed=lambda tx, actor: decline(
            tx,
            case_id=case_id,
            actor=actor,
            reason=data.reason,
            media_ids=tuple(data.media_ids),
            now=now,
        ),
    )


@post(
    "/api/console/after-sales/{case_id:uuid}/accept",
    opt=staff("orders.refund"),
    operation_id="accept_returned_goods",
    status_code=200,
    tags=["console"],
)
async def accept_goods(
    caller: Caller, database: Database, case_id: UUID, data: Accepted, words: Words, now: datetime
) -> DeskCase:
    return await _step(
        caller,
        database,
        case_id,
        words,
        now,
        action="after_sales.accepted",
        deed=lambda tx, actor: accept_return(
            tx,
            case_id=case_id,
            actor=actor,
            resaleable={one.position: one.quantity for one in data.resaleable},
            note=data.note,
            now=now,
        ),
    )


@post(
    "/api/console/after-sales/{case_id:uuid}/refuse",
    opt=staff("orders.refund"),
    operation_id="refuse_returned_goods",
    status_code=200,
    tags=["console"],
)
async def refuse_goods(
    caller: Caller, database: Database, case_id: UUID, data: Refused, words: Words, now: datetime
) -> DeskCase:
    return await _step(
        caller,
        database,
        case_id,
        words,
        now,
        action="after_sales.refused",
        deed=lambda tx, actor: refuse_return(
            tx,
            case_id=case_id,
            actor=actor,
            reason=data.reason,
            media_ids=tuple(data.media_ids),
            now=now,
        ),
    )


@post(
    "/api/console/after-sales/{case_id:uuid}/replace",
    opt=staff("orders.ship"),
    operation_id="ship_replacement",
    status_code=200,
    tags=["console"],
)
async def replace_goods(
    caller: Caller, database: Database, case_id: UUID, data: SentBack, words: Words, now: datetime
) -> DeskCase:
    return await _step(
        caller,
        database,
        case_id,
        words,
        now,
        action="after_sales.replaced",
        deed=lambda tx, actor: ship_replacement(
            tx,
            case_id=case_id,
            actor=actor,
            courier=data.courier,
            tracking_no=data.tracking_no.strip(),
            now=now,
        ),
    )


@post(
    "/api/console/after-sales/{case_id:uuid}/refund",
    opt=staff("orders.refund"),
    operation_id="refund_after_sale_again",
    status_code=200,
    tags=["console"],
)
async def refund_case(
    caller: Caller, database: Database, case_id: UUID, words: Words, now: datetime
) -> DeskCase:
    """A return whose refund the provider had refused."""
    return await _step(
        caller,
        database,
        case_id,
        words,
        now,
        action="after_sales.refunded",
        deed=lambda tx, actor: refund_again(tx, case_id=case_id, actor=actor, now=now),
    )


@post(
    "/api/console/after-sales/{case_id:uuid}/decide",
    opt=staff("after_sales.decide"),
    operation_id="decide_after_sale",
    status_code=200,
    tags=["console"],
)
async def decide_case(
    caller: Caller, database: Database, case_id: UUID, data: Decided, words: Words, now: datetime
) -> DeskCase:
    """The word of the platform on an appeal."""
    return await _step(
        caller,
        database,
        case_id,
        words,
        now,
        action="after_sales.decided",
        deed=lambda tx, actor: decide(
            tx,
            case_id=case_id,
            actor=actor,
            for_buyer=data.for_buyer,
            reason=data.reason,
            amount_minor=data.amount_minor,
            return_to=data.return_to.plain() if data.return_to else None,
            now=now,
        ),
    )


@post(
    "/api/console/after-sales/{case_id:uuid}/messages",
    opt=staff("orders.refund"),
    operation_id="say_in_after_sale",
    status_code=200,
    tags=["console"],
)
async def say_in_case(
    caller: Caller,
    database: Database,
    case_id: UUID,
    data: SaidWithPictures,
    words: Words,
    now: datetime,
) -> DeskCase:
    return await _step(
        caller,
        database,
        case_id,
        words,
        now,
        action="after_sales.message",
        deed=lambda tx, actor: bring_forward(
            tx,
            case_id=case_id,
            actor=actor,
            text=data.text,
            media_ids=tuple(data.media_ids),
            now=now,
        ),
    )


@get(
    "/api/console/orders/{order_id:uuid}/after-sale",
    opt=staff("orders.read"),
    operation_id="after_sale_offered_to_staff",
    tags=["console"],
)
async def offered_to_staff(
    caller: Caller, database: Database, order_id: UUID, words: Words, now: datetime
) -> Offered:
    return await database.run(
        caller.tenant_id,
        lambda tx: offered(tx, order_id=order_id, member_id=None, words=words, now=now),
    )


@post(
    "/api/console/after-sales",
    opt=staff("orders.refund"),
    operation_id="open_after_sale",
    tags=["console"],
)
async def open_case(
    caller: Caller, database: Database, data: OpenedByStaff, words: Words, now: datetime
) -> DeskCase:
    """Give back without being asked; also after settlement, from the merchant's own money."""
    return await _step(
        caller,
        database,
        data.id,
        words,
        now,
        action="after_sales.opened",
        deed=lambda tx, actor: ask_after_sale(
            tx,
            data.wish(),
            actor=actor,
            return_to=data.return_to.plain() if data.return_to else None,
            now=now,
        ),
    )


AFTER_SALE_DESK_ROUTES: tuple[HTTPRouteHandler, ...] = (
    list_cases,
    count_cases,
    export_cases,
    get_case,
    agree_case,
    decline_case,
    accept_goods,
    refuse_goods,
    replace_goods,
    refund_case,
    decide_case,
    say_in_case,
    offered_to_staff,
    open_case,
)
