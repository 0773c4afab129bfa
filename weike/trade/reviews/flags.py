"""How much a review looks like one that nobody wrote for themselves: figures in, reasons out.

Behaviour only (docs/algorithms/reviews.md). A high score makes a person look; it hides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

SUSPECTED_FROM = 50

_DEVICE_MEMBERS = 3
_ADDRESS_MEMBERS = 3
_BURST_REVIEWS = 5
_BURST_FACTOR = 3
_ALIKE_OTHERS = 2
_REFUNDED_ORDERS = 2
HOURS_OF_A_MONTH = 30 * 24


class Behaviour(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a review besides what it says. Members include its author."""

    members_on_device: int = 1
    members_at_address: int = 1
    reviews_in_hour: int = 1
    reviews_in_month: int = 1
    others_with_same_text: int = 0
    orders_received: int = 1
    orders_refunded: int = 0
    is_sharer: bool = False
    is_own_promotion: bool = False


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """`trade.review_reason.<code>` in the texts, with `figure` as its fact."""

    code: str
    points: int
    figure: int = 0


def reasons_of(behaviour: Behaviour) -> list[Reason]:
    """The heaviest first; empty for nearly everybody."""
    found = [*_crowds(behaviour), *_interests(behaviour)]
    return sorted(found, key=lambda reason: (-reason.points, reason.code))


def _crowds(of: Behaviour) -> list[Reason]:
    found = []
    if of.members_on_device >= _DEVICE_MEMBERS:
        found.append(Reason(code="same_device", points=35, figure=of.members_on_device))
    if of.members_at_address >= _ADDRESS_MEMBERS:
        found.append(Reason(code="same_address", points=30, figure=of.members_at_address))
    if of.others_with_same_text >= _ALIKE_OTHERS:
        found.append(Reason(code="same_text", points=35, figure=of.others_with_same_text))
    mean = of.reviews_in_month / HOURS_OF_A_MONTH
    if of.reviews_in_hour >= max(_BURST_REVIEWS, _BURST_FACTOR * mean):
        found.append(Reason(code="burst", points=20, figure=of.reviews_in_hour))
    return found


def _interests(of: Behaviour) -> list[Reason]:
    found = []
    if of.orders_received >= _REFUNDED_ORDERS and of.orders_refunded == of.orders_received:
        found.append(Reason(code="only_refunded", points=25, figure=of.orders_refunded))
    if of.is_sharer:
        found.append(Reason(code="promoter", points=30))
    if of.is_own_promotion:
        found.append(Reason(code="own_promotion", points=30))
    return found


def suspicion_of(reasons: Sequence[Reason]) -> int:
    """Of 100."""
    return min(100, sum(reason.points for reason in reasons))
