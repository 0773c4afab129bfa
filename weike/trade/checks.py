"""What reconciliation asks of trade: what orders say is what the accounts hold."""

from __future__ import annotations

from collections.abc import Sequence

from weike import ledger
from weike.kernel import Tx
from weike.trade.order import reading_queries as queries


async def order_checks(tx: Tx) -> Sequence[ledger.CheckResult]:
    """Payments and refunds that payment has booked and trade has not heard of yet are counted as
    heard: they lie in the outbox, read in the same statement as the orders."""
    sums = await queries.sums_of_orders(tx)
    escrow = sums["escrow_minor"] + sums["payments_unheard_minor"] - sums["refunds_unheard_minor"]
    return [
        ledger.CheckResult(key=f"trade.{account}", expected=expected, found=found.minor)
        for account, expected, found in (
            ("buyer_due", sums["due_minor"], await ledger.balance(tx, "buyer_due")),
            ("orders_open", sums["due_minor"], await ledger.balance(tx, "orders_open")),
            ("escrow", escrow, await ledger.balance(tx, "escrow")),
            ("merchant", sums["settled_minor"], await ledger.balance(tx, "merchant")),
        )
    ]
