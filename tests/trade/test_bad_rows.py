"""A row that cannot be moved stays as it is, and stops nobody else."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from tests.trade.builders import Stall, open_stall, placed, shipped, state_of
from weike import ledger, trade
from weike.kernel import Money, Tx, derived_id
from weike.trade.order.receive_orders import receive_due
from weike.trade.order.settle_orders import settle_due

JOBS = {job.name: job for job in trade.jobs(trade.Ports())}


async def _plant(tx: Tx, order_id: UUID, purpose: str, now: datetime) -> None:
    """The order's next transfer is there already, with another amount: nobody can post it."""
    await ledger.post(
        tx,
        ledger.moving(
            Money(1),
            debit="escrow",
            credit="merchant",
            id=derived_id(order_id, purpose),
            kind="order_settled",
            source_type="order",
            source_id=order_id,
            at=now,
        ),
    )


async def test_an_order_that_cannot_expire_lets_the_others(
    tx: Tx, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    stall = await open_stall(tx, now)
    orders = [await placed(tx, stall, now) for _ in range(3)]
    bad = orders[1]
    await _plant(tx, bad.id, "ledger.order_due_ended", now)
    later = now + timedelta(hours=1)

    with caplog.at_level(logging.ERROR):
        assert await JOBS["trade.expire_orders"].run(tx, later) == 2
    states = [(await state_of(tx, order.id))[0] for order in orders]
    assert states == ["cancelled", "placed", "cancelled"]
    (said,) = [record.__dict__ for record in caplog.records if record.name == "weike.jobs"]
    assert (said["job"], said["row"]) == ("trade.expire_orders", str(bad.id))
    # What its neighbours announced is announced once, and of the bad one nothing.
    told = [e.order_id for e in tx.announced() if isinstance(e, trade.OrderCancelled)]
    assert sorted(told) == sorted([orders[0].id, orders[2].id])
    assert await JOBS["trade.expire_orders"].run(tx, later) == 0


async def test_an_order_that_cannot_settle_lets_the_others(tx: Tx, now: datetime) -> None:
    stall: Stall = await open_stall(tx, now)
    orders = [await shipped(tx, stall, now) for _ in range(3)]
    await _plant(tx, orders[0].id, "ledger.order_settled", now)

    assert await receive_due(tx, now + timedelta(days=10)) == 3
    assert await settle_due(tx, now + timedelta(days=17)) == 2
    states = [(await state_of(tx, order.id))[0] for order in orders]
    assert states == ["received", "settled", "settled"]
