"""Let money in: an intent becomes paid, and the ledger says so in the same transaction.

Where the money comes from is the caller's proof: a provider's verified word, or a balance that
was debited here. What nobody wants any more is let in and given back at once (attack list A-15).
"""

from datetime import datetime

from weike import ledger
from weike.kernel import Money, Tx, derived_id
from weike.payment import queries
from weike.payment.close_intent import ask_to_close
from weike.payment.events import BalanceToppedUp, PaymentReceived
from weike.payment.model import Config, Intent, PaymentSeen
from weike.payment.request_refund import give_back_unasked


async def let_in(
    tx: Tx,
    config: Config,
    intent: Intent,
    intents: list[Intent],
    seen: PaymentSeen,
    now: datetime,
) -> None:
    """`intents` are all of the order, locked."""
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
    await ledger.post(tx, _booking(config, intent, unwanted=unwanted, at=paid_at))
    if unwanted:
        reason = "重复支付，自动退回" if paid_before else "订单已关闭，自动退回"
        await give_back_unasked(tx, intent, reason=reason, now=now)
        return
    await ask_to_close(tx, others, now=now)
    if intent.subject == "top_up":
        assert intent.member_id is not None  # noqa: S101  # the table's constraint
        tx.announce(
            BalanceToppedUp(
                top_up_id=intent.order_id,
                member_id=intent.member_id,
                amount_minor=intent.amount_minor,
                currency=intent.currency,
                at=paid_at,
            )
        )
        return
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


def _booking(config: Config, intent: Intent, *, unwanted: bool, at: datetime) -> ledger.Transfer:
    """An order's money waits in escrow, a top-up's is the member's at once."""
    amount = Money(intent.amount_minor, intent.currency)
    id, cash = derived_id(intent.id, "ledger.payment"), ledger.channel_cash(config.provider)
    if unwanted:
        return ledger.moving(
            amount,
            debit=cash,
            credit="quarantine",
            id=id,
            kind="payment_quarantined",
            source_type="intent",
            source_id=intent.id,
            at=at,
        )
    if intent.subject == "top_up" and intent.member_id:
        return ledger.moving(
            amount,
            debit=cash,
            credit="balance",
            credit_owner=intent.member_id,
            id=id,
            kind="balance_topped_up",
            source_type="top_up",
            source_id=intent.order_id,
            at=at,
        )
    return ledger.moving(
        amount,
        debit=cash,
        credit="escrow",
        id=id,
        kind="payment_received",
        source_type="order",
        source_id=intent.order_id,
        at=at,
    )
