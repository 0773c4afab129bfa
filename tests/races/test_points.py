"""Two checkouts spend the same points at once, with real commits: one has them."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import UUID

import pytest

from tests.ledger.test_points import a_grant, a_spend
from weike.kernel import Database, Refusal, TenantId, Tx, uuid7
from weike.ledger import points
from weike.ledger.points import Spend


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
