"""Paying an order over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import post
from litestar.handlers import HTTPRouteHandler
from litestar.params import Dependency
from msgspec import Struct

from weike import payment
from weike.kernel import Database
from weike.kernel.edge import MEMBER, Caller
from weike.trade.order.pay_order import PaidAtOnce, pay_order


class PayAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    """`mini` and `jsapi` inside WeChat; `h5` and `alipay_wap` in a phone's browser, `alipay_page`
    on a desk, `native` as a code to scan; `balance` is paid with this call."""

    method: payment.Method


class PayAnswer(Struct, kw_only=True, omit_defaults=True):
    """One of the ways is filled; `free` and `balance` need nothing more."""

    intent_id: UUID
    method: str
    jsapi: dict[str, str] | None = None
    h5_url: str | None = None
    code_url: str | None = None
    form: payment.PayForm | None = None


@post(
    "/api/shop/orders/{order_id:uuid}/pay",
    opt=MEMBER,
    operation_id="pay_order",
    status_code=200,
    tags=["shop"],
)
async def pay(
    caller: Caller,
    database: Database,
    gateways: Annotated[payment.Gateways, Dependency(skip_validation=True)],
    order_id: UUID,
    data: PayAsked,
    client_address: str,
    now: datetime,
) -> PayAnswer:
    """Asking again while it can be paid gives the same payment."""
    begun = await pay_order(
        database,
        gateways,
        caller.tenant_id,
        order_id=order_id,
        member_id=caller.member_id,
        method=data.method,
        payer_ip=client_address or None,
        now=now,
    )
    if isinstance(begun, PaidAtOnce):
        return PayAnswer(intent_id=begun.intent_id, method=begun.method)
    return PayAnswer(
        intent_id=begun.intent_id,
        method=begun.method,
        jsapi=begun.jsapi,
        h5_url=begun.h5_url,
        code_url=begun.code_url,
        form=begun.form,
    )


PAY_ROUTES: tuple[HTTPRouteHandler, ...] = (pay,)
