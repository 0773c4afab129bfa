"""What trade asks of contexts above it; `entry` wires them. The default does nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

import msgspec

from weike.kernel import Tx
from weike.trade.price.ports import PriceRule

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


@dataclass(frozen=True, slots=True)
class Ports:
    """`price_rules` in the order they apply."""

    attribution: AttributionPort = field(default_factory=Nobody)
    price_rules: tuple[PriceRule, ...] = ()
