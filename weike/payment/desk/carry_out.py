"""Carry out what was approved: one place that knows what each action does."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike.kernel import Tx
from weike.payment import queries as payment_queries
from weike.payment.desk.accept_quarantined import accept_quarantined
from weike.payment.desk.proposal_model import Proposal
from weike.payment.desk.return_quarantined import begin_return
from weike.payment.model import PaymentSeen
from weike.payment.quarantine.book_quarantined import book_quarantined
from weike.payment.reconciliation import difference_queries
from weike.payment.reconciliation import queries as bill_queries
from weike.payment.reconciliation.compare_bill import compare_bill
from weike.payment.reconciliation.difference_queries import Difference
from weike.payment.reconciliation.errors import (
    BillNotFound,
    DifferenceNotFound,
    DifferenceNotOpen,
    RepairDoesNotFit,
)

TAKEN_IN = frozenset({"missing_at_us", "duplicated", "state"})
"""Classes behind which there may be money with the channel that our books do not know."""


async def carry_out(tx: Tx, proposal: Proposal, *, by: UUID, now: datetime) -> None:
    """Refuses with what the deed behind the action refuses with."""
    match proposal.action:
        case "return":
            await begin_return(tx, proposal.subject_id, reason=proposal.reason, now=now)
        case "accept":
            await accept_quarantined(tx, proposal.subject_id, now=now)
        case "explain":
            await open_difference(tx, proposal.subject_id)
            await difference_queries.explain(
                tx,
                proposal.subject_id,
                resolution="explained",
                reason=proposal.reason,
                by=by,
                now=now,
            )
        case "take_in":
            await _take_in(tx, await open_difference(tx, proposal.subject_id), now)


async def open_difference(tx: Tx, difference_id: UUID) -> Difference:
    """Refuses with DifferenceNotFound, DifferenceNotOpen."""
    difference = await difference_queries.difference_by_id(tx, difference_id, lock=True)
    if difference is None:
        raise DifferenceNotFound()
    if difference.state != "open":
        raise DifferenceNotOpen(state=difference.state)
    return difference


def can_take_in(difference: Difference) -> bool:
    """The channel says that a payment was made, under a transaction that is not in our books."""
    return (
        difference.kind == "payment"
        and difference.class_ in TAKEN_IN
        and difference.theirs_minor is not None
        and difference.theirs_minor > 0
        and bool(difference.txn)
    )


async def _take_in(tx: Tx, difference: Difference, now: datetime) -> None:
    """The bill's line becomes money in quarantine; then the bill is compared again."""
    if not can_take_in(difference):
        raise RepairDoesNotFit(action="take_in")
    bill = await bill_queries.bill_by_id(tx, difference.bill_id)
    config = await payment_queries.config_by_id(tx, bill.config_id) if bill else None
    if bill is None or config is None:
        raise BillNotFound()
    intent = (
        await payment_queries.intent_by_id(tx, difference.intent_id)
        if difference.intent_id
        else None
    )
    seen = PaymentSeen(
        mch_id=config.mch_id,
        app_id="",
        out_trade_no=difference.number,
        state="paid",
        transaction_id=difference.txn,
        amount_minor=difference.theirs_minor,
        currency="CNY",
        paid_at=difference.theirs_at,
    )
    if intent:
        await payment_queries.mark_ended(tx, intent.id, "quarantined")
    booked = await book_quarantined(
        tx, seen, config=config, intent=intent, reason="from_bill", now=now
    )
    if booked is None:
        # The very payment that our books have: what is double is the bill's row.
        raise RepairDoesNotFit(action="take_in")
    await compare_bill(tx, bill.id, now=now)
