"""The schema keeps the rules of data, and a planted table that breaks one is found."""

from __future__ import annotations

import asyncpg
import pytest

from tests.architecture.schema import faults_of_schema
from tests.databases import Urls
from weike.entry.contexts import contexts

TABLE = "create table kernel.planted (tenant_id uuid not null, id uuid not null, {more})"
GOOD = TABLE.format(more="primary key (tenant_id, id)")
DECLARED = GOOD + "; select kernel.tenant_table('kernel.planted')"

PLANTED = {
    GOOD: "1: not in the registry",
    "insert into kernel.tables (name, kind) values ('kernel.gone', 'tenant')": "1: in the registry",
    "create table kernel.planted (tenant_id uuid, id uuid not null, primary key (id)); "
    "select kernel.tenant_table('kernel.planted')": "2: a tenant table without",
    TABLE.format(more="primary key (id, tenant_id)")
    + "; select kernel.tenant_table('kernel.planted')": "2: the primary key does not lead",
    TABLE.format(more="code text, primary key (tenant_id, id), unique (code)")
    + "; select kernel.tenant_table('kernel.planted')": "2: unique or exclusion without",
    DECLARED + "; create table kernel.child (tenant_id uuid not null, id uuid not null, "
    "other uuid, parent uuid, primary key (tenant_id, id), "
    "foreign key (other, parent) references kernel.planted (tenant_id, id)); "
    "select kernel.tenant_table('kernel.child')": "2: a foreign key that does not pair",
    DECLARED + "; create table kernel.control (tenant_id uuid, parent uuid, "
    "foreign key (tenant_id, parent) references kernel.planted (tenant_id, id)); "
    "select kernel.control_table('kernel.control')": "2: a foreign key between kinds",
    "create table kernel.planted (tenant_id uuid not null, id uuid not null, "
    "primary key (tenant_id, id), foreign key (tenant_id) references tenancy.tenants (tenant_id)); "
    "select kernel.tenant_table('kernel.planted')": "2: a foreign key that points up",
    DECLARED + "; alter table kernel.planted no force row level security": "4: row-level security",
    DECLARED + "; drop policy of_tenant on kernel.planted": "4: no policy",
    DECLARED + "; create policy everyone on kernel.planted using (true)": "4: a policy that widens",
    DECLARED + "; grant create on schema kernel to weike_app; "
    "alter table kernel.planted owner to weike_app": "4: the application's role owns",
    "create view kernel.peek as select * from kernel.outbox": "4: a view that sees",
    DECLARED + "; grant insert on kernel.planted to weike_report": "5: the reports' role",
    "create table kernel.planted (tenant_id uuid not null, "
    "id uuid not null default gen_random_uuid(), primary key (tenant_id, id)); "
    "select kernel.tenant_table('kernel.planted')": "6: a primary key that the database makes up",
    DECLARED + "; select kernel.append_only('kernel.planted'); "
    "grant delete on kernel.planted to weike_app": "8: what is append-only",
    "drop trigger entries_balance on ledger.entries": "8: ledger entries without",
    DECLARED + "; alter table kernel.planted add constraint later "
    "unique (tenant_id, id) deferrable": "9: a deferrable constraint",
    DECLARED + "; alter table kernel.planted add number bigserial": "9: a serial or identity",
    DECLARED + "; create table kernel.child (tenant_id uuid not null, id uuid not null, "
    "primary key (tenant_id, id), foreign key (tenant_id, id) "
    "references kernel.planted (tenant_id, id) on delete set null); "
    "select kernel.tenant_table('kernel.child')": "9: a foreign key that sets null",
    "create materialized view kernel.rolled as select 1": "9: a materialised view",
    DECLARED + "; create function kernel.noisy() returns trigger language plpgsql as "
    "'begin notify orders; return null; end'; create trigger noisy after insert on kernel.planted "
    "for each row execute function kernel.noisy()": "9: a trigger nobody reviewed",
    "create function kernel.noisy() returns void language plpgsql as "
    "'begin notify orders; end'": "9: a function that notifies",
}


async def test_the_schema_keeps_the_rules_of_data(urls: Urls) -> None:
    connection = await asyncpg.connect(urls.owner)
    try:
        assert await faults_of_schema(connection, contexts()) == []
    finally:
        await connection.close()


@pytest.mark.parametrize("sql", PLANTED)
async def test_a_planted_table_is_found(urls: Urls, sql: str) -> None:
    connection = await asyncpg.connect(urls.owner)
    undone = connection.transaction()
    await undone.start()
    try:
        await connection.execute(sql)
        faults = await faults_of_schema(connection, contexts())
    finally:
        await undone.rollback()
        await connection.close()
    assert any(fault.startswith(PLANTED[sql]) for fault in faults), faults
