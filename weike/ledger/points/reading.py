"""What members have: balances, what is pending, what expires soon, and how it came about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from weike.kernel import Page, Record, Tx, decode_cursor, page_of
from weike.kernel.words import Words
from weike.ledger.points import queries
from weike.ledger.reconcile import CheckResult

SOON = timedelta(days=30)


class PointsBalance(msgspec.Struct, frozen=True, kw_only=True):
    """`available` below zero is a debt: what was taken back after it had been spent."""

    available: int = 0
    pending: int = 0
    expiring: int = 0
    """Of those available, gone within thirty days."""
    expires_first: datetime | None = None


class PointsMove(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a member's points. `source_id` is an order when `source_type` says so."""

    id: UUID
    at: datetime
    points: int
    title: str
    reason: str
    source_type: str
    source_id: UUID


class PendingPoints(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    points: int
    source_type: str
    source_id: UUID
    since: datetime


async def balances_of(
    tx: Tx, member_ids: Sequence[UUID], *, now: datetime
) -> dict[UUID, PointsBalance]:
    """One statement; everybody asked for is there."""
    if not member_ids:
        return {}
    return {
        row["member_id"]: PointsBalance(
            available=row["available"],
            pending=row["pending"],
            expiring=row["expiring"],
            expires_first=row["expires_first"],
        )
        for row in await queries.standings(tx, member_ids, now=now, soon=now + SOON)
    }


async def balance_of(tx: Tx, member_id: UUID, *, now: datetime) -> PointsBalance:
    return (await balances_of(tx, [member_id], now=now))[member_id]


async def spent(tx: Tx, spend_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many points each spend took; unknown ones are missing."""
    return {id: row["points"] for id, row in (await queries.spends_by_id(tx, spend_ids)).items()}


async def history(
    tx: Tx, member_id: UUID, *, cursor: str | None, limit: int, words: Words
) -> Page[PointsMove]:
    """Newest first. Refuses with BadCursor."""
    rows = await queries.history(
        tx, member_id, after=decode_cursor(cursor, tuple[datetime, UUID]), limit=limit + 1
    )
    return page_of(
        rows,
        limit=limit,
        item=lambda row: _move(row, words),
        key=lambda row: (row["at"], row["id"]),
    )


async def pending_of(tx: Tx, member_id: UUID) -> list[PendingPoints]:
    return [
        PendingPoints(
            id=row["id"],
            points=row["remaining"],
            source_type=row["source_type"],
            source_id=row["source_id"],
            since=row["granted_at"],
        )
        for row in await queries.pending_lots(tx, member_id)
    ]


async def points_check(tx: Tx) -> Sequence[CheckResult]:
    """What reconciliation asks: lots less debts are the accounts, for every single member."""
    return [CheckResult(key="ledger.points", expected=0, found=await queries.differences(tx))]


def _move(row: Record, words: Words) -> PointsMove:
    particular = f"ledger.points.{row['kind']}.{row['source_type']}"
    known = words.texts.has(particular)
    return PointsMove(
        id=row["id"],
        at=row["at"],
        points=row["points"],
        title=words(particular if known else f"ledger.kind.{row['kind']}"),
        reason=row["reason"],
        source_type=row["source_type"],
        source_id=row["source_id"],
    )
