"""What reconciliation asks of payment: paid in minus refunded and paid out is what each channel
holds."""

from collections.abc import Sequence

from weike import ledger
from weike.kernel import Tx
from weike.payment import queries
from weike.payment.model import Provider
from weike.payment.transfers import queries as transfer_queries

_KEYS: dict[Provider, str] = {
    "wechat": "payment.channel_cash",
    "alipay": "payment.channel_cash_alipay",
}


async def channel_cash_check(tx: Tx) -> Sequence[ledger.CheckResult]:
    """A line for every channel, also for those this shop never used."""
    sums = {row["provider"]: row for row in await queries.channel_sums(tx)}
    gone = await transfer_queries.transferred_by_provider(tx)
    checks = []
    for provider, key in _KEYS.items():
        row = sums.get(provider)
        expected = row["paid_minor"] - row["refunded_minor"] if row else 0
        expected -= gone.get(provider, 0)
        held = await ledger.balance(tx, ledger.channel_cash(provider))
        checks.append(ledger.CheckResult(key=key, expected=expected, found=held.minor))
    return checks
