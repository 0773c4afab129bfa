"""The books, for the merchant's people.

Besides the kernel's, handlers are given `ledger_checks: tuple[Check, ...]` (entry's list of what
upper contexts prove) and `words`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from weike.kernel import PAGE_LIMIT, Database, Page, decode_cursor
from weike.kernel.edge import Caller, staff
from weike.kernel.words import Words
from weike.ledger.balances import balances
from weike.ledger.model import SHOP, account_of
from weike.ledger.points.routes import ROUTES as POINTS_ROUTES
from weike.ledger.reconcile import Check, reconcile
from weike.ledger.transfers import TransferView, account_title, newest_transfers


class AccountView(msgspec.Struct, frozen=True, kw_only=True):
    """`balance_minor` is positive when the account stands on its normal side."""

    account: str
    title: str
    owner_id: UUID | None
    currency: str
    balance_minor: int
    normal_side: str


class Accounts(msgspec.Struct, frozen=True, kw_only=True):
    items: list[AccountView]


class CheckView(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    title: str
    ok: bool
    expected: int
    found: int


class ReportView(msgspec.Struct, frozen=True, kw_only=True):
    ok: bool
    checked_at: datetime
    checks: list[CheckView]


def check_title(key: str) -> str:
    """The title of "trade.escrow" is trade's own: `trade.check.escrow`."""
    context, _, name = key.partition(".")
    return f"{context}.check.{name}"


@get(
    "/api/console/ledger/accounts",
    opt=staff("ledger.read"),
    operation_id="list_accounts",
    tags=["console"],
)
async def list_accounts(
    caller: Caller, database: Database, words: Words, owner_id: UUID | None = None
) -> Accounts:
    """Without `owner_id`, the shop's own accounts and the sums of what others own."""
    found = await database.run(caller.tenant_id, lambda tx: balances(tx, owner_id=owner_id))
    sums: dict[tuple[str, UUID | None, str], int] = {}
    for one in found:
        owner = one.owner_id if owner_id is not None and one.owner_id != SHOP else None
        key = (one.account, owner, one.balance.currency)
        sums[key] = sums.get(key, 0) + one.balance.minor
    return Accounts(
        items=[
            AccountView(
                account=account,
                title=account_title(account, words),
                owner_id=owner,
                currency=currency,
                balance_minor=minor,
                normal_side=account_of(account).normal_side.value,
            )
            for (account, owner, currency), minor in sums.items()
        ]
    )


@get(
    "/api/console/ledger/transfers",
    opt=staff("ledger.read"),
    operation_id="list_transfers",
    tags=["console"],
)
async def list_transfers(
    caller: Caller,
    database: Database,
    words: Words,
    source_id: UUID | None = None,
    account: Annotated[str | None, QueryParameter(max_length=64)] = None,
    cursor: str | None = None,
    limit: Annotated[int, QueryParameter(ge=1, le=PAGE_LIMIT)] = 20,
) -> Page[TransferView]:
    """Newest first."""
    after = decode_cursor(cursor, tuple[datetime, UUID])
    return await database.run(
        caller.tenant_id,
        lambda tx: newest_transfers(
            tx, source_id=source_id, account=account, after=after, limit=limit, words=words
        ),
    )


@get(
    "/api/console/ledger/reconciliation",
    opt=staff("ledger.read"),
    operation_id="reconcile_ledger",
    tags=["console"],
)
async def reconcile_ledger(
    caller: Caller,
    database: Database,
    ledger_checks: tuple[Check, ...],
    words: Words,
    now: datetime,
) -> ReportView:
    """Proved now, while you wait; what lies before the last proof was proven by it."""
    report = await database.run(
        caller.tenant_id,
        lambda tx: reconcile(tx, ledger_checks, now=now, is_thorough=False),
        one_snapshot=True,
    )
    return ReportView(
        ok=report.ok,
        checked_at=report.checked_at,
        checks=[
            CheckView(
                key=check.key,
                title=words(check_title(check.key)),
                ok=check.ok,
                expected=check.expected,
                found=check.found,
            )
            for check in report.checks
        ],
    )


ROUTES: tuple[HTTPRouteHandler, ...] = (
    list_accounts,
    list_transfers,
    reconcile_ledger,
    *POINTS_ROUTES,
)
