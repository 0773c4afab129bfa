"""Transfers as they stand in the books, for people and for other contexts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from weike.kernel import Page, Tx, page_of
from weike.ledger import queries
from weike.ledger.model import SHOP, Transfer


class PostedEntry(msgspec.Struct, frozen=True):
    """`owner_id` is null for what belongs to the shop itself; debit is positive."""

    account: str
    title: str
    owner_id: UUID | None
    amount_minor: int


class PostedTransfer(msgspec.Struct, frozen=True):
    id: UUID
    at: datetime
    kind: str
    title: str
    reason: str
    source_type: str
    source_id: UUID
    currency: str
    entries: list[PostedEntry]


def _shown(transfer: Transfer) -> PostedTransfer:
    return PostedTransfer(
        id=transfer.id,
        at=transfer.at,
        kind=transfer.kind,
        title=f"ledger.kind.{transfer.kind}",
        reason=transfer.reason,
        source_type=transfer.source_type,
        source_id=transfer.source_id,
        currency=transfer.currency,
        entries=[
            PostedEntry(
                account=entry.account,
                title=f"ledger.account.{entry.account.partition(':')[0]}",
                owner_id=None if entry.owner_id == SHOP else entry.owner_id,
                amount_minor=entry.amount_minor,
            )
            for entry in transfer.entries
        ],
    )


async def transfers_of(tx: Tx, source_type: str, source_id: UUID) -> list[PostedTransfer]:
    """What one thing has moved, oldest first. Titles are keys of the texts."""
    return [
        _shown(found) for found in await queries.transfers_of_source(tx, source_type, source_id)
    ]


async def newest_transfers(
    tx: Tx,
    *,
    source_id: UUID | None,
    account: str | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> Page[PostedTransfer]:
    """The journal, newest first."""
    rows = await queries.newest_transfers(
        tx, source_id=source_id, account=account, after=after, limit=limit + 1
    )
    return page_of(
        rows,
        limit=limit,
        item=_shown,
        key=lambda transfer: (transfer.at, transfer.id),
    )
