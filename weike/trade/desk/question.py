"""What somebody at the desk asks for, and how it is told from what they typed. Pure."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

DeskList = Literal[
    "all", "placed", "paid", "shipped", "received", "settled", "cancelled", "refunding", "refunded"
]
Fulfilment = Literal["none", "part", "ready", "shipped", "received"]
DeskSort = Literal["newest", "oldest", "amount_desc", "amount_asc"]
Way = Literal["wechat", "alipay", "balance", "free"]
RefundState = Literal["none", "part", "all"]
Carried = Literal["express", "pickup", "none"]

_PHONE = re.compile(r"1[3-9][0-9]{9}")
_TAIL = re.compile(r"[0-9]{4}")
_NUMBER = re.compile(r"[0-9]{6,20}")
_TRACKING = re.compile(r"[0-9A-Za-z-]{6,40}")


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """One of these: an order is found by its number or the beginning of it, by a tracking number,
    by the last four digits of the receiver's phone, by the receiver's name."""

    number: str | None = None
    tracking_no: str | None = None
    tail: str | None = None
    name: str | None = None


def wanted_by(text: str | None) -> Wanted | None:
    """From what was typed into one box. A whole phone number is looked for by its tail: orders do
    not keep more of it readable."""
    plain = (text or "").strip()
    if not plain:
        return None
    if _TAIL.fullmatch(plain):
        return Wanted(tail=plain)
    if _PHONE.fullmatch(plain):
        return Wanted(tail=plain[-4:], tracking_no=plain)
    if _NUMBER.fullmatch(plain):
        return Wanted(number=plain, tracking_no=plain)
    if _TRACKING.fullmatch(plain) and any(c.isdigit() for c in plain):
        return Wanted(tracking_no=plain.upper(), name=plain)
    return Wanted(name=plain)


class DeskQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """All that is given must fit. Times are those of placing."""

    state: DeskList = "all"
    fulfilment: Fulfilment | None = None
    since: datetime | None = None
    until: datetime | None = None
    product_id: UUID | None = None
    paid_by: Way | None = None
    delivery: Carried | None = None
    pickup_point_id: UUID | None = None
    refund: RefundState | None = None
    wanted: Wanted | None = None
    sort: DeskSort = "newest"
