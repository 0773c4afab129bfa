"""What reconciliation asks of payment: paid minus refunded is what the channel holds."""

from collections.abc import Sequence

from weike import ledger
from weike.kernel import Tx
from weike.payment import queries
from weike.payment.settle_payment import PROVIDER


async def channel_cash_check(tx: Tx) -> Sequence[ledger.CheckResult]:
    sums = await queries.channel_sums(tx)
    held = await ledger.balance(tx, ledger.channel_cash(PROVIDER))
    return (
        ledger.CheckResult(
            key="payment.channel_cash",
            expected=sums["paid_minor"] - sums["refunded_minor"],
            found=held.minor,
        ),
    )
