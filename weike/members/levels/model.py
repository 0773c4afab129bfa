"""Levels as values: who has which, when it rises, when it falls. Pure.

docs/algorithms/points_and_levels.md
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=20, pattern=r"^\S(.*\S)?$")]
NameInEnglish = Annotated[str, msgspec.Meta(max_length=40)]
Note = Annotated[str, msgspec.Meta(max_length=100)]


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """A threshold of growth and the rights from there on. The rights are these and no others: a
    level never unlocks a paid distribution right."""

    id: UUID
    name: Name
    name_en: NameInEnglish = ""
    growth_from: Annotated[int, msgspec.Meta(ge=0, le=100_000_000)]
    discount_bp: Annotated[int, msgspec.Meta(ge=0, le=9000)] = 0
    """What the member price is below the list price."""
    points_bp: Annotated[int, msgspec.Meta(ge=10_000, le=100_000)] = 10_000
    """How many times the points of an order, 10000 is once."""
    free_freight: bool = False
    note: Note = ""
    """What the shop promises besides, such as a birthday present."""
    note_en: Note = ""

    @property
    def has_member_prices(self) -> bool:
        """The lowest level is everybody's: without a discount it is no level with prices."""
        return bool(self.growth_from or self.discount_bp)


class LevelSettings(msgspec.Struct, frozen=True, kw_only=True):
    growth_per_yuan: Annotated[int, msgspec.Meta(ge=0, le=100)] = 1
    term_days: Annotated[int, msgspec.Meta(ge=30, le=3650)] = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a member stands. `until` is when the term ends; the lowest level has none."""

    growth: int = 0
    level_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


def level_at(levels: Sequence[Level], growth: int) -> Level | None:
    """The highest that this growth reaches; none below the lowest threshold."""
    reached = [level for level in levels if level.growth_from <= growth]
    return max(reached, key=lambda level: level.growth_from, default=None)


def with_growth(
    standing: Standing,
    levels: Sequence[Level],
    amount: int,
    *,
    term_days: int,
    now: datetime,
) -> Standing:
    """Rises at once, over several steps if need be; falls at once only when growth was taken."""
    growth = max(0, standing.growth + amount)
    held = _level(levels, standing.level_id)
    reached = level_at(levels, growth)
    rises = reached is not None and (held is None or reached.growth_from > held.growth_from)
    falls = amount < 0 and held is not None and growth < held.growth_from
    if rises or falls:
        return _at(reached, growth, term_days=term_days, now=now)
    return Standing(
        growth=growth, level_id=standing.level_id, since=standing.since, until=standing.until
    )


def after_term(
    standing: Standing, levels: Sequence[Level], gained: int, *, term_days: int, now: datetime
) -> Standing:
    """`gained` is the growth of the term that has ended. Keeps the level or falls by one."""
    held = _level(levels, standing.level_id)
    if held is None:
        return _at(level_at(levels, standing.growth), standing.growth, term_days=term_days, now=now)
    if gained >= held.growth_from:
        return _at(held, standing.growth, term_days=term_days, now=now)
    lower = level_at(levels, held.growth_from - 1)
    floor = lower.growth_from if lower else 0
    growth = min(standing.growth, max(gained, floor))
    return _at(lower, growth, term_days=term_days, now=now)


def member_price(
    level: Level | None, *, pricing: str, unit_minor: int, own_minor: int | None
) -> int:
    """What one piece costs somebody of this level; never more than the list price."""
    if level is None or not level.has_member_prices or pricing == "none":
        return unit_minor
    if pricing == "fixed" and own_minor is not None:
        return min(unit_minor, own_minor)
    return unit_minor - unit_minor * level.discount_bp // 10_000


def _at(level: Level | None, growth: int, *, term_days: int, now: datetime) -> Standing:
    if level is None:
        return Standing(growth=growth)
    ends = now + timedelta(days=term_days) if level.growth_from else None
    return Standing(growth=growth, level_id=level.id, since=now, until=ends)


def _level(levels: Sequence[Level], level_id: UUID | None) -> Level | None:
    return next((level for level in levels if level.id == level_id), None)
