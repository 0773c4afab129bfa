"""Two promoters' links opened at once by one new customer, with real commits."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import UUID

import pytest

from tests.distribution.builders import a_promoter
from weike.distribution.bind_customer import bind_customer
from weike.distribution.model import Binding
from weike.distribution.queries import promoters
from weike.kernel import Database, TenantId, Tx, uuid7


@pytest.mark.parametrize("attempt", range(4))
async def test_a_new_customer_belongs_to_one_of_two(
    fresh_database: Database, tenant_id: TenantId, now: datetime, attempt: int
) -> None:
    customer_id = uuid7(now)

    async def two(tx: Tx) -> list[UUID]:
        return [await a_promoter(tx, now) for _ in range(2)]

    sharers = await fresh_database.run(tenant_id, two)

    async def touched(sharer_id: UUID) -> Binding:
        async def work(tx: Tx) -> Binding:
            binding = await bind_customer(
                tx, customer_id=customer_id, sharer_id=sharer_id, share_id=uuid7(now), now=now
            )
            await asyncio.sleep(0.05)
            return binding

        return await fresh_database.run(tenant_id, work)

    bindings = await asyncio.gather(*(touched(sharer) for sharer in sharers))

    # Before, both were new: the second took the customer from the first, protected or not.
    assert sorted(bindings) == [Binding.NEW, Binding.PROTECTED]
    found = await fresh_database.run(
        tenant_id, lambda tx: promoters.relations_of_customers(tx, [customer_id])
    )
    assert found[customer_id][0].promoter_id == sharers[bindings.index(Binding.NEW)]
