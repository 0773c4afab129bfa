"""What holds for every basket, every rule, every template and every sequence of refunds.

A seed makes the example: thousands of baskets cost less that way than drawn number by number, and
the seed is all that is needed to see one again. WEIKE_TEST_EXAMPLES asks for more of them.
"""

from __future__ import annotations

import os
from fractions import Fraction
from random import Random
from uuid import UUID

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from weike.trade.freight.rules import FreightRules, RegionZone, Template, Zone, fee_of, zone_for
from weike.trade.price.pricing import (
    Basket,
    Discount,
    Label,
    LinePrice,
    Step,
    add_freight,
    take_off,
)
from weike.trade.price.refunding import (
    LineMoney,
    Part,
    everything_left,
    goods_part,
    pieces_part,
    spread,
)

EXAMPLES = int(os.environ.get("WEIKE_TEST_EXAMPLES", "10000"))
LABEL = Label("trade.price.test")
REGIONS = ("110101", "330106", "440305", "440106", "540102", "650102")
seeds = st.integers(0, 2**63 - 1)
examples = settings(max_examples=EXAMPLES, deadline=None)


def chance(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - an example, not a secret


def an_amount(random: Random, most: int) -> int:
    """Small, ordinary or huge: most mistakes of rounding live among the small ones."""
    return random.choice((random.randint(0, 9), random.randint(0, 3_000), random.randint(0, most)))


def a_line(random: Random) -> LinePrice:
    return LinePrice(
        sku_id=UUID(int=random.getrandbits(64)),
        product_id=UUID(int=2),
        category_id=None,
        title="明前龙井",
        spec_text="",
        image_url=None,
        quantity=random.randint(1, 12),
        unit_price_minor=max(1, an_amount(random, 10**7)),
        is_carried=random.random() < 0.9,
        weight_g=random.choice((0, random.randint(0, 20_000))),
        freight_template_id=random.choice((None, UUID(int=1), UUID(int=2), UUID(int=77))),
    )


def a_zone(random: Random) -> dict[str, int]:
    return {
        "first_units": random.randint(1, 5_000),
        "first_fee_minor": an_amount(random, 5_000),
        "step_units": random.choice((0, random.randint(1, 2_000))),
        "step_fee_minor": an_amount(random, 2_000),
        "free_from_minor": random.choice((0, random.randint(1, 50_000))),
        "free_from_pieces": random.choice((0, 0, random.randint(1, 20))),
    }


def a_template(random: Random, number: int) -> Template:
    regions = random.sample(("11", "33", "44", "4403", "440305", "54", "65"), 4)
    rules = FreightRules(
        measure=random.choice(("piece", "weight", "amount")),
        elsewhere=Zone(**a_zone(random)),
        zones=[RegionZone(regions=regions[:2], **a_zone(random))],
        not_delivered=regions[2:3] if random.random() < 0.2 else [],
    )
    return Template(id=UUID(int=number), is_default=number == 1, rules=rules)


def a_discount(random: Random, lines: int) -> Discount:
    positions = random.sample(range(lines), random.randint(1, lines))
    return Discount(
        label=LABEL,
        amount_minor=an_amount(random, 10**8),
        positions=random.choice(((), tuple(sorted(positions)))),
        excludes=frozenset(random.sample(tuple(Step), random.choice((0, 0, 1, 3)))),
        waives_freight=random.random() < 0.03,
    )


def a_basket(random: Random) -> Basket:
    return Basket(
        member_id=None,
        lines=tuple(a_line(random) for _ in range(random.randint(1, 8))),
        region_code=random.choice((None, *REGIONS)),
        delivery_kind=random.choice(("express", "express", "express", "pickup")),
    )


def priced(random: Random) -> Basket:
    basket = a_basket(random)
    for number, step in enumerate(Step):
        offered = [
            a_discount(random, len(basket.lines)) for _ in range(random.choice((0, 0, 1, 2)))
        ]
        basket = take_off(basket, offered, rule=f"rule {number}", step=step)
    return add_freight(basket, [a_template(random, number) for number in (1, 2)])


@examples
@given(seeds)
def test_the_lines_sum_to_the_order_and_none_is_negative(seed: int) -> None:
    basket = priced(chance(seed))

    assert sum(line.paid_minor for line in basket.lines) == basket.payable_minor
    assert basket.payable_minor == (
        basket.goods_minor - basket.discount_minor + basket.freight_minor
    )
    assert basket.payable_minor >= 0
    for line in basket.lines:
        assert line.goods_paid_minor >= 0
        assert line.freight_share_minor >= 0
        for step in Step:
            assert getattr(line, f"{step.value}_minor") >= 0
    # What the order remembers is what stands in the columns.
    for step in Step:
        column = sum(getattr(line, f"{step.value}_minor") for line in basket.lines)
        assert column == sum(one.amount_minor for one in basket.taken if one.step is step)
    assert sum(part.fee_minor for part in basket.freight) == basket.freight_minor


@examples
@given(seeds)
def test_a_discount_is_shared_by_the_largest_remainders(seed: int) -> None:
    """Every part is the exact share rounded down or up; who is rounded up has a fraction no
    smaller than who is not; no more is taken than the open lines cost."""
    random = chance(seed)
    before = a_basket(random)
    lines = len(before.lines)
    first = msgspec.structs.replace(a_discount(random, lines), waives_freight=False)
    before = take_off(before, [first], rule="first", step=Step.ACTIVITY)
    discount = msgspec.structs.replace(a_discount(random, lines), waives_freight=False)

    after = take_off(before, [discount], rule="second", step=Step.FULL_REDUCTION)

    open_lines = [
        position
        for position in before.open_to(Step.FULL_REDUCTION)
        if not discount.positions or position in discount.positions
    ]
    left = {position: before.lines[position].goods_paid_minor for position in open_lines}
    amount = min(discount.amount_minor, sum(left.values()))
    parts = [line.full_reduction_minor for line in after.lines]
    assert sum(parts) == amount
    ups, downs = [Fraction(1)], [Fraction(0)]
    for position, part in enumerate(parts):
        exact = (
            Fraction(amount * left[position], sum(left.values()))
            if left.get(position)
            else Fraction(0)
        )
        down = exact.__floor__()
        assert part in (down, down + 1)
        assert part <= left.get(position, 0)
        if part > down:
            ups.append(exact - down)
        else:
            downs.append(exact - down)
    assert min(ups) >= max(downs)


@examples
@given(seeds)
def test_freight_is_the_sum_of_its_templates_and_stays_on_their_lines(seed: int) -> None:
    random = chance(seed)
    basket = a_basket(random)
    templates = [a_template(random, number) for number in (1, 2)]

    sent = add_freight(basket, templates)

    expected = []
    for template in templates:
        mine = [
            position
            for position, line in enumerate(basket.lines)
            if line.is_carried
            and ((line.freight_template_id == UUID(int=2)) is (template.id == UUID(int=2)))
        ]
        zone = zone_for(template.rules, basket.region_code)
        if basket.delivery_kind != "express" or not mine:
            continue
        if zone is None:
            assert set(mine) <= set(sent.undelivered)
            continue
        (part,) = [part for part in sent.freight if part.positions == tuple(mine)]
        assert part.fee_minor == fee_of(zone, template.rules.measure, part.load)
        assert part.fee_minor == sum(sent.lines[one].freight_share_minor for one in mine)
        expected.append(part.fee_minor)
    assert sent.freight_minor == sum(expected)


@examples
@given(seeds)
def test_an_order_gives_back_exactly_what_was_paid_in_any_parts(seed: int) -> None:
    """By pieces, by amounts over several lines, and the rest at last."""
    random = chance(seed)
    basket = priced(random)
    lines = [
        LineMoney(
            position=position,
            quantity=line.quantity,
            paid_minor=line.paid_minor,
            freight_share_minor=line.freight_share_minor,
        )
        for position, line in enumerate(basket.lines)
    ]
    returned = 0

    def give(parts: list[Part]) -> None:
        nonlocal returned
        for part in parts:
            line = lines[part.position]
            lines[part.position] = msgspec.structs.replace(
                line,
                refunded_minor=line.refunded_minor + part.amount_minor,
                refunded_freight_minor=line.refunded_freight_minor + part.freight_minor,
                refunded_quantity=line.refunded_quantity + part.quantity,
            )
            returned += part.amount_minor
        assert all(0 <= line.refunded_minor <= line.paid_minor for line in lines)
        assert returned <= basket.payable_minor

    for _ in range(random.randint(0, 5)):
        if random.random() < 0.5:
            line = random.choice(lines)
            if line.pieces_left:
                give([pieces_part(line, random.randint(1, line.pieces_left))])
        else:
            limits = [goods_part(line) for line in lines]
            most = sum(limit.amount_minor for limit in limits)
            amount = random.randint(0, most)
            parts = spread(amount, limits)
            assert sum(part.amount_minor for part in parts) == amount
            give(parts)
    give([everything_left(line) for line in lines])

    assert returned == basket.payable_minor
    assert all(line.refunded_minor == line.paid_minor for line in lines)
