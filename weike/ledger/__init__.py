"""The ledger: where the money is, and how it got there. The only place where balances exist.

Money moves in transfers of entries that sum to zero, written once and never edited. Posting is
idempotent by the transfer's id; the same id with other content is refused. Balances are answered
on the normal side of their account. The prose is docs/algorithms/ledger.md.
"""

from weike.ledger import points
from weike.ledger.balances import AccountBalance, balance, balances
from weike.ledger.errors import TransferDiffers, UnknownAccount
from weike.ledger.jobs import jobs
from weike.ledger.model import (
    ACCOUNTS,
    SHOP,
    TRANSFER_KINDS,
    Account,
    Entry,
    Side,
    Transfer,
    account_of,
    channel_cash,
    moving,
)
from weike.ledger.movements import entered, moved
from weike.ledger.post import post, post_many, posting
from weike.ledger.reconcile import Check, CheckResult, Report, reconcile
from weike.ledger.statement import StatementLine, statement
from weike.ledger.transfers import EntryView, TransferView, transfer_view, transfers_of

__all__ = [
    "ACCOUNTS",
    "SHOP",
    "TRANSFER_KINDS",
    "Account",
    "AccountBalance",
    "Check",
    "CheckResult",
    "Entry",
    "EntryView",
    "Report",
    "Side",
    "StatementLine",
    "Transfer",
    "TransferDiffers",
    "TransferView",
    "UnknownAccount",
    "account_of",
    "balance",
    "balances",
    "channel_cash",
    "entered",
    "jobs",
    "moved",
    "moving",
    "points",
    "post",
    "post_many",
    "posting",
    "reconcile",
    "statement",
    "transfer_view",
    "transfers_of",
]
