"""A statement: what moved on one account of one owner, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from weike.kernel import Tx
from weike.ledger import queries
from weike.ledger.model import account_of


@dataclass(frozen=True, slots=True)
class StatementLine:
    """`amount_minor` is positive when the account grew."""

    transfer_id: UUID
    kind: str
    source_type: str
    source_id: UUID
    amount_minor: int
    currency: str
    at: datetime


async def statement(
    tx: Tx,
    account: str,
    owner_id: UUID,
    *,
    after: tuple[datetime, UUID] | None = None,
    limit: int,
) -> list[StatementLine]:
    """`after` is time and transfer of the last line seen. Refuses with UnknownAccount."""
    sign = account_of(account).normal_side.sign
    rows = await queries.statement(tx, account=account, owner_id=owner_id, after=after, limit=limit)
    return [
        StatementLine(
            transfer_id=row["transfer_id"],
            kind=row["kind"],
            source_type=row["source_type"],
            source_id=row["source_id"],
            amount_minor=sign * row["amount_minor"],
            currency=row["currency"],
            at=row["at"],
        )
        for row in rows
    ]
