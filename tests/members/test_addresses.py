"""Addresses belong to their member, always have one default, and hide the phone number."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID

import httpx
import pytest

from tests.members.builders import a_member, an_address, seal
from tests.members.web import World, shop_client
from tests.tenancy.builders import Shop, a_shop
from tests.tenancy.web import Hands, bearer
from weike.kernel import Database, Tx, uuid7
from weike.members import AddressNotFound, address_of, addresses_of, open_member_session
from weike.members.addresses import KeptAddress, my_addresses, put_address, remove_address
from weike.members.errors import TooManyAddresses


@pytest.fixture
async def shop(database: Database, now: datetime) -> Shop:
    return await a_shop(database, now)


async def put(
    database: Database,
    shop: Shop,
    member_id: UUID,
    now: datetime,
    *,
    address_id: UUID | None = None,
    is_default: bool = False,
) -> UUID:
    chosen = address_id or uuid7(now)
    await database.run(
        shop.tenant_id,
        lambda tx: put_address(
            tx,
            seal,
            member_id=member_id,
            address_id=chosen,
            address=an_address(),
            is_default=is_default,
            now=now,
        ),
    )
    return chosen


async def kept(database: Database, shop: Shop, member_id: UUID) -> list[KeptAddress]:
    return await database.run(
        shop.tenant_id, lambda tx: my_addresses(tx, seal, member_id=member_id)
    )


async def defaults(database: Database, shop: Shop, member_id: UUID) -> list[UUID]:
    return [one.id for one in await kept(database, shop, member_id) if one.is_default]


async def test_the_first_address_is_the_default_until_another_is(
    database: Database, shop: Shop, now: datetime
) -> None:
    member_id = await a_member(database, shop.tenant_id, now)
    first = await put(database, shop, member_id, now)
    second = await put(database, shop, member_id, now + timedelta(seconds=1))
    assert await defaults(database, shop, member_id) == [first]
    await put(database, shop, member_id, now, address_id=second, is_default=True)
    assert await defaults(database, shop, member_id) == [second]
    # Not asking for it does not take it away: some address has to be the default.
    await put(database, shop, member_id, now, address_id=second)
    assert await defaults(database, shop, member_id) == [second]


async def test_the_latest_used_follows_a_removed_default(
    database: Database, shop: Shop, now: datetime
) -> None:
    member_id = await a_member(database, shop.tenant_id, now)
    first, _, third = [
        await put(database, shop, member_id, now + timedelta(seconds=place)) for place in range(3)
    ]
    await database.run(
        shop.tenant_id, lambda tx: remove_address(tx, member_id=member_id, address_id=first)
    )
    assert await defaults(database, shop, member_id) == [third]


async def test_two_defaults_at_the_same_moment_leave_one(
    fresh_database: Database, now: datetime
) -> None:
    shop = await a_shop(fresh_database, now)
    member_id = await a_member(fresh_database, shop.tenant_id, now)
    await asyncio.gather(
        *(put(fresh_database, shop, member_id, now, is_default=True) for _ in range(6))
    )
    assert len(await kept(fresh_database, shop, member_id)) == 6
    assert len(await defaults(fresh_database, shop, member_id)) == 1


async def test_fifty_addresses_are_enough(database: Database, shop: Shop, now: datetime) -> None:
    member_id = await a_member(database, shop.tenant_id, now)
    last = [await put(database, shop, member_id, now) for _ in range(50)][-1]
    with pytest.raises(TooManyAddresses):
        await put(database, shop, member_id, now)
    await put(database, shop, member_id, now, address_id=last)


async def test_the_trade_reads_many_at_once_and_only_what_belongs_together(
    database: Database, shop: Shop, now: datetime
) -> None:
    mine, other = [await a_member(database, shop.tenant_id, now) for _ in range(2)]
    my_address, other_address = [
        await put(database, shop, member_id, now) for member_id in (mine, other)
    ]

    async def read(tx: Tx) -> None:
        found = await addresses_of(
            tx, [(mine, my_address), (other, other_address), (mine, other_address)]
        )
        assert set(found) == {(mine, my_address), (other, other_address)}
        snapshot = found[mine, my_address]
        assert snapshot.phone_tail == "8000"
        assert "13800138000" not in repr(snapshot)
        assert seal.open_address(shop.tenant_id, snapshot) == an_address()
        assert await address_of(tx, member_id=mine, address_id=my_address) == snapshot
        with pytest.raises(AddressNotFound):
            await address_of(tx, member_id=mine, address_id=other_address)

    await database.run(shop.tenant_id, read)


@pytest.fixture
async def client(database: Database, now: datetime) -> AsyncIterator[httpx.AsyncClient]:
    async with shop_client(database, Hands(now), World()) as client:
        yield client


def body(**changes: object) -> dict[str, object]:
    return {
        "name": "陈晓棠",
        "phone": "138 0013 8000",
        "region_code": "330106",
        "province": "浙江省",
        "city": "杭州市",
        "district": "西湖区",
        "street": "龙井路 1 号",
        "is_default": False,
        **changes,
    }


async def headers_of(database: Database, shop: Shop, now: datetime) -> dict[str, str]:
    member_id = await a_member(database, shop.tenant_id, now)
    token = await database.run(
        shop.tenant_id, lambda tx: open_member_session(tx, member_id, now=now)
    )
    return {**bearer(token), "x-shop": shop.slug}


async def test_an_address_over_http(
    client: httpx.AsyncClient, database: Database, shop: Shop, now: datetime
) -> None:
    me, address_id = await headers_of(database, shop, now), str(uuid7(now))
    url = f"/api/shop/addresses/{address_id}"
    made = await client.put(url, json=body(), headers=me)
    expected = body(id=address_id, phone="13800138000", is_default=True)
    assert made.json() == expected
    listed = await client.get("/api/shop/addresses", headers=me)
    assert listed.json() == {"items": [expected]}
    assert (await client.put(url, json=made.json(), headers=me)).json() == expected
    assert (await client.delete(url, headers=me)).status_code == 204
    assert (await client.delete(url, headers=me)).json()["code"] == "members.address_not_found"


async def test_somebody_elses_address_can_be_neither_read_changed_nor_removed(
    client: httpx.AsyncClient, database: Database, shop: Shop, now: datetime
) -> None:
    theirs, mine = [await headers_of(database, shop, now) for _ in range(2)]
    url = f"/api/shop/addresses/{uuid7(now)}"
    await client.put(url, json=body(), headers=theirs)
    assert (await client.get("/api/shop/addresses", headers=mine)).json() == {"items": []}
    changed = await client.put(url, json=body(street="别人的街"), headers=mine)
    removed = await client.delete(url, headers=mine)
    assert {changed.status_code, removed.status_code} == {404}
    (kept_address,) = (await client.get("/api/shop/addresses", headers=theirs)).json()["items"]
    assert kept_address["street"] == "龙井路 1 号"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "12345"),
        ("region_code", "3301"),
        ("region_code", "440305"),
        ("region_code", "330000"),
        ("province", "广东省"),
        ("name", " "),
        ("street", ""),
        ("street", "x" * 201),
        ("member_id", "0190a000-0000-7000-8000-000000000000"),
    ],
)
async def test_what_is_no_address_is_refused(
    client: httpx.AsyncClient,
    database: Database,
    shop: Shop,
    now: datetime,
    field: str,
    value: str,
) -> None:
    me = await headers_of(database, shop, now)
    answer = await client.put(
        f"/api/shop/addresses/{uuid7(now)}", json=body(**{field: value}), headers=me
    )
    assert answer.status_code == 422, answer.text
