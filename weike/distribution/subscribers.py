"""What distribution does when it hears of touches, payments, receipts and refunds."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike import payment, sharing, trade
from weike.distribution.events import PromoterJoined
from weike.distribution.keep_commissions import (
    EarningLine,
    EarningOrder,
    earn_commissions,
    order_received,
    order_refunded,
)
from weike.distribution.model import Happening
from weike.distribution.relations.bind_customer import Spoke, bind_customer
from weike.distribution.relations.end_relations import customer_joined
from weike.distribution.withdrawals.settle_withdrawal import (
    payee_must_confirm,
    transfer_failed,
    transfer_succeeded,
)
from weike.kernel import Listener, Subscriber, Tx, derived_id


async def _touched(tx: Tx, event: sharing.ShareTouched, now: datetime) -> None:
    await bind_customer(
        tx,
        Spoke(
            id=derived_id(event.share_id, f"touch:{event.member_id}:{event.at.isoformat()}"),
            customer_id=event.member_id,
            sharer_id=event.sharer_id,
            share_id=event.share_id,
            happening=Happening.CLICK,
            at=event.at,
        ),
    )


async def _ordered(tx: Tx, event: trade.OrderPlaced, now: datetime) -> None:
    await _order_spoke(
        tx,
        Happening.ORDER,
        event.attribution,
        order_id=event.order_id,
        customer_id=event.member_id,
        at=event.placed_at,
    )


async def _order_spoke(
    tx: Tx,
    happening: Happening,
    attribution: trade.Attribution,
    *,
    order_id: UUID,
    customer_id: UUID,
    at: datetime,
) -> None:
    """An order speaks for the promoter it was attributed to."""
    if attribution.promoter_id is None:
        return
    await bind_customer(
        tx,
        Spoke(
            id=derived_id(order_id, f"bind:{happening}"),
            customer_id=customer_id,
            sharer_id=attribution.promoter_id,
            share_id=attribution.share_id,
            happening=happening,
            order_id=order_id,
            at=at,
        ),
    )


async def _joined(tx: Tx, event: PromoterJoined, now: datetime) -> None:
    await customer_joined(tx, event.member_id, at=event.at)


async def _paid(tx: Tx, event: trade.OrderPaid, now: datetime) -> None:
    attribution = event.attribution
    if attribution.promoter_id is None:
        return
    await _order_spoke(
        tx,
        Happening.PAID,
        attribution,
        order_id=event.order_id,
        customer_id=event.member_id,
        at=event.at,
    )
    await earn_commissions(
        tx,
        EarningOrder(
            order_id=event.order_id,
            number=event.number,
            buyer_id=event.member_id,
            promoter_id=attribution.promoter_id,
            share_id=attribution.share_id,
            rule_version=attribution.rule_version,
            currency=event.currency,
            lines=tuple(
                EarningLine(
                    position=line.position,
                    product_id=line.product_id,
                    title=line.title,
                    paid_minor=line.paid_minor,
                    freight_share_minor=line.freight_share_minor,
                    cost_minor=line.cost_minor,
                    commission_rate_bp=line.commission_rate_bp,
                )
                for line in event.lines
            ),
        ),
        now=event.at,
    )


async def _received(tx: Tx, event: trade.OrderReceived, now: datetime) -> None:
    await order_received(tx, event.order_id, at=event.at)


async def _refunded(tx: Tx, event: trade.OrderRefunded, now: datetime) -> None:
    await order_refunded(
        tx,
        event.order_id,
        {line.position: line.cumulative_goods_refunded_minor for line in event.lines},
        at=event.at,
    )


def subscribers() -> tuple[Listener, ...]:
    return (
        Subscriber("distribution.bind", sharing.ShareTouched, _touched),
        Subscriber("distribution.ordered", trade.OrderPlaced, _ordered),
        Subscriber("distribution.joined", PromoterJoined, _joined),
        Subscriber("distribution.earn", trade.OrderPaid, _paid),
        Subscriber("distribution.payee_must_confirm", payment.TransferWaits, payee_must_confirm),
        Subscriber("distribution.transferred", payment.TransferSucceeded, transfer_succeeded),
        Subscriber("distribution.not_transferred", payment.TransferFailed, transfer_failed),
        Subscriber("distribution.received", trade.OrderReceived, _received),
        Subscriber("distribution.refunded", trade.OrderRefunded, _refunded),
    )
