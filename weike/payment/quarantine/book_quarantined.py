"""Book quarantined money: the channel says it is in, so the books say so, with the amount that
came. Known by number and transaction id: the second word about it books nothing.
"""

from __future__ import annotations

from datetime import datetime

from weike import ledger
from weike.kernel import Money, Tx, derived_id
from weike.payment.model import Config, Intent, PaymentSeen
from weike.payment.quarantine import queries
from weike.payment.quarantine.model import Quarantined, quarantined_id


async def book_quarantined(
    tx: Tx,
    seen: PaymentSeen,
    *,
    config: Config,
    intent: Intent | None,
    reason: str,
    now: datetime,
) -> Quarantined | None:
    """None when no money moved, or when it is the very payment that was let in before."""
    if seen.state != "paid" or not seen.amount_minor or seen.amount_minor <= 0:
        return None
    if intent and intent.state == "paid" and intent.transaction_id == seen.transaction_id:
        return None
    one = _new(seen, config, intent, reason, now)
    if not await queries.insert(tx, one):
        return await _said_again(tx, one, now)
    await ledger.post(tx, _booking(one, one.amount_minor, nth="in"))
    return one


async def _said_again(tx: Tx, said: Quarantined, now: datetime) -> Quarantined | None:
    """The channel's last word about an amount counts, as long as the money lies here."""
    known = await queries.by_id(tx, said.id, lock=True)
    if known is None or known.state != "held" or known.currency != said.currency:
        return known
    rest = said.amount_minor - known.amount_minor
    if rest:
        await ledger.post(tx, _booking(known, rest, nth=f"corrected.{now.isoformat()}"))
        await queries.correct_amount(tx, known.id, said.amount_minor)
    return await queries.by_id(tx, said.id)


def _new(
    seen: PaymentSeen, config: Config, intent: Intent | None, reason: str, now: datetime
) -> Quarantined:
    currency = seen.currency or (intent.currency if intent else "CNY")
    return Quarantined(
        id=quarantined_id(config.id, seen.out_trade_no, seen.transaction_id),
        config_id=config.id,
        provider=config.provider,
        out_trade_no=seen.out_trade_no,
        transaction_id=seen.transaction_id,
        intent_id=intent.id if intent else None,
        order_id=intent.order_id if intent and intent.subject == "order" else None,
        reason=reason,
        amount_minor=seen.amount_minor or 0,
        currency=currency,
        expected_minor=intent.amount_minor if intent else None,
        payer=seen.payer,
        paid_at=seen.paid_at or now,
        state="held",
        return_id=None,
        return_reason=None,
        attempts=0,
        next_at=None,
        last_code=None,
        ended_at=None,
        created_at=now,
    )


def _booking(one: Quarantined, amount_minor: int, *, nth: str) -> ledger.Transfer:
    """A correction downwards goes the other way round."""
    cash, held = ledger.channel_cash(one.provider), "quarantine"
    return ledger.moving(
        Money(abs(amount_minor), one.currency),
        debit=cash if amount_minor > 0 else held,
        credit=held if amount_minor > 0 else cash,
        id=derived_id(one.id, f"ledger.quarantined.{nth}"),
        kind="payment_quarantined",
        source_type="intent",
        source_id=one.intent_id or one.id,
        at=one.paid_at,
        reason=one.reason,
    )
