"""Who belongs to whom, and why. Given by name: `words`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.handlers import HTTPRouteHandler

from weike import members
from weike.distribution.promoter_pages import require_promoter
from weike.distribution.relations.end_relations import (
    AT_ONCE,
    move_customers,
    move_customers_of,
)
from weike.distribution.relations.show_relations import (
    MyRelation,
    RelationHistory,
    Told,
    happenings_told,
    my_relation,
    relation_history,
)
from weike.kernel import Database, Tx
from weike.kernel.edge import MEMBER, Caller, staff
from weike.kernel.words import Words

_Reason = Annotated[str, msgspec.Meta(min_length=2, max_length=500)]


class CustomersMoved(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """To nobody when `promoter_id` is null. `id` is the caller's own name for the move."""

    id: UUID
    customer_ids: Annotated[list[UUID], msgspec.Meta(min_length=1, max_length=AT_ONCE)]
    promoter_id: UUID | None
    reason: _Reason


class HandOver(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """All customers of a promoter who leaves."""

    id: UUID
    promoter_id: UUID | None
    reason: _Reason


class Moved(msgspec.Struct, kw_only=True):
    """`more` when there are customers left: ask again."""

    moved: int
    more: bool = False


class Relations(msgspec.Struct, kw_only=True):
    items: list[RelationHistory]
    happenings: list[Told]


class Happenings(msgspec.Struct, kw_only=True):
    items: list[Told]


@get("/api/shop/me/relation", opt=MEMBER, operation_id="my_relation")
async def mine(caller: Caller, database: Database, words: Words, now: datetime) -> MyRelation:
    return await database.run(
        caller.tenant_id, lambda tx: my_relation(tx, caller.member_id, words=words, now=now)
    )


@get("/api/promoter/happenings", opt=MEMBER, operation_id="promoter_happenings")
async def of_promoter(caller: Caller, database: Database, words: Words) -> Happenings:
    async def work(tx: Tx) -> Happenings:
        await require_promoter(tx, caller.member_id)
        return Happenings(items=await happenings_told(tx, words=words, sharer_id=caller.member_id))

    return await database.run(caller.tenant_id, work)


@get(
    "/api/console/members/{member_id:uuid}/relations",
    opt=staff("promoters.read"),
    operation_id="relations_of_member",
)
async def of_member(member_id: UUID, caller: Caller, database: Database, words: Words) -> Relations:
    async def work(tx: Tx) -> Relations:
        if not await members.member_cards(tx, [member_id]):
            raise members.MemberNotFound()
        return Relations(
            items=await relation_history(tx, member_id),
            happenings=await happenings_told(tx, words=words, customer_id=member_id),
        )

    return await database.run(caller.tenant_id, work)


@post(
    "/api/console/relations/move",
    opt=staff("promoters.write"),
    operation_id="move_customers",
    status_code=200,
)
async def move(data: CustomersMoved, caller: Caller, database: Database, now: datetime) -> Moved:
    moved = await database.run(
        caller.tenant_id,
        lambda tx: move_customers(
            tx,
            move_id=data.id,
            customer_ids=data.customer_ids,
            to=data.promoter_id,
            reason=data.reason,
            by=caller,
            now=now,
        ),
    )
    return Moved(moved=moved)


@post(
    "/api/console/promoters/{member_id:uuid}/hand-over",
    opt=staff("promoters.write"),
    operation_id="hand_over_customers",
    status_code=200,
)
async def hand_over(
    member_id: UUID, data: HandOver, caller: Caller, database: Database, now: datetime
) -> Moved:
    moved = await database.run(
        caller.tenant_id,
        lambda tx: move_customers_of(
            tx,
            member_id,
            move_id=data.id,
            to=data.promoter_id,
            reason=data.reason,
            by=caller,
            now=now,
        ),
    )
    return Moved(moved=moved, more=moved >= AT_ONCE)


RELATION_ROUTES: tuple[HTTPRouteHandler, ...] = (mine, of_promoter, of_member, move, hand_over)
