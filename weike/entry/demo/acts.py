"""What people do in the demo's past. People, goods, shares and orders are named by number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from weike.sharing import Channel, ShareKind, TouchEvent


@dataclass(frozen=True, slots=True)
class Register:
    at: datetime
    member: int


@dataclass(frozen=True, slots=True)
class Join:
    """A member becomes a promoter."""

    at: datetime
    member: int


@dataclass(frozen=True, slots=True)
class Share:
    at: datetime
    key: int
    sharer: int
    kind: ShareKind
    good: int | None
    channel: Channel
    parent: int | None


@dataclass(frozen=True, slots=True)
class Visit:
    """`member` is None for a visitor who has not signed in."""

    at: datetime
    share: int
    visitor: int
    member: int | None
    event: TouchEvent


@dataclass(frozen=True, slots=True)
class Order:
    """`lines` name a good, one of its SKUs and how many; `paid` is when the money came."""

    at: datetime
    key: int
    buyer: int
    lines: tuple[tuple[int, int, int], ...]
    share: int | None
    remark: str
    paid: datetime | None


@dataclass(frozen=True, slots=True)
class Cancel:
    at: datetime
    order: int
    member: int
    reason: str


@dataclass(frozen=True, slots=True)
class Refund:
    """`member` is None when the shop gives the money back by itself."""

    at: datetime
    order: int
    member: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Ship:
    at: datetime
    order: int
    courier: str
    tracking_no: str


@dataclass(frozen=True, slots=True)
class Receive:
    at: datetime
    order: int
    member: int


@dataclass(frozen=True, slots=True)
class Night:
    """Nobody does anything, so time does: what is due expires, is received, settles, matures."""

    at: datetime


Act = Register | Join | Share | Visit | Order | Cancel | Refund | Ship | Receive | Night
