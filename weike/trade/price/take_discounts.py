"""Take what rules promised, when orders are placed; give it back, when they end unpaid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from weike.kernel import Refusal, Tx
from weike.trade.price.ports import PriceRule, TakenDiscounts
from weike.trade.price.pricing import Basket, PriceNote


async def take_discounts(
    tx: Tx, rules: Sequence[PriceRule], baskets: Mapping[UUID, Basket], *, now: datetime
) -> dict[UUID, Refusal]:
    """Refusals by order. A rule that took nothing off is not asked.

    An order one rule refuses gets back what the rules before it have taken.
    """
    refused: dict[UUID, Refusal] = {}
    taken_by: list[tuple[PriceRule, list[UUID]]] = []
    for rule in rules:
        taken = _taken_by(rule, baskets, refused)
        if not taken:
            continue
        answers = await rule.take(tx, taken, now=now)
        if answers:
            for earlier, order_ids in taken_by:
                if back := [order_id for order_id in order_ids if order_id in answers]:
                    await earlier.give_back(tx, back, now=now)
            refused |= answers
        taken_by.append((rule, [one.order_id for one in taken]))
    return refused


def _taken_by(
    rule: PriceRule, baskets: Mapping[UUID, Basket], refused: Mapping[UUID, Refusal]
) -> list[TakenDiscounts]:
    found = []
    for order_id, basket in baskets.items():
        discounts = tuple(one for one in basket.taken if one.rule == rule.name)
        if discounts and order_id not in refused and basket.member_id is not None:
            found.append(
                TakenDiscounts(
                    order_id=order_id,
                    member_id=basket.member_id,
                    basket=basket,
                    discounts=discounts,
                )
            )
    return found


async def give_back_discounts(
    tx: Tx,
    rules: Sequence[PriceRule],
    notes: Mapping[UUID, Sequence[PriceNote]],
    *,
    now: datetime,
) -> None:
    """`notes` by order, as they were remembered. A rule that is gone gets nothing back."""
    for rule in rules:
        order_ids = [
            order_id
            for order_id, remembered in notes.items()
            if any(note.rule == rule.name for note in remembered)
        ]
        if order_ids:
            await rule.give_back(tx, order_ids, now=now)
