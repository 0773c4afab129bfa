"""Two pieces of news about one order at once, with real commits: none may be overlooked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest

from tests.distribution.builders import a_promoter, an_order, line
from weike import distribution, ledger
from weike.distribution import EarningOrder
from weike.distribution.queries import commissions
from weike.kernel import Database, TenantId, Tx

News = Callable[[Tx, EarningOrder, datetime], Awaitable[None]]


async def _paid(tx: Tx, order: EarningOrder, now: datetime) -> None:
    await distribution.earn_commissions(tx, order, now=now)


async def _received(tx: Tx, order: EarningOrder, now: datetime) -> None:
    await distribution.order_received(tx, order.order_id, at=now)


async def _refunded(tx: Tx, order: EarningOrder, now: datetime) -> None:
    await distribution.order_refunded(tx, order.order_id, {0: 2990}, at=now)


@pytest.mark.parametrize(
    ("first", "second", "ends"),
    [
        (_paid, _refunded, {"void": 0}),
        (_refunded, _paid, {"void": 0}),
        (_paid, _received, {"pending": 299}),
        (_received, _paid, {"pending": 299}),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
async def test_news_heard_by_two_workers_at_once_is_all_heard(
    first: News,
    second: News,
    ends: dict[str, int],
    fresh_database: Database,
    tenant_id: TenantId,
    now: datetime,
) -> None:
    first_did_it, second_began = asyncio.Event(), asyncio.Event()
    order = await fresh_database.run(tenant_id, lambda tx: _an_order(tx, now))

    async def slow(tx: Tx) -> None:
        await first(tx, order, now)
        first_did_it.set()
        # The other one comes between our deed and our commit.
        await second_began.wait()
        await asyncio.sleep(0.2)

    async def quick(tx: Tx) -> None:
        await first_did_it.wait()
        second_began.set()
        await second(tx, order, now)

    await asyncio.gather(fresh_database.run(tenant_id, slow), fresh_database.run(tenant_id, quick))

    async def whole(tx: Tx) -> dict[str, int]:
        report = await ledger.reconcile(tx, distribution.CHECKS, now=now)
        assert report.ok, [check for check in report.checks if not check.ok]
        return {
            row["state"]: row["amount_minor"] for row in await commissions.totals_by_state(tx, None)
        }

    assert await fresh_database.run(tenant_id, whole) == ends


async def _an_order(tx: Tx, now: datetime) -> EarningOrder:
    return an_order(await a_promoter(tx, now), line())
