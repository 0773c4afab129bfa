"""Whatever people do in whatever order, the books agree with the states and no piece is lost."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pytest

from tests.trade.builders import (
    Stall,
    books_agree,
    deliver,
    open_stall,
    pay_at_provider,
    refund_at_provider,
    wish,
)
from weike import trade
from weike.kernel import Refusal, Tx, uuid7
from weike.trade.model import Actor, Placed
from weike.trade.order.cancel_orders import expire_orders
from weike.trade.order.receive_orders import receive_due
from weike.trade.order.settle_orders import settle_due

STOCK, STEPS = 12, 40
CLERK = Actor("staff")
WAYS = (
    *("place", "place", "pay", "pay", "cancel", "ship", "ship", "receive", "refund"),
    *("answer", "decline", "expire", "arrive", "settle"),
)


async def nothing_is_lost(tx: Tx, stall: Stall) -> None:
    """Per SKU: counted = on the shelf + with buyers; promised = what unpaid orders hold."""
    rows = await tx.fetch(
        """
        select s.on_hand, s.reserved,
               coalesce(sum(l.quantity) filter (where o.state = 'placed'), 0) as promised,
               coalesce(sum(l.quantity) filter (
                   where o.state in ('paid', 'shipped', 'received', 'settled')), 0) as gone
        from inventory.stock s
        left join trade.order_lines l on l.tenant_id = s.tenant_id and l.sku_id = s.sku_id
        left join trade.orders o on o.tenant_id = l.tenant_id and o.id = l.order_id
        where s.tenant_id = $1
        group by s.sku_id, s.on_hand, s.reserved
        """,
        tx.tenant_id,
    )
    assert len(rows) == len(stall.skus)
    for row in rows:
        assert row["reserved"] == row["promised"]
        assert row["on_hand"] == STOCK - row["gone"]


@pytest.mark.parametrize("seed", range(8))
async def test_books_and_stock_agree_after_every_step(tx: Tx, now: datetime, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a repeatable life
    stall = await open_stall(tx, now, prices=(1999, 301, 7), stock=STOCK, buyers=3)
    orders: list[tuple[Placed, Actor]] = []
    refusals = 0

    for _ in range(STEPS):
        now += timedelta(minutes=random.choice([1, 1, 1, 20, 60 * 24 * 4]))
        order, owner = random.choice(orders) if orders else (None, CLERK)
        step = random.choice(WAYS)
        try:
            async with tx.savepoint():
                match step:
                    case "place":
                        buyer = random.choice(stall.buyers)
                        lines = {
                            sku_id: random.randint(1, 4)
                            for sku_id in random.sample(stall.skus, random.randint(1, 3))
                        }
                        (answer,) = await trade.place_orders(
                            tx, trade.Ports(), [wish(buyer, lines, now)], now=now
                        )
                        if isinstance(answer, Refusal):
                            raise answer
                        orders.append((answer, Actor("member", buyer.member_id)))
                    case "pay" if order:
                        await pay_at_provider(tx, stall, order, now)
                    case "cancel" if order:
                        await trade.cancel_order(
                            tx, trade.Ports(), order_id=order.id, actor=owner, reason="", now=now
                        )
                    case "ship" if order:
                        await trade.ship_order(
                            tx,
                            parcel_id=uuid7(now),
                            order_id=order.id,
                            courier="sf",
                            tracking_no="SF1",
                            actor=CLERK,
                            now=now,
                        )
                    case "receive" if order and owner.id:
                        await trade.receive_order(
                            tx, order_id=order.id, member_id=owner.id, now=now
                        )
                    case "refund" if order:
                        await trade.refund_order(
                            tx,
                            refund_id=uuid7(now),
                            order_id=order.id,
                            actor=random.choice([owner, CLERK]),
                            reason="",
                            now=now,
                        )
                    case "answer" | "decline" if order:
                        await refund_at_provider(
                            tx, stall, order.id, now, refused=step == "decline"
                        )
                    case "expire":
                        await expire_orders(tx, now, ports=trade.Ports())
                    case "arrive":
                        await receive_due(tx, now)
                    case "settle":
                        await settle_due(tx, now)
                    case _:
                        pass
        except Refusal:
            refusals += 1
        await deliver(tx, stall, now)
        await books_agree(tx, now)
        await nothing_is_lost(tx, stall)

    assert orders
    assert refusals
