"""What trade asks of contexts above it; `entry` wires them. The default does nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

import msgspec

from weike import members
from weike.kernel import Refusal, Tx
from weike.trade.errors import NoPickup
from weike.trade.model import Delivery
from weike.trade.price.ports import PriceRule, in_order

AttributionSource = Literal["code", "share", "relation", "none"]


class AttributionReason(msgspec.Struct, frozen=True):
    """One step of the decision. Its sentence is `distribution.reason.<code>` in the texts."""

    code: str
    facts: dict[str, object] = {}


class Attribution(msgspec.Struct, frozen=True, kw_only=True):
    """Who brought the buyer of one order, frozen when it is placed, with the reasons."""

    promoter_id: UUID | None = None
    share_id: UUID | None = None
    relation_id: UUID | None = None
    source: AttributionSource = "none"
    rule_version: int = 0
    reasons: list[AttributionReason] = []


class AttributionAsk(msgspec.Struct, frozen=True, kw_only=True):
    order_id: UUID
    buyer_id: UUID
    share_code: str | None


class AttributionPort(Protocol):
    """Distribution answers who brought each buyer. Reads only, a fixed number of statements."""

    async def for_orders(
        self, tx: Tx, asks: Sequence[AttributionAsk], *, now: datetime
    ) -> list[Attribution]:
        """One answer per ask, in their order; never refuses."""
        ...


class Nobody:
    """The attribution of a shop without promoters."""

    async def for_orders(
        self, tx: Tx, asks: Sequence[AttributionAsk], *, now: datetime
    ) -> list[Attribution]:
        return [Attribution() for _ in asks]


class EstimateLine(msgspec.Struct, frozen=True, kw_only=True):
    """What a commission on one line would be computed from."""

    position: int
    product_id: UUID
    category_id: UUID | None
    goods_paid_minor: int
    cost_minor: int | None
    commission_rate_bp: int | None


class CommissionAsk(msgspec.Struct, frozen=True, kw_only=True):
    order_id: UUID
    buyer_id: UUID
    attribution: Attribution
    lines: tuple[EstimateLine, ...]


class CommissionPort(Protocol):
    """Distribution answers what orders would earn those who brought them, by position.

    Asked for orders somebody brought; reads only, a fixed number of statements.
    """

    async def estimate(
        self, tx: Tx, asks: Sequence[CommissionAsk], *, now: datetime
    ) -> list[dict[int, int]]:
        """One answer per ask, in their order; every commission that would be paid, all tiers."""
        ...


class NoCommission:
    """The estimate of a shop without promoters."""

    async def estimate(
        self, tx: Tx, asks: Sequence[CommissionAsk], *, now: datetime
    ) -> list[dict[int, int]]:
        return [{} for _ in asks]


class PickupPort(Protocol):
    """Fulfilment answers where goods are handed over; asked only when somebody wants to fetch."""

    async def handed_over_at(
        self, tx: Tx, deliveries: Sequence[Delivery], *, now: datetime
    ) -> list[members.AddressSnapshot | Refusal]:
        """One answer per delivery, in their order; one statement whatever their number.

        The place is the point's; name and (sealed) phone are the contact's. `street` says the
        point's name too, so that whoever reads an order's address knows where to go.
        """
        ...


class NoPickupPoints:
    """The answer of a shop where nothing can be fetched."""

    async def handed_over_at(
        self, tx: Tx, deliveries: Sequence[Delivery], *, now: datetime
    ) -> list[members.AddressSnapshot | Refusal]:
        return [NoPickup(field="pickup_point_id") for _ in deliveries]


@dataclass(frozen=True, slots=True)
class Ports:
    """`price_rules` in any order: they apply by their step."""

    attribution: AttributionPort = field(default_factory=Nobody)
    price_rules: tuple[PriceRule, ...] = ()
    pickup: PickupPort = field(default_factory=NoPickupPoints)
    commission: CommissionPort = field(default_factory=NoCommission)

    def __post_init__(self) -> None:
        object.__setattr__(self, "price_rules", in_order(self.price_rules))
