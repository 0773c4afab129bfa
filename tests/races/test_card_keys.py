"""Card keys under concurrency, with real commits: each is given once, and the stock is the keys.
Pick-up codes: of two counters, one hands over."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime
from uuid import UUID

import pytest

from tests.databases import FreshDatabases, Urls
from tests.members.builders import seal
from tests.trade.builders import Stall, a_buyer, open_stall, wish
from tests.trade.fulfilling import SECRET, STAFF, a_sku_of
from weike import inventory, trade
from weike.catalog import ProductKind
from weike.kernel import Database, Money, TenantId, Tx, uuid7
from weike.trade.errors import PickupCodeUsed
from weike.trade.fulfilment.deliver_at_payment import deliver_at_payment
from weike.trade.fulfilment.keys.keep_keys import KeySeal, keys_of_order, upload_keys
from weike.trade.fulfilment.pickup import queries as pickup
from weike.trade.fulfilment.pickup.codes import CodeSeal, make_ready, my_pickup_code, write_off
from weike.trade.model import Delivery, Placed
from weike.trade.order.accept_payment import accept_payment

BUYERS = 24
KEYS = KeySeal(SECRET)
CODES = CodeSeal(SECRET)


@pytest.fixture
async def shop(fresh_databases: FreshDatabases, fresh_urls: Urls) -> Database:
    return await fresh_databases.open(fresh_urls, listeners={}, size=16)


async def accept(tx: Tx, order: Placed, now: datetime) -> None:
    await accept_payment(
        tx,
        order_id=order.id,
        intent_id=uuid7(now),
        amount=Money(order.payable_minor),
        paid_at=now,
        now=now,
    )


async def test_every_key_is_given_once_whoever_delivers_at_the_same_moment(
    shop: Database, tenant_id: TenantId, now: datetime
) -> None:
    async def begin(tx: Tx) -> tuple[Stall, UUID, UUID]:
        stall = await open_stall(tx, now, buyers=BUYERS)
        sku = await a_sku_of(tx, now, ProductKind.CARD_KEY)
        text = "\n".join(f"KEY-{number:03d}" for number in range(2 * BUYERS))
        await upload_keys(
            tx, KEYS, sku_id=sku, batch_id=uuid7(now), text=text, actor=STAFF, now=now
        )
        product = await tx.fetchval(
            "select s.product_id from catalog.skus s where s.tenant_id = $1 and s.id = $2",
            tx.tenant_id,
            sku,
        )
        return stall, sku, product

    stall, sku, product = await shop.run(tenant_id, begin)
    orders: list[Placed] = []
    for buyer in stall.buyers:
        ask = wish(buyer, {sku: 2}, now)

        async def buy(tx: Tx, ask: trade.PlaceOrder = ask) -> Placed:
            placed = await trade.place_order(tx, trade.Ports(), ask, now=now)
            await accept(tx, placed, now)
            return placed

        orders.append(await shop.run(tenant_id, buy))

    async def hand_over(order: Placed) -> None:
        # Twice at once for every order, as a relay that was restarted may do.
        await shop.run(
            tenant_id,
            lambda tx: deliver_at_payment(tx, order_id=order.id, product_ids=[product], now=now),
        )

    await asyncio.gather(*(hand_over(order) for order in [*orders, *orders]))

    async def look(tx: Tx) -> None:
        given: list[str] = []
        for order in orders:
            (line,) = await keys_of_order(tx, KEYS, order_id=order.id)
            assert len(line.keys) == 2
            given += [key.secret for key in line.keys]
        assert set(Counter(given).values()) == {1}
        assert len(given) == 2 * BUYERS
        assert await inventory.on_hand(tx, [sku]) == {sku: 0}
        assert (await trade.counts_by_state(tx))["shipped"] == BUYERS

    await shop.run(tenant_id, look)


async def test_of_two_counters_one_hands_over(
    shop: Database, tenant_id: TenantId, now: datetime
) -> None:
    async def begin(tx: Tx) -> str:
        stall = await open_stall(tx, now)
        buyer = await a_buyer(tx, now)
        point = pickup.PickupPoint(
            id=uuid7(now),
            name="门店",
            region_code="330106",
            province="浙江省",
            city="杭州市",
            district="西湖区",
            street="龙井路 1 号",
            hours="",
            phone="",
            is_on=True,
            position=0,
        )
        await pickup.put_point(tx, point, now=now)
        ask = trade.PlaceOrder(
            order_id=uuid7(now),
            member_id=buyer.member_id,
            lines=(trade.AskedLine(stall.skus[0], 1),),
            delivery=Delivery(
                kind="pickup",
                pickup_point_id=point.id,
                contact_name="林小满",
                contact_phone="13800000001",
            ),
        )
        ports = trade.Ports(pickup=trade.PickupPlaces(seal))
        placed = await trade.place_order(tx, ports, ask, now=now)
        await accept(tx, placed, now)
        await make_ready(tx, CODES, order_id=placed.id, actor=STAFF, now=now)
        return (await my_pickup_code(tx, CODES, order_id=placed.id, member_id=buyer.member_id)).code

    code = await shop.run(tenant_id, begin)

    async def counter() -> UUID:
        return await shop.run(
            tenant_id, lambda tx: write_off(tx, CODES, code=code, actor=STAFF, now=now)
        )

    answers = await asyncio.gather(*(counter() for _ in range(6)), return_exceptions=True)
    assert sum(isinstance(answer, UUID) for answer in answers) == 1
    assert sum(isinstance(answer, PickupCodeUsed) for answer in answers) == 5
