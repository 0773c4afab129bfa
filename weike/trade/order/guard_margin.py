"""Orders that would cost the merchant more than they bring are refused, unless that is wanted."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from weike import tenancy
from weike.kernel import Tx
from weike.trade.errors import MarginBelowZero
from weike.trade.ports import Attribution, CommissionAsk, CommissionPort, EstimateLine
from weike.trade.price.margin import judged, margin_minor
from weike.trade.price.pricing import Basket

log = logging.getLogger("weike.trade")


class Judged(NamedTuple):
    order_id: UUID
    buyer_id: UUID
    basket: Basket
    attribution: Attribution


async def guard_margin(
    tx: Tx,
    commission: CommissionPort,
    orders: Sequence[Judged],
    *,
    shop: tenancy.ShopSettings,
    now: datetime,
) -> dict[UUID, MarginBelowZero]:
    """Refusals by order. The buyer is told nothing of the sums; the log is.

    The commission is asked only for orders that somebody brought.
    """
    if shop.allow_negative_margin:
        return {}
    known = [order for order in orders if judged(order.basket)]
    brought = [order for order in known if order.attribution.promoter_id is not None]
    asks = [_ask(order) for order in brought]
    estimates = await commission.estimate(tx, asks, now=now) if asks else []
    by_order = dict(zip((order.order_id for order in brought), estimates, strict=True))
    refused = {}
    plain: dict[int, int] = {}  # by the lines themselves, which many orders of a batch share
    for order in known:
        earned = by_order.get(order.order_id, {})
        lines = id(order.basket.lines)
        if earned or lines not in plain:
            margin = margin_minor(order.basket, earned, fee_bp=shop.channel_fee_bp)
            if not earned:
                plain[lines] = margin
        else:
            margin = plain[lines]
        if margin < 0:
            refused[order.order_id] = MarginBelowZero()
            log.info(
                "margin below zero",
                extra={
                    "tenant_id": str(tx.tenant_id),
                    "order_id": str(order.order_id),
                    "margin_minor": margin,
                    "commission_minor": sum(earned.values()),
                    "rules": [note.rule for note in order.basket.notes],
                },
            )
    return refused


def _ask(order: Judged) -> CommissionAsk:
    return CommissionAsk(
        order_id=order.order_id,
        buyer_id=order.buyer_id,
        attribution=order.attribution,
        lines=tuple(
            EstimateLine(
                position=position,
                product_id=line.product_id,
                category_id=line.category_id,
                goods_paid_minor=line.goods_paid_minor,
                cost_minor=line.cost_minor,
                commission_rate_bp=line.commission_rate_bp,
            )
            for position in judged(order.basket)
            for line in (order.basket.lines[position],)
        ),
    )
