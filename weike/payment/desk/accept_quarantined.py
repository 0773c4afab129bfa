"""Accept quarantined money: it becomes the payment of its order, as if it had fitted at once.

Only when what came is what the order asks, and no other payment has paid it. What the order makes
of it is trade's: an order that was cancelled meanwhile sends the money back by itself.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike import ledger
from weike.kernel import Money, Tx, derived_id
from weike.payment import queries as payment_queries
from weike.payment.close_intent import ask_to_close
from weike.payment.events import PaymentReceived
from weike.payment.quarantine import queries
from weike.payment.quarantine.errors import NotAcceptable, NotHeld, QuarantinedNotFound
from weike.payment.quarantine.model import Quarantined


async def accept_quarantined(tx: Tx, quarantined_id: UUID, *, now: datetime) -> Quarantined:
    """Refuses with QuarantinedNotFound, NotHeld, NotAcceptable."""
    one = await queries.by_id(tx, quarantined_id)
    if one is None:
        raise QuarantinedNotFound()
    if one.order_id is None or one.intent_id is None:
        raise NotAcceptable(why="no_order")
    # The order's payments before the money, as whoever settles a payment takes them.
    intents = await payment_queries.lock_intents_of_order(tx, one.order_id)
    held = await queries.by_id(tx, quarantined_id, lock=True)
    if held is None or held.state != "held":
        raise NotHeld(state=held.state if held else "")
    intent = next(intent for intent in intents if intent.id == one.intent_id)
    if (held.amount_minor, held.currency) != (intent.amount_minor, intent.currency):
        raise NotAcceptable(why="amount")
    others = [other for other in intents if other.id != intent.id]
    if intent.state != "quarantined" or any(other.state == "paid" for other in others):
        raise NotAcceptable(why="order_paid")
    await payment_queries.mark_accepted(
        tx,
        intent.id,
        transaction_id=held.transaction_id,
        payer=held.payer,
        paid_at=held.paid_at,
    )
    await queries.mark_ended(tx, held.id, state="accepted", at=now)
    await ledger.post(
        tx,
        ledger.moving(
            Money(held.amount_minor, held.currency),
            debit="quarantine",
            credit="escrow",
            id=derived_id(held.id, "ledger.quarantine_accepted"),
            kind="quarantine_accepted",
            source_type="order",
            source_id=one.order_id,
            at=now,
        ),
    )
    await ask_to_close(tx, others, now=now)
    tx.announce(
        PaymentReceived(
            order_id=one.order_id,
            intent_id=intent.id,
            amount_minor=intent.amount_minor,
            currency=intent.currency,
            transaction_id=held.transaction_id,
            paid_at=held.paid_at,
        )
    )
    return held
