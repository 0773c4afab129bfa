"""What distribution brings to the ledger's reconciliation: commissions by state = accounts."""

from __future__ import annotations

from collections.abc import Sequence

from weike import ledger
from weike.distribution.queries import commissions
from weike.kernel import Tx

_ACCOUNTS = (
    ("estimated", "commission_memo_estimated"),
    ("pending", "commission_pending"),
    ("available", "commission_available"),
)


async def commissions_agree(tx: Tx) -> Sequence[ledger.CheckResult]:
    """Σ of what is left in each state equals Σ of its account over all promoters."""
    by_state = {
        row["state"]: row["amount_minor"] for row in await commissions.totals_by_state(tx, None)
    }
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
    return results


CHECKS = (commissions_agree,)
