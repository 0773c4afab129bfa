"""Book fees: what the channel kept of a bill's payments, in one transfer for the bill.

When a bill is taken again and says another sum, the rest is posted, never rewritten: what is in
the books for a bill is always the sum of its transfers.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from weike import ledger
from weike.kernel import Money, Tx, derived_id
from weike.payment.reconciliation import queries
from weike.payment.reconciliation.model import span_of
from weike.payment.reconciliation.queries import Bill


async def book_fees(tx: Tx, bill: Bill, *, now: datetime) -> bool:
    """Whether something was posted. `bill` is locked by the caller and is not compared with what
    is booked by anybody else meanwhile."""
    rest = bill.fee_minor - bill.fee_booked_minor
    if not rest:
        return False
    fees, cash = "fees", ledger.channel_cash(bill.provider)
    # More refunds than payments: the channel gives back more than it keeps.
    debit, credit = (fees, cash) if rest > 0 else (cash, fees)
    _, end = span_of(bill.day)
    await ledger.post(
        tx,
        ledger.moving(
            Money(abs(rest)),
            debit=debit,
            credit=credit,
            id=derived_id(bill.id, f"ledger.channel_fee.{bill.version}"),
            kind="channel_fee",
            source_type="bill",
            source_id=bill.id,
            at=min(now, end - timedelta(seconds=1)),
            reason=bill.day.isoformat(),
        ),
    )
    await queries.mark_fee_booked(tx, bill.id, bill.fee_minor)
    return True
