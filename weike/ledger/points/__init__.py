"""Points: a second currency of the ledger, in lots that expire. Never cash, never another's.

Whoever grants, spends or takes back names it with an id of its own; being told twice changes
nothing. The prose is docs/algorithms/points_and_levels.md.
"""

from weike.ledger.points.change_settings import put_settings
from weike.ledger.points.errors import NotEnoughPoints
from weike.ledger.points.expire import expire
from weike.ledger.points.grant import grant, release
from weike.ledger.points.model import CURRENCY, Grant, Settings, Spend, earned, usable
from weike.ledger.points.queries import settings
from weike.ledger.points.reading import (
    PointsBalance,
    balance_of,
    balances_of,
    history,
    pending_of,
    points_check,
    spent,
)
from weike.ledger.points.spend import give_back, spend
from weike.ledger.points.take_back import take_back

__all__ = [
    "CURRENCY",
    "Grant",
    "NotEnoughPoints",
    "PointsBalance",
    "Settings",
    "Spend",
    "balance_of",
    "balances_of",
    "earned",
    "expire",
    "give_back",
    "grant",
    "history",
    "pending_of",
    "points_check",
    "put_settings",
    "release",
    "settings",
    "spend",
    "spent",
    "take_back",
    "usable",
]
