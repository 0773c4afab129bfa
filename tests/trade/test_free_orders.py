"""Orders that cost nothing: paid without a payment, given up without a provider."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import pytest

from tests.trade.builders import (
    allow_losses,
    books_agree,
    deliver,
    open_stall,
    placed,
    state_of,
    told_of,
)
from weike import inventory, trade
from weike.kernel import Money, Tx, uuid7
from weike.trade import Basket, Discount, Label, PriceRule, Step
from weike.trade.errors import NotRefundable
from weike.trade.model import Actor


class Everything(PriceRule):
    """A present of the whole basket."""

    name = "everything"
    step = Step.COUPON_STORE

    async def discounts_for(
        self, tx: Tx, baskets: Sequence[Basket], *, now: datetime
    ) -> list[list[Discount]]:
        return [
            [Discount(label=Label("trade.price.test"), amount_minor=basket.goods_minor)]
            for basket in baskets
        ]


async def test_an_order_that_cost_nothing_can_be_given_up_before_it_is_shipped(
    tx: Tx, now: datetime
) -> None:
    stall = await open_stall(tx, now, stock=10)
    await allow_losses(tx)
    ports = trade.Ports(price_rules=(Everything(),))
    order = await placed(tx, stall, now, lines={stall.skus[0]: 2}, ports=ports)
    assert order.payable_minor == 0
    assert await trade.accept_payment(
        tx, order_id=order.id, intent_id=order.id, amount=Money(0), paid_at=now, now=now
    )
    refund_id = uuid7(now)

    async def give_up() -> None:
        await trade.refund_order(
            tx,
            refund_id=refund_id,
            order_id=order.id,
            actor=Actor("member", stall.buyer.member_id),
            reason="不想要了",
            now=now,
        )

    await give_up()
    await give_up()  # A second tap is no error and frees nothing twice.

    # Before, it could not be refunded ("nothing was paid") nor cancelled ("it is paid").
    assert await state_of(tx, order.id) == ("cancelled", "refunded", "all")
    assert await inventory.available(tx, stall.skus[:1]) == {stall.skus[0]: 10}
    assert await told_of(tx, order.id) == ["placed", "paid", "refund_requested", "refunded"]
    told = await deliver(tx, stall, now)
    (event,) = [one for one in told if isinstance(one, trade.OrderRefunded)]
    assert [line.cumulative_refunded_minor for line in event.lines] == [0]
    await books_agree(tx, now)


async def test_a_shipped_order_that_cost_nothing_is_not_given_up(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    await allow_losses(tx)
    ports = trade.Ports(price_rules=(Everything(),))
    order = await placed(tx, stall, now, ports=ports)
    await trade.accept_payment(
        tx, order_id=order.id, intent_id=order.id, amount=Money(0), paid_at=now, now=now
    )
    clerk = Actor("staff", UUID(int=7))
    await trade.ship_order(
        tx,
        parcel_id=uuid7(now),
        order_id=order.id,
        courier="sf",
        tracking_no="SF1",
        actor=clerk,
        now=now,
    )
    with pytest.raises(NotRefundable):
        await trade.refund_order(
            tx, refund_id=uuid7(now), order_id=order.id, actor=clerk, reason="", now=now
        )
