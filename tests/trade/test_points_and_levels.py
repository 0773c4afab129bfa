"""Points and levels around an order: what it costs, what it earns, what a refund turns back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trade.builders import (
    Stall,
    allow_losses,
    books_agree,
    deliver,
    open_stall,
    pay_at_provider,
    placed,
    refund_at_provider,
    shipped,
    wish,
)
from weike import catalog, members, trade
from weike.kernel import Refusal, Tx, uuid7
from weike.ledger import points
from weike.ledger.points import Grant, Settings, Spend
from weike.members import Level, LevelSettings
from weike.trade import Choices
from weike.trade.after_sale.model import AskAfterSale, AskedPieces
from weike.trade.model import Actor
from weike.trade.points.model import LineStands, earned_back, end_of_life, points_back
from weike.trade.points.reckon import reckon, reward_review
from weike.trade.price.member_prices import MemberPrices
from weike.trade.price.points import PointsRule

PORTS = trade.Ports(price_rules=(MemberPrices(), PointsRule()))
WEEK = timedelta(days=8)
STAFF = Actor("staff", UUID(int=7))


async def open_points(tx: Tx, now: datetime, *, levels: bool = True, **more: object) -> Stall:
    stall = await open_stall(tx, now, prices=(12_800, 4_500))
    await allow_losses(tx)
    settings = Settings(enabled=True, per_yuan=1, value_minor=1, most_share_bp=5000, least=100)
    await points.put_settings(tx, replace_settings(settings, **more), actor="test", now=now)
    if levels:
        await members.put_levels(
            tx,
            [
                Level(id=uuid7(now), name="普通会员", growth_from=0),
                Level(
                    id=uuid7(now),
                    name="银卡会员",
                    name_en="Silver",
                    growth_from=100,
                    discount_bp=500,
                    points_bp=15_000,
                    free_freight=True,
                ),
            ],
            LevelSettings(),
            actor="test",
            now=now,
        )
    return stall


def replace_settings(settings: Settings, **more: object) -> Settings:
    return Settings(**{**{f: getattr(settings, f) for f in settings.__struct_fields__}, **more})


async def give(tx: Tx, member_id: UUID, amount: int, now: datetime) -> None:
    one = Grant(
        id=uuid7(now),
        member_id=member_id,
        points=amount,
        source_type="adjustment",
        source_id=uuid7(now),
        expires_at=now + timedelta(days=300),
    )
    await points.grant(tx, [one], now=now)


async def has(tx: Tx, stall: Stall, now: datetime) -> tuple[int, int]:
    """(available, pending)"""
    balance = await points.balance_of(tx, stall.buyer.member_id, now=now)
    return balance.available, balance.pending


async def settled(tx: Tx, stall: Stall, now: datetime, **more: object) -> UUID:
    order = await shipped(tx, stall, now, ports=PORTS, **more)
    await trade.receive_order(tx, order_id=order.id, member_id=stall.buyer.member_id, now=now)
    await deliver(tx, stall, now)
    await trade.settle_due(tx, now + WEEK)
    await deliver(tx, stall, now + WEEK)
    return order.id


async def agrees(tx: Tx, now: datetime) -> None:
    await books_agree(tx, now)
    (check,) = await points.points_check(tx)
    assert check.ok, check


async def test_an_order_earns_points_that_wait_for_the_after_sale_window(
    tx: Tx, now: datetime
) -> None:
    stall = await open_points(tx, now)
    order = await shipped(tx, stall, now, ports=PORTS)
    assert await has(tx, stall, now) == (0, 0)

    await trade.receive_order(tx, order_id=order.id, member_id=stall.buyer.member_id, now=now)
    await deliver(tx, stall, now)
    assert await has(tx, stall, now) == (0, 128)

    await trade.settle_due(tx, now + WEEK)
    await deliver(tx, stall, now + WEEK)
    assert await has(tx, stall, now + WEEK) == (128, 0)
    # Growth comes with the settlement, and with it the level.
    level = (await members.levels_of(tx, [stall.buyer.member_id]))[stall.buyer.member_id]
    assert level.name == "银卡会员"
    for _ in range(2):
        await reckon(tx, order.id, now=now + WEEK)
    assert await has(tx, stall, now + WEEK) == (128, 0)
    await agrees(tx, now)


async def test_a_member_price_and_more_points_for_the_next_order(tx: Tx, now: datetime) -> None:
    stall = await open_points(tx, now)
    await settled(tx, stall, now)
    later = now + WEEK

    order = await placed(tx, stall, later, lines={stall.skus[0]: 3}, ports=PORTS)

    # 5 % of 128.00 is 6.40 per piece.
    assert order.payable_minor == 3 * (12_800 - 640)
    row = await tx.fetchrow(
        "select l.member_minor, l.points_minor from trade.order_lines l "
        "where l.tenant_id = $1 and l.order_id = $2",
        tx.tenant_id,
        order.id,
    )
    assert row is not None
    assert (row["member_minor"], row["points_minor"]) == (1920, 0)
    stall.delivered = len(tx.announced())
    await settled(tx, stall, later, lines={stall.skus[0]: 1})
    # floor(121.60 x 1.5)
    assert await has(tx, stall, later + WEEK) == (128 + 182, 0)


async def test_a_product_may_have_its_own_member_price_or_none(tx: Tx, now: datetime) -> None:
    stall = await open_points(tx, now)
    await settled(tx, stall, now)
    found = await catalog.skus_for_sale(tx, stall.skus)
    for sku_id, pricing, own in ((stall.skus[0], "fixed", 9_900), (stall.skus[1], "none", None)):
        await catalog.put_member_prices(
            tx,
            found[sku_id].product_id,
            catalog.MemberPrices(
                member_pricing=pricing,  # type: ignore[arg-type]
                skus=(catalog.SkuMemberPrice(sku_id=sku_id, member_price_minor=own),),
            ),
        )

    order = await placed(tx, stall, now + WEEK, lines=dict.fromkeys(stall.skus, 2), ports=PORTS)

    assert order.payable_minor == 2 * 9_900 + 2 * 4_500


async def test_points_pay_a_part_and_no_more_than_the_shop_allows(tx: Tx, now: datetime) -> None:
    stall = await open_points(tx, now)
    await give(tx, stall.buyer.member_id, 9_000, now)

    async def asks(number: int) -> str | int:
        ask = wish(stall.buyer, {stall.skus[0]: 1}, now, choices=Choices(points=number))
        (answer,) = await trade.place_orders(tx, PORTS, [ask], now=now)
        return answer.code if isinstance(answer, Refusal) else answer.payable_minor

    assert await asks(6_401) == "trade.too_many_points"
    assert await asks(99) == "trade.too_many_points"
    assert await asks(6_400) == 6_400
    assert await has(tx, stall, now) == (2_600, 0)
    # What is left is not enough for as much again.
    assert await asks(2_601) == "trade.too_many_points"
    await agrees(tx, now)


async def test_two_orders_of_one_batch_share_the_points_that_are_there(
    tx: Tx, now: datetime
) -> None:
    stall = await open_points(tx, now)
    await give(tx, stall.buyer.member_id, 500, now)
    asks = [
        wish(stall.buyer, {stall.skus[0]: 1}, now, choices=Choices(points=400)) for _ in range(2)
    ]

    answers = await trade.place_orders(tx, PORTS, asks, now=now)

    assert [isinstance(answer, Refusal) for answer in answers] == [False, True]
    assert await has(tx, stall, now) == (100, 0)
    await agrees(tx, now)


async def test_an_order_that_is_never_paid_gives_its_points_back(tx: Tx, now: datetime) -> None:
    stall = await open_points(tx, now)
    await give(tx, stall.buyer.member_id, 500, now)
    ask = wish(stall.buyer, {stall.skus[0]: 1}, now, choices=Choices(points=400))
    order = await trade.place_order(tx, PORTS, ask, now=now)
    assert await has(tx, stall, now) == (100, 0)

    member = Actor("member", stall.buyer.member_id)
    for _ in range(2):
        await trade.cancel_order(tx, PORTS, order_id=order.id, actor=member, reason="", now=now)

    assert await has(tx, stall, now) == (500, 0)
    await agrees(tx, now)


async def test_a_refund_gives_back_the_points_the_order_was_paid_with(
    tx: Tx, now: datetime
) -> None:
    stall = await open_points(tx, now)
    await give(tx, stall.buyer.member_id, 500, now)
    ask = wish(stall.buyer, {stall.skus[0]: 1}, now, choices=Choices(points=400))
    order = await trade.place_order(tx, PORTS, ask, now=now)
    await pay_at_provider(tx, stall, order, now)
    await deliver(tx, stall, now)
    await trade.refund_order(
        tx, refund_id=uuid7(now), order_id=order.id, actor=STAFF, reason="", now=now
    )
    await refund_at_provider(tx, stall, order.id, now)
    await deliver(tx, stall, now)

    assert await has(tx, stall, now) == (500, 0)
    await agrees(tx, now)


async def test_a_refund_after_settlement_takes_points_and_the_level_back(
    tx: Tx, now: datetime
) -> None:
    stall = await open_points(tx, now)
    order_id = await settled(tx, stall, now)
    later = now + WEEK
    # Most of them are spent already: what is missing is owed.
    one = Spend(
        id=uuid7(now),
        member_id=stall.buyer.member_id,
        points=100,
        source_type="order",
        source_id=uuid7(now),
    )
    assert await points.spend(tx, [one], now=later) == {}

    ask = AskAfterSale(
        id=uuid7(now),
        order_id=order_id,
        kind="price_difference",
        lines=(AskedPieces(0, 0),),
        reason_code="agreed_with_seller",
        amount_minor=6_400,
    )
    await trade.ask_after_sale(tx, ask, actor=STAFF, now=later)
    await refund_at_provider(tx, stall, order_id, later)
    await deliver(tx, stall, later)

    assert await has(tx, stall, later) == (28 - 64, 0)
    level = (await members.levels_of(tx, [stall.buyer.member_id]))[stall.buyer.member_id]
    assert level.name == "普通会员"
    await give(tx, stall.buyer.member_id, 50, later)
    assert await has(tx, stall, later) == (14, 0)
    await agrees(tx, later)


async def test_a_review_earns_the_same_whatever_it_says_and_once(tx: Tx, now: datetime) -> None:
    stall = await open_points(tx, now)
    review = uuid7(now)

    for _ in range(2):
        await reward_review(tx, review, stall.buyer.member_id, now=now)

    assert await has(tx, stall, now) == (20, 0)
    await agrees(tx, now)


async def test_levels_are_read_with_everything_else(tx: Tx, now: datetime) -> None:
    """Placing is what everybody does at once."""
    stall = await open_points(tx, now)
    asks = [wish(stall.buyer, {stall.skus[0]: 1}, now) for _ in range(5)]
    counted: dict[str, int] = {}
    for name, ports in (("plain", trade.Ports()), ("with rules", PORTS)):
        sent = Counting(tx)
        await trade.place_orders(sent, ports, asks[:2] if name == "plain" else asks[2:], now=now)
        counted[name] = sent.count

    assert counted["with rules"] == counted["plain"]


class Counting(Tx):
    """A transaction that counts what it sends."""

    __slots__ = ("count",)

    def __init__(self, tx: Tx) -> None:
        super().__init__(tx._connection, tx.tenant_id)
        self.count = 0

    async def fetch(self, sql: str, *args: object):  # type: ignore[no-untyped-def]
        self.count += 1
        return await super().fetch(sql, *args)

    async def fetchrow(self, sql: str, *args: object):  # type: ignore[no-untyped-def]
        self.count += 1
        return await super().fetchrow(sql, *args)

    async def fetchval(self, sql: str, *args: object):  # type: ignore[no-untyped-def]
        self.count += 1
        return await super().fetchval(sql, *args)

    async def execute(self, sql: str, *args: object) -> int:
        self.count += 1
        return await super().execute(sql, *args)


lines = st.lists(
    st.builds(
        lambda quantity, goods, pts, back: LineStands(
            quantity=quantity,
            goods_minor=goods,
            goods_refunded_minor=min(goods, goods * back // 100),
            refunded_quantity=quantity * back // 100,
            points_minor=pts,
        ),
        st.integers(1, 9),
        st.integers(0, 10**6),
        st.integers(0, 10**5),
        st.integers(0, 100),
    ),
    min_size=1,
    max_size=6,
)


@given(lines, st.integers(0, 10**5))
def test_never_more_points_come_back_than_were_spent(given_: list[LineStands], spent: int) -> None:
    assert 0 <= points_back(given_, spent) <= spent
    whole = [
        replace(one, goods_refunded_minor=one.goods_minor, refunded_quantity=one.quantity)
        for one in given_
    ]
    assert points_back(whole, spent) == spent


@given(st.integers(1, 10**6), st.integers(1, 10**8), st.integers(0, 10**8))
def test_what_was_earned_goes_with_what_was_paid(earned: int, base: int, refunded: int) -> None:
    back = earned_back(earned, base_minor=base, refunded_minor=refunded)
    assert 0 <= back <= earned
    assert earned_back(earned, base_minor=base, refunded_minor=base) == earned
    assert earned_back(earned, base_minor=base, refunded_minor=0) == 0


@pytest.mark.parametrize(
    ("months", "expected"),
    [(0, None), (1, "2026-12-12T00:00:00+08:00"), (3, "2027-02-12T00:00:00+08:00")],
)
def test_points_live_to_the_end_of_a_day(now: datetime, months: int, expected: str | None) -> None:
    ends = end_of_life(now, months=months, time_zone="Asia/Shanghai")
    assert (ends and ends.isoformat()) == expected


def test_the_last_of_a_long_month_ends_in_a_short_one() -> None:
    day = datetime.fromisoformat("2026-01-31T20:00:00+08:00")
    ends = end_of_life(day, months=1, time_zone="Asia/Shanghai")
    assert ends is not None
    assert ends.isoformat() == "2026-03-01T00:00:00+08:00"
