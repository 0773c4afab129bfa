"""No commission is released while the buyer's guarantee lasts: an open after-sale stops its clock
as it stops the settlement of the order."""

from __future__ import annotations

from datetime import datetime

from weike import trade
from weike.distribution.queries import holds
from weike.kernel import Tx


async def wait_for_guarantee(tx: Tx, now: datetime) -> int:
    """How many commissions that were due wait longer: to the end of the guarantee where it is
    known, for an hour where a case is open."""
    due = await holds.orders_with_matured(tx, now=now)
    if not due:
        return 0
    until = await trade.guaranteed_until(tx, due, now=now)
    return await holds.put_off(tx, until) if until else 0
