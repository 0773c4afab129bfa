"""Settle a payment: take the provider's word about one, compare it, and let the money in.

The only place where an intent becomes paid. It believes nothing but a `PaymentSeen`, which
only a gateway's verified answer or notification is made into; a front end's "success" never
comes here (attack list A-10, A-11).
"""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from weike import ledger
from weike.kernel import Money, Tx, derived_id
from weike.payment import queries
from weike.payment.close_intent import ask_to_close
from weike.payment.events import PaymentQuarantined, PaymentReceived
from weike.payment.model import Config, Intent, PaymentSeen, mismatch
from weike.payment.request_refund import give_back_unasked

PROVIDER = "wechat"


class Settled(Struct, frozen=True):
    """What came of the provider's word. `reason` says why something is quarantined."""

    outcome: Literal["applied", "repeated", "quarantined"]
    reason: str | None = None


async def settle_payment(tx: Tx, seen: PaymentSeen, *, config: Config, now: datetime) -> Settled:
    """Believes it once. A mismatch is quarantined and never paid.

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
        return _quarantined(tx, config, intent, reason, now)
    if seen.state == "closed":
        await queries.mark_ended(tx, intent.id, "closed")
        return Settled("applied")
    if seen.state == "open":
        return Settled("applied")
    if intent.state == "paid":
        same = intent.transaction_id == seen.transaction_id
        return Settled("repeated") if same else _quarantined(tx, config, intent, "paid_twice", now)
    if intent.state == "quarantined":
        return _quarantined(tx, config, intent, "quarantined_before", now)
    await _let_in(tx, intent, intents, seen, now)
    return Settled("applied")


async def _let_in(
    tx: Tx, intent: Intent, intents: list[Intent], seen: PaymentSeen, now: datetime
) -> None:
    paid_at = seen.paid_at or now
    await queries.mark_paid(
        tx,
        intent.id,
        transaction_id=seen.transaction_id,
        payer=seen.payer,
        paid_at=paid_at,
    )
    others = [other for other in intents if other.id != intent.id]
    paid_before = any(other.state == "paid" for other in others)
    unwanted = paid_before or intent.close_requested_at is not None
    amount = Money(intent.amount_minor, intent.currency)
    await ledger.post(
        tx,
        ledger.moving(
            amount,
            debit=ledger.channel_cash(PROVIDER),
            credit="quarantine" if unwanted else "escrow",
            id=derived_id(intent.id, "ledger.payment"),
            kind="payment_quarantined" if unwanted else "payment_received",
            source_type="intent" if unwanted else "order",
            source_id=intent.id if unwanted else intent.order_id,
            at=paid_at,
        ),
    )
    if unwanted:
        reason = "重复支付，自动退回" if paid_before else "订单已关闭，自动退回"
        await give_back_unasked(tx, intent, reason=reason, now=now)
        return
    await ask_to_close(tx, others, now=now)
    tx.announce(
        PaymentReceived(
            order_id=intent.order_id,
            intent_id=intent.id,
            amount_minor=intent.amount_minor,
            currency=intent.currency,
            transaction_id=seen.transaction_id,
            paid_at=paid_at,
        )
    )


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
