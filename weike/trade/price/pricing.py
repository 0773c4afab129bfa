"""What a buyer pays, line by line. Pure: values in, values out. docs/algorithms/pricing.md.

Promises: every amount is a whole number of minor units; no line goes below zero; what is taken off
an order or added to it is spread over its lines by the largest-remainder method and sums exactly;
Σ line.paid = payable.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

import msgspec

from weike.kernel import split_minor
from weike.trade.freight.rules import (
    FREE,
    FreightRules,
    Load,
    Measure,
    Template,
    Zone,
    fee_of,
    template_of,
    zone_for,
)
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
    spec_text_en: str = ""
    image_url: str | None
    quantity: int
    unit_price_minor: int
    cost_minor: int | None = None
    commission_rate_bp: int | None = None
    is_carried: bool = True
    """False of what is delivered without a parcel: virtual goods, card keys."""
    weight_g: int = 0
    """Of the whole line."""
    freight_template_id: UUID | None = None
    member_pricing: str = "level"
    """The product's word: by the "level", "fixed" by the SKU, or "none"."""
    member_price_minor: int | None = None
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


class FreightPart(msgspec.Struct, frozen=True, kw_only=True):
    """What the goods of one template cost to send, and by which rule."""

    measure: Measure
    zone: Zone
    load: Load
    fee_minor: int
    positions: tuple[int, ...]


class PriceNote(msgspec.Struct, frozen=True, kw_only=True):
    """What an order remembers of a discount: who took how much off, in words."""

    rule: str
    step: Step
    label: Label
    amount_minor: int
    ref: UUID | None = None


class Sums(NamedTuple):
    """The amounts of a whole basket."""

    goods_minor: int
    discount_minor: int
    freight_minor: int
    payable_minor: int


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
    freight_waived: bool = False
    freight: tuple[FreightPart, ...] = ()
    undelivered: tuple[int, ...] = ()
    """Lines whose template leaves the region out: such an order is refused."""
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
    def sums(self) -> Sums:
        """All of them at once, for whoever needs more than one."""
        goods = discount = freight = 0
        for line in self.lines:
            goods += line.list_minor
            discount += line.discount_minor
            freight += line.freight_share_minor
        return Sums(goods, discount, freight, goods - discount + freight)

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
    waives_freight: bool = False
    """The whole order goes for nothing; the amount may be 0 then."""
    ref: UUID | None = None


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
        waives = discount.waives_freight and basket.delivery_kind == "express"
        if amount <= 0 and not waives:
            continue
        # A part never exceeds its line: amount <= Σ left, so amount*left_i/Σ left <= left_i, and
        # a part is rounded up only where that quotient is not whole.
        parts = dict(zip(positions, split_minor(amount, left), strict=True)) if amount > 0 else {}
        basket = _taken(
            basket,
            Taken(
                rule=rule,
                step=step,
                label=discount.label,
                amount_minor=max(0, amount),
                parts=parts,
                ref=discount.ref,
            ),
            excludes=discount.excludes,
        )
        if waives:
            basket = msgspec.structs.replace(basket, freight_waived=True)
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


def add_freight(basket: Basket, templates: Sequence[Template]) -> Basket:
    """Each template's goods by themselves, each fee spread over its own lines in proportion to
    what is paid for their goods; by their list price when nothing is paid for them."""
    if basket.delivery_kind != "express":
        return basket
    shares: dict[int, int] = {}
    parts: list[FreightPart] = []
    undelivered: list[int] = []
    for rules, positions in _by_template(basket, templates):
        zone = zone_for(rules, basket.region_code)
        if zone is None:
            undelivered += positions
            continue
        load = _load([basket.lines[position] for position in positions])
        fee = 0 if basket.freight_waived else fee_of(zone, rules.measure, load)
        parts.append(
            FreightPart(
                measure=rules.measure, zone=zone, load=load, fee_minor=fee, positions=positions
            )
        )
        paid = [basket.lines[position].goods_paid_minor for position in positions]
        listed = [basket.lines[position].list_minor for position in positions]
        shares |= zip(positions, split_minor(fee, paid if any(paid) else listed), strict=True)
    return msgspec.structs.replace(
        basket,
        lines=tuple(
            msgspec.structs.replace(line, freight_share_minor=share) if share else line
            for position, line in enumerate(basket.lines)
            for share in (shares.get(position, 0),)
        ),
        freight=tuple(parts),
        undelivered=tuple(sorted(undelivered)),
    )


def _by_template(
    basket: Basket, templates: Sequence[Template]
) -> list[tuple[FreightRules, tuple[int, ...]]]:
    """What is carried, grouped; groups in the order of their first lines."""
    groups: dict[UUID | None, list[int]] = {}
    rules: dict[UUID | None, FreightRules] = {None: FREE}
    for position, line in enumerate(basket.lines):
        if line.is_carried:
            template = template_of(templates, line.freight_template_id)
            id = template.id if template else None
            groups.setdefault(id, []).append(position)
            if template:
                rules[id] = template.rules
    return [(rules[id], tuple(positions)) for id, positions in groups.items()]


def _load(lines: Sequence[LinePrice]) -> Load:
    return Load(
        pieces=sum(line.quantity for line in lines),
        weight_g=sum(line.weight_g for line in lines),
        goods_paid_minor=sum(line.goods_paid_minor for line in lines),
    )
