"""Transfers as they stand in the books, for people and for other contexts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from weike.kernel import Page, Tx, page_of
from weike.kernel.words import Words
from weike.ledger import queries
from weike.ledger.model import SHOP, Transfer


class EntryView(msgspec.Struct, frozen=True, kw_only=True):
    """`owner_id` is null for what belongs to the shop itself; debit is positive."""

    account: str
    title: str
    owner_id: UUID | None
    amount_minor: int


class TransferView(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    at: datetime
    kind: str
    title: str
    reason: str
    source_type: str
    source_id: UUID
    currency: str
    entries: list[EntryView]


def account_title(account: str, words: Words) -> str:
    """「支付渠道资金（微信支付）」"""
    name, _, channel = account.partition(":")
    title = words(f"ledger.account.{name}")
    if not channel:
        return title
    known = words.texts.has(f"ledger.channel.{channel}")
    channel = words(f"ledger.channel.{channel}") if known else channel
    return words("ledger.account_of_channel", title=title, channel=channel)


def transfer_view(transfer: Transfer, words: Words) -> TransferView:
    return TransferView(
        id=transfer.id,
        at=transfer.at,
        kind=transfer.kind,
        title=words(f"ledger.kind.{transfer.kind}"),
        reason=transfer.reason,
        source_type=transfer.source_type,
        source_id=transfer.source_id,
        currency=transfer.currency,
        entries=[
            EntryView(
                account=entry.account,
                title=account_title(entry.account, words),
                owner_id=None if entry.owner_id == SHOP else entry.owner_id,
                amount_minor=entry.amount_minor,
            )
            for entry in transfer.entries
        ],
    )


async def transfers_of(tx: Tx, source_type: str, source_id: UUID) -> list[Transfer]:
    """What one thing has moved, oldest first."""
    return await queries.transfers_of_source(tx, source_type, source_id)


async def newest_transfers(
    tx: Tx,
    *,
    source_id: UUID | None,
    account: str | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
    words: Words,
) -> Page[TransferView]:
    """The journal, newest first."""
    found = await queries.newest_transfers(
        tx, source_id=source_id, account=account, after=after, limit=limit + 1
    )
    return page_of(
        found,
        limit=limit,
        item=lambda transfer: transfer_view(transfer, words),
        key=lambda transfer: (transfer.at, transfer.id),
    )
