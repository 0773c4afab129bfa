"""The catalogue of accounts, the kinds of transfers, and transfers as values that balance."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from weike.kernel import Money
from weike.ledger.errors import UnknownAccount

SHOP = UUID(int=0)
"""The owner of what belongs to the shop itself."""


class Side(StrEnum):
    """The side on which an account grows: +1 for debit, -1 for credit."""

    DEBIT = "debit"
    CREDIT = "credit"

    @property
    def sign(self) -> int:
        return 1 if self is Side.DEBIT else -1


@dataclass(frozen=True, slots=True)
class Account:
    """One line of the catalogue. `per_channel` accounts are written `name:channel`."""

    name: str
    normal_side: Side
    per_channel: bool = False


ACCOUNTS: dict[str, Account] = {
    account.name: account
    for account in (
        Account("buyer_due", Side.DEBIT),
        Account("orders_open", Side.CREDIT),
        Account("channel_cash", Side.DEBIT, per_channel=True),
        Account("escrow", Side.CREDIT),
        Account("quarantine", Side.CREDIT),
        Account("balance", Side.CREDIT),
        Account("balance_leaving", Side.CREDIT),
        Account("merchant", Side.CREDIT),
        Account("fees", Side.DEBIT),
        Account("commission_expense", Side.DEBIT),
        Account("commission_pending", Side.CREDIT),
        Account("commission_available", Side.CREDIT),
        Account("commission_in_transit", Side.CREDIT),
        Account("payouts_clearing", Side.DEBIT),
        Account("tax_payable", Side.CREDIT),
        Account("commission_memo_estimated", Side.DEBIT),
        Account("commission_memo_contra", Side.CREDIT),
        Account("points_expense", Side.DEBIT),
        Account("points_pending", Side.CREDIT),
        Account("points_outstanding", Side.CREDIT),
    )
}

TRANSFER_KINDS: frozenset[str] = frozenset(
    {
        "order_placed",
        "order_due_paid",
        "order_due_cancelled",
        "payment_received",
        "payment_quarantined",
        "payment_refunded",
        "quarantine_refunded",
        "quarantine_accepted",
        "channel_fee",
        "balance_topped_up",
        "balance_paid",
        "balance_refunded",
        "balance_out_requested",
        "balance_out_done",
        "balance_out_undone",
        "order_settled",
        "refund_covered",
        "refund_uncovered",
        "commission_estimated",
        "commission_estimate_closed",
        "commission_pending",
        "commission_available",
        "commission_reversed",
        "withdrawal_asked",
        "withdrawal_undone",
        "withdrawal_paid",
        "paid_out",
        "points_promised",
        "points_granted",
        "points_released",
        "points_used",
        "points_given_back",
        "points_taken_back",
        "points_expired",
    }
)
"""Every kind has a row in docs/algorithms/ledger.md and a title in the texts."""


def account_of(name: str) -> Account:
    """The catalogue's line for an account as written. Refuses with UnknownAccount."""
    base, colon, channel = name.partition(":")
    account = ACCOUNTS.get(base)
    if account is None or account.per_channel != bool(colon and channel):
        raise UnknownAccount(account=name)
    return account


def channel_cash(provider: str) -> str:
    """The account of the money that lies with a payment provider."""
    return f"channel_cash:{provider}"


@dataclass(frozen=True, slots=True)
class Entry:
    """Debit is positive, credit is negative; never zero."""

    account: str
    amount_minor: int
    owner_id: UUID = SHOP


@dataclass(frozen=True, slots=True)
class Transfer:
    """Entries that sum to zero. `id` is derived from what caused it, so it happens only once.

    A transfer that does not balance, moves nothing or names what the catalogue does not know
    cannot be made: that is a mistake of the caller, not a refusal.
    """

    id: UUID
    kind: str
    source_type: str
    source_id: UUID
    at: datetime
    entries: tuple[Entry, ...]
    reason: str = ""
    currency: str = "CNY"

    def __post_init__(self) -> None:
        if self.kind not in TRANSFER_KINDS:
            raise ValueError(f"no kind of transfer is called {self.kind!r}")
        if len(self.entries) < 2 or any(not entry.amount_minor for entry in self.entries):
            raise ValueError("a transfer has two or more entries and none of them is zero")
        if total := sum(entry.amount_minor for entry in self.entries):
            raise ValueError(f"the entries are {total} {self.currency} out of balance")
        for entry in self.entries:
            account_of(entry.account)

    def same_content(self, other: Transfer) -> bool:
        """Whether both say the same; when and in which words does not matter."""
        return (
            self.kind == other.kind
            and self.source_type == other.source_type
            and self.source_id == other.source_id
            and self.currency == other.currency
            and Counter(self.entries) == Counter(other.entries)
        )


def moving(
    amount: Money,
    *,
    debit: str,
    credit: str,
    id: UUID,
    kind: str,
    source_type: str,
    source_id: UUID,
    at: datetime,
    debit_owner: UUID = SHOP,
    credit_owner: UUID = SHOP,
    reason: str = "",
) -> Transfer:
    """The plain transfer: one amount, one account debited, one credited."""
    return Transfer(
        id=id,
        kind=kind,
        source_type=source_type,
        source_id=source_id,
        at=at,
        entries=(
            Entry(debit, amount.minor, debit_owner),
            Entry(credit, -amount.minor, credit_owner),
        ),
        reason=reason,
        currency=amount.currency,
    )
