"""Rules of the price as orders meet them: asked, taken, given back, told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

import pytest

from tests.trade.builders import allow_losses, codes, open_stall, wish
from weike import inventory, trade
from weike.kernel import Conflict, Refusal, Tx
from weike.trade import Basket, Choices, Discount, Label, PriceNote, PriceRule, Step, TakenDiscounts
from weike.trade.model import Actor
from weike.trade.order.cancel_orders import expire_orders
from weike.trade.order.price_views import notes_of


class CouponGone(Conflict):
    code = "trade.price_changed"


class Coupons(PriceRule):
    """Ten yuan off for each coupon chosen; what is taken and given back is remembered here."""

    def __init__(self, name: str, step: Step, *, refuses: bool = False, valid: bool = True) -> None:
        self.name, self.step = name, step
        self._refuses, self._valid = refuses, valid
        self.taken: list[UUID] = []
        self.returned: list[UUID] = []

    async def discounts_for(
        self, tx: Tx, baskets: Sequence[Basket], *, now: datetime
    ) -> Sequence[Sequence[Discount] | Refusal]:
        return [self._of(basket) for basket in baskets]

    def _of(self, basket: Basket) -> Sequence[Discount] | Refusal:
        if basket.choices.coupon_ids and not self._valid:
            return CouponGone()
        label = Label("trade.price.test", {"name": self.name})
        return [
            Discount(label=label, amount_minor=1000, ref=id) for id in basket.choices.coupon_ids
        ]

    async def take(
        self, tx: Tx, taken: Sequence[TakenDiscounts], *, now: datetime
    ) -> Mapping[UUID, Refusal]:
        self.taken += [one.order_id for one in taken]
        return {one.order_id: CouponGone() for one in taken} if self._refuses else {}

    async def give_back(self, tx: Tx, order_ids: Sequence[UUID], *, now: datetime) -> None:
        self.returned += order_ids


class NeverAsked(Coupons):
    asked: ClassVar[int] = 0

    async def take(
        self, tx: Tx, taken: Sequence[TakenDiscounts], *, now: datetime
    ) -> Mapping[UUID, Refusal]:
        raise AssertionError("nothing was taken off")


CHOSEN = Choices(coupon_ids=(UUID(int=3),))


async def test_only_who_takes_something_off_is_asked_to_take_it(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    store = Coupons("store", Step.COUPON_STORE)
    platform = Coupons("platform", Step.COUPON_PLATFORM)
    ports = trade.Ports(price_rules=(store, platform))
    asks = [
        wish(stall.buyer, {stall.skus[0]: 1}, now, choices=CHOSEN),
        wish(stall.buyer, {stall.skus[0]: 1}, now),
    ]

    answers = await trade.place_orders(tx, ports, asks, now=now)

    assert [answer.payable_minor for answer in answers if isinstance(answer, trade.Placed)] == [
        10800,
        12800,
    ]
    assert store.taken == platform.taken == [asks[0].order_id]
    row = await tx.fetchrow(
        "select o.price_notes from trade.orders o where o.tenant_id = $1 and o.id = $2",
        tx.tenant_id,
        asks[0].order_id,
    )
    assert row is not None
    # In the order of their steps, however they are wired.
    assert notes_of(row["price_notes"]) == [
        PriceNote(
            rule=name,
            step=step,
            label=Label("trade.price.test", {"name": name}),
            amount_minor=1000,
            ref=UUID(int=3),
        )
        for name, step in (("platform", Step.COUPON_PLATFORM), ("store", Step.COUPON_STORE))
    ]
    none = trade.Ports(price_rules=(NeverAsked("never", Step.POINTS),))
    await trade.place_order(tx, none, wish(stall.buyer, {stall.skus[0]: 1}, now), now=now)


async def test_whom_a_later_rule_refuses_gets_back_what_was_taken(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now, stock=1)
    first = Coupons("first", Step.COUPON_STORE)
    second = Coupons("second", Step.POINTS, refuses=True)
    ports = trade.Ports(price_rules=(first, second))
    ask = wish(stall.buyer, {stall.skus[0]: 1}, now, choices=CHOSEN)

    answers = await trade.place_orders(tx, ports, [ask], now=now)

    assert codes(answers) == ["trade.price_changed"]
    assert (first.taken, first.returned, second.returned) == ([ask.order_id], [ask.order_id], [])
    assert await inventory.available(tx, stall.skus[:1]) == {stall.skus[0]: 1}


async def test_a_choice_that_cannot_be_had_is_refused_alone(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    gone = Coupons("gone", Step.COUPON_STORE, valid=False)
    asks = [
        wish(stall.buyer, {stall.skus[0]: 1}, now, choices=CHOSEN),
        wish(stall.buyer, {stall.skus[0]: 1}, now),
    ]
    answers = await trade.place_orders(tx, trade.Ports(price_rules=(gone,)), asks, now=now)
    assert codes(answers) == ["trade.price_changed", "placed"]


@pytest.mark.parametrize("by_time", [False, True])
async def test_an_order_that_ends_unpaid_gives_back(tx: Tx, now: datetime, by_time: bool) -> None:
    stall = await open_stall(tx, now)
    await allow_losses(tx)
    rule, other = Coupons("mine", Step.COUPON_STORE), NeverAsked("never", Step.POINTS)
    ports = trade.Ports(price_rules=(rule,))
    ask = wish(stall.buyer, {stall.skus[0]: 1}, now, choices=CHOSEN)
    await trade.place_order(tx, ports, ask, now=now)

    wired = trade.Ports(price_rules=(rule, other))
    if by_time:
        assert await expire_orders(tx, now + timedelta(minutes=31), ports=wired) == 1
    else:
        actor = Actor("member", stall.buyer.member_id)
        await trade.cancel_order(tx, wired, order_id=ask.order_id, actor=actor, reason="", now=now)

    assert (rule.returned, other.returned) == ([ask.order_id], [])


def test_two_rules_of_one_name_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="one name"):
        trade.Ports(price_rules=(Coupons("a", Step.POINTS), Coupons("a", Step.MEMBER)))
