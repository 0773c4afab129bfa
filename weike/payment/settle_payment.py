"""Settle a payment: take the provider's word about one, compare it, and let the money in.

The only way by which a provider's money makes an intent paid. It believes nothing but a
`PaymentSeen`, which only a gateway's verified answer or notification is made into; a front end's
"success" never comes here (attack list A-10, A-11).
"""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from weike.kernel import Tx
from weike.payment import queries
from weike.payment.events import PaymentQuarantined
from weike.payment.let_in import let_in
from weike.payment.model import Config, Intent, PaymentSeen, mismatch
from weike.payment.quarantine.book_quarantined import book_quarantined


class Settled(Struct, frozen=True):
    """What came of the provider's word. `reason` says why something is quarantined."""

    outcome: Literal["applied", "repeated", "quarantined"]
    reason: str | None = None


async def settle_payment(tx: Tx, seen: PaymentSeen, *, config: Config, now: datetime) -> Settled:
    """Believes it once. A mismatch is quarantined and never paid; the money that came with it is
    booked, and waits for a person.

    Money that nobody wants any more (a second payment of the order, or one after the order was
    closed) is let in and given back in the same transaction (attack list A-15).
    """
    order_id = await queries.order_of_number(tx, seen.out_trade_no)
    if order_id is None:
        return _quarantined(tx, config, None, "number", now)
    intents = await queries.lock_intents_of_order(tx, order_id)
    intent = next(one for one in intents if one.out_trade_no == seen.out_trade_no)
    if intent.config_id != config.id:
        return _quarantined(tx, config, intent, "config", now)
    if reason := mismatch(seen, intent, mch_id=config.mch_id):
        # Another merchant's or another app's word says nothing about our intent; a wrong amount
        # under the right names does, and a person must look before anything else happens.
        if reason in ("amount", "currency", "transaction"):
            await queries.mark_ended(tx, intent.id, "quarantined")
            await book_quarantined(tx, seen, config=config, intent=intent, reason=reason, now=now)
        return _quarantined(tx, config, intent, reason, now)
    if seen.state == "closed":
        await queries.mark_ended(tx, intent.id, "closed")
        return Settled("applied")
    if seen.state == "open":
        return Settled("applied")
    if intent.state == "paid":
        if intent.transaction_id == seen.transaction_id:
            return Settled("repeated")
        reason = "paid_twice"
        await book_quarantined(tx, seen, config=config, intent=intent, reason=reason, now=now)
        return _quarantined(tx, config, intent, reason, now)
    if intent.state == "quarantined":
        reason = "quarantined_before"
        await book_quarantined(tx, seen, config=config, intent=intent, reason=reason, now=now)
        return _quarantined(tx, config, intent, reason, now)
    await let_in(tx, config, intent, intents, seen, now)
    return Settled("applied")


def _quarantined(
    tx: Tx, config: Config, intent: Intent | None, reason: str, now: datetime
) -> Settled:
    tx.announce(
        PaymentQuarantined(
            config_id=config.id,
            order_id=intent.order_id if intent else None,
            reason=reason,
            at=now,
        )
    )
    return Settled("quarantined", reason)
