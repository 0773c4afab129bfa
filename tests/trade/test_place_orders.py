"""Placing orders: each ask its own answer, each id one order, every amount in its column."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from tests.trade.builders import (
    Buyer,
    books_agree,
    codes,
    open_stall,
    placed,
    set_freight,
    told_of,
    wish,
)
from weike import inventory, ledger, trade
from weike.kernel import IdTakenByOther, Money, Tx, uuid7
from weike.trade import (
    Attribution,
    AttributionAsk,
    Basket,
    Discount,
    Label,
    OrderPlaced,
    Ports,
    PriceRule,
    Step,
)
from weike.trade.model import Placed

PORTS = Ports()


async def test_an_order_holds_stock_and_is_owed(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now, stock=10)

    order = await placed(tx, stall, now, lines={stall.skus[0]: 2, stall.skus[1]: 1})

    assert order.payable_minor == 2 * 12800 + 4500
    assert order.state == "placed"
    assert order.number == "261111000001"
    assert order.expires_at == now + timedelta(minutes=30)
    assert await inventory.available(tx, stall.skus) == {stall.skus[0]: 8, stall.skus[1]: 9}
    assert await ledger.balance(tx, "buyer_due") == Money(30100)
    assert await told_of(tx, order.id) == ["placed"]
    (event,) = [one for one in tx.announced() if isinstance(one, OrderPlaced)]
    assert (event.order_id, event.payable_minor) == (order.id, 30100)
    await books_agree(tx, now)


async def test_asking_twice_makes_one_order(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    ask = wish(stall.buyer, {stall.skus[0]: 1}, now)

    first = await trade.place_order(tx, PORTS, ask, now=now)
    again = await trade.place_order(tx, PORTS, ask, now=now + timedelta(minutes=1))

    assert again == first
    assert await inventory.available(tx, stall.skus[:1]) == {stall.skus[0]: 9}


async def test_asking_twice_in_one_batch_makes_one_order(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    ask = wish(stall.buyer, {stall.skus[0]: 1}, now)
    other = wish(stall.buyer, {stall.skus[0]: 2}, now, id=ask.order_id)

    first, twin, taken = await trade.place_orders(tx, PORTS, [ask, ask, other], now=now)

    assert isinstance(first, Placed)
    assert twin == first
    assert isinstance(taken, IdTakenByOther)


async def test_the_same_id_with_other_content_or_buyer_is_refused(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now, buyers=2)
    order_id = uuid7(now)
    mine = wish(stall.buyers[0], {stall.skus[0]: 1}, now, id=order_id)
    await trade.place_order(tx, PORTS, mine, now=now)

    answers = await trade.place_orders(
        tx,
        PORTS,
        [
            wish(stall.buyers[0], {stall.skus[0]: 2}, now, id=order_id),
            wish(stall.buyers[0], {stall.skus[0]: 1}, now, id=order_id, remark="快一点"),
            wish(stall.buyers[1], {stall.skus[0]: 1}, now, id=order_id),
        ],
        now=now,
    )

    assert codes(answers) == ["kernel.id_taken"] * 3


async def test_a_refusal_does_not_touch_its_neighbours(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now, stock=3, buyers=2)
    tea, cup = stall.skus
    stranger = Buyer(uuid7(now), stall.buyer.address_id)

    answers = await trade.place_orders(
        tx,
        PORTS,
        [
            wish(stall.buyers[0], {tea: 2}, now),
            wish(stall.buyers[1], {tea: 2, cup: 1}, now),
            wish(stall.buyers[1], {uuid7(now): 1}, now),
            wish(stranger, {cup: 1}, now),
            wish(stall.buyers[1], {cup: 3}, now),
            wish(stall.buyers[1], {tea: 1}, now),
            wish(stall.buyers[1], {tea: 1000}, now),
        ],
        now=now,
    )

    assert codes(answers) == [
        "placed",
        "trade.out_of_stock",
        "trade.not_for_sale",
        "trade.unknown_address",
        "placed",
        "placed",
        "trade.too_many_pieces",
    ]
    assert [answer.number for answer in answers if isinstance(answer, Placed)] == [
        "261111000001",
        "261111000002",
        "261111000003",
    ]
    await books_agree(tx, now)


async def test_nobody_gets_a_neighbours_address(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now, buyers=2)
    mine, thief = stall.buyers
    robbed = Buyer(thief.member_id, mine.address_id)

    answers = await trade.place_orders(
        tx,
        PORTS,
        [
            wish(mine, {stall.skus[0]: 1}, now),
            wish(robbed, {stall.skus[0]: 1}, now),
            wish(mine, {stall.skus[0]: 1}, now),
        ],
        now=now,
    )

    assert codes(answers) == ["placed", "trade.unknown_address", "placed"]


async def test_freight_is_part_of_the_lines(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now, prices=(3000, 1000))
    await set_freight(tx, fee_minor=1001, free_from_minor=5000)

    order = await placed(tx, stall, now, lines={stall.skus[0]: 1, stall.skus[1]: 1})
    free = await placed(tx, stall, now, lines={stall.skus[0]: 2})

    assert (order.payable_minor, free.payable_minor) == (5001, 6000)
    rows = await tx.fetch(
        "select l.freight_share_minor, l.paid_minor from trade.order_lines l "
        "where l.tenant_id = $1 and l.order_id = $2 order by l.position",
        tx.tenant_id,
        order.id,
    )
    assert [tuple(row) for row in rows] == [(751, 3751), (250, 1250)]


class TenPercentOff(PriceRule):
    """A price rule as a campaign will bring one."""

    name = "ten_percent_off"
    step = Step.MEMBER

    async def discounts_for(
        self, tx: Tx, baskets: Sequence[Basket], *, now: datetime
    ) -> Sequence[Sequence[Discount]]:
        return [
            [Discount(label=Label("trade.price.test"), amount_minor=basket.goods_minor // 10)]
            for basket in baskets
        ]


class BroughtByLin:
    """An attribution as distribution will give one."""

    def __init__(self, promoter_id: UUID) -> None:
        self.promoter_id = promoter_id

    async def for_orders(
        self, tx: Tx, asks: Sequence[AttributionAsk], *, now: datetime
    ) -> list[Attribution]:
        return [
            Attribution(promoter_id=self.promoter_id, source="share")
            if ask.share_code
            else Attribution()
            for ask in asks
        ]


async def test_rules_and_attribution_come_through_the_ports(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    lin = uuid7(now)
    ports = Ports(attribution=BroughtByLin(lin), price_rules=(TenPercentOff(),))

    await trade.place_orders(
        tx,
        ports,
        [
            wish(stall.buyer, {stall.skus[0]: 1}, now, share_code="abc"),
            wish(stall.buyer, {stall.skus[1]: 1}, now),
        ],
        now=now,
    )

    brought, alone = (one for one in tx.announced() if isinstance(one, OrderPlaced))
    assert (brought.promoter_id, brought.payable_minor) == (lin, 11520)
    assert (alone.promoter_id, alone.payable_minor) == (None, 4050)
    columns = await tx.fetch(
        "select l.list_minor, l.member_minor, l.paid_minor from trade.order_lines l "
        "where l.tenant_id = $1 order by l.list_minor desc",
        tx.tenant_id,
    )
    assert [tuple(row) for row in columns] == [(12800, 1280, 11520), (4500, 450, 4050)]


async def test_what_was_bought_leaves_the_cart(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    tea, cup = stall.skus
    for sku_id in (tea, cup):
        await trade.put_in_cart(
            tx, member_id=stall.buyer.member_id, sku_id=sku_id, quantity=1, now=now
        )
    await trade.place_orders(tx, PORTS, [wish(stall.buyer, {tea: 1}, now, from_cart=True)], now=now)

    left = await trade.put_in_cart(
        tx, member_id=stall.buyer.member_id, sku_id=cup, quantity=3, now=now
    )

    assert [(line.sku_id, line.quantity) for line in left.lines] == [(cup, 3)]
    assert left.goods_minor == 13500


@pytest.mark.parametrize("size", [1, 7, 40])
async def test_the_number_of_statements_does_not_depend_on_the_batch(
    tx: Tx, now: datetime, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    stall = await open_stall(tx, now, stock=100)
    asks = [wish(stall.buyer, {stall.skus[0]: 1, stall.skus[1]: 1}, now) for _ in range(size)]
    sent = 0

    class Counting(Tx):
        async def fetch(self, sql: str, *args: object) -> list:  # type: ignore[type-arg]
            nonlocal sent
            sent += 1
            return await super().fetch(sql, *args)

        async def fetchrow(self, sql: str, *args: object):  # type: ignore[no-untyped-def]
            nonlocal sent
            sent += 1
            return await super().fetchrow(sql, *args)

        async def execute(self, sql: str, *args: object) -> int:
            nonlocal sent
            sent += 1
            return await super().execute(sql, *args)

    counting = Counting(tx._connection, tx.tenant_id)
    answers = await trade.place_orders(counting, PORTS, asks, now=now)

    assert codes(answers) == ["placed"] * size
    assert sent == 3
