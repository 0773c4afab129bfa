"""Make tags, put them on members by hand, find who has them by rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from weike.kernel import Invalid, Job, Record, Tx
from weike.kernel.each import all_or_each
from weike.members.errors import TagHasRule, TagNameTaken, TagNotFound, TooManyTags
from weike.members.tags import queries
from weike.members.tags.model import TAGS_LIMIT, Tag, TagRule
from weike.members.tags.ports import BuyersPort

FOUND_LIMIT = 50_000
"""How many members one rule may name."""
REFRESHED_EVERY = timedelta(days=1)


async def put_tag(
    tx: Tx,
    buyers: BuyersPort,
    *,
    tag_id: UUID,
    name: str,
    rule: TagRule | None,
    now: datetime,
) -> Tag:
    """A tag with a rule is put on whoever fits, at once.

    Refuses with Invalid (a rule that says nothing), TagNameTaken, TooManyTags.
    """
    if rule is not None and not rule.says_something:
        raise Invalid(field="rule")
    if (taken := await queries.id_of_name(tx, name)) and taken != tag_id:
        raise TagNameTaken(field="name", name=name)
    if await queries.tag(tx, tag_id) is None and await queries.count(tx) >= TAGS_LIMIT:
        raise TooManyTags(limit=TAGS_LIMIT)
    await queries.put_tag(tx, tag_id, name=name, rule=rule, now=now)
    if rule is not None:
        await refresh(tx, buyers, tag_id, rule, now=now)
    return next(tag for tag in await queries.tags(tx) if tag.id == tag_id)


async def remove_tag(tx: Tx, *, tag_id: UUID) -> None:
    """Refuses with TagNotFound."""
    if not await queries.delete_tag(tx, tag_id):
        raise TagNotFound()


async def tag_members(
    tx: Tx, *, tag_id: UUID, member_ids: Sequence[UUID], on: bool, now: datetime
) -> int:
    """How many it was put on or taken off. Refuses with TagNotFound, TagHasRule."""
    row = await queries.tag(tx, tag_id)
    if row is None:
        raise TagNotFound()
    if row["rule"] is not None:
        raise TagHasRule()
    if on:
        return await queries.add_members(tx, tag_id, member_ids, only_profiled=False, now=now)
    return await queries.remove_members(tx, tag_id, member_ids)


async def refresh(
    tx: Tx, buyers: BuyersPort, tag_id: UUID, rule: TagRule, *, now: datetime
) -> None:
    """Whoever fits has it, nobody else."""
    found = await buyers.matching(tx, rule, now=now, limit=FOUND_LIMIT)
    await queries.keep_only(tx, tag_id, found, now=now)
    await queries.add_members(tx, tag_id, found, only_profiled=True, now=now)


async def matching(tx: Tx, buyers: BuyersPort, rule: TagRule, *, now: datetime) -> list[UUID]:
    """Who would have a tag of this rule. Refuses with Invalid."""
    if not rule.says_something:
        raise Invalid(field="rule")
    found = await buyers.matching(tx, rule, now=now, limit=FOUND_LIMIT)
    return await queries.profiled(tx, found)


def tag_jobs(buyers: BuyersPort) -> tuple[Job, ...]:
    async def refresh_stale(tx: Tx, now: datetime) -> int:
        async def each(stale: Sequence[Record]) -> list[Record]:
            for row in stale:
                rule = queries.rule_of(row)
                if rule is not None:
                    await refresh(tx, buyers, row["id"], rule, now=now)
            return list(stale)

        found = await queries.stale_tags(tx, before=now - REFRESHED_EVERY)
        await all_or_each(tx, found, each, name="members.refresh_tags")
        return 0

    return (
        Job(
            name="members.refresh_tags",
            every_seconds=3600,
            due_tenants="""
                select distinct t.tenant_id from members.tags t
                where t.rule is not null and (t.refreshed_at is null
                  or t.refreshed_at < $1::timestamptz - interval '1 day')
            """,
            run=refresh_stale,
        ),
    )
