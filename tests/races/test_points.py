"""Checkouts that spend the same points at once, and news that comes at once, with real commits."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from tests.ledger.test_points import a_grant, a_spend
from tests.trade.builders import shipped
from tests.trade.test_points_and_levels import PORTS, open_points
from weike import trade
from weike.kernel import Database, Refusal, TenantId, Tx, uuid7
from weike.ledger import points
from weike.ledger.points import Spend
from weike.trade.points.reckon import reckon


@pytest.mark.parametrize("attempt", range(3))
async def test_the_same_points_are_spent_once(
    fresh_database: Database, tenant_id: TenantId, now: datetime, attempt: int
) -> None:
    member = uuid7(now)
    await fresh_database.run(
        tenant_id, lambda tx: points.grant(tx, [a_grant(member, 100, now)], now=now)
    )

    async def checkout() -> bool:
        one = a_spend(member, 80, now)

        async def work(tx: Tx) -> dict[UUID, Refusal]:
            refused = await points.spend(tx, [one], now=now)
            await asyncio.sleep(0.03)
            return refused

        return not await fresh_database.run(tenant_id, work)

    served = await asyncio.gather(*(checkout() for _ in range(4)))

    assert sorted(served) == [False, False, False, True]
    balance = await fresh_database.run(tenant_id, lambda tx: points.balance_of(tx, member, now=now))
    assert balance.available == 20
    (check,) = await fresh_database.run(tenant_id, points.points_check)
    assert check.ok


async def test_batches_over_the_same_members_do_not_wait_in_a_circle(
    fresh_database: Database, tenant_id: TenantId, now: datetime
) -> None:
    members = [uuid7(now) for _ in range(5)]
    await fresh_database.run(
        tenant_id, lambda tx: points.grant(tx, [a_grant(m, 100, now) for m in members], now=now)
    )

    async def batch(order: list[UUID]) -> None:
        asked: list[Spend] = [a_spend(m, 10, now) for m in order]

        async def work(tx: Tx) -> None:
            assert not await points.spend(tx, asked, now=now)
            await points.grant(tx, [a_grant(m, 1, now) for m in order], now=now)

        await fresh_database.run(tenant_id, work)

    await asyncio.gather(*(batch(members if i % 2 else members[::-1]) for i in range(8)))

    balances = await fresh_database.run(
        tenant_id, lambda tx: points.balances_of(tx, members, now=now)
    )
    assert {one.available for one in balances.values()} == {28}


async def test_news_of_one_order_that_comes_three_times_at_once_counts_once(
    fresh_database: Database, tenant_id: TenantId, now: datetime
) -> None:
    later = now + timedelta(days=8)

    async def set_up(tx: Tx) -> tuple[UUID, UUID]:
        stall = await open_points(tx, now)
        order = await shipped(tx, stall, now, ports=PORTS)
        buyer = stall.buyer.member_id
        await trade.receive_order(tx, order_id=order.id, member_id=buyer, now=now)
        await trade.settle_due(tx, later)
        return order.id, buyer

    order_id, buyer = await fresh_database.run(tenant_id, set_up)

    async def hear() -> None:
        await fresh_database.run(tenant_id, lambda tx: reckon(tx, order_id, now=later))

    await asyncio.gather(*(hear() for _ in range(3)))

    async def look(tx: Tx) -> tuple[int, int]:
        held = await points.balance_of(tx, buyer, now=later)
        growth = await tx.fetchval(
            "select s.growth from members.standings s where s.tenant_id = $1 and s.member_id = $2",
            tx.tenant_id,
            buyer,
        )
        return held.available, growth

    assert await fresh_database.run(tenant_id, look) == (128, 128)
    (check,) = await fresh_database.run(tenant_id, points.points_check)
    assert check.ok
