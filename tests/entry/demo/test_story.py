"""The made-up past: the same for the same seed, in order, and like a shop's."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from weike.entry.demo.acts import Act, Order, Refund, Register, Ship
from weike.entry.demo.catalogue import categories
from weike.entry.demo.people import people
from weike.entry.demo.story import ZONE, Size, Story

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
GOODS = [good for category in categories() for good in category.goods]


def told(seed: int = 1) -> list[Act]:
    return Story(Size(), people=people(), goods=GOODS, seed=seed, now=NOW).acts()


ACTS = told()
ORDERS = [act for act in ACTS if isinstance(act, Order)]


def test_the_same_seed_tells_the_same_story() -> None:
    assert told() == ACTS
    assert told(seed=2) != ACTS


def test_nothing_happens_later_than_now_or_out_of_order() -> None:
    times = [act.at for act in ACTS]
    assert times == sorted(times)
    assert times[-1] <= NOW


def test_there_is_as_much_as_was_asked_for() -> None:
    assert sum(isinstance(act, Register) for act in ACTS) == 300
    assert 1200 <= len(ORDERS) <= 2000


def test_a_third_of_the_orders_comes_through_shares() -> None:
    through = sum(order.share is not None for order in ORDERS)
    assert 0.25 < through / len(ORDERS) < 0.4


def test_evenings_and_weekends_are_busy_and_the_shop_grows() -> None:
    local = [order.at.astimezone(ZONE) for order in ORDERS]
    hours = Counter(at.hour for at in local)
    assert hours[20] > 2 * hours[7] > 4 * hours[3]
    weekdays = Counter(at.weekday() for at in local)
    assert weekdays[5] > weekdays[1]
    middle = sorted(order.at for order in ORDERS)[len(ORDERS) // 2]
    assert NOW - middle < middle - ORDERS[0].at


def test_a_few_orders_in_a_hundred_are_given_back_and_those_never_leave() -> None:
    refunded = {act.order for act in ACTS if isinstance(act, Refund)}
    shipped = {act.order for act in ACTS if isinstance(act, Ship)}
    paid = sum(order.paid is not None for order in ORDERS)
    assert 0.02 < len(refunded) / paid < 0.07
    assert not refunded & shipped


def test_nobody_buys_before_they_came() -> None:
    came = {act.member: act.at for act in ACTS if isinstance(act, Register)}
    assert all(came[order.buyer] < order.at for order in ORDERS)
