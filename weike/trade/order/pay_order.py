"""Pay an order: what the buyer's phone needs is asked of the provider, outside any transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from weike import members, payment
from weike.kernel import Database, Money, TenantId, Tx, uuid7
from weike.trade.errors import NotPayable
from weike.trade.order import queries
from weike.trade.order.accept_payment import accept_payment

_WECHAT_KIND: dict[payment.Method, str] = {"mini": "mini", "jsapi": "official"}
"""Which of a member's identities pays; the other methods know nobody."""


class PaidAtOnce(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing was to be paid, or it was paid by balance: the order is paid."""

    intent_id: UUID
    method: Literal["free", "balance"]


async def pay_order(
    database: Database,
    gateways: payment.Gateways,
    tenant_id: TenantId,
    *,
    order_id: UUID,
    member_id: UUID,
    method: payment.Method,
    payer_ip: str | None,
    now: datetime,
) -> payment.PaymentBegun | PaidAtOnce:
    """Refuses with UnknownOrder, NotPayable and whatever payment refuses with."""

    async def open_intent(tx: Tx) -> payment.Intent | PaidAtOnce:
        # Locked, so that nobody cancels the order between our look and the intent.
        order = await queries.lock_order(tx, order_id, member_id=member_id)
        if order.state != "placed" or order.expires_at <= now:
            raise NotPayable(number=order.number, state=order.state)
        amount = Money(order.payable_minor, order.currency)
        if not amount:
            await accept_payment(
                tx, order_id=order_id, intent_id=order_id, amount=amount, paid_at=now, now=now
            )
            return PaidAtOnce(intent_id=order_id, method="free")
        lines = await queries.lines_of(tx, order_id)
        description = description_of([line.title for line in lines])
        if method == "balance":
            intent = await payment.pay_by_balance(
                tx,
                intent_id=uuid7(now),
                order_id=order_id,
                member_id=member_id,
                amount=amount,
                description=description,
                now=now,
            )
            await accept_payment(
                tx, order_id=order_id, intent_id=intent.id, amount=amount, paid_at=now, now=now
            )
            return PaidAtOnce(intent_id=intent.id, method="balance")
        kind = _WECHAT_KIND.get(method)
        openid = await members.wechat_open_id(tx, member_id, kind=kind) if kind else None
        return await payment.open_intent(
            tx,
            intent_id=uuid7(now),
            order_id=order_id,
            amount=amount,
            description=description,
            expires_at=order.expires_at,
            method=method,
            payer_openid=openid,
            now=now,
        )

    opened = await database.run(tenant_id, open_intent)
    if isinstance(opened, PaidAtOnce):
        return opened
    return await payment.begin_payment(
        database, gateways, tenant_id, intent_id=opened.id, payer_ip=payer_ip, now=now
    )


def description_of(titles: list[str]) -> str:
    """What the buyer sees in the payment's record; WeChat allows 127 bytes."""
    more = f" 等{len(titles)}种商品" if len(titles) > 1 else ""
    room = 127 - len(more.encode())
    return titles[0].encode()[:room].decode(errors="ignore") + more
