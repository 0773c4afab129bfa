"""Levels: the shop's definitions, and where a member stands."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from msgspec import Meta

from weike.kernel import PAGE_LIMIT, Database, Page, Tx
from weike.kernel.edge import MEMBER, Caller, staff
from weike.kernel.words import Words
from weike.members.levels import queries
from weike.members.levels.model import Level, LevelSettings
from weike.members.levels.put_levels import LEVELS_LIMIT, put_levels
from weike.members.levels.reading import GrowthLine, MyLevel, growth_page, my_level
from weike.members.profile import must_be_member


class LevelRow(msgspec.Struct, kw_only=True):
    """A level, and how many members have bought their way to it."""

    level: Level
    members: int


class LevelsOutput(msgspec.Struct, kw_only=True):
    items: list[LevelRow]
    settings: LevelSettings


class LevelsInput(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    items: Annotated[list[Level], Meta(max_length=LEVELS_LIMIT)]
    settings: LevelSettings


@get("/api/shop/level", opt=MEMBER, operation_id="my_level", tags=["shop"])
async def read_my_level(caller: Caller, database: Database, words: Words) -> MyLevel:
    """The level, the way to the next one, and all levels with their rights."""
    return await database.run(
        caller.tenant_id, lambda tx: my_level(tx, caller.member_id, words=words)
    )


@get("/api/shop/growth", opt=MEMBER, operation_id="my_growth", tags=["shop"])
async def read_my_growth(
    caller: Caller,
    database: Database,
    words: Words,
    cursor: str | None = None,
    limit: Annotated[int, QueryParameter(ge=1, le=PAGE_LIMIT)] = 20,
) -> Page[GrowthLine]:
    """What growth came from, newest first."""
    return await database.run(
        caller.tenant_id,
        lambda tx: growth_page(tx, caller.member_id, cursor=cursor, limit=limit, words=words),
    )


@get("/api/console/levels", opt=staff("members.read"), operation_id="list_levels", tags=["console"])
async def list_levels(caller: Caller, database: Database) -> LevelsOutput:
    return await database.run(caller.tenant_id, _levels)


@put("/api/console/levels", opt=staff("members.write"), operation_id="put_levels", tags=["console"])
async def write_levels(
    caller: Caller, database: Database, data: LevelsInput, now: datetime
) -> LevelsOutput:
    """These levels and no others."""

    async def work(tx: Tx) -> LevelsOutput:
        await put_levels(tx, data.items, data.settings, actor=caller, now=now)
        return await _levels(tx)

    return await database.run(caller.tenant_id, work)


@get(
    "/api/console/members/{member_id:uuid}/level",
    opt=staff("members.read"),
    operation_id="read_member_level",
    tags=["console"],
)
async def read_member_level(
    caller: Caller, database: Database, words: Words, member_id: UUID
) -> MyLevel:
    async def work(tx: Tx) -> MyLevel:
        await must_be_member(tx, member_id)
        return await my_level(tx, member_id, words=words)

    return await database.run(caller.tenant_id, work)


@get(
    "/api/console/members/{member_id:uuid}/growth",
    opt=staff("members.read"),
    operation_id="list_member_growth",
    tags=["console"],
)
async def list_member_growth(
    caller: Caller,
    database: Database,
    words: Words,
    member_id: UUID,
    cursor: str | None = None,
    limit: Annotated[int, QueryParameter(ge=1, le=PAGE_LIMIT)] = 20,
) -> Page[GrowthLine]:
    """Newest first."""

    async def work(tx: Tx) -> Page[GrowthLine]:
        await must_be_member(tx, member_id)
        return await growth_page(tx, member_id, cursor=cursor, limit=limit, words=words)

    return await database.run(caller.tenant_id, work)


async def _levels(tx: Tx) -> LevelsOutput:
    counts = await queries.members_by_level(tx)
    return LevelsOutput(
        items=[
            LevelRow(level=level, members=counts.get(level.id, 0))
            for level in await queries.levels(tx)
        ],
        settings=await queries.settings(tx),
    )


LEVEL_ROUTES: tuple[HTTPRouteHandler, ...] = (
    read_my_level,
    read_my_growth,
    list_levels,
    write_levels,
    read_member_level,
    list_member_growth,
)
