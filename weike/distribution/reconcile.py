"""What distribution brings to the ledger's reconciliation: commissions by state = accounts."""

from __future__ import annotations

from collections.abc import Sequence

from weike import ledger
from weike.distribution.queries import commissions
from weike.distribution.withdrawals import queries as withdrawals
from weike.kernel import Tx

_ACCOUNTS = (
    ("estimated", "commission_memo_estimated"),
    ("pending", "commission_pending"),
    ("available", "commission_available"),
)


async def commissions_agree(tx: Tx) -> Sequence[ledger.CheckResult]:
    """Σ of what is left in each state equals Σ of its account over all promoters, and what is in
    open withdrawals equals what is in transit."""
    by_state = {
        row["state"]: row["amount_minor"] for row in await commissions.totals_by_state(tx, None)
    }
    # What is laid on withdrawals left the account, whatever became of its commission.
    by_state["available"] = await commissions.not_withdrawn_minor(tx)
    results = []
    for state, account in _ACCOUNTS:
        booked = await ledger.balances(tx, prefix=account)
        results.append(
            ledger.CheckResult(
                key=f"distribution.{state}",
                expected=by_state.get(state, 0),
                found=sum(entry.balance.minor for entry in booked),
            )
        )
    moving = await ledger.balances(tx, prefix="commission_in_transit")
    results.append(
        ledger.CheckResult(
            key="distribution.in_transit",
            expected=await withdrawals.open_minor(tx),
            found=sum(entry.balance.minor for entry in moving),
        )
    )
    return results


CHECKS = (commissions_agree,)
