"""What comes back of a line: by pieces or by amount, in any number of parts. Pure.

Promises: pieces of a line have fixed prices that sum to what was paid, so the parts are the same in
whatever steps they come back and the last one empties the line; no part exceeds what is left; goods
first, then freight. The prose is docs/algorithms/after_sale.md.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from weike.kernel import split_minor


class LineMoney(msgspec.Struct, frozen=True, kw_only=True):
    """A line as a refund sees it. What is being refunded counts as gone already."""

    position: int
    quantity: int
    paid_minor: int
    freight_share_minor: int
    refunded_minor: int = 0
    refunded_freight_minor: int = 0
    """The part of `refunded_minor` that was freight."""
    refunded_quantity: int = 0

    @property
    def left_minor(self) -> int:
        return self.paid_minor - self.refunded_minor

    @property
    def freight_left_minor(self) -> int:
        return min(self.freight_share_minor - self.refunded_freight_minor, self.left_minor)

    @property
    def goods_left_minor(self) -> int:
        return self.left_minor - self.freight_left_minor

    @property
    def pieces_left(self) -> int:
        return self.quantity - self.refunded_quantity


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What one line gives back in one refund, or at most could."""

    position: int
    quantity: int
    goods_minor: int
    freight_minor: int

    @property
    def amount_minor(self) -> int:
        return self.goods_minor + self.freight_minor


def pieces_part(line: LineMoney, quantity: int) -> Part:
    """What `quantity` more pieces cost. More than are left is the caller's mistake."""
    if not 0 < quantity <= line.pieces_left:
        raise ValueError(f"{quantity} of {line.pieces_left} pieces cannot come back")
    return Part(
        position=line.position,
        quantity=quantity,
        goods_minor=_of_pieces(
            line, quantity, line.paid_minor - line.freight_share_minor, line.goods_left_minor
        ),
        freight_minor=_of_pieces(line, quantity, line.freight_share_minor, line.freight_left_minor),
    )


def _of_pieces(line: LineMoney, quantity: int, whole_minor: int, left_minor: int) -> int:
    """The price of the next pieces, or their part of what is left where that is less."""
    before = line.refunded_quantity
    fixed = split_minor(whole_minor, [1] * line.quantity)[before : before + quantity]
    of_left = split_minor(left_minor, [1] * line.pieces_left)[:quantity]
    return min(sum(fixed), sum(of_left))


def goods_part(line: LineMoney) -> Part:
    """All that is left of the goods, no piece coming back: the limit of a price difference."""
    return Part(
        position=line.position,
        quantity=0,
        goods_minor=line.goods_left_minor,
        freight_minor=0,
    )


def everything_left(line: LineMoney) -> Part:
    return Part(
        position=line.position,
        quantity=line.pieces_left,
        goods_minor=line.goods_left_minor,
        freight_minor=line.freight_left_minor,
    )


def spread(amount_minor: int, limits: Sequence[Part]) -> list[Part]:
    """An amount over lines: their goods first, then their freight, each in proportion to its limit.

    More than the limits allow is the caller's mistake.
    """
    goods = [limit.goods_minor for limit in limits]
    freight = [limit.freight_minor for limit in limits]
    if not 0 <= amount_minor <= sum(goods) + sum(freight):
        raise ValueError(f"{amount_minor} cannot come back of {sum(goods) + sum(freight)}")
    for_goods = min(amount_minor, sum(goods))
    return [
        msgspec.structs.replace(limit, goods_minor=of_goods, freight_minor=of_freight)
        for limit, of_goods, of_freight in zip(
            limits,
            _within(for_goods, goods),
            _within(amount_minor - for_goods, freight),
            strict=True,
        )
    ]


def _within(amount_minor: int, limits: Sequence[int]) -> list[int]:
    # split_minor never exceeds a weight while the amount does not exceed their sum; all weights
    # zero would split evenly, and then there is nothing to split.
    return split_minor(amount_minor, limits) if amount_minor else [0] * len(limits)
