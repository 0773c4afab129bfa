"""Let money out: a refund has reached whom it was promised to, and the ledger says so.

What it was decides where it is taken from: an order's from escrow, money nobody wanted from
quarantine, a balance that its member wanted back from what was set aside for it.
"""

from datetime import datetime
from uuid import UUID

from weike import ledger
from weike.kernel import Money, Tx, derived_id
from weike.payment import refund_queries
from weike.payment.events import PaymentReturned, RefundSucceeded
from weike.payment.model import Intent, Provider, Refund


async def let_out(
    tx: Tx,
    provider: Provider,
    refund: Refund,
    intent: Intent,
    *,
    provider_refund_id: str | None,
    done_at: datetime,
) -> None:
    await refund_queries.mark_refund(
        tx,
        refund.id,
        state="succeeded",
        last_code=None,
        next_at=None,
        provider_refund_id=provider_refund_id,
        done_at=done_at,
    )
    await ledger.post(tx, _booking(provider, refund, intent, at=done_at))
    match refund.purpose:
        case "return":
            tx.announce(
                PaymentReturned(
                    refund_id=refund.id,
                    order_id=refund.order_id,
                    intent_id=refund.intent_id,
                    amount_minor=refund.amount_minor,
                    currency=refund.currency,
                    at=done_at,
                )
            )
        case "order":
            tx.announce(
                RefundSucceeded(
                    refund_id=refund.id,
                    order_id=refund.order_id,
                    amount_minor=refund.amount_minor,
                    currency=refund.currency,
                    at=done_at,
                )
            )


def out_requested(refund: Refund, member_id: UUID, *, at: datetime) -> ledger.Transfer:
    """A member wants her balance back: it is set aside, and cannot be spent meanwhile."""
    return ledger.moving(
        Money(refund.amount_minor, refund.currency),
        debit="balance",
        debit_owner=member_id,
        credit="balance_leaving",
        credit_owner=member_id,
        id=derived_id(refund.id, "ledger.balance_out"),
        kind="balance_out_requested",
        source_type="top_up",
        source_id=refund.order_id,
        at=at,
    )


def out_undone(refund: Refund, member_id: UUID, *, at: datetime) -> ledger.Transfer:
    """The channel will not take it back: it is the member's balance again."""
    return ledger.moving(
        Money(refund.amount_minor, refund.currency),
        debit="balance_leaving",
        debit_owner=member_id,
        credit="balance",
        credit_owner=member_id,
        id=derived_id(refund.id, "ledger.balance_out_undone"),
        kind="balance_out_undone",
        source_type="top_up",
        source_id=refund.order_id,
        at=at,
    )


def _booking(
    provider: Provider, refund: Refund, intent: Intent, *, at: datetime
) -> ledger.Transfer:
    amount, id = Money(refund.amount_minor, refund.currency), derived_id(refund.id, "ledger.refund")
    if provider == "balance" and intent.member_id:
        return ledger.moving(
            amount,
            debit="escrow",
            credit="balance",
            credit_owner=intent.member_id,
            id=id,
            kind="balance_refunded",
            source_type="order",
            source_id=refund.order_id,
            at=at,
            reason=refund.reason,
        )
    cash = ledger.channel_cash(provider)
    if refund.purpose == "balance_out" and intent.member_id:
        return ledger.moving(
            amount,
            debit="balance_leaving",
            debit_owner=intent.member_id,
            credit=cash,
            id=id,
            kind="balance_out_done",
            source_type="top_up",
            source_id=refund.order_id,
            at=at,
            reason=refund.reason,
        )
    returned = refund.purpose == "return"
    return ledger.moving(
        amount,
        debit="quarantine" if returned else "escrow",
        credit=cash,
        id=id,
        kind="quarantine_refunded" if returned else "payment_refunded",
        source_type="intent" if returned else "order",
        source_id=refund.intent_id if returned else refund.order_id,
        at=at,
        reason=refund.reason,
    )
