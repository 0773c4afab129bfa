"""What reconciliation does by itself: every day after ten, the bill of every channel; what was not
ready, again and again; what waits for its neighbour, once more when the time of grace is over.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from weike.kernel import Database, OutsideJob, TenantId, Tx
from weike.payment.ports import Gateways
from weike.payment.reconciliation import difference_queries, queries
from weike.payment.reconciliation.compare_bill import Compared, compare_bill
from weike.payment.reconciliation.model import CHANNELS, day_of, ready_at
from weike.payment.reconciliation.take_bill import take_bill

log = logging.getLogger(__name__)

_DAYS_MADE_UP_FOR = 7
"""A worker that was away fetches what it missed, as far as a week back."""
_AT_ONCE = 5
_LISTENS_FOR = timedelta(days=8)
"""A merchant number that was switched off was perhaps paid through before."""

_DUE = """
    select c.tenant_id from payment.configs c
    where c.provider in ('wechat', 'alipay')
      and (c.state = 'active' or c.updated_at > $1 - interval '8 days')
      and ($1 at time zone 'Asia/Shanghai')::time >= '10:00'
      and (c.created_at at time zone 'Asia/Shanghai')::date
          < ($1 at time zone 'Asia/Shanghai')::date
      and not exists (
        select 1 from payment.bills b where b.tenant_id = c.tenant_id and b.config_id = c.id
          and b.day = ($1 at time zone 'Asia/Shanghai')::date - 1)
    union
    select b.tenant_id from payment.bills b where b.next_at <= $1
    union
    select d.tenant_id from payment.differences d
    join payment.bills b on b.tenant_id = d.tenant_id and b.id = d.bill_id
    where d.state = 'open' and d.class = 'date_edge'
      and (d.day + 1)::timestamp at time zone 'Asia/Shanghai' + interval '48 hours' <= $1
      and b.compared_at < $1 - interval '1 hour'
"""


def jobs(gateways: Gateways) -> tuple[OutsideJob, ...]:
    async def reconcile(database: Database, tenant_id: TenantId, now: datetime) -> int:
        wanted = await database.run(tenant_id, lambda tx: _wanted(tx, now))
        for config_id, day in wanted:
            if await take_bill(
                database, gateways, tenant_id, config_id=config_id, day=day, now=now
            ):
                await _compare(database, tenant_id, queries.bill_id_of(config_id, day), now)
        waiting = await database.run(
            tenant_id,
            lambda tx: difference_queries.bills_that_wait(tx, now=now, limit=_AT_ONCE),
        )
        for bill_id in waiting:
            await _compare(database, tenant_id, bill_id, now)
        # What is not ready is asked again later, not in a circle.
        return 0

    return (OutsideJob("payment.reconcile", 120, _DUE, reconcile),)


async def _wanted(tx: Tx, now: datetime) -> Sequence[tuple[UUID, date]]:
    """Bills that were never asked for, oldest first, and those whose next try has come."""
    wanted: list[tuple[UUID, date]] = []
    today = day_of(now)
    for config in await queries.configs_with_bills(tx, CHANNELS):
        if config["state"] != "active" and config["updated_at"] < now - _LISTENS_FOR:
            continue
        first = max(day_of(config["created_at"]), today - timedelta(days=_DAYS_MADE_UP_FOR))
        known = await queries.days_with_bills(tx, config["id"], first, today)
        day = first
        while ready_at(day) <= now:
            if day not in known:
                wanted.append((config["id"], day))
            day += timedelta(days=1)
    for bill in await queries.bills_due(tx, now=now, limit=_AT_ONCE):
        wanted.append((bill.config_id, bill.day))
    return wanted


async def _compare(
    database: Database, tenant_id: TenantId, bill_id: UUID, now: datetime
) -> Compared:
    compared = await database.run(tenant_id, lambda tx: compare_bill(tx, bill_id, now=now))
    if compared.open:
        log.error(
            "bill differs",
            extra={"tenant_id": str(tenant_id), "bill_id": str(bill_id), "open": compared.open},
        )
    return compared
