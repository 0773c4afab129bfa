"""What an order gives and takes back, computed from how its lines stand. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from weike.kernel import split_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class LineStands:
    """A line as far as points care: goods without freight, and what of them came back."""

    quantity: int
    goods_minor: int
    goods_refunded_minor: int
    refunded_quantity: int
    points_minor: int

    @property
    def is_all_back(self) -> bool:
        return self.refunded_quantity >= self.quantity or (
            0 < self.goods_minor <= self.goods_refunded_minor
        )


def points_back(lines: Sequence[LineStands], spent: int) -> int:
    """How many of an order's points are given back in all, in proportion to the goods refunded."""
    back = 0
    for line, points in zip(
        lines, split_minor(spent, [o.points_minor for o in lines]), strict=True
    ):
        if line.is_all_back:
            back += points
        elif line.goods_minor:
            back += points * line.goods_refunded_minor // line.goods_minor
        else:  # Points have paid for all of the line, so only its pieces tell.
            back += points * line.refunded_quantity // line.quantity
    return back


def earned_back(points: int, *, base_minor: int, refunded_minor: int) -> int:
    """How many of the points an order earned are taken back in all."""
    left = max(0, base_minor - refunded_minor)
    return points - points * left // base_minor


def end_of_life(now: datetime, *, months: int, time_zone: str) -> datetime | None:
    """The end of the day so many months from now, in the shop's time; None: never."""
    if not months:
        return None
    here = now.astimezone(ZoneInfo(time_zone))
    month = here.month - 1 + months
    first = here.date().replace(year=here.year + month // 12, month=month % 12 + 1, day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    day = min(here.day, (following - first).days)
    ends = first.replace(day=day) + timedelta(days=1)
    return datetime.combine(ends, time(), tzinfo=ZoneInfo(time_zone))
