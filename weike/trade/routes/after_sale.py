"""After-sale over HTTP, as its buyer meets it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from msgspec import Meta, Struct

from weike.kernel import PAGE_LIMIT, Database, Page, Tx, decode_cursor
from weike.kernel.edge import MEMBER, Caller
from weike.kernel.words import Words
from weike.trade.after_sale.arbitrate import appeal
from weike.trade.after_sale.ask_after_sale import ask_after_sale
from weike.trade.after_sale.bring_forward import bring_forward
from weike.trade.after_sale.change_mind import withdraw
from weike.trade.after_sale.exchange import confirm_replacement
from weike.trade.after_sale.model import AskAfterSale, AskedPieces, Kind
from weike.trade.after_sale.reading_queries import BuyerList, counts_of_member
from weike.trade.after_sale.send_back import send_back
from weike.trade.after_sale.show_cases import CaseCard, CaseDetail, my_case, my_cases
from weike.trade.after_sale.show_options import (
    Offered,
    VariantOffered,
    Worth,
    offered,
    variants,
    worth,
)
from weike.trade.model import Actor

Said = Annotated[str, Meta(max_length=500, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]
CourierWord = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f]+$")]
Amount = Annotated[int, Meta(ge=0, le=10**12)]
MediaIds = Annotated[list[UUID], Meta(max_length=20)]
ReasonCode = Annotated[str, Meta(min_length=1, max_length=40)]


class PiecesAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    """`quantity` is 0 in a price difference."""

    position: Annotated[int, Meta(ge=0, le=1000)]
    quantity: Annotated[int, Meta(ge=0, le=10_000)]


Pieces = Annotated[list[PiecesAsked], Meta(min_length=1, max_length=50)]


class WorthAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    order_id: UUID
    kind: Kind
    lines: Pieces
    reason_code: ReasonCode


class AfterSaleAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    """`id` is the buyer's own (uuid v7): sent again, it gives the first answer again."""

    id: UUID
    order_id: UUID
    kind: Kind
    lines: Pieces
    reason_code: ReasonCode
    amount_minor: Amount | None = None
    remark: Said = ""
    media_ids: MediaIds = []
    replacement_sku_id: UUID | None = None

    def wish(self) -> AskAfterSale:
        return AskAfterSale(
            id=self.id,
            order_id=self.order_id,
            kind=self.kind,
            lines=pieces_of(self.lines),
            reason_code=self.reason_code,
            amount_minor=self.amount_minor,
            remark=self.remark.strip(),
            media_ids=tuple(self.media_ids),
            replacement_sku_id=self.replacement_sku_id,
        )


class SentBack(Struct, forbid_unknown_fields=True, kw_only=True):
    courier: CourierWord
    tracking_no: CourierWord


class SaidWithPictures(Struct, forbid_unknown_fields=True, kw_only=True):
    text: Said = ""
    media_ids: MediaIds = []


class MyAfterSaleCounts(Struct, kw_only=True):
    open: int
    all: int


class Variants(Struct, kw_only=True):
    items: list[VariantOffered]


def pieces_of(lines: list[PiecesAsked]) -> tuple[AskedPieces, ...]:
    return tuple(AskedPieces(line.position, line.quantity) for line in lines)


@get(
    "/api/shop/orders/{order_id:uuid}/after-sale",
    opt=MEMBER,
    operation_id="after_sale_offered",
    tags=["shop"],
)
async def what_is_offered(
    caller: Caller, database: Database, order_id: UUID, words: Words, now: datetime
) -> Offered:
    """What may be asked for on an order, line by line."""
    member_id = caller.member_id
    return await database.run(
        caller.tenant_id,
        lambda tx: offered(tx, order_id=order_id, member_id=member_id, words=words, now=now),
    )


@get(
    "/api/shop/orders/{order_id:uuid}/after-sale/variants",
    opt=MEMBER,
    operation_id="after_sale_variants",
    tags=["shop"],
)
async def which_variants(
    caller: Caller,
    database: Database,
    order_id: UUID,
    position: Annotated[int, QueryParameter(ge=0, le=1000)],
    words: Words,
) -> Variants:
    """What a line may be exchanged for."""
    member_id = caller.member_id
    found = await database.run(
        caller.tenant_id,
        lambda tx: variants(
            tx, order_id=order_id, position=position, member_id=member_id, words=words
        ),
    )
    return Variants(items=found)


@post(
    "/api/shop/after-sales/worth",
    opt=MEMBER,
    operation_id="after_sale_worth",
    status_code=200,
    tags=["shop"],
)
async def what_it_is_worth(caller: Caller, database: Database, data: WorthAsked) -> Worth:
    """What a wish would bring; writes nothing."""
    member_id = caller.member_id
    return await database.run(
        caller.tenant_id,
        lambda tx: worth(
            tx,
            order_id=data.order_id,
            member_id=member_id,
            kind=data.kind,
            asked=pieces_of(data.lines),
            reason_code=data.reason_code,
        ),
    )


@post("/api/shop/after-sales", opt=MEMBER, operation_id="ask_after_sale", tags=["shop"])
async def ask(
    caller: Caller, database: Database, data: AfterSaleAsked, words: Words, now: datetime
) -> CaseDetail:
    member_id = caller.member_id

    async def work(tx: Tx) -> CaseDetail:
        await ask_after_sale(tx, data.wish(), actor=Actor("member", member_id), now=now)
        return await my_case(tx, case_id=data.id, member_id=member_id, words=words, now=now)

    return await database.run(caller.tenant_id, work)


@get("/api/shop/after-sales", opt=MEMBER, operation_id="list_my_after_sales", tags=["shop"])
async def list_mine(
    caller: Caller,
    database: Database,
    words: Words,
    now: datetime,
    in_state: Annotated[BuyerList, QueryParameter(name="state")] = "all",
    order_id: UUID | None = None,
    cursor: str | None = None,
    limit: Annotated[int, QueryParameter(ge=1, le=PAGE_LIMIT)] = 10,
) -> Page[CaseCard]:
    """Newest first."""
    member_id = caller.member_id
    after = decode_cursor(cursor, tuple[datetime, UUID])
    return await database.run(
        caller.tenant_id,
        lambda tx: my_cases(
            tx,
            member_id=member_id,
            which=in_state,
            order_id=order_id,
            after=after,
            limit=limit,
            words=words,
            now=now,
        ),
    )


@get(
    "/api/shop/after-sales/counts",
    opt=MEMBER,
    operation_id="count_my_after_sales",
    tags=["shop"],
)
async def count_mine(caller: Caller, database: Database) -> MyAfterSaleCounts:
    member_id = caller.member_id
    found = await database.run(caller.tenant_id, lambda tx: counts_of_member(tx, member_id))
    return MyAfterSaleCounts(**found)


@get(
    "/api/shop/after-sales/{case_id:uuid}",
    opt=MEMBER,
    operation_id="get_my_after_sale",
    tags=["shop"],
)
async def get_mine(
    caller: Caller, database: Database, case_id: UUID, words: Words, now: datetime
) -> CaseDetail:
    member_id = caller.member_id
    return await database.run(
        caller.tenant_id,
        lambda tx: my_case(tx, case_id=case_id, member_id=member_id, words=words, now=now),
    )


async def _my_step(
    caller: Caller,
    database: Database,
    case_id: UUID,
    words: Words,
    now: datetime,
    *,
    deed: Callable[[Tx, Actor], Awaitable[object]],
) -> CaseDetail:
    """The deed as the buyer, and the case as it is afterwards."""
    member_id = caller.member_id

    async def work(tx: Tx) -> CaseDetail:
        await deed(tx, Actor("member", member_id))
        return await my_case(tx, case_id=case_id, member_id=member_id, words=words, now=now)

    return await database.run(caller.tenant_id, work)


@post(
    "/api/shop/after-sales/{case_id:uuid}/withdraw",
    opt=MEMBER,
    operation_id="withdraw_my_after_sale",
    status_code=200,
    tags=["shop"],
)
async def withdraw_mine(
    caller: Caller, database: Database, case_id: UUID, words: Words, now: datetime
) -> CaseDetail:
    return await _my_step(
        caller,
        database,
        case_id,
        words,
        now,
        deed=lambda tx, actor: withdraw(tx, case_id=case_id, actor=actor, now=now),
    )


@post(
    "/api/shop/after-sales/{case_id:uuid}/send-back",
    opt=MEMBER,
    operation_id="send_back_my_after_sale",
    status_code=200,
    tags=["shop"],
)
async def send_mine_back(
    caller: Caller,
    database: Database,
    case_id: UUID,
    data: SentBack,
    words: Words,
    now: datetime,
) -> CaseDetail:
    return await _my_step(
        caller,
        database,
        case_id,
        words,
        now,
        deed=lambda tx, actor: send_back(
            tx,
            case_id=case_id,
            actor=actor,
            courier=data.courier,
            tracking_no=data.tracking_no.strip(),
            now=now,
        ),
    )


@post(
    "/api/shop/after-sales/{case_id:uuid}/confirm",
    opt=MEMBER,
    operation_id="confirm_my_replacement",
    status_code=200,
    tags=["shop"],
)
async def confirm_mine(
    caller: Caller, database: Database, case_id: UUID, words: Words, now: datetime
) -> CaseDetail:
    """The replacement is here."""
    return await _my_step(
        caller,
        database,
        case_id,
        words,
        now,
        deed=lambda tx, actor: confirm_replacement(tx, case_id=case_id, actor=actor, now=now),
    )


@post(
    "/api/shop/after-sales/{case_id:uuid}/appeal",
    opt=MEMBER,
    operation_id="appeal_my_after_sale",
    status_code=200,
    tags=["shop"],
)
async def appeal_mine(
    caller: Caller,
    database: Database,
    case_id: UUID,
    data: SaidWithPictures,
    words: Words,
    now: datetime,
) -> CaseDetail:
    """The platform shall decide."""
    return await _my_step(
        caller,
        database,
        case_id,
        words,
        now,
        deed=lambda tx, actor: appeal(
            tx,
            case_id=case_id,
            actor=actor,
            reason=data.text,
            media_ids=tuple(data.media_ids),
            now=now,
        ),
    )


@post(
    "/api/shop/after-sales/{case_id:uuid}/messages",
    opt=MEMBER,
    operation_id="say_in_my_after_sale",
    status_code=200,
    tags=["shop"],
)
async def say_in_mine(
    caller: Caller,
    database: Database,
    case_id: UUID,
    data: SaidWithPictures,
    words: Words,
    now: datetime,
) -> CaseDetail:
    return await _my_step(
        caller,
        database,
        case_id,
        words,
        now,
        deed=lambda tx, actor: bring_forward(
            tx,
            case_id=case_id,
            actor=actor,
            text=data.text,
            media_ids=tuple(data.media_ids),
            now=now,
        ),
    )


AFTER_SALE_ROUTES: tuple[HTTPRouteHandler, ...] = (
    what_is_offered,
    which_variants,
    what_it_is_worth,
    ask,
    list_mine,
    count_mine,
    get_mine,
    withdraw_mine,
    send_mine_back,
    confirm_mine,
    appeal_mine,
    say_in_mine,
)
