"""Figures of trade for the contexts above: read models and the pages about members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from weike.kernel import Tx
from weike.trade.order import reading_queries as queries


class MemberTotals(msgspec.Struct, frozen=True, kw_only=True):
    """Paid orders and what was paid for them, refunds taken off."""

    orders_count: int
    paid_minor: int


class DayOfSales(msgspec.Struct, frozen=True, kw_only=True):
    day: date
    orders: int
    paid_minor: int
    refunded_minor: int
    buyers: int


async def member_totals(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, MemberTotals]:
    """Whoever has paid nothing yet is missing."""
    return {
        row["member_id"]: MemberTotals(
            orders_count=row["orders_count"], paid_minor=row["paid_minor"]
        )
        for row in await queries.totals_of_members(tx, member_ids)
    }


async def has_paid_before(
    tx: Tx, member_id: UUID, *, before: datetime, besides: UUID | None = None
) -> bool:
    """Whether the member paid an order before that moment, one order aside."""
    return await queries.has_paid_before(tx, member_id, before=before, besides=besides)


async def counts_by_state(tx: Tx) -> dict[str, int]:
    """How many orders the shop has in each of its lists (`all`, `paid`, `refunding`, …)."""
    return await queries.counts(tx, member_id=None)


async def sales_by_day(
    tx: Tx, *, since: datetime, until: datetime, time_zone: str
) -> list[DayOfSales]:
    """Days without sales are missing."""
    rows = await queries.sales_by_day(tx, since=since, until=until, time_zone=time_zone)
    return [DayOfSales(**dict(row)) for row in rows]
