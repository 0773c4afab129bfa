"""Nobody outside may take an id that we derive: whoever did could stop a shop's clock."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.trade.builders import codes, open_stall, paid, placed, state_of, wish
from weike import trade
from weike.kernel import Invalid, Tx, derived_id
from weike.trade.model import Actor
from weike.trade.order.cancel_orders import expire_orders


async def test_an_order_cannot_take_the_id_of_another_orders_transfer(
    tx: Tx, now: datetime
) -> None:
    stall = await open_stall(tx, now)
    first = await placed(tx, stall, now)
    names = ("ledger.order_due_ended", "ledger.order_settled")
    traps = [
        wish(stall.buyer, {stall.skus[1]: 1}, now, id=derived_id(first.id, name)) for name in names
    ]

    answers = await trade.place_orders(tx, trade.Ports(), traps, now=now)

    assert codes(answers) == ["kernel.invalid"] * 2
    # Before, this raised TransferDiffers: nothing of the whole shop expired any more.
    assert await expire_orders(tx, now + timedelta(minutes=30), ports=trade.Ports()) == 1
    assert (await state_of(tx, first.id))[0] == "cancelled"


async def test_a_refund_cannot_take_the_id_of_a_payments_return(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    order = await paid(tx, stall, now)

    with pytest.raises(Invalid):
        await trade.refund_order(
            tx,
            refund_id=derived_id(order.id, "payment.return"),
            order_id=order.id,
            actor=Actor("member", stall.buyer.member_id),
            reason="",
            now=now,
        )
