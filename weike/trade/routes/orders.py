"""Orders over HTTP, as their buyer meets them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from msgspec import Meta, Struct

from weike import members
from weike.kernel import PAGE_LIMIT, Database, IdTakenByOther, Page, Tx, decode_cursor
from weike.kernel.edge import MEMBER, Caller, hot, refusing
from weike.kernel.words import Words
from weike.trade.after_sale.refund_everything import refund_order
from weike.trade.errors import (
    DeliveryDoesNotFit,
    MarginBelowZero,
    NoPickup,
    NotDeliveredThere,
    NotForSale,
    OutOfStock,
    PriceChanged,
    TooManyPieces,
    UnknownAddress,
)
from weike.trade.model import (
    ActivityRef,
    Actor,
    AskedLine,
    Choices,
    Delivery,
    DeliveryKind,
    Placed,
    PlaceOrder,
)
from weike.trade.order.cancel_orders import cancel_order
from weike.trade.order.place_orders import OrderBatcher
from weike.trade.order.preview_order import Preview, preview_order
from weike.trade.order.receive_orders import receive_order
from weike.trade.order.show_orders import (
    OrderCard,
    OrderDetail,
    OrderMoved,
    ShopList,
    my_counts,
    my_order,
    my_orders,
    order_moved,
)
from weike.trade.ports import Ports
from weike.trade.price.price_baskets import PIECES_LIMIT

_PRICED = (UnknownAddress, NotForSale, TooManyPieces, DeliveryDoesNotFit)
_PLACED = (NoPickup, NotDeliveredThere, PriceChanged, MarginBelowZero, OutOfStock, IdTakenByOther)

# Control characters have no place in a remark, and PostgreSQL refuses NUL.
_PLAIN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
Reason = Annotated[str, Meta(max_length=200, pattern=_PLAIN)]
ShareCode = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z_-]+$")]


class LineAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    sku_id: UUID
    quantity: Annotated[int, Meta(ge=1, le=PIECES_LIMIT)]


Lines = Annotated[list[LineAsked], Meta(min_length=1, max_length=50)]


class DeliveryAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    """By courier with an address; at a pick-up point with who comes; or nothing to carry."""

    kind: DeliveryKind = "express"
    address_id: UUID | None = None
    pickup_point_id: UUID | None = None
    contact_name: Annotated[str, Meta(max_length=40, pattern=_PLAIN)] = ""
    contact_phone: Annotated[str, Meta(max_length=30, pattern=_PLAIN)] = ""


class ActivityAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    kind: Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[a-z_]+$")]
    id: UUID


class ChoicesAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    """What the buyer wants taken off."""

    points: Annotated[int, Meta(ge=0, le=1_000_000_000)] = 0
    coupon_ids: Annotated[list[UUID], Meta(max_length=20)] = []
    activity: ActivityAsked | None = None


class PreviewAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    """`address_id` alone is an express delivery."""

    lines: Lines
    address_id: UUID | None = None
    delivery: DeliveryAsked | None = None
    choices: ChoicesAsked = msgspec.field(default_factory=ChoicesAsked)
    share_code: ShareCode | None = None


class OrderAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    """`id` is the buyer's own (uuid v7): sent again, it gives the first answer again.

    `address_id` alone is an express delivery.
    """

    id: UUID
    lines: Lines
    address_id: UUID | None = None
    delivery: DeliveryAsked | None = None
    choices: ChoicesAsked = msgspec.field(default_factory=ChoicesAsked)
    expected_minor: Annotated[int, Meta(ge=0)] | None = None
    """The amount the buyer saw; the order is refused if it would be another one."""
    remark: Reason = ""
    share_code: ShareCode | None = None
    from_cart: bool = False


class CancelAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    reason: Reason = ""


class RefundAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    id: UUID
    reason: Reason = ""


class OrderCounts(Struct, kw_only=True):
    all: int
    placed: int
    paid: int
    shipped: int
    received: int
    refunded: int


def _asked(lines: list[LineAsked]) -> tuple[AskedLine, ...]:
    return tuple(AskedLine(line.sku_id, line.quantity) for line in lines)


def _delivery(data: PreviewAsked | OrderAsked) -> Delivery:
    if data.delivery is None:
        return Delivery(address_id=data.address_id)
    return Delivery(**msgspec.structs.asdict(data.delivery))


def _choices(data: PreviewAsked | OrderAsked) -> Choices:
    chosen = data.choices
    activity = chosen.activity
    return Choices(
        points=chosen.points,
        coupon_ids=tuple(chosen.coupon_ids),
        activity=ActivityRef(kind=activity.kind, id=activity.id) if activity else None,
    )


@post(
    "/api/shop/orders/preview",
    opt=refusing(MEMBER, *_PRICED),
    operation_id="preview_order",
    status_code=200,
    tags=["shop"],
)
async def preview(
    caller: Caller,
    database: Database,
    trade_ports: Ports,
    data: PreviewAsked,
    words: Words,
    now: datetime,
) -> Preview:
    """What it would cost; writes nothing."""
    member_id = caller.member_id
    return await database.run(
        caller.tenant_id,
        lambda tx: preview_order(
            tx,
            trade_ports,
            member_id=member_id,
            lines=_asked(data.lines),
            delivery=_delivery(data),
            choices=_choices(data),
            share_code=data.share_code,
            words=words,
            now=now,
        ),
    )


@post(
    "/api/shop/orders",
    opt=refusing(hot(MEMBER), *_PRICED, *_PLACED),
    operation_id="place_order",
    tags=["shop"],
)
async def place(caller: Caller, order_batcher: OrderBatcher, data: OrderAsked) -> Placed:
    """Orders that arrive together are placed together; each is answered after the commit."""
    return await order_batcher.submit(
        caller.tenant_id,
        PlaceOrder(
            order_id=data.id,
            member_id=caller.member_id,
            lines=_asked(data.lines),
            delivery=_delivery(data),
            choices=_choices(data),
            expected_minor=data.expected_minor,
            remark=data.remark,
            share_code=data.share_code,
            from_cart=data.from_cart,
        ),
    )


@get("/api/shop/orders", opt=MEMBER, operation_id="list_my_orders", tags=["shop"])
async def list_my_orders(
    caller: Caller,
    database: Database,
    words: Words,
    in_state: Annotated[ShopList, QueryParameter(name="state")] = "all",
    cursor: str | None = None,
    limit: Annotated[int, QueryParameter(ge=1, le=PAGE_LIMIT)] = 10,
) -> Page[OrderCard]:
    """Newest first."""
    member_id = caller.member_id
    after = decode_cursor(cursor, tuple[datetime, UUID])
    return await database.run(
        caller.tenant_id,
        lambda tx: my_orders(
            tx, member_id=member_id, state=in_state, after=after, limit=limit, words=words
        ),
    )


@get("/api/shop/orders/counts", opt=MEMBER, operation_id="count_my_orders", tags=["shop"])
async def count_my_orders(caller: Caller, database: Database) -> OrderCounts:
    member_id = caller.member_id
    counts = await database.run(caller.tenant_id, lambda tx: my_counts(tx, member_id=member_id))
    return OrderCounts(**counts)


@get("/api/shop/orders/{order_id:uuid}", opt=MEMBER, operation_id="get_my_order", tags=["shop"])
async def get_my_order(
    caller: Caller,
    database: Database,
    order_id: UUID,
    phone_seal: members.PhoneSeal,
    words: Words,
    now: datetime,
) -> OrderDetail:
    member_id = caller.member_id
    return await database.run(
        caller.tenant_id,
        lambda tx: my_order(
            tx, order_id=order_id, member_id=member_id, seal=phone_seal, words=words, now=now
        ),
    )


@post(
    "/api/shop/orders/{order_id:uuid}/cancel",
    opt=MEMBER,
    operation_id="cancel_my_order",
    status_code=200,
    tags=["shop"],
)
async def cancel_my_order(
    caller: Caller,
    database: Database,
    trade_ports: Ports,
    order_id: UUID,
    data: CancelAsked,
    now: datetime,
) -> OrderMoved:
    actor = Actor("member", caller.member_id)

    async def work(tx: Tx) -> OrderMoved:
        await cancel_order(
            tx, trade_ports, order_id=order_id, actor=actor, reason=data.reason, now=now
        )
        return await order_moved(tx, order_id)

    return await database.run(caller.tenant_id, work)


@post(
    "/api/shop/orders/{order_id:uuid}/receive",
    opt=MEMBER,
    operation_id="receive_my_order",
    status_code=200,
    tags=["shop"],
)
async def receive_my_order(
    caller: Caller, database: Database, order_id: UUID, now: datetime
) -> OrderMoved:
    member_id = caller.member_id

    async def work(tx: Tx) -> OrderMoved:
        await receive_order(tx, order_id=order_id, member_id=member_id, now=now)
        return await order_moved(tx, order_id)

    return await database.run(caller.tenant_id, work)


@post(
    "/api/shop/orders/{order_id:uuid}/refund",
    opt=MEMBER,
    operation_id="refund_my_order",
    status_code=200,
    tags=["shop"],
)
async def refund_my_order(
    caller: Caller, database: Database, order_id: UUID, data: RefundAsked, now: datetime
) -> OrderMoved:
    """All of it, while nothing is shipped."""
    actor = Actor("member", caller.member_id)

    async def work(tx: Tx) -> OrderMoved:
        await refund_order(
            tx, refund_id=data.id, order_id=order_id, actor=actor, reason=data.reason, now=now
        )
        return await order_moved(tx, order_id)

    return await database.run(caller.tenant_id, work)


ORDER_ROUTES: tuple[HTTPRouteHandler, ...] = (
    preview,
    place,
    list_my_orders,
    count_my_orders,
    get_my_order,
    cancel_my_order,
    receive_my_order,
    refund_my_order,
)
