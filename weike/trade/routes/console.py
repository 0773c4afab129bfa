"""Orders over HTTP, as the merchant's people meet them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

from weike import members, tenancy
from weike.kernel import Database, Tx
from weike.kernel.edge import Caller, staff
from weike.kernel.words import Words
from weike.trade.after_sale.refund_everything import refund_order
from weike.trade.model import Actor
from weike.trade.order.cancel_orders import cancel_order
from weike.trade.order.figures import counts_by_state
from weike.trade.order.show_orders import OrderMoved, order_moved
from weike.trade.order.show_shop_orders import (
    ShopOrder,
    shop_order,
    staff_actions,
)
from weike.trade.ports import Ports
from weike.trade.routes.orders import CancelAsked, RefundAsked


class ShopOrderCounts(Struct, kw_only=True):
    all: int
    placed: int
    paid: int
    shipped: int
    received: int
    settled: int
    cancelled: int
    refunding: int
    refunded: int


@get(
    "/api/console/orders/counts",
    opt=staff("orders.read"),
    operation_id="count_orders",
    tags=["console"],
)
async def count_orders(caller: Caller, database: Database) -> ShopOrderCounts:
    return ShopOrderCounts(**await database.run(caller.tenant_id, counts_by_state))


@get(
    "/api/console/orders/{order_id:uuid}",
    opt=staff("orders.read"),
    operation_id="get_order",
    tags=["console"],
)
async def get_order(
    caller: Caller,
    database: Database,
    order_id: UUID,
    phone_seal: members.PhoneSeal,
    words: Words,
) -> ShopOrder:
    """Who may ship sees where the parcel goes; who only reads orders sees the region."""
    seal = phone_seal if "orders.ship" in caller.permissions else None
    return await database.run(
        caller.tenant_id,
        lambda tx: shop_order(tx, order_id=order_id, seal=seal, words=words),
    )


@post(
    "/api/console/orders/{order_id:uuid}/refund",
    opt=staff("orders.refund"),
    operation_id="refund_order",
    status_code=200,
    tags=["console"],
)
async def refund(
    caller: Caller, database: Database, order_id: UUID, data: RefundAsked, now: datetime
) -> OrderMoved:
    """All of it, while nothing is shipped."""

    async def work(tx: Tx) -> OrderMoved:
        await refund_order(
            tx,
            refund_id=data.id,
            order_id=order_id,
            actor=Actor("staff", caller.staff_id),
            reason=data.reason,
            now=now,
        )
        return await recorded(tx, caller, "orders.refund_requested", order_id, now=now)

    return await database.run(caller.tenant_id, work)


@post(
    "/api/console/orders/{order_id:uuid}/cancel",
    opt=staff("orders.refund"),
    operation_id="cancel_order",
    status_code=200,
    tags=["console"],
)
async def cancel(
    caller: Caller,
    database: Database,
    trade_ports: Ports,
    order_id: UUID,
    data: CancelAsked,
    now: datetime,
) -> OrderMoved:
    async def work(tx: Tx) -> OrderMoved:
        await cancel_order(
            tx,
            trade_ports,
            order_id=order_id,
            actor=Actor("staff", caller.staff_id),
            reason=data.reason,
            now=now,
        )
        return await recorded(tx, caller, "orders.cancelled", order_id, now=now)

    return await database.run(caller.tenant_id, work)


async def recorded(
    tx: Tx, caller: Caller, action: str, order_id: UUID, *, now: datetime
) -> OrderMoved:
    """What staff do to an order is in the audit log, in the same transaction."""
    moved = await order_moved(tx, order_id, actions=staff_actions)
    await tenancy.record_audit(
        tx,
        actor=caller,
        action=action,
        subject_type="order",
        subject_id=order_id,
        detail={"number": moved.number},
        now=now,
    )
    return moved


CONSOLE_ROUTES: tuple[HTTPRouteHandler, ...] = (
    count_orders,
    get_order,
    refund,
    cancel,
)
