"""What points and growth do when orders and reviews have news. Every one may be called twice."""

from __future__ import annotations

from datetime import datetime

from weike.kernel import Listener, Subscriber, Tx
from weike.trade.events import OrderReceived, OrderRefunded, OrderSettled, ReviewPosted
from weike.trade.points.reckon import reckon, reward_review


async def _moved(
    tx: Tx, event: OrderReceived | OrderSettled | OrderRefunded, now: datetime
) -> None:
    await reckon(tx, event.order_id, now=now)


async def _reviewed(tx: Tx, event: ReviewPosted, now: datetime) -> None:
    if event.part == 1:
        await reward_review(tx, event.review_id, event.member_id, now=now)


def points_subscribers() -> tuple[Listener, ...]:
    return (
        Subscriber("trade.points_of_received", OrderReceived, _moved),
        Subscriber("trade.points_of_settled", OrderSettled, _moved),
        Subscriber("trade.points_of_refunded", OrderRefunded, _moved),
        Subscriber("trade.points_of_review", ReviewPosted, _reviewed),
    )
