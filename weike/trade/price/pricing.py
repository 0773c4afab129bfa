"""What a buyer pays, line by line. Pure: values in, values out. docs/algorithms/pricing.md.

Promises: every amount is a whole number of minor units; no line goes below zero; what is taken off
an order or added to it is spread over its lines by the largest-remainder method and sums exactly;
Σ line.paid = payable.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

import msgspec

from weike.kernel import split_minor
from weike.trade.model import Choices, DeliveryKind


class Step(StrEnum):
    """The steps of the price, in the order they apply. Each is a column of the line, which says
    who gave the amount up."""

    ACTIVITY = "activity"
    MEMBER = "member"
    FULL_REDUCTION = "full_reduction"
    COUPON_PLATFORM = "coupon_platform"
    COUPON_STORE = "coupon_store"
    POINTS = "points"


class LinePrice(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a basket: what it is, what was taken off, what it carries of the freight."""

    sku_id: UUID
    product_id: UUID
    category_id: UUID | None
    title: str
    title_en: str = ""
    spec_text: str
    image_url: str | None
    quantity: int
    unit_price_minor: int
    cost_minor: int | None = None
    commission_rate_bp: int | None = None
    activity_minor: int = 0
    member_minor: int = 0
    full_reduction_minor: int = 0
    coupon_platform_minor: int = 0
    coupon_store_minor: int = 0
    points_minor: int = 0
    freight_share_minor: int = 0

    @property
    def list_minor(self) -> int:
        return self.unit_price_minor * self.quantity

    @property
    def discount_minor(self) -> int:
        return (
            self.activity_minor
            + self.member_minor
            + self.full_reduction_minor
            + self.coupon_platform_minor
            + self.coupon_store_minor
            + self.points_minor
        )

    @property
    def goods_paid_minor(self) -> int:
        """What is left to pay for the goods of this line, freight aside."""
        return self.list_minor - self.discount_minor

    @property
    def paid_minor(self) -> int:
        return self.goods_paid_minor + self.freight_share_minor


class Label(msgspec.Struct, frozen=True):
    """A sentence of the texts and what it tells of; `minor` among the facts is an amount."""

    key: str
    facts: dict[str, object] = {}


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule really took off: never more than the lines cost."""

    rule: str
    step: Step
    label: Label
    amount_minor: int
    parts: dict[int, int]
    """By position; they sum to the amount."""
    ref: UUID | None = None


class PriceNote(msgspec.Struct, frozen=True, kw_only=True):
    """What an order remembers of a discount: who took how much off, in words."""

    rule: str
    step: Step
    label: Label
    amount_minor: int
    ref: UUID | None = None


class Basket(msgspec.Struct, frozen=True, kw_only=True):
    """What one buyer wants at once, with amounts so far."""

    member_id: UUID | None
    lines: tuple[LinePrice, ...]
    currency: str = "CNY"
    choices: Choices = Choices()
    delivery_kind: DeliveryKind = "express"
    region_code: str | None = None
    """Where an express parcel goes; None as long as the buyer has not said it."""
    taken: tuple[Taken, ...] = ()
    closed: dict[int, frozenset[Step]] = {}
    """By position: the steps an earlier discount has shut for the line."""

    def open_to(self, step: Step) -> tuple[int, ...]:
        """The lines of which this step may still take something off."""
        return tuple(
            position
            for position in range(len(self.lines))
            if step not in self.closed.get(position, ())
        )

    @property
    def notes(self) -> list[PriceNote]:
        return [
            PriceNote(
                rule=one.rule,
                step=one.step,
                label=one.label,
                amount_minor=one.amount_minor,
                ref=one.ref,
            )
            for one in self.taken
        ]

    @property
    def goods_minor(self) -> int:
        return sum(line.list_minor for line in self.lines)

    @property
    def discount_minor(self) -> int:
        return sum(line.discount_minor for line in self.lines)

    @property
    def freight_minor(self) -> int:
        return sum(line.freight_share_minor for line in self.lines)

    @property
    def payable_minor(self) -> int:
        return sum(line.paid_minor for line in self.lines)


class Discount(msgspec.Struct, frozen=True, kw_only=True):
    """An amount off, over the lines at `positions` (all of them when empty).

    `excludes` names later steps that must take nothing off these lines any more. `ref` is the
    coupon or activity, for the rule's own use when the order is placed.
    """

    label: Label
    amount_minor: int
    positions: tuple[int, ...] = ()
    excludes: frozenset[Step] = frozenset()
    ref: UUID | None = None


class FreightRule(msgspec.Struct, frozen=True, kw_only=True):
    """One fee per order; free from `free_from_minor` of goods on, when that is above zero."""

    fee_minor: int = 0
    free_from_minor: int = 0

    def fee_for(self, goods_paid_minor: int) -> int:
        if self.free_from_minor and goods_paid_minor >= self.free_from_minor:
            return 0
        return self.fee_minor


def take_off(basket: Basket, discounts: Sequence[Discount], *, rule: str, step: Step) -> Basket:
    """Each discount of one rule in turn, in proportion to what its lines still cost.

    Lines that an earlier step has closed to this one are left alone. A discount larger than what
    its lines cost takes them to zero and no further.
    """
    for discount in discounts:
        positions = basket.open_to(step)
        if discount.positions:
            positions = tuple(one for one in positions if one in discount.positions)
        left = [basket.lines[position].goods_paid_minor for position in positions]
        amount = min(discount.amount_minor, sum(left))
        if amount <= 0:
            continue
        # A part never exceeds its line: amount <= Σ left, so amount*left_i/Σ left <= left_i, and
        # a part is rounded up only where that quotient is not whole.
        parts = dict(zip(positions, split_minor(amount, left), strict=True))
        basket = _taken(
            basket,
            Taken(
                rule=rule,
                step=step,
                label=discount.label,
                amount_minor=amount,
                parts=parts,
                ref=discount.ref,
            ),
            excludes=discount.excludes,
        )
    return basket


def _taken(basket: Basket, taken: Taken, *, excludes: frozenset[Step]) -> Basket:
    field = f"{taken.step.value}_minor"
    lines, closed = list(basket.lines), dict(basket.closed)
    for position, part in taken.parts.items():
        line = lines[position]
        lines[position] = msgspec.structs.replace(line, **{field: getattr(line, field) + part})
        if excludes:
            closed[position] = closed.get(position, frozenset()) | excludes
    return msgspec.structs.replace(
        basket, lines=tuple(lines), taken=(*basket.taken, taken), closed=closed
    )


def add_freight(basket: Basket, rule: FreightRule) -> Basket:
    """The fee, spread over the lines in proportion to what is paid for their goods.

    When nothing is paid for the goods, it is spread by their list price.
    """
    paid = [line.goods_paid_minor for line in basket.lines]
    fee = rule.fee_for(sum(paid))
    if not fee:
        return basket
    weights = paid if any(paid) else [line.list_minor for line in basket.lines]
    shares = split_minor(fee, weights)
    return msgspec.structs.replace(
        basket,
        lines=tuple(
            msgspec.structs.replace(line, freight_share_minor=share)
            for line, share in zip(basket.lines, shares, strict=True)
        ),
    )


class LineRefund(msgspec.Struct, frozen=True, kw_only=True):
    """What one line gives back: now, and with everything before."""

    position: int
    refunded_minor: int
    cumulative_refunded_minor: int


def spread_refund(amount_minor: int, lines: Sequence[tuple[int, int]]) -> list[LineRefund]:
    """A refund over lines of (paid, refunded so far), in proportion to what each has left.

    Refunding all that is left empties every line exactly. More than that is the caller's mistake.
    """
    left = [paid - refunded for paid, refunded in lines]
    if not 0 < amount_minor <= sum(left):
        raise ValueError(f"{amount_minor} cannot be refunded of {sum(left)}")
    return [
        LineRefund(
            position=position,
            refunded_minor=part,
            cumulative_refunded_minor=lines[position][1] + part,
        )
        for position, part in enumerate(split_minor(amount_minor, left))
    ]


def nothing_back(lines: Sequence[tuple[int, int]]) -> list[LineRefund]:
    """What lines of (paid, refunded so far) give back when nothing was to be paid."""
    return [
        LineRefund(position=position, refunded_minor=0, cumulative_refunded_minor=refunded)
        for position, (_, refunded) in enumerate(lines)
    ]
