"""Arbitration: the buyer appeals, both sides bring forward what they have, the platform decides."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from weike.kernel import Tx
from weike.trade.after_sale import queries
from weike.trade.after_sale.answer_case import agree_to
from weike.trade.after_sale.errors import (
    AfterSaleNotPossible,
    AmountTooLow,
    AppealOver,
    LineInAfterSale,
    TooManyPiecesBack,
)
from weike.trade.after_sale.model import (
    OPEN,
    Case,
    CaseLine,
    CaseState,
    ReturnAddress,
    resumes_at,
)
from weike.trade.after_sale.pieces import at_home
from weike.trade.after_sale.queries import CaseTold
from weike.trade.after_sale.refund_case import limits_now, start_refund
from weike.trade.after_sale.steps import allow, held, moved, opened, pictures_of, reason_of
from weike.trade.errors import BeingRefunded
from weike.trade.model import Actor
from weike.trade.order import queries as order_queries
from weike.trade.order.queries import OrderRow


async def appeal(
    tx: Tx,
    *,
    case_id: UUID,
    actor: Actor,
    reason: str,
    media_ids: tuple[UUID, ...] = (),
    now: datetime,
) -> Case:
    """A case that was refused is open again until the platform has decided.

    Refuses with UnknownAfterSale, AfterSaleNotPossible, AppealOver, ReasonNeeded,
    LineInAfterSale, TooManyPiecesBack, BeingRefunded.
    """
    order, case = await held(tx, case_id, actor=actor)
    allow(case, "appeal", actor=actor, by=("member",))
    waits = case.state is CaseState.RECEIVED
    if waits and (case.kind != "exchange" or case.stopped_at is not None):
        raise AfterSaleNotPossible(number=case.number, state=case.state.value, step="appeal")
    # A refusal may be appealed until its deadline; a replacement that does not come, after it.
    if case.deadline_at is not None and (case.deadline_at > now) is waits:
        raise AppealOver(number=case.number)
    told = CaseTold(
        case.id, "appealed", actor, reason_of(reason), media_ids=await pictures_of(tx, media_ids)
    )
    reopens = case.state not in OPEN
    if reopens:
        case = await _claim_again(tx, order, case)
    stopped_at = case.stopped_at or case.state
    appealed = await moved(tx, case, CaseState.APPEALED, told, now=now, stopped_at=stopped_at.value)
    if reopens:
        await opened(tx, appealed, now=now)
    return appealed


async def decide(
    tx: Tx,
    *,
    case_id: UUID,
    actor: Actor,
    for_buyer: bool,
    reason: str,
    amount_minor: int | None = None,
    return_to: ReturnAddress | None = None,
    now: datetime,
) -> Case:
    """For the buyer the case goes on as if the merchant had not stopped it, for as much money as
    the judge finds right. Refuses with UnknownAfterSale, AfterSaleNotPossible, ReasonNeeded,
    AmountTooHigh, AmountTooLow, ReturnAddressMissing."""
    order, case = await held(tx, case_id, actor=actor)
    allow(case, "uphold" if for_buyer else "dismiss", actor=actor, by=("staff",))
    why = reason_of(reason)
    if not for_buyer:
        told = CaseTold(case.id, "dismissed", actor, why)
        return await moved(tx, case, CaseState.DISMISSED, told, now=now)
    gives_goods_first = case.needs_goods_back and resumes_at(case) == "agree"
    amount = case.amount_minor if amount_minor is None else amount_minor
    if case.kind == "exchange" and not gives_goods_first and amount_minor is None:
        amount = (await limits_now(tx, case)).usual_minor
    if amount < 0 or (amount == 0 and case.kind != "exchange" and case.most_minor):
        raise AmountTooLow(field="amount_minor", least_minor=1)
    if gives_goods_first:
        return await agree_to(
            tx,
            order,
            case,
            amount_minor=amount,
            return_to=return_to,
            actor=actor,
            told="upheld",
            note=why,
            now=now,
        )
    await queries.tell(tx, CaseTold(case.id, "upheld_refund", actor, why), now=now)
    return await start_refund(tx, order, case, amount_minor=amount, actor=actor, now=now)


async def _claim_again(tx: Tx, order: OrderRow, case: Case) -> Case:
    """The lines of a closed case, if they are still to be had; what was shipped since is shipped.

    Refuses with LineInAfterSale, TooManyPiecesBack, BeingRefunded.
    """
    if order.pay_state == "refunding":
        raise BeingRefunded(number=order.number)
    taken = await queries.lines_in_open_cases(tx, order.id)
    lines = {line.position: line for line in await order_queries.lines_of(tx, order.id)}
    in_house = await at_home(tx, order, list(lines.values()))
    again: list[CaseLine] = []
    for asked in case.lines:
        line = lines[asked.position]
        if asked.position in taken:
            raise LineInAfterSale(title=line.title, number=taken[asked.position])
        if asked.quantity > line.money.pieces_left:
            raise TooManyPiecesBack(title=line.title, left=line.money.pieces_left)
        still = min(asked.quantity, in_house[asked.position]) if case.kind == "refund_only" else 0
        again.append(msgspec.structs.replace(asked, unshipped_quantity=still))
    await queries.set_unshipped(tx, case, {one.position: one.unshipped_quantity for one in again})
    return msgspec.structs.replace(case, lines=tuple(again))
