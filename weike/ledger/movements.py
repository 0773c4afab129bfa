"""What moved through one account: asked by whoever compares the books with somebody else's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from weike.kernel import Tx
from weike.ledger import queries


async def entered(tx: Tx, account: str, transfer_ids: Sequence[UUID]) -> dict[UUID, int]:
    """By transfer: debit minus credit that it wrote to the account; those that are not there are
    not in the answer."""
    return await queries.entered_minor(tx, account, transfer_ids)


async def moved(
    tx: Tx, account: str, *, since: datetime, until: datetime, kinds: Sequence[str]
) -> tuple[int, int]:
    """Debits and credits by transfers of these kinds that happened from `since` to before
    `until`, both positive."""
    return await queries.moved_minor(tx, account, since=since, until=until, kinds=kinds)
