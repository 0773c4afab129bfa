"""Prices: every line sums, nothing is lost in rounding, nothing goes below zero."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weike.trade.freight.rules import FreightRules, Template, Zone
from weike.trade.price.pricing import (
    Basket,
    Discount,
    Label,
    LinePrice,
    Step,
    add_freight,
    spread_refund,
    take_off,
)


def line(unit_price_minor: int, quantity: int = 1) -> LinePrice:
    return LinePrice(
        sku_id=UUID(int=1),
        product_id=UUID(int=2),
        category_id=None,
        title="明前龙井",
        spec_text="50g",
        image_url=None,
        quantity=quantity,
        unit_price_minor=unit_price_minor,
    )


def basket(*lines: LinePrice) -> Basket:
    return Basket(member_id=None, lines=lines)


baskets = st.lists(
    st.builds(line, st.integers(1, 10**7), st.integers(1, 99)), min_size=1, max_size=20
).map(lambda lines: basket(*lines))
LABEL = Label("trade.price.test")
discounts = st.lists(
    st.builds(
        Discount,
        label=st.just(LABEL),
        amount_minor=st.integers(0, 10**8),
        positions=st.just(()),
    ),
    max_size=6,
)
freights = st.builds(
    Zone, first_fee_minor=st.integers(0, 10_000), free_from_minor=st.integers(0, 10**8)
)


def flat(zone: Zone) -> list[Template]:
    """The one template of a shop, the same everywhere."""
    return [Template(id=UUID(int=9), rules=FreightRules(elsewhere=zone), is_default=True)]


def fee(zone: Zone, goods_paid_minor: int) -> int:
    free = 0 < zone.free_from_minor <= goods_paid_minor
    return 0 if free else zone.first_fee_minor


@given(baskets, discounts, freights)
def test_the_lines_sum_to_the_order(bought: Basket, offered: list[Discount], freight: Zone) -> None:
    priced = add_freight(take_off(bought, offered, rule="test", step=Step.MEMBER), flat(freight))

    assert priced.payable_minor == sum(line.paid_minor for line in priced.lines)
    assert priced.payable_minor == (
        priced.goods_minor - priced.discount_minor + priced.freight_minor
    )
    assert all(line.goods_paid_minor >= 0 for line in priced.lines)
    assert all(line.freight_share_minor >= 0 for line in priced.lines)
    assert priced.discount_minor == min(
        bought.goods_minor, sum(discount.amount_minor for discount in offered)
    )
    assert priced.freight_minor == fee(freight, bought.goods_minor - priced.discount_minor)


@given(baskets, st.data())
def test_a_discount_stays_on_its_lines(bought: Basket, data: st.DataObject) -> None:
    chosen = data.draw(st.sets(st.integers(0, len(bought.lines) - 1), min_size=1))
    discount = Discount(label=LABEL, amount_minor=10**6, positions=tuple(sorted(chosen)))

    priced = take_off(bought, [discount], rule="test", step=Step.COUPON_STORE)

    for position, (before, after) in enumerate(zip(bought.lines, priced.lines, strict=True)):
        if position not in chosen:
            assert after == before


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=20), st.data())
def test_refunding_all_returns_exactly_what_was_paid(paid: list[int], data: st.DataObject) -> None:
    refunded = [0] * len(paid)
    for _ in range(3):
        left = sum(paid) - sum(refunded)
        if not left:
            break
        amount = data.draw(st.integers(1, left))
        parts = spread_refund(amount, list(zip(paid, refunded, strict=True)))
        assert sum(part.refunded_minor for part in parts) == amount
        refunded = [part.cumulative_refunded_minor for part in parts]
        assert all(0 <= back <= full for back, full in zip(refunded, paid, strict=True))
    if left := sum(paid) - sum(refunded):
        parts = spread_refund(left, list(zip(paid, refunded, strict=True)))
        assert [part.cumulative_refunded_minor for part in parts] == paid


def test_more_than_is_left_cannot_be_refunded() -> None:
    with pytest.raises(ValueError, match="cannot be refunded"):
        spread_refund(101, [(100, 0)])


def test_ten_yuan_off_three_lines() -> None:
    """The example of docs/algorithms/pricing.md."""
    priced = add_freight(
        take_off(
            basket(line(3300), line(3300), line(3400)),
            [Discount(label=LABEL, amount_minor=1000)],
            rule="test",
            step=Step.FULL_REDUCTION,
        ),
        flat(Zone(first_fee_minor=800, free_from_minor=9900)),
    )

    assert [part.full_reduction_minor for part in priced.lines] == [330, 330, 340]
    assert [part.freight_share_minor for part in priced.lines] == [264, 264, 272]
    assert priced.payable_minor == 9800


def test_freight_of_goods_that_cost_nothing_is_spread_by_list_price() -> None:
    free = take_off(
        basket(line(100), line(300)),
        [Discount(label=LABEL, amount_minor=400)],
        rule="test",
        step=Step.POINTS,
    )

    priced = add_freight(free, flat(Zone(first_fee_minor=8)))

    assert [part.freight_share_minor for part in priced.lines] == [2, 6]
