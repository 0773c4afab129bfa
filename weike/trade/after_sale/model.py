"""Cases as values: kinds, states, who may take which step, how long each side has. Pure.

The prose that people agree on is docs/algorithms/after_sale.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Literal
from uuid import UUID

import msgspec

from weike.trade.price.refunding import LineMoney, Part, goods_part, pieces_part

Kind = Literal["refund_only", "return", "exchange", "price_difference"]


class CaseState(StrEnum):
    ASKED = "asked"
    """The merchant must answer."""
    AGREED = "agreed"
    """The buyer must send the goods back."""
    SENT_BACK = "sent_back"
    """The merchant must say whether they arrived as they should."""
    RECEIVED = "received"
    """The goods are back: a replacement, or a refund that failed, is owed."""
    REPLACED = "replaced"
    """The replacement is on its way."""
    REFUNDING = "refunding"
    """The provider is sending the money."""
    APPEALED = "appealed"
    """The platform must decide."""
    DONE = "done"
    DECLINED = "declined"
    REFUSED_ON_RECEIPT = "refused_on_receipt"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    """The buyer did not send the goods back."""
    DISMISSED = "dismissed"
    """The platform decided for the merchant; final."""


OPEN = frozenset(
    {
        CaseState.ASKED,
        CaseState.AGREED,
        CaseState.SENT_BACK,
        CaseState.RECEIVED,
        CaseState.REPLACED,
        CaseState.REFUNDING,
        CaseState.APPEALED,
    }
)
"""While a case is in one of these, its lines are in no other case and nobody is paid."""

STEPS: Mapping[tuple[CaseState, str], frozenset[CaseState]] = MappingProxyType(
    {
        (CaseState.ASKED, "agree"): frozenset({CaseState.REFUNDING, CaseState.AGREED}),
        (CaseState.ASKED, "decline"): frozenset({CaseState.DECLINED}),
        (CaseState.ASKED, "withdraw"): frozenset({CaseState.WITHDRAWN}),
        (CaseState.AGREED, "withdraw"): frozenset({CaseState.WITHDRAWN}),
        (CaseState.AGREED, "send_back"): frozenset({CaseState.SENT_BACK}),
        (CaseState.AGREED, "expire"): frozenset({CaseState.EXPIRED}),
        (CaseState.SENT_BACK, "accept"): frozenset({CaseState.REFUNDING, CaseState.RECEIVED}),
        (CaseState.SENT_BACK, "refuse"): frozenset({CaseState.REFUSED_ON_RECEIPT}),
        (CaseState.RECEIVED, "replace"): frozenset({CaseState.REPLACED}),
        (CaseState.RECEIVED, "refund"): frozenset({CaseState.REFUNDING}),
        (CaseState.RECEIVED, "appeal"): frozenset({CaseState.APPEALED}),
        (CaseState.REPLACED, "confirm"): frozenset({CaseState.DONE}),
        (CaseState.REFUNDING, "finish"): frozenset({CaseState.DONE}),
        (CaseState.REFUNDING, "fail"): frozenset({CaseState.ASKED, CaseState.RECEIVED}),
        (CaseState.DECLINED, "appeal"): frozenset({CaseState.APPEALED}),
        (CaseState.REFUSED_ON_RECEIPT, "appeal"): frozenset({CaseState.APPEALED}),
        (CaseState.APPEALED, "withdraw"): frozenset({CaseState.WITHDRAWN}),
        (CaseState.APPEALED, "dismiss"): frozenset({CaseState.DISMISSED}),
        (CaseState.APPEALED, "uphold"): frozenset({CaseState.AGREED, CaseState.REFUNDING}),
    }
)
"""Every step a case can take; anything else is refused."""

REASONS: Mapping[str, bool] = MappingProxyType(
    {
        "changed_mind": False,
        "wrong_order": False,
        "better_price": False,
        "agreed_with_seller": False,
        "out_of_stock": True,
        "too_slow": True,
        "not_received": True,
        "damaged": True,
        "quality": True,
        "wrong_item": True,
        "missing_parts": True,
        "not_as_described": True,
        "other": False,
    }
)
"""Why, and whether it is the seller's fault; `trade.after_sale.reason.<code>` in the texts."""

SHIP_BACK_WITHIN = timedelta(days=7)
ACCEPT_WITHIN = timedelta(days=10)
REPLACE_WITHIN = timedelta(days=7)
CONFIRM_WITHIN = timedelta(days=10)
APPEAL_WITHIN = timedelta(days=7)
RETRY_WITHIN = timedelta(hours=48)
_ANSWER_WITHIN = {"return": timedelta(days=7), "exchange": timedelta(days=7)}
_ANSWER_MONEY_WITHIN = timedelta(hours=48)

EVENT_KINDS = (
    *("asked", "agreed", "agreed_by_time", "declined", "withdrawn", "sent_back", "expired"),
    *("accepted", "accepted_by_time", "refused", "replaced", "confirmed", "confirmed_by_time"),
    *("refunding", "refund_failed", "done", "appealed", "upheld", "upheld_refund", "dismissed"),
    "message",
)
"""What a case's timeline tells, in the order of its life; `trade.after_sale.event.<kind>`."""


class ReturnAddress(msgspec.Struct, frozen=True, kw_only=True):
    """Where the buyer sends the goods, frozen on the case when the merchant agrees."""

    name: str
    phone: str
    address: str


class CaseLine(msgspec.Struct, frozen=True, kw_only=True):
    """`unshipped_quantity` of the pieces never left the house and are called off meanwhile."""

    position: int
    quantity: int
    unshipped_quantity: int = 0


class AskedPieces(msgspec.Struct, frozen=True):
    position: int
    quantity: int


class AskAfterSale(msgspec.Struct, frozen=True, kw_only=True):
    """One wish. `id` is the asker's own name for it; `amount_minor` null means all it may be."""

    id: UUID
    order_id: UUID
    kind: Kind
    lines: tuple[AskedPieces, ...]
    reason_code: str
    amount_minor: int | None = None
    remark: str = ""
    media_ids: tuple[UUID, ...] = ()
    replacement_sku_id: UUID | None = None

    def content_hash(self) -> bytes:
        """What must be equal for the same id to mean the same wish."""
        return hashlib.blake2b(msgspec.msgpack.encode(self), digest_size=16).digest()


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A case as it is kept, with its lines."""

    id: UUID
    number: str
    order_id: UUID
    member_id: UUID
    kind: Kind
    state: CaseState
    stopped_at: CaseState | None
    in_sale: bool
    reason_code: str
    remark: str
    currency: str
    asked_minor: int
    amount_minor: int
    most_minor: int
    deadline_at: datetime | None
    return_to: ReturnAddress | None
    replacement_sku_id: UUID | None
    refund_id: UUID | None
    refund_attempts: int
    content_hash: bytes
    opened_at: datetime
    lines: tuple[CaseLine, ...]

    @property
    def gives_money(self) -> bool:
        return self.kind != "exchange" or self.stopped_at is not None

    @property
    def needs_goods_back(self) -> bool:
        return self.kind in ("return", "exchange")


def may_step(state: CaseState, step: str) -> bool:
    return (state, step) in STEPS


def answer_within(kind: Kind) -> timedelta:
    return _ANSWER_WITHIN.get(kind, _ANSWER_MONEY_WITHIN)


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What may come back for the lines asked about, line by line."""

    parts: tuple[Part, ...]
    includes_freight: bool
    """Whether the buyer may ask for the freight, or the merchant has to offer it."""

    @property
    def goods_minor(self) -> int:
        return sum(part.goods_minor for part in self.parts)

    @property
    def freight_minor(self) -> int:
        return sum(part.freight_minor for part in self.parts)

    @property
    def usual_minor(self) -> int:
        """What the buyer may ask for."""
        return self.goods_minor + (self.freight_minor if self.includes_freight else 0)

    @property
    def most_minor(self) -> int:
        """What the merchant may agree to."""
        return self.goods_minor + self.freight_minor


def limits_of(
    kind: Kind,
    reason_code: str,
    asked: Sequence[CaseLine],
    lines: Mapping[int, LineMoney],
) -> Limits:
    """What a case may give back. `lines` are all lines of the order, by position."""
    if kind == "price_difference":
        parts = tuple(goods_part(lines[line.position]) for line in asked)
        return Limits(parts=parts, includes_freight=False)
    parts = tuple(pieces_part(lines[line.position], line.quantity) for line in asked)
    goods_left = sum(line.goods_left_minor for line in lines.values())
    return Limits(
        parts=parts,
        includes_freight=(
            all(line.unshipped_quantity == line.quantity for line in asked)
            or REASONS[reason_code]
            or sum(part.goods_minor for part in parts) == goods_left
        ),
    )


def resumes_at(case: Case) -> Literal["agree", "refund"]:
    """Where a case goes on that was stopped and won its appeal: as if it had not been stopped.

    What was not sent back yet is agreed to; what is back is paid for, an exchange too.
    """
    return "agree" if case.stopped_at in (None, CaseState.ASKED) else "refund"
