"""What trade does when payment has news. Every one may be called twice."""

from __future__ import annotations

from datetime import datetime

from weike import payment
from weike.kernel import Listener, Money, Subscriber, Tx
from weike.trade.after_sale.refund_case import fail_refund, finish_refund
from weike.trade.events import AfterSaleClosed, OrderPaid
from weike.trade.fulfilment.deliver_at_payment import deliver_at_payment, note_way_of_payment
from weike.trade.fulfilment.queries import lines_of
from weike.trade.invoices.subscribers import invoice_subscribers
from weike.trade.order.accept_payment import accept_payment
from weike.trade.order.refund_order import complete_refund, resume_after_refusal
from weike.trade.points.subscribers import points_subscribers
from weike.trade.reviews.subscribers import review_subscribers


async def _received(tx: Tx, event: payment.PaymentReceived, now: datetime) -> None:
    await accept_payment(
        tx,
        order_id=event.order_id,
        intent_id=event.intent_id,
        amount=Money(event.amount_minor, event.currency),
        paid_at=event.paid_at,
        now=now,
    )


async def _refunded(tx: Tx, event: payment.RefundSucceeded, now: datetime) -> None:
    await complete_refund(
        tx, refund_id=event.refund_id, order_id=event.order_id, at=event.at, now=now
    )
    await finish_refund(tx, refund_id=event.refund_id, now=now)


async def _refused(tx: Tx, event: payment.RefundRefused, now: datetime) -> None:
    await resume_after_refusal(
        tx,
        refund_id=event.refund_id,
        order_id=event.order_id,
        provider_code=event.provider_code,
        now=now,
    )
    await fail_refund(tx, refund_id=event.refund_id, provider_code=event.provider_code, now=now)


async def _paid(tx: Tx, event: OrderPaid, now: datetime) -> None:
    await note_way_of_payment(tx, order_id=event.order_id)
    await deliver_at_payment(
        tx,
        order_id=event.order_id,
        product_ids=[line.product_id for line in event.lines],
        now=now,
    )


async def _held_back_no_more(tx: Tx, event: AfterSaleClosed, now: datetime) -> None:
    """What the payment would have delivered, had no case held it back."""
    if event.state == "done":
        return
    lines = await lines_of(tx, event.order_id)
    await deliver_at_payment(
        tx, order_id=event.order_id, product_ids=[line.product_id for line in lines], now=now
    )


def subscribers() -> tuple[Listener, ...]:
    return (
        Subscriber("trade.accept_payment", payment.PaymentReceived, _received),
        Subscriber("trade.complete_refund", payment.RefundSucceeded, _refunded),
        Subscriber("trade.resume_after_refusal", payment.RefundRefused, _refused),
        Subscriber("trade.deliver_at_payment", OrderPaid, _paid),
        Subscriber("trade.deliver_after_case", AfterSaleClosed, _held_back_no_more),
        *points_subscribers(),
        *review_subscribers(),
        *invoice_subscribers(),
    )
