"""Which orders have a case open, and how long buyers are still guaranteed their money."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from weike.kernel import Tx
from weike.trade.after_sale import queries

_ASK_AGAIN = timedelta(hours=1)


async def open_after_sales(tx: Tx, order_ids: Sequence[UUID]) -> set[UUID]:
    """Those of these orders that have an open case."""
    return {row["order_id"] for row in await queries.open_cases_of(tx, order_ids)}


async def guaranteed_until(
    tx: Tx, order_ids: Sequence[UUID], *, now: datetime
) -> dict[UUID, datetime]:
    """Of these received orders, those for which nobody may be paid yet, and when to ask again:
    at their settlement, or in an hour while a case is open and nobody knows."""
    return {
        row["id"]: now + _ASK_AGAIN if row["after_sale_since"] else row["settle_at"]
        for row in await queries.still_guaranteed(tx, order_ids, now=now)
    }
