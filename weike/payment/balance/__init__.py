"""Balance: money a member has left with the shop, topped up through a channel, spent on orders.

It is the shop's liability and stands in the ledger (account `balance`, owner member); it bears no
interest, goes to nobody else, and goes back to where it came from whenever its member wants it.
Whoever takes from it locks the member's row first, so it is never below zero.
"""

from weike.payment.balance.checks import balances_check
from weike.payment.balance.model import BalanceSettings
from weike.payment.balance.pay_by_balance import pay_by_balance
from weike.payment.balance.questions import BalanceView, balance_view, spendable_minor
from weike.payment.balance.set_balance import set_balance
from weike.payment.balance.take_back import take_back
from weike.payment.balance.top_up import open_top_up

__all__ = [
    "BalanceSettings",
    "BalanceView",
    "balance_view",
    "balances_check",
    "open_top_up",
    "pay_by_balance",
    "set_balance",
    "spendable_minor",
    "take_back",
]
