"""Orders as values: their states, who may be moved where, what an ask to place one says."""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

import msgspec


class OrderState(StrEnum):
    PLACED = "placed"
    """Stock is held, money is awaited until `expires_at`."""
    PAID = "paid"
    """The money is in escrow; the merchant must ship."""
    SHIPPED = "shipped"
    """On its way; received by the buyer's word or at `auto_receive_at`."""
    RECEIVED = "received"
    """With the buyer; the money stays in escrow until `settle_at`."""
    SETTLED = "settled"
    """The money is the merchant's."""
    CANCELLED = "cancelled"
    """By the buyer, by time, or because everything was refunded."""


TRANSITIONS: dict[OrderState, frozenset[OrderState]] = {
    OrderState.PLACED: frozenset({OrderState.PAID, OrderState.CANCELLED}),
    OrderState.PAID: frozenset({OrderState.SHIPPED, OrderState.CANCELLED}),
    OrderState.SHIPPED: frozenset({OrderState.RECEIVED}),
    OrderState.RECEIVED: frozenset({OrderState.SETTLED}),
    OrderState.SETTLED: frozenset(),
    OrderState.CANCELLED: frozenset(),
}
"""Every step an order can take. Each is a guarded update: one row, or a refusal.

paid → cancelled happens only when a refund of everything has succeeded. `pay_state` runs beside it:
unpaid → paid → refunding → refunded, or refunding → paid when the provider refuses.
"""

EVENT_KINDS = (
    *("placed", "paid", "cancelled", "expired", "late_payment", "after_sale_opened"),
    "refund_requested",
    *("refund_refused", "refunded", "delivered", "part_shipped", "ready_for_pickup", "shipped"),
    *("tracking_corrected", "handed_over", "received", "received_by_time", "received_at_wechat"),
    *("after_sale_closed", "settled"),
)
"""What a timeline can tell, in the order of an order's life; `trade.event.<kind>` in the texts."""

ActorKind = Literal["member", "staff", "job", "payment"]


class Actor(msgspec.Struct, frozen=True):
    """Who did it: a buyer, somebody of the shop, the clock, or the payment provider."""

    kind: ActorKind
    id: UUID | None = None


BY_TIME = Actor("job")
BY_PAYMENT = Actor("payment")


class AskedLine(msgspec.Struct, frozen=True):
    sku_id: UUID
    quantity: int


DeliveryKind = Literal["express", "pickup", "none"]
"""By a courier, fetched at a point of the shop, or nothing to carry (virtual goods, card keys)."""


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """How the buyer gets the goods: an address, or a pick-up point and who comes, or neither."""

    kind: DeliveryKind = "express"
    address_id: UUID | None = None
    pickup_point_id: UUID | None = None
    contact_name: str = ""
    contact_phone: str = ""


class ActivityRef(msgspec.Struct, frozen=True, kw_only=True):
    """The campaign an order is placed in: its kind and its own id."""

    kind: str
    id: UUID


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """What the buyer chose to be taken off: price rules read it, nobody else."""

    points: int = 0
    coupon_ids: tuple[UUID, ...] = ()
    activity: ActivityRef | None = None


class PlaceOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One buyer's wish. `order_id` is the buyer's own name for it."""

    order_id: UUID
    member_id: UUID
    lines: tuple[AskedLine, ...]
    delivery: Delivery
    choices: Choices = Choices()
    expected_minor: int | None = None
    """What the buyer saw; another amount by now refuses the order."""
    remark: str = ""
    share_code: str | None = None
    from_cart: bool = False

    def quantities(self) -> dict[UUID, int]:
        """By SKU, in the order asked; a SKU named twice is one line."""
        found: dict[UUID, int] = {}
        for line in self.lines:
            found[line.sku_id] = found.get(line.sku_id, 0) + line.quantity
        return found

    def content_hash(self) -> bytes:
        """What must be equal for the same id to mean the same ask."""
        content = (
            *(self.lines, self.delivery, self.choices, self.expected_minor),
            *(self.remark, self.share_code),
        )
        return hashlib.blake2b(msgspec.msgpack.encode(content), digest_size=16).digest()


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to an ask, the same every time; only `state` tells where the order stands now."""

    id: UUID
    number: str
    payable_minor: int
    expires_at: datetime
    state: str
