"""Two promoters' links opened at once by one new customer, with real commits."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import UUID

import pytest

from tests.distribution.builders import a_promoter
from weike.distribution.model import Happening, Outcome
from weike.distribution.relations import queries
from weike.distribution.relations.bind_customer import Spoke, bind_customer
from weike.kernel import Database, TenantId, Tx, uuid7


@pytest.mark.parametrize("attempt", range(4))
async def test_a_new_customer_belongs_to_one_of_two(
    fresh_database: Database, tenant_id: TenantId, now: datetime, attempt: int
) -> None:
    customer_id = uuid7(now)

    async def two(tx: Tx) -> list[UUID]:
        return [await a_promoter(tx, now) for _ in range(2)]

    sharers = await fresh_database.run(tenant_id, two)

    async def touched(sharer_id: UUID) -> Outcome:
        async def work(tx: Tx) -> Outcome:
            outcome = await bind_customer(
                tx,
                Spoke(
                    id=uuid7(now),
                    customer_id=customer_id,
                    sharer_id=sharer_id,
                    share_id=uuid7(now),
                    happening=Happening.CLICK,
                    at=now,
                ),
            )
            await asyncio.sleep(0.05)
            return outcome

        return await fresh_database.run(tenant_id, work)

    outcomes = await asyncio.gather(*(touched(sharer) for sharer in sharers))

    # Before, both were new: the second took the customer from the first, protected or not.
    assert sorted(outcomes) == [Outcome.NEW, Outcome.PROTECTED]
    found = await fresh_database.run(
        tenant_id, lambda tx: queries.relations_of_customers(tx, [customer_id])
    )
    assert found[customer_id].relation.promoter_id == sharers[outcomes.index(Outcome.NEW)]
