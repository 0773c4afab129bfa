"""What the price of a basket asks of campaigns, levels, coupons and points; `entry` wires them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple, Protocol
from uuid import UUID

import msgspec

from weike.kernel import Refusal, Tx
from weike.trade.model import Choices
from weike.trade.price.pricing import Basket, Discount, Label, Step, Taken


class TakenDiscounts(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule takes off one order that is about to be written."""

    order_id: UUID
    member_id: UUID
    basket: Basket
    discounts: tuple[Taken, ...]

    @property
    def amount_minor(self) -> int:
        return sum(discount.amount_minor for discount in self.discounts)


OfferKind = Literal["coupon", "points", "activity"]


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """What the buyer may choose, and what it would save as the basket stands.

    A coupon has an `id`; points have `points`, how many may be used. One that cannot be used says
    why in `refused`.
    """

    kind: OfferKind
    label: Label
    saves_minor: int
    id: UUID | None = None
    points: int = 0
    held: int = 0
    """How many points the buyer has."""
    is_chosen: bool = False
    refused: Label | None = None


class Buyer(NamedTuple):
    """Who wants a basket, and what they chose; the same buyer may come twice."""

    member_id: UUID | None
    choices: Choices


class PriceRule(Protocol):
    """A campaign, a member price, a coupon: what it takes off each basket of a batch.

    Rules apply by `step`, those of one step as they are wired, each seeing what the earlier ones
    left. A rule loads what it needs with a fixed number of statements, whatever the number of
    baskets — none when no basket concerns it — and decides purely. What the buyer chose is in
    `basket.choices`. Inherit from this class: what a rule has no use for answers nothing.
    """

    name: str
    """Unique among the rules; orders remember it, so that `give_back` is asked."""
    step: Step

    async def informed(self, tx: Tx, buyers: Sequence[Buyer], *, now: datetime) -> PriceRule:
        """The same rule, knowing what can be read before there are prices. Reads only: placing
        asks all rules together with everything else that a batch needs, in one round trip."""
        return self

    async def discounts_for(
        self, tx: Tx, baskets: Sequence[Basket], *, now: datetime
    ) -> Sequence[Sequence[Discount] | Refusal]:
        """One answer per basket, in their order. Reads only. A choice that cannot be had (a
        coupon of somebody else, more points than there are) is refused: nobody pays more than
        they saw because a coupon ran out meanwhile."""
        ...

    async def take(
        self, tx: Tx, taken: Sequence[TakenDiscounts], *, now: datetime
    ) -> Mapping[UUID, Refusal]:
        """Lock the coupon, spend the points; refusals by order. Called while orders are placed,
        after the stock is decided and before their rows are written (so no foreign key to them),
        with those this rule takes something off, and only when there are any. A fixed number of
        statements, rows locked in key order."""
        return {}

    async def give_back(self, tx: Tx, order_ids: Sequence[UUID], *, now: datetime) -> None:
        """The orders end unpaid: cancelled, expired, or refused by a later rule. Once or more."""
        return

    async def offers_for(self, tx: Tx, basket: Basket, *, now: datetime) -> Sequence[Offer]:
        """For a preview: what may be chosen, the basket being as this rule finds it."""
        return ()


_ORDER = tuple(Step)


def in_order(rules: Sequence[PriceRule]) -> tuple[PriceRule, ...]:
    """By step; as given within one."""
    names = [rule.name for rule in rules]
    if len(set(names)) < len(names):
        raise ValueError(f"two price rules of one name: {sorted(names)}")
    return tuple(sorted(rules, key=lambda rule: _ORDER.index(rule.step)))
