"""The merchant answers a case: agrees to it, or declines and says why. Silence agrees."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike import tenancy
from weike.kernel import Tx
from weike.trade.after_sale.errors import (
    AmountTooHigh,
    AmountTooLow,
    ReturnAddressMissing,
)
from weike.trade.after_sale.model import (
    APPEAL_WITHIN,
    SHIP_BACK_WITHIN,
    Case,
    CaseState,
    ReturnAddress,
)
from weike.trade.after_sale.queries import CaseTold
from weike.trade.after_sale.refund_case import start_refund
from weike.trade.after_sale.steps import allow, held, moved, pictures_of, reason_of
from weike.trade.model import Actor
from weike.trade.order.queries import OrderRow


async def agree(
    tx: Tx,
    *,
    case_id: UUID,
    actor: Actor,
    amount_minor: int | None = None,
    return_to: ReturnAddress | None = None,
    note: str = "",
    now: datetime,
) -> Case:
    """Refuses with UnknownAfterSale, AfterSaleNotPossible, AmountTooHigh, AmountTooLow,
    ReturnAddressMissing. The merchant may add, up to `most_minor`, and never takes away."""
    order, case = await held(tx, case_id, actor=actor)
    allow(case, "agree", actor=actor, by=("staff", "job"))
    if amount_minor is not None and amount_minor < case.asked_minor:
        raise AmountTooLow(field="amount_minor", least_minor=case.asked_minor)
    return await agree_to(
        tx,
        order,
        case,
        amount_minor=amount_minor,
        return_to=return_to,
        actor=actor,
        note=note,
        now=now,
    )


async def agree_to(
    tx: Tx,
    order: OrderRow,
    case: Case,
    *,
    amount_minor: int | None,
    return_to: ReturnAddress | None,
    actor: Actor,
    told: str = "agreed",
    note: str = "",
    now: datetime,
) -> Case:
    """The step itself, whoever may take it. Refuses as `agree` does."""
    amount = case.amount_minor if amount_minor is None else amount_minor
    if amount > case.most_minor:
        raise AmountTooHigh(field="amount_minor", limit_minor=case.most_minor)
    if not case.needs_goods_back:
        return await start_refund(tx, order, case, amount_minor=amount, actor=actor, now=now)
    if case.kind == "exchange":
        amount = case.amount_minor
    address = return_to or await _usual_address(tx)
    if not address.address and actor.kind != "job":
        raise ReturnAddressMissing(field="return_to")
    by_time = "_by_time" if actor.kind == "job" else ""
    return await moved(
        tx,
        case,
        CaseState.AGREED,
        CaseTold(case.id, told + by_time, actor, note),
        now=now,
        # Nothing stops it any more: an exchange won on appeal owes goods, not money.
        stopped_at=None,
        amount_minor=amount,
        return_to=address,
        deadline_at=now + SHIP_BACK_WITHIN,
    )


async def decline(
    tx: Tx,
    *,
    case_id: UUID,
    actor: Actor,
    reason: str,
    media_ids: tuple[UUID, ...] = (),
    now: datetime,
) -> Case:
    """Refuses with UnknownAfterSale, AfterSaleNotPossible, ReasonNeeded."""
    _, case = await held(tx, case_id, actor=actor)
    allow(case, "decline", actor=actor, by=("staff",))
    told = CaseTold(
        case.id,
        "declined",
        actor,
        reason_of(reason),
        media_ids=await pictures_of(tx, media_ids),
    )
    return await moved(
        tx,
        case,
        CaseState.DECLINED,
        told,
        now=now,
        stopped_at=CaseState.ASKED.value,
        deadline_at=now + APPEAL_WITHIN,
    )


async def _usual_address(tx: Tx) -> ReturnAddress:
    """The shop's own, or where to ask for it."""
    shop = await tenancy.tenant_of(tx)
    settings = shop.settings
    return ReturnAddress(
        name=settings.return_name or shop.name,
        phone=settings.return_phone or settings.contact_phone,
        address=settings.return_address,
    )
