"""Points at checkout: so many of them take so much off, after everything else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from weike import ledger
from weike.kernel import Refusal, Tx, derived_id
from weike.kernel.together import together
from weike.trade.errors import TooManyPoints
from weike.trade.price.ports import Buyer, Offer, PriceRule, TakenDiscounts
from weike.trade.price.pricing import Basket, Discount, Label, Step


def spend_id(order_id: UUID) -> UUID:
    """What an order has spent is one spend, under this id."""
    return derived_id(order_id, "trade.points_spent")


class _Known(NamedTuple):
    """What is read before there are prices; points by buyer."""

    settings: ledger.points.Settings
    held: Mapping[UUID, ledger.points.PointsBalance]


class PointsRule(PriceRule):
    """Two statements for a batch in which somebody uses points, none otherwise."""

    name = "points"
    step = Step.POINTS

    def __init__(self, known: _Known | None = None) -> None:
        self._known = known

    async def informed(self, tx: Tx, buyers: Sequence[Buyer], *, now: datetime) -> PointsRule:
        asking = {buyer.member_id for buyer in buyers if buyer.choices.points and buyer.member_id}
        if not asking:
            return self
        settings, held = await together(
            tx,
            ledger.points.settings,
            lambda t: ledger.points.balances_of(t, sorted(asking), now=now),
        )
        return PointsRule(_Known(settings, held))

    async def discounts_for(
        self, tx: Tx, baskets: Sequence[Basket], *, now: datetime
    ) -> Sequence[Sequence[Discount] | Refusal]:
        """Refuses with TooManyPoints: a number is never lowered silently."""
        if not any(basket.choices.points for basket in baskets):
            return [()] * len(baskets)
        known = self._known
        if known is None:
            buyers = [Buyer(basket.member_id, basket.choices) for basket in baskets]
            known = (await self.informed(tx, buyers, now=now))._known
        if known is None:
            return [()] * len(baskets)
        settings, held = known
        answers: list[Sequence[Discount] | Refusal] = []
        for basket in baskets:
            wanted = basket.choices.points
            if not wanted:
                answers.append(())
                continue
            balance = held[basket.member_id].available if basket.member_id else 0
            most = _usable(settings, basket, balance)
            if wanted > most or wanted < settings.least:
                answers.append(TooManyPoints(usable=most, least=settings.least))
            else:
                answers.append(_discount(settings, basket, wanted))
        return answers

    async def take(
        self, tx: Tx, taken: Sequence[TakenDiscounts], *, now: datetime
    ) -> Mapping[UUID, Refusal]:
        refused = await ledger.points.spend(
            tx,
            [
                ledger.points.Spend(
                    id=spend_id(one.order_id),
                    member_id=one.member_id,
                    points=one.basket.choices.points,
                    source_type="order",
                    source_id=one.order_id,
                )
                for one in taken
            ],
            now=now,
        )
        return {
            one.order_id: refused[spend_id(one.order_id)]
            for one in taken
            if spend_id(one.order_id) in refused
        }

    async def give_back(self, tx: Tx, order_ids: Sequence[UUID], *, now: datetime) -> None:
        await ledger.points.give_back(tx, {spend_id(id): None for id in order_ids}, now=now)

    async def offers_for(self, tx: Tx, basket: Basket, *, now: datetime) -> Sequence[Offer]:
        if basket.member_id is None:
            return ()
        settings = await ledger.points.settings(tx)
        if not settings.enabled:
            return ()
        held = (await ledger.points.balance_of(tx, basket.member_id, now=now)).available
        most = _usable(settings, basket, held)
        saves = most * settings.value_minor
        refused = None
        if not most:
            refused = Label("trade.price.points_from", {"least": settings.least})
        return (
            Offer(
                kind="points",
                label=Label("trade.price.points_offer", {"points": most, "minor": saves}),
                saves_minor=saves,
                points=most,
                held=held,
                is_chosen=bool(basket.choices.points),
                refused=refused,
            ),
        )


def _usable(settings: ledger.points.Settings, basket: Basket, balance: int) -> int:
    goods = sum(basket.lines[at].goods_paid_minor for at in basket.open_to(Step.POINTS))
    return ledger.points.usable(settings, balance=balance, goods_minor=goods)


def _discount(settings: ledger.points.Settings, basket: Basket, points: int) -> list[Discount]:
    return [
        Discount(
            label=Label("trade.price.points", {"points": points}),
            amount_minor=points * settings.value_minor,
        )
    ]
