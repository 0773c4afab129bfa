"""What time does to cases: silence agrees, accepts and confirms; who does not send back, loses."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from weike.kernel import Record, Refusal, Tx
from weike.kernel.each import all_or_each
from weike.trade.after_sale import queries
from weike.trade.after_sale.answer_case import agree
from weike.trade.after_sale.change_mind import expire
from weike.trade.after_sale.exchange import confirm_replacement
from weike.trade.after_sale.model import CaseState
from weike.trade.after_sale.refund_case import refund_again
from weike.trade.after_sale.send_back import accept_return
from weike.trade.model import BY_TIME

log = logging.getLogger("weike.trade")

AT_ONCE = 50
_TRY_AGAIN = timedelta(hours=1)


async def move_due_cases(tx: Tx, now: datetime) -> int:
    """One case that cannot be moved is put off and does not stop the others."""
    due = await queries.lock_due(tx, now=now, limit=AT_ONCE)

    async def move(rows: Sequence[Record]) -> Sequence[UUID]:
        for row in rows:
            await _move_or_put_off(tx, row["id"], CaseState(row["state"]), now=now)
        return [row["id"] for row in rows]

    tried = set(await all_or_each(tx, due, move, name="trade.move_due_cases"))
    for row in due:
        if row["id"] not in tried:
            await queries.put_off(tx, row["id"], until=now + _TRY_AGAIN)
    return len(due)


async def _move_or_put_off(tx: Tx, case_id: UUID, state: CaseState, *, now: datetime) -> None:
    try:
        async with tx.savepoint():
            await _move(tx, case_id, state, now=now)
    except Refusal as refusal:
        log.warning("case put off", extra={"case": case_id, "code": refusal.code})
        await queries.put_off(tx, case_id, until=now + _TRY_AGAIN)


async def _move(tx: Tx, case_id: UUID, state: CaseState, *, now: datetime) -> None:
    match state:
        case CaseState.ASKED:
            await agree(tx, case_id=case_id, actor=BY_TIME, now=now)
        case CaseState.AGREED:
            await expire(tx, case_id=case_id, actor=BY_TIME, now=now)
        case CaseState.SENT_BACK:
            await accept_return(tx, case_id=case_id, actor=BY_TIME, resaleable={}, now=now)
        case CaseState.RECEIVED:
            await refund_again(tx, case_id=case_id, actor=BY_TIME, now=now)
        case CaseState.REPLACED:
            await confirm_replacement(tx, case_id=case_id, actor=BY_TIME, now=now)
        case _:
            raise AssertionError(f"no time is set for {state}")
