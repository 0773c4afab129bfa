"""The world that is measured: one shop, its goods and members, made by the product's own deeds.

Ids are numbers in disguise (`bench.id(kind, n)` in SQL, `numbered` here), so that pgbench can name
a random SKU without asking for it first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

import asyncpg

from weike import catalog, inventory, members, tenancy
from weike.kernel import Database, TenantId, Tx

SKU, ORDER, MEMBER, ADDRESS = 1, 2, 3, 4
STOCK = 1_000_000_000

_SQL = """
create schema bench;
create function bench.id(kind integer, n bigint) returns uuid language sql immutable parallel safe
as $$ select ('0000000' || kind || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$;
grant usage on schema bench to weike_app;
"""


@dataclass(frozen=True, slots=True)
class World:
    tenant_id: TenantId
    slug: str
    skus: int
    members: list[dict[str, str]]
    """Token and address id of each, as the generator sends them."""


def numbered(kind: int, n: int) -> UUID:
    return UUID(f"0000000{kind}-0000-7000-8000-{n:012x}")


async def make_world(
    database: Database,
    owner_url: str,
    *,
    seal: members.PhoneSeal,
    passwords: tenancy.Passwords,
    skus: int,
    people: int,
    now: datetime,
) -> World:
    connection = await asyncpg.connect(owner_url)
    await connection.execute(_SQL)
    await connection.close()
    shop = await tenancy.sign_up(
        database,
        passwords,
        tenancy.SignUp(
            shop_id=numbered(9, 1),
            shop_name="bench",
            slug="bench",
            owner_name="bench",
            login="bench-owner",
            password="a password nobody needs again",  # noqa: S106 - thrown away with the world
        ),
        ip="127.0.0.1",
        agent="bench",
        now=now,
    )
    for start in range(1, skus + 1, 250):
        numbers = range(start, min(start + 250, skus + 1))
        await database.run(shop.tenant_id, partial(_goods, numbers=numbers, now=now))
    tokens = []
    for start in range(1, people + 1, 250):
        numbers = range(start, min(start + 250, people + 1))
        tokens += await database.run(
            shop.tenant_id, partial(_members, seal=seal, numbers=numbers, now=now)
        )
    return World(shop.tenant_id, shop.slug, skus, tokens)


async def _goods(tx: Tx, *, numbers: Sequence[int], now: datetime) -> None:
    for n in numbers:
        await catalog.create_product(
            tx,
            product_id=numbered(SKU, n),
            draft=catalog.ProductDraft(
                title=f"好货 {n} 号 产地直发",
                subtitle="一件也发",
                state=catalog.ProductState.ON_SALE,
                skus=(
                    catalog.SkuDraft(
                        id=numbered(SKU, n), code=f"B{n}", price_minor=1990, cost_minor=900
                    ),
                ),
            ),
            now=now,
        )
    await inventory.set_on_hand(
        tx,
        {numbered(SKU, n): STOCK for n in numbers},
        actor_kind="job",
        now=now,
    )


async def _members(
    tx: Tx, *, seal: members.PhoneSeal, numbers: Sequence[int], now: datetime
) -> list[dict[str, str]]:
    people = []
    for n in numbers:
        member_id, address_id = numbered(MEMBER, n), numbered(ADDRESS, n)
        await members.ensure_member(
            tx, seal, member_id=member_id, phone=f"139{n:08d}", nickname=None, now=now
        )
        await members.put_address(
            tx,
            seal,
            member_id=member_id,
            address_id=address_id,
            address=members.Address(
                name="测试",
                phone=f"139{n:08d}",
                region_code="360703",
                province="江西省",
                city="赣州市",
                district="南康区",
                street="橙园路 1 号",
            ),
            is_default=True,
            now=now,
        )
        token = await members.open_member_session(tx, member_id, now=now)
        people.append({"token": token, "address_id": str(address_id)})
    return people
