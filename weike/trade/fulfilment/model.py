"""What is handed over, to whom, in which state. Pure rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Literal
from uuid import UUID

import msgspec

ParcelKind = Literal["express", "pickup", "virtual", "card_key"]

SHORT_RECEIVE_DAYS = 2
"""Of orders without anything a courier carries, as WeChat counts for them too."""


class ParcelState(StrEnum):
    """Our one vocabulary of what couriers say."""

    CREATED = "created"
    """A number was given; the courier has not said anything."""
    COLLECTED = "collected"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    SIGNED = "signed"
    """Also of what was handed over without a courier."""
    PROBLEM = "problem"
    """The courier cannot go on: refused, unknown address, held by customs."""
    RETURNING = "returning"
    RETURNED = "returned"


ENDED = frozenset({ParcelState.SIGNED, ParcelState.RETURNED})


class Line(msgspec.Struct, frozen=True):
    """A line of an order as fulfilment sees it, in pieces."""

    position: int
    product_id: UUID
    sku_id: UUID
    quantity: int
    called_off: int
    """Refunded, or asked back, before they were shipped."""
    shipped: int

    @property
    def left(self) -> int:
        """Pieces that are still to be handed over."""
        return max(0, self.quantity - self.called_off - self.shipped)


def left_of(lines: Iterable[Line]) -> dict[int, int]:
    """Pieces still to be handed over by position; lines with nothing left are absent."""
    return {line.position: line.left for line in lines if line.left}


def too_many(asked: Mapping[int, int], left: Mapping[int, int]) -> int | None:
    """The first position of which more is asked than is left, or nothing at all."""
    return next(
        (
            position
            for position, quantity in asked.items()
            if quantity < 1 or quantity > left.get(position, 0)
        ),
        None,
    )


def receive_days(kinds: Iterable[ParcelKind], shop_days: int) -> int:
    """When an order receives itself after its last parcel."""
    return shop_days if "express" in kinds else SHORT_RECEIVE_DAYS
