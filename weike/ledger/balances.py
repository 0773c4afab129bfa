"""Balances: the snapshot plus the entries newer than it, on the account's normal side."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from weike.kernel import Money, Tx
from weike.ledger import queries
from weike.ledger.model import SHOP, Side, account_of


@dataclass(frozen=True, slots=True)
class AccountBalance:
    account: str
    owner_id: UUID
    balance: Money
    normal_side: Side


async def balance(tx: Tx, account: str, owner_id: UUID = SHOP, *, currency: str = "CNY") -> Money:
    """One account of one owner. Refuses with UnknownAccount."""
    sign = account_of(account).normal_side.sign
    minor = await queries.balance_minor(tx, account, owner_id, currency)
    return Money(sign * minor, currency)


async def balances(
    tx: Tx, *, prefix: str | None = None, owner_id: UUID | None = None
) -> list[AccountBalance]:
    """Every account that was ever touched, or those whose name begins so, or those of one owner.

    `prefix` is "commission_" or a whole name.
    """
    found = []
    for row in await queries.balances(tx, prefix=prefix, owner_id=owner_id):
        side = account_of(row["account"]).normal_side
        found.append(
            AccountBalance(
                account=row["account"],
                owner_id=row["owner_id"],
                balance=Money(side.sign * row["balance_minor"], row["currency"]),
                normal_side=side,
            )
        )
    return found
