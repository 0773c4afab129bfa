"""Levels as members and staff see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from weike.kernel import Page, Tx, decode_cursor, page_of
from weike.kernel.words import Words
from weike.members.levels import queries
from weike.members.levels.model import Level, Standing, level_at


class LevelCard(msgspec.Struct, frozen=True, kw_only=True):
    """A level in the reader's language."""

    id: UUID
    name: str
    growth_from: int
    discount_bp: int
    points_bp: int
    free_freight: bool
    note: str


class MyLevel(msgspec.Struct, frozen=True, kw_only=True):
    """`next_from` is the threshold of the next level, null at the top; `until` is when the term
    ends, and `keep_with` how much growth the term must bring to keep the level."""

    level: LevelCard | None
    growth: int
    next_name: str | None
    next_from: int | None
    since: datetime | None
    until: datetime | None
    keep_with: int | None
    gained: int
    levels: list[LevelCard]
    growth_per_yuan: int


class GrowthLine(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    at: datetime
    amount: int
    title: str


async def levels_of(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, Level]:
    """One statement; whoever has no level is missing."""
    return await queries.levels_of(tx, member_ids) if member_ids else {}


async def my_level(tx: Tx, member_id: UUID, *, words: Words) -> MyLevel:
    levels = await queries.levels(tx)
    settings = await queries.settings(tx)
    standing = (await queries.standings(tx, [member_id])).get(member_id, Standing())
    held = next((level for level in levels if level.id == standing.level_id), None)
    held = held or level_at(levels, standing.growth)
    above = [level for level in levels if level.growth_from > (held.growth_from if held else -1)]
    following = min(above, key=lambda level: level.growth_from, default=None)
    gained = 0
    if standing.until and standing.since:
        gained = (await queries.gained(tx, {member_id: standing.since}))[member_id]
    return MyLevel(
        level=card_of(held, words) if held else None,
        growth=standing.growth,
        next_name=words.of(following.name, following.name_en) if following else None,
        next_from=following.growth_from if following else None,
        since=standing.since,
        until=standing.until,
        keep_with=held.growth_from if held and standing.until else None,
        gained=gained,
        levels=[card_of(level, words) for level in levels],
        growth_per_yuan=settings.growth_per_yuan,
    )


async def growth_page(
    tx: Tx, member_id: UUID, *, cursor: str | None, limit: int, words: Words
) -> Page[GrowthLine]:
    """Newest first. Refuses with BadCursor."""
    rows = await queries.newest_growth(
        tx, member_id, after=decode_cursor(cursor, tuple[datetime, UUID]), limit=limit + 1
    )
    return page_of(
        rows,
        limit=limit,
        item=lambda row: GrowthLine(
            id=row["id"],
            at=row["at"],
            amount=row["amount"],
            title=words(f"members.growth.{row['kind']}"),
        ),
        key=lambda row: (row["at"], row["id"]),
    )


def card_of(level: Level, words: Words) -> LevelCard:
    return LevelCard(
        id=level.id,
        name=words.of(level.name, level.name_en),
        growth_from=level.growth_from,
        discount_bp=level.discount_bp,
        points_bp=level.points_bp,
        free_freight=level.free_freight,
        note=words.of(level.note, level.note_en),
    )
