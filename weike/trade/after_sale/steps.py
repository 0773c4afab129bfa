"""What every step of a case shares: it is held, the step is allowed, both sides can read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from weike import catalog
from weike.kernel import Tx
from weike.trade.after_sale import queries
from weike.trade.after_sale.errors import (
    AfterSaleNotPossible,
    OnlyBuyersDoThis,
    ReasonNeeded,
    TooManyPicturesOfCase,
    UnknownAfterSale,
)
from weike.trade.after_sale.model import OPEN, Case, CaseState, may_step
from weike.trade.after_sale.queries import CaseTold
from weike.trade.events import AfterSaleClosed, AfterSaleOpened
from weike.trade.model import Actor
from weike.trade.order import queries as order_queries
from weike.trade.order.queries import OrderRow, Told

PICTURES_LIMIT = 9

By = Literal["member", "staff", "job", "payment"]


async def held(tx: Tx, case_id: UUID, *, actor: Actor) -> tuple[OrderRow, Case]:
    """The order, locked, and its case: nobody else moves either of them until the commit.

    Refuses with UnknownAfterSale, also when it is another member's.
    """
    member_id = actor.id if actor.kind == "member" else None
    order_id = await queries.order_of_case(tx, case_id, member_id=member_id)
    order = await order_queries.lock_order(tx, order_id)
    case = await queries.find_case(tx, case_id)
    if case is None:
        raise UnknownAfterSale()
    return order, case


def allow(case: Case, step: str, *, actor: Actor, by: Sequence[By]) -> None:
    """Refuses with OnlyBuyersDoThis or AfterSaleNotPossible."""
    if actor.kind not in by:
        raise OnlyBuyersDoThis(step=step)
    if not may_step(case.state, step):
        raise AfterSaleNotPossible(number=case.number, state=case.state.value, step=step)


def reason_of(reason: str) -> str:
    """Refuses with ReasonNeeded."""
    if not reason.strip():
        raise ReasonNeeded(field="reason")
    return reason.strip()


async def pictures_of(tx: Tx, media_ids: Sequence[UUID]) -> tuple[UUID, ...]:
    """Refuses with TooManyPicturesOfCase; pictures that are not there are left out."""
    if len(media_ids) > PICTURES_LIMIT:
        raise TooManyPicturesOfCase(field="media_ids", limit=PICTURES_LIMIT)
    known = await catalog.pictures_by_id(tx, list(media_ids))
    return tuple(media_id for media_id in media_ids if media_id in known)


async def opened(tx: Tx, case: Case, *, now: datetime) -> None:
    """A case is open (again): the order's clocks stand still, its pieces are not shipped."""
    await queries.stop_clocks(tx, case.order_id, now=now)
    await queries.call_off(
        tx,
        case.order_id,
        {line.position: line.unshipped_quantity for line in case.lines},
        sign=1,
    )
    tx.announce(
        AfterSaleOpened(
            after_sale_id=case.id,
            order_id=case.order_id,
            member_id=case.member_id,
            kind=case.kind,
            positions=[line.position for line in case.lines],
            at=now,
        )
    )


async def moved(
    tx: Tx,
    case: Case,
    to: CaseState,
    told: CaseTold,
    *,
    now: datetime,
    **changes: object,
) -> Case:
    """The case as it is after the step. Where it closes, the order goes on."""
    await queries.move_case(tx, case, to, now=now, **changes)
    await queries.tell(tx, told, now=now)
    if case.state in OPEN and to not in OPEN:
        await _closed(tx, case, to, actor=told.actor, now=now)
    known = {name: value for name, value in changes.items() if name in Case.__struct_fields__}
    return msgspec.structs.replace(case, state=to, **known)


async def _closed(tx: Tx, case: Case, to: CaseState, *, actor: Actor, now: datetime) -> None:
    if to is not CaseState.DONE:
        await queries.call_off(
            tx,
            case.order_id,
            {line.position: line.unshipped_quantity for line in case.lines},
            sign=-1,
        )
    if not await queries.open_cases_of(tx, [case.order_id]):
        await queries.start_clocks(tx, case.order_id, now=now)
    if case.refund_id is None:  # Of what gave money back, the order tells already.
        facts = {"number": case.number, "kind": case.kind, "state": to.value}
        await order_queries.tell(
            tx, [Told(case.order_id, "after_sale_closed", actor, facts=facts)], now=now
        )
    tx.announce(
        AfterSaleClosed(
            after_sale_id=case.id,
            order_id=case.order_id,
            member_id=case.member_id,
            kind=case.kind,
            state=to.value,
            positions=[line.position for line in case.lines],
            at=now,
        )
    )
