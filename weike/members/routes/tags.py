"""Tags in the console."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, post, put
from litestar.handlers import HTTPRouteHandler
from msgspec import Meta

from weike.kernel import Database, Tx
from weike.kernel.edge import Caller, staff
from weike.members.model import MemberCard
from weike.members.profile import member_cards
from weike.members.tags import queries
from weike.members.tags.keep_tags import matching, put_tag, remove_tag, tag_members
from weike.members.tags.model import Tag, TagName, TagRule
from weike.members.tags.ports import BuyersPort

_SAMPLE = 20


class Tags(msgspec.Struct, kw_only=True):
    items: list[Tag]


class TagInput(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Without a rule it is put by hand."""

    name: TagName
    rule: TagRule | None = None


class RuleInput(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    rule: TagRule


class RulePreview(msgspec.Struct, kw_only=True):
    """How many would have the tag, and the first of them."""

    members: int
    sample: list[MemberCard]


class TaggedInput(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    member_ids: Annotated[list[UUID], Meta(min_length=1, max_length=200)]
    on: bool


class Tagged(msgspec.Struct, kw_only=True):
    changed: int


@get("/api/console/tags", opt=staff("members.read"), operation_id="list_tags", tags=["console"])
async def list_tags(caller: Caller, database: Database) -> Tags:
    return Tags(items=await database.run(caller.tenant_id, queries.tags))


@put(
    "/api/console/tags/{tag_id:uuid}",
    opt=staff("members.write"),
    operation_id="put_tag",
    tags=["console"],
)
async def write_tag(
    caller: Caller,
    database: Database,
    buyers: BuyersPort,
    tag_id: UUID,
    data: TagInput,
    now: datetime,
) -> Tag:
    """A tag with a rule is put on whoever fits, now and every day."""
    return await database.run(
        caller.tenant_id,
        lambda tx: put_tag(tx, buyers, tag_id=tag_id, name=data.name, rule=data.rule, now=now),
    )


@delete(
    "/api/console/tags/{tag_id:uuid}",
    opt=staff("members.write"),
    operation_id="remove_tag",
    tags=["console"],
)
async def delete_tag(caller: Caller, database: Database, tag_id: UUID) -> None:
    await database.run(caller.tenant_id, lambda tx: remove_tag(tx, tag_id=tag_id))


@post(
    "/api/console/tags/preview",
    opt=staff("members.read"),
    operation_id="preview_tag",
    tags=["console"],
    status_code=200,
)
async def preview_tag(
    caller: Caller, database: Database, buyers: BuyersPort, data: RuleInput, now: datetime
) -> RulePreview:
    """Who would have a tag of this rule; nothing is written."""

    async def work(tx: Tx) -> RulePreview:
        found = await matching(tx, buyers, data.rule, now=now)
        cards = await member_cards(tx, found[:_SAMPLE])
        return RulePreview(
            members=len(found), sample=[cards[id] for id in found[:_SAMPLE] if id in cards]
        )

    return await database.run(caller.tenant_id, work)


@post(
    "/api/console/tags/{tag_id:uuid}/members",
    opt=staff("members.write"),
    operation_id="tag_members",
    tags=["console"],
    status_code=200,
)
async def write_tagged(
    caller: Caller, database: Database, tag_id: UUID, data: TaggedInput, now: datetime
) -> Tagged:
    """Put on members by hand, or taken off."""
    changed = await database.run(
        caller.tenant_id,
        lambda tx: tag_members(tx, tag_id=tag_id, member_ids=data.member_ids, on=data.on, now=now),
    )
    return Tagged(changed=changed)


TAG_ROUTES: tuple[HTTPRouteHandler, ...] = (
    list_tags,
    write_tag,
    delete_tag,
    preview_tag,
    write_tagged,
)
