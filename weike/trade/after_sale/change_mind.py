"""The buyer withdraws a case, or lets the time to send the goods back go by."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike.kernel import Tx
from weike.trade.after_sale.model import Case, CaseState
from weike.trade.after_sale.queries import CaseTold
from weike.trade.after_sale.steps import allow, held, moved
from weike.trade.model import Actor


async def withdraw(tx: Tx, *, case_id: UUID, actor: Actor, now: datetime) -> Case:
    """Refuses with UnknownAfterSale, AfterSaleNotPossible."""
    _, case = await held(tx, case_id, actor=actor)
    allow(case, "withdraw", actor=actor, by=("member",))
    told = CaseTold(case.id, "withdrawn", actor)
    return await moved(tx, case, CaseState.WITHDRAWN, told, now=now)


async def expire(tx: Tx, *, case_id: UUID, actor: Actor, now: datetime) -> Case:
    """Refuses with UnknownAfterSale, AfterSaleNotPossible."""
    _, case = await held(tx, case_id, actor=actor)
    allow(case, "expire", actor=actor, by=("job",))
    return await moved(tx, case, CaseState.EXPIRED, CaseTold(case.id, "expired", actor), now=now)
