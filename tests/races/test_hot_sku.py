"""Two and more at once, with real commits, in a database of its own: stock and ids."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import pytest

from tests.databases import FreshDatabases, Urls
from tests.trade.builders import Stall, books_agree, open_stall, wish
from weike import inventory, trade
from weike.kernel import Database, IdTakenByOther, Refusal, TenantId, Tx, uuid7
from weike.trade.errors import OutOfStock
from weike.trade.model import Placed, PlaceOrder

PORTS = trade.Ports()
BUYERS, PIECES = 32, 10


@pytest.fixture
async def shop(fresh_databases: FreshDatabases, fresh_urls: Urls) -> Database:
    return await fresh_databases.open(fresh_urls, listeners={}, size=16)


async def stall_of(shop: Database, tenant_id: TenantId, now: datetime, **more: int) -> Stall:
    return await shop.run(tenant_id, lambda tx: open_stall(tx, now, **more))  # type: ignore[arg-type]


async def one_by_one(
    shop: Database, tenant_id: TenantId, asks: Sequence[PlaceOrder], now: datetime
) -> list[Placed | BaseException]:
    """Each ask in a transaction of its own, all at once."""

    async def one(ask: PlaceOrder) -> Placed:
        return await shop.run(tenant_id, lambda tx: trade.place_order(tx, PORTS, ask, now=now))

    return await asyncio.gather(*(one(ask) for ask in asks), return_exceptions=True)


async def batched(
    shop: Database, tenant_id: TenantId, asks: Sequence[PlaceOrder], now: datetime
) -> list[Placed | BaseException]:
    """Through two batchers, as two web processes would."""
    doors = [trade.order_batcher(shop, PORTS, clock=lambda: now) for _ in range(2)]
    return await asyncio.gather(
        *(doors[nth % 2].submit(tenant_id, ask) for nth, ask in enumerate(asks)),
        return_exceptions=True,
    )


WAYS = pytest.mark.parametrize("way", [one_by_one, batched])


@WAYS
async def test_thirty_two_buyers_want_ten_pieces(  # type: ignore[no-untyped-def]
    shop: Database, tenant_id: TenantId, now: datetime, way
) -> None:
    stall = await stall_of(shop, tenant_id, now, stock=PIECES, buyers=BUYERS)
    asks = [wish(buyer, {stall.skus[0]: 1}, now) for buyer in stall.buyers]

    answers = await way(shop, tenant_id, asks, now)

    kinds = Counter(type(answer) for answer in answers)
    assert kinds == {Placed: PIECES, OutOfStock: BUYERS - PIECES}
    assert all(
        answer.code == "trade.out_of_stock" for answer in answers if isinstance(answer, Refusal)
    )
    numbers = [answer.number for answer in answers if isinstance(answer, Placed)]
    assert len(set(numbers)) == PIECES

    async def look(tx: Tx) -> None:
        assert await inventory.available(tx, stall.skus[:1]) == {stall.skus[0]: 0}
        assert (await trade.counts_by_state(tx))["placed"] == PIECES
        await books_agree(tx, now)

    await shop.run(tenant_id, look)


@WAYS
async def test_baskets_in_opposite_order_do_not_lock_each_other(  # type: ignore[no-untyped-def]
    shop: Database, tenant_id: TenantId, now: datetime, way
) -> None:
    stall = await stall_of(shop, tenant_id, now, stock=1000, buyers=2)
    tea, cup = stall.skus
    asks = [
        wish(stall.buyers[nth % 2], {tea: 1, cup: 2} if nth % 2 else {cup: 1, tea: 2}, now)
        for nth in range(40)
    ]

    answers = await way(shop, tenant_id, asks, now)

    assert all(isinstance(answer, Placed) for answer in answers), answers
    available = await shop.run(tenant_id, lambda tx: inventory.available(tx, stall.skus))
    assert available == {tea: 1000 - 60, cup: 1000 - 60}


@WAYS
async def test_the_same_id_at_once_is_one_order(  # type: ignore[no-untyped-def]
    shop: Database, tenant_id: TenantId, now: datetime, way
) -> None:
    stall = await stall_of(shop, tenant_id, now, buyers=2)
    order_id = uuid7(now)
    mine = [wish(stall.buyers[0], {stall.skus[0]: 1}, now, id=order_id) for _ in range(4)]

    answers = await way(shop, tenant_id, mine, now)

    assert len({answer.number for answer in answers}) == 1
    available = await shop.run(tenant_id, lambda tx: inventory.available(tx, stall.skus[:1]))
    assert available == {stall.skus[0]: 9}


@WAYS
async def test_the_same_id_from_two_people_at_once_is_one_order(  # type: ignore[no-untyped-def]
    shop: Database, tenant_id: TenantId, now: datetime, way
) -> None:
    stall = await stall_of(shop, tenant_id, now, buyers=2)
    order_id = uuid7(now)
    asks = [wish(buyer, {stall.skus[0]: 1}, now, id=order_id) for buyer in stall.buyers]

    answers = await way(shop, tenant_id, asks, now)

    assert Counter(type(answer) for answer in answers) == {Placed: 1, IdTakenByOther: 1}


async def test_two_shops_with_the_same_ids_do_not_meet(
    shop: Database, tenant_id: TenantId, now: datetime
) -> None:
    """An id is unique within its shop, and says nothing in another one."""
    other_id = TenantId(uuid7(now))
    here, there = (
        await stall_of(shop, tenant_id, now),
        await stall_of(shop, other_id, now),
    )
    order_id = uuid7(now)

    mine = await batched(
        shop, tenant_id, [wish(here.buyer, {here.skus[0]: 1}, now, id=order_id)], now
    )
    theirs = await batched(
        shop, other_id, [wish(there.buyer, {there.skus[0]: 1}, now, id=order_id)], now
    )
    foreign = await batched(shop, other_id, [wish(here.buyer, {here.skus[0]: 1}, now)], now)

    assert isinstance(mine[0], Placed)
    assert isinstance(theirs[0], Placed)
    assert isinstance(foreign[0], Refusal)
