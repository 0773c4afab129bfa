"""Idempotency-Key where a route does its work in several transactions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import httpx
import msgspec
import pytest
from litestar import post

from tests.web import OpenDoors, web_client
from weike.kernel import Database, Record, TenantId, Tx, Unavailable
from weike.kernel.edge import MEMBER, Caller

BUYER = UUID(int=11)
KEYED = {"authorization": f"Bearer m_{BUYER}", "idempotency-key": "brew-1"}


class Brewed(msgspec.Struct):
    cups: int


class Provider:
    """What is asked between two transactions; away at first."""

    is_away = True

    def ask(self) -> None:
        if self.is_away:
            raise Unavailable()


async def _look_up(tx: Tx) -> Record | None:
    return await tx.fetchrow("select 'a secret' as password_hash, $1::uuid as id", tx.tenant_id)


async def _brew(tx: Tx) -> Brewed:
    cups = await tx.fetchval(
        "insert into kernel.counters (tenant_id, kind, value) values ($1, 'cup', 1) "
        "on conflict (tenant_id, kind) do update set value = counters.value + 1 returning value",
        tx.tenant_id,
    )
    return Brewed(cups)


@post("/api/shop/look-and-brew", opt=MEMBER, operation_id="look_and_brew")
async def look_and_brew(caller: Caller, database: Database, provider: Provider) -> Brewed:
    await database.run(caller.tenant_id, _look_up)
    provider.ask()
    return await database.run(caller.tenant_id, _brew)


@post("/api/shop/brew-twice", opt=MEMBER, operation_id="brew_twice")
async def brew_twice(caller: Caller, database: Database, provider: Provider) -> Brewed:
    first = await database.run(caller.tenant_id, _brew)
    provider.ask()
    return Brewed(100 * first.cups + (await database.run(caller.tenant_id, _brew)).cups)


@dataclass
class House:
    client: httpx.AsyncClient
    provider: Provider
    database: Database
    tenant_id: TenantId

    async def kept(self) -> list[bytes]:
        async def read(tx: Tx) -> list[Record]:
            return await tx.fetch(
                "select a.body from kernel.answers a where a.tenant_id = $1", tx.tenant_id
            )

        return [row["body"] for row in await self.database.run(self.tenant_id, read)]


@pytest.fixture
async def house(database: Database, tenant_id: TenantId) -> AsyncIterator[House]:
    provider = Provider()
    async with web_client(
        [look_and_brew, brew_twice],
        database,
        OpenDoors(tenant_id),
        dependencies={"provider": provider},
    ) as client:
        yield House(client, provider, database, tenant_id)


@pytest.mark.parametrize(
    ("path", "cups"), [("/api/shop/look-and-brew", 1), ("/api/shop/brew-twice", 203)]
)
async def test_what_failed_half_way_is_tried_again_under_its_key(
    house: House, path: str, cups: int
) -> None:
    failed = await house.client.post(path, headers=KEYED)
    assert failed.status_code == 503
    assert await house.kept() == []

    house.provider.is_away = False
    done = await house.client.post(path, headers=KEYED)
    again = await house.client.post(path, headers=KEYED)

    assert (done.status_code, done.json()) == (201, {"cups": cups})
    assert (again.status_code, again.json()) == (201, {"cups": cups})
    assert again.headers["idempotent-replay"] == "true"
    # Only what was answered is kept, nothing that was looked up on the way.
    assert await house.kept() == [msgspec.json.encode(Brewed(cups))]
