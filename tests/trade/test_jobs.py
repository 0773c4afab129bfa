"""What time does: jobs find the shops concerned across tenants, and move what is due in each."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from tests.databases import Urls
from tests.trade.builders import open_stall, placed, shipped, state_of
from weike import ledger, trade
from weike.kernel import Database, Job, TenantId, Tx, utc_now
from weike.kernel.texts import LANGUAGES, load_texts
from weike.trade.couriers import COURIERS
from weike.trade.model import EVENT_KINDS, OrderState, Placed

JOBS = {job.name: job for job in (*trade.jobs(trade.Ports()), *ledger.jobs([trade.order_checks]))}


async def due(urls: Urls, job: Job, now: datetime) -> set[UUID]:
    """As the worker asks: with the role that reads across tenants."""
    connection = await asyncpg.connect(urls.report)
    try:
        return {row["tenant_id"] for row in await connection.fetch(job.due_tenants, now)}
    finally:
        await connection.close()


@pytest.mark.any_statement
async def test_jobs_find_and_move_what_is_due(
    fresh_database: Database, fresh_urls: Urls, tenant_id: TenantId, now: datetime
) -> None:
    async def begin(tx: Tx) -> tuple[Placed, Placed]:
        stall = await open_stall(tx, now)
        return await placed(tx, stall, now), await shipped(tx, stall, now)

    unpaid, on_the_way = await fresh_database.run(tenant_id, begin)

    async def moves(name: str, at: datetime) -> int:
        """How many the job moves when the worker comes at this time."""
        job = JOBS[name]
        if tenant_id not in await due(fresh_urls, job, at):
            return 0
        return await fresh_database.run(tenant_id, lambda tx: job.run(tx, at))

    assert await moves("trade.expire_orders", now + timedelta(minutes=29)) == 0
    assert await moves("trade.expire_orders", now + timedelta(minutes=30)) == 1
    assert await moves("trade.expire_orders", now + timedelta(minutes=30)) == 0
    assert await moves("trade.receive_orders", now + timedelta(days=9)) == 0
    assert await moves("trade.receive_orders", now + timedelta(days=10)) == 1
    assert await moves("trade.settle_orders", now + timedelta(days=16)) == 0
    assert await moves("trade.settle_orders", now + timedelta(days=17)) == 1
    for order, state in ((unpaid, "cancelled"), (on_the_way, "settled")):
        found = await fresh_database.run(tenant_id, lambda tx, order=order: state_of(tx, order.id))  # type: ignore[misc]
        assert found[0] == state

    later = utc_now() + timedelta(hours=1)
    for name in ("ledger.roll_up", "ledger.reconcile"):
        assert tenant_id in await due(fresh_urls, JOBS[name], later)
        await fresh_database.run(tenant_id, lambda tx, name=name: JOBS[name].run(tx, later))  # type: ignore[misc]
        assert tenant_id not in await due(fresh_urls, JOBS[name], later)


def test_every_sentence_of_trade_is_there_in_both_languages() -> None:
    """Timeline kinds, guarantees and couriers are looked up by built keys; none may be missing."""
    texts = load_texts(("trade", "ledger", "inventory"))
    wanted = {f"trade.event.{kind}" for kind in EVENT_KINDS}
    wanted |= {f"trade.courier.{code}" for code in COURIERS}
    wanted |= {f"trade.guarantee.{state.value}" for state in OrderState}
    wanted |= {"trade.guarantee.refunding", "trade.guarantee.refunded"}
    wanted |= {f"ledger.account.{name}" for name in ledger.ACCOUNTS}
    wanted |= {f"ledger.kind.{kind}" for kind in ledger.TRANSFER_KINDS}
    for language in LANGUAGES:
        assert wanted <= texts.keys(language)
    assert texts.keys("zh") == texts.keys("en")
