"""What reconciliation asks of balances: what intents and refunds say is what the ledger holds."""

from collections.abc import Sequence
from uuid import UUID

from weike import ledger
from weike.kernel import Tx
from weike.payment.balance import queries


async def balances_check(tx: Tx) -> Sequence[ledger.CheckResult]:
    """The sums, and how many members' balances differ or lie below zero."""
    states = {row["member_id"]: row for row in await queries.states_of_members(tx)}
    held = await _held(tx, "balance")
    leaving = await _held(tx, "balance_leaving")
    wrong = 0
    for member_id in states.keys() | held.keys() | leaving.keys():
        row = states.get(member_id)
        said = (row["balance_minor"], row["leaving_minor"]) if row else (0, 0)
        found = (held.get(member_id, 0), leaving.get(member_id, 0))
        wrong += found != said or min(found) < 0
    return (
        ledger.CheckResult(
            key="payment.balance",
            expected=sum(row["balance_minor"] for row in states.values()),
            found=sum(held.values()),
        ),
        ledger.CheckResult(
            key="payment.balance_leaving",
            expected=sum(row["leaving_minor"] for row in states.values()),
            found=sum(leaving.values()),
        ),
        ledger.CheckResult(key="payment.balance_members", expected=0, found=wrong),
    )


async def _held(tx: Tx, account: str) -> dict[UUID, int]:
    return {
        one.owner_id: one.balance.minor
        for one in await ledger.balances(tx, prefix=account)
        if one.account == account
    }
