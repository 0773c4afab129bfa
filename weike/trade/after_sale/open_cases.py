"""Which orders have a case open: nobody is paid for them meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from weike.kernel import Tx
from weike.trade.after_sale import queries


async def open_after_sales(tx: Tx, order_ids: Sequence[UUID]) -> set[UUID]:
    """Those of these orders that have an open case."""
    return {row["order_id"] for row in await queries.open_cases_of(tx, order_ids)}
