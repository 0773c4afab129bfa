"""Request a refund: promise a part of a payment back to whoever paid it.

The promise is made in one guarded update of the payment's row, so that any number of requests
at once never promise more than came in (attack list A-17). The refund's target is the payment
itself and cannot be chosen (A-16). It is sent after the commit, under one number for ever.
"""

from datetime import datetime
from uuid import UUID

from weike.kernel import IdTakenByOther, Money, Tx, derived_id
from weike.payment import queries, refund_queries
from weike.payment.errors import NothingPaid, RefundTooLarge
from weike.payment.events import RefundRequested
from weike.payment.let_out import let_out
from weike.payment.model import Intent, Purpose, Refund


async def request_refund(
    tx: Tx, *, refund_id: UUID, order_id: UUID, amount: Money, reason: str, now: datetime
) -> Refund:
    """The same id again answers the first request.

    Refuses with NothingPaid, RefundTooLarge, IdTakenByOther.
    """
    if earlier := await refund_queries.refund_by_id(tx, refund_id):
        return _same(earlier, order_id, amount)
    intent = await _kept_payment(tx, order_id)
    if intent.currency != amount.currency or amount.minor <= 0:
        raise RefundTooLarge(left_minor=intent.amount_minor - intent.refunding_minor)
    return await promise(
        tx, intent, refund_id=refund_id, amount_minor=amount.minor, reason=reason, now=now
    )


async def give_back_unasked(tx: Tx, intent: Intent, *, reason: str, now: datetime) -> Refund:
    """All of a payment that nobody wants. Once for a payment, however often it is called."""
    refund_id = derived_id(intent.id, "payment.return")
    if earlier := await refund_queries.refund_by_id(tx, refund_id):
        return earlier
    return await promise(
        tx,
        intent,
        refund_id=refund_id,
        amount_minor=intent.amount_minor,
        reason=reason,
        now=now,
        purpose="return",
    )


def _same(earlier: Refund, order_id: UUID, amount: Money) -> Refund:
    """Refuses with IdTakenByOther."""
    known = (earlier.order_id, earlier.amount_minor, earlier.currency)
    if known != (order_id, amount.minor, amount.currency):
        raise IdTakenByOther()
    return earlier


async def _kept_payment(tx: Tx, order_id: UUID) -> Intent:
    """The payment the order lives on: paid, and not given back as unwanted.

    Refuses with NothingPaid.
    """
    for intent in await queries.intents_of_order(tx, order_id):
        returned = derived_id(intent.id, "payment.return")
        if intent.state == "paid" and not await refund_queries.refund_by_id(tx, returned):
            return intent
    raise NothingPaid()


async def promise(
    tx: Tx,
    intent: Intent,
    *,
    refund_id: UUID,
    amount_minor: int,
    reason: str,
    now: datetime,
    purpose: Purpose = "order",
    request_id: UUID | None = None,
) -> Refund:
    """Refuses with RefundTooLarge."""
    if not await queries.promise_back(tx, intent.id, amount_minor):
        raise RefundTooLarge(left_minor=intent.amount_minor - intent.refunding_minor)
    refund = Refund(
        id=refund_id,
        intent_id=intent.id,
        order_id=intent.order_id,
        purpose=purpose,
        out_refund_no=refund_id.hex,
        amount_minor=amount_minor,
        currency=intent.currency,
        reason=reason,
        state="requested",
        last_code=None,
        attempts=0,
        request_id=request_id,
    )
    await refund_queries.insert_refund(tx, refund, now=now)
    if intent.method == "balance":
        # Nobody outside has to be asked: it is the member's again with this transaction.
        await let_out(tx, "balance", refund, intent, provider_refund_id=None, done_at=now)
        return refund
    tx.announce(RefundRequested(refund_id=refund_id))
    return refund
