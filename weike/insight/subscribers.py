"""What insight keeps of what it hears."""

from __future__ import annotations

from datetime import datetime

from weike import trade
from weike.insight import queries
from weike.insight.model import channel_of
from weike.kernel import Listener, Subscriber, Tx


async def _placed(tx: Tx, event: trade.OrderPlaced, now: datetime) -> None:
    await queries.insert_placed(tx, order_id=event.order_id, placed_at=event.placed_at)


async def _paid(tx: Tx, event: trade.OrderPaid, now: datetime) -> None:
    attribution = event.attribution
    await queries.insert_sale(
        tx,
        order_id=event.order_id,
        paid_at=event.at,
        member_id=event.member_id,
        promoter_id=attribution.promoter_id,
        channel=channel_of(
            attribution.source, {reason.code: reason.facts for reason in attribution.reasons}
        ),
        paid_minor=event.paid_minor,
    )


async def _refunded(tx: Tx, event: trade.OrderRefunded, now: datetime) -> None:
    await queries.note_refund(
        tx,
        order_id=event.order_id,
        refunded_minor=sum(line.cumulative_refunded_minor for line in event.lines),
    )


def subscribers() -> tuple[Listener, ...]:
    return (
        Subscriber("insight.placed", trade.OrderPlaced, _placed),
        Subscriber("insight.paid", trade.OrderPaid, _paid),
        Subscriber("insight.refunded", trade.OrderRefunded, _refunded),
    )
