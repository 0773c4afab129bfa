"""What comes back of a line, in any parts: never more than was paid, in the end just that."""

from __future__ import annotations

import os
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weike.kernel import split_minor
from weike.trade.price.refunding import (
    LineMoney,
    Part,
    everything_left,
    goods_part,
    pieces_part,
    spread,
)

EXAMPLES = int(os.environ.get("WEIKE_TEST_EXAMPLES", "10000"))


@st.composite
def lines(draw: st.DrawFn) -> LineMoney:
    freight = draw(st.integers(0, 3_000))
    return LineMoney(
        position=0,
        quantity=draw(st.integers(1, 12)),
        paid_minor=draw(st.integers(0, 30_000)) + freight,
        freight_share_minor=freight,
    )


def after(line: LineMoney, part: Part) -> LineMoney:
    return msgspec.structs.replace(
        line,
        refunded_minor=line.refunded_minor + part.amount_minor,
        refunded_freight_minor=line.refunded_freight_minor + part.freight_minor,
        refunded_quantity=line.refunded_quantity + part.quantity,
    )


@settings(max_examples=EXAMPLES, deadline=None)
@given(lines(), st.randoms(use_true_random=False))
def test_pieces_in_any_parts_return_exactly_what_was_paid(line: LineMoney, random: Random) -> None:
    pieces = split_minor(line.paid_minor - line.freight_share_minor, [1] * line.quantity)
    while line.pieces_left:
        before = line.refunded_quantity
        part = pieces_part(line, random.randint(1, line.pieces_left))
        # The parts are the same in whatever steps they come back.
        assert part.goods_minor == sum(pieces[before : before + part.quantity])
        line = after(line, part)
    assert line.refunded_minor == line.paid_minor
    assert line.refunded_freight_minor == line.freight_share_minor


@settings(max_examples=EXAMPLES, deadline=None)
@given(lines(), st.randoms(use_true_random=False))
def test_whatever_is_mixed_no_line_gives_back_more_than_was_paid(
    line: LineMoney, random: Random
) -> None:
    """Pieces, amounts, less than the pieces cost, with and without freight; then the rest."""
    for _ in range(random.randint(0, 8)):
        way = random.choice(["pieces", "cheaper", "amount"])
        if way == "amount":
            limit = goods_part(line)
            part = spread(random.randint(0, limit.amount_minor), [limit])[0]
        elif line.pieces_left:
            limit = pieces_part(line, random.randint(1, line.pieces_left))
            most = limit.amount_minor if way == "pieces" else limit.goods_minor // 2
            part = spread(most, [limit])[0]
        else:
            continue
        assert 0 <= part.goods_minor <= line.goods_left_minor
        assert 0 <= part.freight_minor <= line.freight_left_minor
        line = after(line, part)
        assert line.refunded_minor <= line.paid_minor
    line = after(line, everything_left(line))
    assert line.refunded_minor == line.paid_minor
    assert line.pieces_left == 0


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(lines(), min_size=1, max_size=6), st.data())
def test_an_amount_over_lines_sums_and_stays_within_each(
    basket: list[LineMoney], data: st.DataObject
) -> None:
    limits = [everything_left(line) for line in basket]
    amount = data.draw(st.integers(0, sum(limit.amount_minor for limit in limits)))
    parts = spread(amount, limits)
    assert sum(part.amount_minor for part in parts) == amount
    for part, limit in zip(parts, limits, strict=True):
        assert 0 <= part.goods_minor <= limit.goods_minor
        assert 0 <= part.freight_minor <= limit.freight_minor
    if any(part.freight_minor for part in parts):  # Goods first.
        assert all(p.goods_minor == m.goods_minor for p, m in zip(parts, limits, strict=True))


def test_the_first_pieces_cost_the_fen_more() -> None:
    line = LineMoney(position=0, quantity=3, paid_minor=1100, freight_share_minor=100)
    assert pieces_part(line, 1) == Part(position=0, quantity=1, goods_minor=334, freight_minor=34)
    one_back = after(line, pieces_part(line, 1))
    assert pieces_part(one_back, 2).goods_minor == 666


def test_a_price_difference_makes_the_pieces_that_are_left_cheaper() -> None:
    line = LineMoney(position=0, quantity=2, paid_minor=10_000, freight_share_minor=0)
    cheaper = after(line, spread(1_000, [goods_part(line)])[0])
    assert pieces_part(cheaper, 1).goods_minor == 4_500
    # One that came back for less does not make the next one dearer.
    half = after(line, Part(position=0, quantity=1, goods_minor=2_000, freight_minor=0))
    assert pieces_part(half, 1).goods_minor == 5_000
    assert everything_left(half).goods_minor == 8_000


def test_more_than_is_left_is_the_callers_mistake() -> None:
    line = LineMoney(position=0, quantity=2, paid_minor=1000, freight_share_minor=0)
    with pytest.raises(ValueError, match="3 of 2 pieces"):
        pieces_part(line, 3)
    with pytest.raises(ValueError, match="1001 cannot come back"):
        spread(1001, [everything_left(line)])
