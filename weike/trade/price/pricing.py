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


class Column(StrEnum):
    """Where a discount is booked on the line: who gave it up, in the order they apply."""

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


class Basket(msgspec.Struct, frozen=True, kw_only=True):
    """What one buyer wants at once, with amounts so far."""

    member_id: UUID | None
    lines: tuple[LinePrice, ...]
    currency: str = "CNY"

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
    """An amount off, over the lines at `positions` (all of them when empty)."""

    column: Column
    amount_minor: int
    positions: tuple[int, ...] = ()


class FreightRule(msgspec.Struct, frozen=True, kw_only=True):
    """One fee per order; free from `free_from_minor` of goods on, when that is above zero."""

    fee_minor: int = 0
    free_from_minor: int = 0

    def fee_for(self, goods_paid_minor: int) -> int:
        if self.free_from_minor and goods_paid_minor >= self.free_from_minor:
            return 0
        return self.fee_minor


def take_off(basket: Basket, discounts: Sequence[Discount]) -> Basket:
    """Each discount in turn, in proportion to what its lines still cost.

    A discount larger than what its lines cost takes them to zero and no further.
    """
    for discount in discounts:
        positions = discount.positions or tuple(range(len(basket.lines)))
        left = [basket.lines[position].goods_paid_minor for position in positions]
        amount = min(discount.amount_minor, sum(left))
        if amount <= 0:
            continue
        field = f"{discount.column.value}_minor"
        lines = list(basket.lines)
        # A part never exceeds its line: amount <= Σ left, so amount*left_i/Σ left <= left_i, and
        # a part is rounded up only where that quotient is not whole.
        for position, part in zip(positions, split_minor(amount, left), strict=True):
            line = lines[position]
            lines[position] = msgspec.structs.replace(line, **{field: getattr(line, field) + part})
        basket = msgspec.structs.replace(basket, lines=tuple(lines))
    return basket


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
