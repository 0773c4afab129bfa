"""The statement recorder refuses what would not work on many machines, and only that."""

from __future__ import annotations

import asyncpg
import pytest

from tests.architecture.statements import StatementRecorder, fault_of
from tests.databases import Urls

TABLES = frozenset({"trade.orders", "trade.order_lines", "catalog.skus"})

FIT = [
    "select 1",
    "begin; set local app.tenant_id = '018f'",
    "select * from trade.orders where tenant_id = $1 and id = $2",
    "select * from trade.orders o join trade.order_lines l "
    "on l.tenant_id = o.tenant_id and l.order_id = o.id where o.tenant_id = $1",
    "select * from trade.orders o join trade.order_lines l using (tenant_id, id) "
    "where o.tenant_id = $1",
    "select (select count(*) from trade.order_lines l where l.tenant_id = o.tenant_id) "
    "from trade.orders o where o.tenant_id = $1",
    "select 1 from trade.orders o where o.tenant_id = $1 and exists "
    "(select 1 from trade.order_lines l where l.tenant_id = $1 and l.order_id = o.id)",
    "with due as (select id, tenant_id from trade.orders where tenant_id = $1 for update) "
    "update trade.orders o set state = 'x' from due d "
    "where o.tenant_id = d.tenant_id and o.id = d.id",
    "insert into trade.orders (tenant_id, id) values ($1, $2), ($1, $3) on conflict do nothing",
    "insert into trade.orders (tenant_id, id) select $1, x.id from unnest($2::uuid[]) x(id)",
    "insert into trade.orders (tenant_id, id) "
    "select s.tenant_id, s.id from catalog.skus s where s.tenant_id = $1",
    "delete from trade.orders o using catalog.skus s "
    "where o.tenant_id = $1 and s.tenant_id = o.tenant_id",
    "with recursive up as (select id, parent from trade.orders where tenant_id = $1 union all "
    "select o.id, o.parent from trade.orders o join up on up.parent = o.id "
    "where o.tenant_id = $1) select * from up",
    "select * from unnest($2::uuid[]) with ordinality x(id, n) "
    "left join catalog.skus s on s.tenant_id = $1 and s.id = x.id",
    "select * from tenancy.directory where slug = $1",
]

UNFIT = {
    "select * from trade.orders": "no constant tenant",
    "select * from trade.orders where tenant_id = any($1)": "no constant tenant",
    "select * from trade.orders where tenant_id = $1 or id = $2": "no constant tenant",
    "select * from trade.orders o join trade.order_lines l on l.order_id = o.id "
    "where o.tenant_id = $1": "no constant tenant for l",
    "select * from trade.orders o, trade.order_lines l "
    "where l.tenant_id = o.tenant_id": "no constant tenant for l, o",
    "select * from trade.orders o join trade.order_lines l on l.tenant_id = $2 "
    "where o.tenant_id = $1": "more than one tenant",
    "select 1 from trade.orders o where o.tenant_id = $1 and exists "
    "(select 1 from trade.order_lines l where l.order_id = o.id)": "no constant tenant for l",
    "with x as (select * from trade.orders) select * from x": "no constant tenant",
    "insert into trade.orders (id) values ($1)": "does not give tenant_id",
    "insert into trade.orders (tenant_id, id) values (gen_random_uuid(), $1)": "not a constant",
    "insert into trade.orders (tenant_id, id) "
    "select x.t, x.id from unnest($1::uuid[], $2::uuid[]) x(t, id)": "not the constant",
    "update trade.orders set tenant_id = $2 where tenant_id = $1": "never changes",
    "update trade.orders set state = 'x' where id = $1": "no constant tenant",
    "delete from trade.orders where id = $1": "no constant tenant",
    "with recursive up as (select id from trade.orders where tenant_id = $1 union all "
    "select o.id from trade.orders o join up on up.id = o.id) "
    "select * from up": "no constant tenant for o",
    "merge into trade.orders o using catalog.skus s on true when matched then do nothing": "MERGE",
    "set app.tenant_id = '018f'": "session setting",
    "select set_config('app.tenant_id', $1, true)": "set_config",
    "select pg_advisory_xact_lock(1)": "advisory",
    "notify orders": "NOTIFY",
}


@pytest.mark.parametrize("sql", FIT)
def test_a_statement_of_one_tenant_is_accepted(sql: str) -> None:
    assert fault_of(sql, TABLES) is None


@pytest.mark.parametrize("sql", UNFIT)
def test_a_planted_statement_is_refused(sql: str) -> None:
    assert UNFIT[sql] in (fault_of(sql, TABLES) or "")


@pytest.mark.any_statement
async def test_a_planted_statement_is_heard_on_a_real_connection(
    fresh_urls: Urls,
) -> None:
    recorder = StatementRecorder(role="weike_app")
    recorder.tenant_tables = frozenset({"kernel.counters"})
    with recorder.watching():
        connection = await asyncpg.connect(fresh_urls.app)
        await connection.fetch("select * from kernel.counters where kind = $1", "order")
        await connection.close()
    [fault] = recorder.faults(recorder.take())
    assert fault.startswith("no constant tenant for counters")
