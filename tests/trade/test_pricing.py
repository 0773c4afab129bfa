"""Prices by example; what holds for all of them is in `test_price_properties`."""

from uuid import UUID

from weike.trade.freight.rules import FreightRules, Template, Zone
from weike.trade.price.pricing import (
    Basket,
    Discount,
    Label,
    LinePrice,
    Step,
    add_freight,
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


LABEL = Label("trade.price.test")


def flat(zone: Zone) -> list[Template]:
    """The one template of a shop, the same everywhere."""
    return [Template(id=UUID(int=9), rules=FreightRules(elsewhere=zone), is_default=True)]


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


def test_an_activity_closes_later_steps_to_its_lines() -> None:
    flash = Discount(
        label=LABEL,
        amount_minor=500,
        positions=(0,),
        excludes=frozenset({Step.FULL_REDUCTION, Step.COUPON_STORE}),
    )
    bought = take_off(basket(line(1000), line(1000)), [flash], rule="flash", step=Step.ACTIVITY)
    everything = Discount(label=LABEL, amount_minor=1200)

    member = take_off(bought, [everything], rule="member", step=Step.MEMBER)
    coupon = take_off(bought, [everything], rule="coupon", step=Step.COUPON_STORE)
    on_it = take_off(
        bought,
        [Discount(label=LABEL, amount_minor=100, positions=(0,))],
        rule="coupon",
        step=Step.COUPON_STORE,
    )

    assert [part.member_minor for part in member.lines] == [400, 800]
    assert [part.coupon_store_minor for part in coupon.lines] == [0, 1000]
    assert on_it == bought
    assert [(note.rule, note.amount_minor) for note in coupon.notes] == [
        ("flash", 500),
        ("coupon", 1000),
    ]


def test_a_rule_may_send_everything_for_nothing() -> None:
    free = Discount(label=LABEL, amount_minor=0, waives_freight=True)
    bought = take_off(basket(line(1000)), [free], rule="level", step=Step.MEMBER)

    assert add_freight(bought, flat(Zone(first_fee_minor=800))).payable_minor == 1000
    assert [(note.rule, note.amount_minor) for note in bought.notes] == [("level", 0)]
