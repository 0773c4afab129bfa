"""Bring something forward in a case: words and pictures of one side, kept as they are for ever."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike.kernel import Tx
from weike.trade.after_sale import queries
from weike.trade.after_sale.errors import AfterSaleNotPossible
from weike.trade.after_sale.model import OPEN, CaseState
from weike.trade.after_sale.queries import CaseTold
from weike.trade.after_sale.steps import held, pictures_of, reason_of
from weike.trade.model import Actor


async def bring_forward(
    tx: Tx,
    *,
    case_id: UUID,
    actor: Actor,
    text: str,
    media_ids: tuple[UUID, ...] = (),
    now: datetime,
) -> None:
    """While the case can still move. Refuses with UnknownAfterSale, AfterSaleNotPossible,
    ReasonNeeded (neither words nor pictures), TooManyPicturesOfCase."""
    _, case = await held(tx, case_id, actor=actor)
    may_appeal = case.state in (CaseState.DECLINED, CaseState.REFUSED_ON_RECEIPT)
    if case.state not in OPEN and not may_appeal:
        raise AfterSaleNotPossible(number=case.number, state=case.state.value, step="message")
    pictures = await pictures_of(tx, media_ids)
    words = text.strip() if pictures else reason_of(text)
    await queries.tell(tx, CaseTold(case.id, "message", actor, words, media_ids=pictures), now=now)
