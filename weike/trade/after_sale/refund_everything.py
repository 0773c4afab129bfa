"""Refund an order that is paid and not shipped: all of it, at once, as a case in sale."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike.kernel import IdTakenByOther, Invalid, Tx, is_chosen
from weike.trade.after_sale import queries
from weike.trade.after_sale.ask_after_sale import ask_after_sale
from weike.trade.after_sale.model import AskAfterSale, AskedPieces
from weike.trade.after_sale.pieces import at_home
from weike.trade.after_sale.refund_case import start_refund
from weike.trade.errors import BeingRefunded, NotRefundable
from weike.trade.model import Actor
from weike.trade.order import queries as order_queries
from weike.trade.order import refund_queries
from weike.trade.order.refund_order import ask_again_late


async def refund_order(
    tx: Tx, *, refund_id: UUID, order_id: UUID, actor: Actor, reason: str, now: datetime
) -> None:
    """The same refund again changes nothing. A member refunds only their own. An order that cost
    nothing is given up at once: no provider has to be asked.

    Refuses with Invalid (an id that is no uuid v7), UnknownOrder, NotRefundable, BeingRefunded,
    LineInAfterSale, IdTakenByOther.
    """
    if not is_chosen(refund_id):
        raise Invalid(field="id")
    order = await order_queries.lock_order(
        tx, order_id, member_id=actor.id if actor.kind == "member" else None
    )
    earlier = await refund_queries.refund_by_id(tx, refund_id)
    known = earlier or await queries.find_case(tx, refund_id)
    if known is not None:
        if known.order_id != order_id:
            raise IdTakenByOther(field="id")
        return
    if order.pay_state == "refunding":
        raise BeingRefunded(number=order.number)
    if not order.paid_minor and order.pay_state == "refunded":
        return
    if order.state == "cancelled" and order.pay_state == "paid":
        await ask_again_late(
            tx, refund_id=refund_id, order=order, actor=actor, reason=reason, now=now
        )
        return
    if failed := await queries.failed_case_of(tx, order_id):
        await start_refund(
            tx, order, failed, amount_minor=failed.amount_minor, actor=actor, now=now
        )
        return
    lines = await order_queries.lines_of(tx, order_id)
    in_house = await at_home(tx, order, lines)
    left = {line.position: line.money.pieces_left for line in lines if line.money.pieces_left}
    if (order.state, order.pay_state) != ("paid", "paid") or any(
        in_house[position] < pieces for position, pieces in left.items()
    ):
        raise NotRefundable(number=order.number, state=order.state)
    ask = AskAfterSale(
        id=refund_id,
        order_id=order_id,
        kind="refund_only",
        lines=tuple(AskedPieces(position, pieces) for position, pieces in left.items()),
        reason_code="changed_mind" if actor.kind == "member" else "out_of_stock",
        remark=reason,
    )
    await ask_after_sale(tx, ask, actor=actor, now=now)
