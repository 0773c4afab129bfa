"""The sheet to be filled in: orders that wait for a courier."""

from __future__ import annotations

from weike.kernel import Tx
from weike.kernel.edge.sheets import Row
from weike.trade.desk import queries
from weike.trade.desk.question import DeskQuestion

_ORDERS_LIMIT = 500


async def template_rows(tx: Tx) -> list[Row]:
    """One row per order, oldest first; courier and number are left to be written."""
    question = DeskQuestion(state="paid", delivery="express", sort="oldest")
    rows = await queries.orders(tx, question, after=None, limit=_ORDERS_LIMIT)
    return [[row["number"], "", "", "", ""] for row in rows]
