"""The margin guard: what an order leaves its merchant, and who is refused when it is less than
nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import pytest

from tests.trade.builders import allow_losses, codes, open_stall, wish
from weike import trade
from weike.distribution.estimate import commission_of
from weike.distribution.model import DEFAULT_PROGRAMME
from weike.kernel import Tx
from weike.trade import Attribution, Basket, Discount, Label, PriceRule, Step
from weike.trade.price.margin import margin_minor
from weike.trade.price.pricing import LinePrice


def a_line(paid: int, cost: int | None, *, freight: int = 0) -> LinePrice:
    return LinePrice(
        sku_id=UUID(int=1),
        product_id=UUID(int=2),
        category_id=None,
        title="明前龙井",
        spec_text="",
        image_url=None,
        quantity=1,
        unit_price_minor=paid,
        cost_minor=cost,
        freight_share_minor=freight,
    )


@pytest.mark.parametrize(
    ("lines", "commission", "margin"),
    [
        ([a_line(10000, 6000)], {}, 10000 - 6000 - 60),
        ([a_line(10000, 6000)], {0: 4000}, -60),
        ([a_line(10000, 6000), a_line(1, None)], {0: 3000, 1: 999}, 940),
        ([a_line(10000, 10000), a_line(20000, 19000)], {}, 1000 - 180),
        ([a_line(10000, 9000, freight=800)], {}, 1000 - 65),
        ([a_line(1, None)], {}, 0),
    ],
)
def test_what_is_left_of_lines_of_known_cost(
    lines: list[LinePrice], commission: dict[int, int], margin: int
) -> None:
    basket = Basket(member_id=None, lines=tuple(lines))
    assert margin_minor(basket, commission, fee_bp=60) == margin


def test_the_estimate_is_the_commission_that_will_be_paid() -> None:
    line = trade.EstimateLine(
        position=0,
        product_id=UUID(int=1),
        category_id=None,
        goods_paid_minor=10000,
        cost_minor=9400,
        commission_rate_bp=None,
    )
    assert commission_of(line, DEFAULT_PROGRAMME) == 600


class Off(PriceRule):
    """So much off every order."""

    name = "off"
    step = Step.COUPON_STORE

    def __init__(self, amount_minor: int) -> None:
        self._amount_minor = amount_minor

    async def discounts_for(
        self, tx: Tx, baskets: Sequence[Basket], *, now: datetime
    ) -> list[list[Discount]]:
        off = Discount(label=Label("trade.price.test"), amount_minor=self._amount_minor)
        return [[off] for _ in baskets]


class TenPercent:
    """Everybody was brought by somebody who earns a tenth."""

    asked = 0

    async def for_orders(
        self, tx: Tx, asks: Sequence[trade.AttributionAsk], *, now: datetime
    ) -> list[Attribution]:
        return [Attribution(promoter_id=UUID(int=5), source="relation") for _ in asks]

    async def estimate(
        self, tx: Tx, asks: Sequence[trade.CommissionAsk], *, now: datetime
    ) -> list[dict[int, int]]:
        self.asked += 1
        return [{line.position: line.goods_paid_minor // 10 for line in ask.lines} for ask in asks]


# Of 128.00 half is the cost: 64.00 are left, and the channel keeps 60 bp of what is paid.
@pytest.mark.parametrize(
    ("off", "brought", "answer"),
    [
        (6361, False, "placed"),
        (6362, False, "trade.margin_below_zero"),
        (5600, True, "placed"),
        (5700, True, "trade.margin_below_zero"),
    ],
)
async def test_who_would_lose_money_is_refused(
    tx: Tx, now: datetime, off: int, brought: bool, answer: str
) -> None:
    stall = await open_stall(tx, now)
    promoters = TenPercent()
    more = {"attribution": promoters, "commission": promoters} if brought else {}
    ports = trade.Ports(price_rules=(Off(off),), **more)  # type: ignore[arg-type]

    answers = await trade.place_orders(
        tx, ports, [wish(stall.buyer, {stall.skus[0]: 1}, now)], now=now
    )

    assert codes(answers) == [answer]
    assert promoters.asked == int(brought)


async def test_a_merchant_may_want_to_lose_money(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    await allow_losses(tx)
    ports = trade.Ports(price_rules=(Off(12700),))
    (answer,) = await trade.place_orders(
        tx, ports, [wish(stall.buyer, {stall.skus[0]: 1}, now)], now=now
    )
    assert codes([answer]) == ["placed"]


async def test_what_nobody_knows_is_not_judged(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    await tx.execute(
        "update catalog.skus s set cost_minor = null where s.tenant_id = $1", tx.tenant_id
    )
    ports = trade.Ports(price_rules=(Off(12799),))
    answers = await trade.place_orders(
        tx, ports, [wish(stall.buyer, {stall.skus[0]: 1}, now)], now=now
    )
    assert codes(answers) == ["placed"]
