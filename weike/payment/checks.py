"""What reconciliation asks of payment: paid in minus refunded, paid out and kept as fees is what
each channel holds; what fits nothing lies in quarantine."""

from collections.abc import Sequence

from weike import ledger
from weike.kernel import Tx
from weike.payment import queries
from weike.payment.model import Provider
from weike.payment.quarantine import queries as quarantine_queries
from weike.payment.reconciliation import queries as bill_queries
from weike.payment.transfers import queries as transfer_queries

_KEYS: dict[Provider, str] = {
    "wechat": "payment.channel_cash",
    "alipay": "payment.channel_cash_alipay",
}


async def channel_cash_check(tx: Tx) -> Sequence[ledger.CheckResult]:
    """A line for every channel, also for those this shop never used."""
    sums = {row["provider"]: row for row in await queries.channel_sums(tx)}
    fees = await bill_queries.fees_booked(tx)
    held_back = {row["provider"]: row["own_minor"] for row in await quarantine_queries.sums(tx)}
    gone = await transfer_queries.transferred_by_provider(tx)
    checks = []
    for provider, key in _KEYS.items():
        row = sums.get(provider)
        expected = row["paid_minor"] - row["refunded_minor"] if row else 0
        expected += held_back.get(provider, 0) - fees.get(provider, 0) - gone.get(provider, 0)
        held = await ledger.balance(tx, ledger.channel_cash(provider))
        checks.append(ledger.CheckResult(key=key, expected=expected, found=held.minor))
    return checks


async def quarantine_check(tx: Tx) -> Sequence[ledger.CheckResult]:
    """Money that waits for a person or is on its way back, and the fees of all bills."""
    waiting = sum(row["held_minor"] for row in await quarantine_queries.sums(tx))
    kept = sum((await bill_queries.fees_booked(tx)).values())
    held, fees = await ledger.balance(tx, "quarantine"), await ledger.balance(tx, "fees")
    return [
        ledger.CheckResult(key="payment.quarantine", expected=waiting, found=held.minor),
        ledger.CheckResult(key="payment.fees", expected=kept, found=fees.minor),
    ]
