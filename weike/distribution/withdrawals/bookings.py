"""What a withdrawal moves in the ledger. Amounts before tax are in transit until it ends."""

from __future__ import annotations

from datetime import datetime

from weike import ledger
from weike.distribution.withdrawals.model import Withdrawal
from weike.kernel import Money, derived_id


def asked(withdrawal: Withdrawal, *, at: datetime) -> ledger.Transfer:
    return _between(withdrawal, "commission_available", "commission_in_transit", "asked", at)


def undone(withdrawal: Withdrawal, *, at: datetime) -> ledger.Transfer:
    return _between(withdrawal, "commission_in_transit", "commission_available", "undone", at)


def paid(withdrawal: Withdrawal, *, cash: str, at: datetime) -> ledger.Transfer:
    """`cash` is where the net amount comes from: the clearing account of a transfer that payment
    has booked, or the bank."""
    entries = [
        ledger.Entry("commission_in_transit", withdrawal.gross_minor, withdrawal.promoter_id),
        ledger.Entry(cash, -withdrawal.net_minor),
    ]
    if withdrawal.tax_minor:
        entries.append(ledger.Entry("tax_payable", -withdrawal.tax_minor))
    return ledger.Transfer(
        id=derived_id(withdrawal.id, "ledger.paid"),
        kind="withdrawal_paid",
        source_type="withdrawal",
        source_id=withdrawal.id,
        at=at,
        entries=tuple(entries),
        currency=withdrawal.currency,
    )


def _between(
    withdrawal: Withdrawal, debit: str, credit: str, step: str, at: datetime
) -> ledger.Transfer:
    return ledger.moving(
        Money(withdrawal.gross_minor, withdrawal.currency),
        debit=debit,
        debit_owner=withdrawal.promoter_id,
        credit=credit,
        credit_owner=withdrawal.promoter_id,
        id=derived_id(withdrawal.id, f"ledger.{step}"),
        kind=f"withdrawal_{step}",
        source_type="withdrawal",
        source_id=withdrawal.id,
        at=at,
    )
