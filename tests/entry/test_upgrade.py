"""A shop of the first version is brought to this one: nothing is lost, new rights are there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.databases import PASSWORDS, Server, Urls
from weike.entry.contexts import contexts
from weike.kernel.migrate import Migration, migrate, migrations_of
from weike.tenancy.permissions import PRESET_ROLES

FIRST_VERSION = {
    *((context, f"0001_{context}.sql") for context in contexts()),
    ("kernel", "0002_limits.sql"),
    ("kernel", "0003_housekeeping.sql"),
    ("distribution", "0002_rates.sql"),
}
"""The files that the first version came with; they can never change again."""
NOW = datetime(2026, 11, 11, 3, tzinfo=UTC)
SHOP, PROMOTER, OLD_CUSTOMER, CUSTOMER = (UUID(int=number) for number in range(1, 5))


@pytest.fixture
async def first_version(server: Server) -> AsyncIterator[Urls]:
    """An installation as the first version left it, with a shop."""
    name = f"weike_upgrade_{uuid4().hex[:12]}"
    urls = await server.create(name, template="template0")
    old = [one for one in migrations_of(contexts()) if (one.context, one.name) in FIRST_VERSION]
    assert len(old) == len(FIRST_VERSION)
    await bring(urls, old)
    connection = await asyncpg.connect(urls.owner)
    try:
        await connection.execute(_SHOP.format(shop=SHOP))
        for customer, promoter in ((OLD_CUSTOMER, PROMOTER), (CUSTOMER, PROMOTER)):
            await connection.execute(_RELATION, SHOP, uuid4(), customer, promoter, NOW)
        await connection.execute(_END, SHOP, OLD_CUSTOMER, NOW)
    finally:
        await connection.close()
    yield urls
    await server.drop(name)


async def bring(urls: Urls, migrations: list[Migration]) -> int:
    return await migrate(
        urls.owner,
        migrations,
        app_password=PASSWORDS["weike_app"],
        report_password=PASSWORDS["weike_report"],
        now=NOW,
    )


_SHOP = """
insert into tenancy.directory (slug, tenant_id, shop_no) values ('chengxin', '{shop}', 1);
insert into tenancy.tenants (tenant_id, slug, shop_no, name, settings, created_at)
values ('{shop}', 'chengxin', 1, '橙心小店',
        '{{"freight_fee_minor": 800, "freight_free_from_minor": 9900}}', now());
insert into tenancy.roles (tenant_id, key, name, permissions, position) values
    ('{shop}', 'owner', '店主', array['orders.read', 'orders.ship'], 0),
    ('{shop}', 'finance', '财务', array['ledger.read'], 4),
    ('{shop}', 'packer', '打包', array['orders.ship'], 9);
insert into distribution.promoters
    (tenant_id, member_id, state, agreement_version, joined_at, state_at)
values ('{shop}', '00000000-0000-0000-0000-000000000002', 'active', '2026-11', now(), now());
"""
_RELATION = """
with made as (
    insert into distribution.relations
        (tenant_id, id, customer_id, promoter_id, reason, bound_at, protected_until, expires_at,
         rule_version)
    values ($1, $2, $3, $4, 'new', $5::timestamptz, $5::timestamptz + interval '15 days',
        $5::timestamptz + interval '365 days', 0)
    returning tenant_id, customer_id, id)
insert into distribution.bindings (tenant_id, customer_id, relation_id)
select tenant_id, customer_id, id from made
"""
_END = """
insert into distribution.relation_ends (tenant_id, relation_id, ended_at, reason)
select b.tenant_id, b.relation_id, $3, 'replaced' from distribution.bindings b
where b.tenant_id = $1 and b.customer_id = $2
"""


async def test_a_shop_of_the_first_version_goes_on(first_version: Urls) -> None:
    assert await bring(first_version, migrations_of(contexts())) > 0
    assert await bring(first_version, migrations_of(contexts())) == 0
    connection = await asyncpg.connect(first_version.owner)
    try:
        roles = {
            row["key"]: set(row["permissions"])
            for row in await connection.fetch("select key, permissions from tenancy.roles")
        }
        fresh = await connection.fetchrow("select rules, is_default from trade.freight_templates")
        ends = await connection.fetch(
            "select kind, at from distribution.relation_changes where tenant_id = $1", SHOP
        )
        lasts = await connection.fetch(
            "select b.customer_id, b.expires_at - r.bound_at as lasts from distribution.bindings b"
            " join distribution.relations r on r.tenant_id = b.tenant_id and r.id = b.relation_id"
        )
    finally:
        await connection.close()
    # Whatever came after the first version is granted; what a shop made itself stays.
    assert roles["packer"] == {"orders.ship"}
    assert roles["compliance"] == set(PRESET_ROLES["compliance"])
    assert roles["owner"] >= set(PRESET_ROLES["owner"]) - _KNOWN_BEFORE
    assert roles["finance"] >= set(PRESET_ROLES["finance"]) - _KNOWN_BEFORE
    assert fresh is not None
    assert fresh["is_default"]
    assert "800" in fresh["rules"]
    assert [(row["kind"], row["at"]) for row in ends] == [("taken_over", NOW)]
    assert {row["lasts"].days for row in lasts} == {365}


_KNOWN_BEFORE = {
    *("dashboard.read", "products.read", "products.write", "orders.read", "orders.ship"),
    *("orders.refund", "members.read", "promoters.read", "promoters.write", "commissions.read"),
    *("ledger.read", "staff.read", "staff.write", "audit.read", "settings.read"),
    *("settings.write", "system.read", "system.write"),
}
"""What the first version knew; the shop above was given only a part of it."""
