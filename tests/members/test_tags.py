"""Tags by hand and by rule, and the member list that is narrowed and sorted by them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from tests.members.builders import a_phone, seal
from tests.members.test_levels import bought, set_up
from tests.tenancy.builders import put_shop
from weike.kernel import Invalid, Tx, uuid7
from weike.kernel.texts import load_texts
from weike.kernel.words import Words
from weike.members import NoFigures, TagRule, ensure_member, put_tag, tag_members
from weike.members.errors import TagHasRule, TagNameTaken
from weike.members.member_list import MemberSearch, member_page
from weike.members.tags import queries
from weike.members.tags.keep_tags import matching, tag_jobs

WORDS = Words(load_texts(("kernel", "members")), "zh")
RICH = TagRule(spent_from_minor=100_000)


class Buyers:
    """Whoever it is told fits every rule."""

    def __init__(self, *found: UUID) -> None:
        self.found = list(found)

    async def matching(self, tx: Tx, rule: TagRule, *, now: datetime, limit: int) -> Sequence[UUID]:
        return self.found


async def a_member(tx: Tx, now: datetime, *, nickname: str = "", phone: str = "") -> UUID:
    ensured = await ensure_member(
        tx,
        seal,
        member_id=uuid7(now),
        phone=phone or a_phone(),
        nickname=nickname or None,
        now=now,
    )
    return ensured.member_id


async def tagged(tx: Tx, tag_id: UUID) -> set[UUID]:
    rows = await tx.fetch(
        "select g.member_id from members.tagged g where g.tenant_id = $1 and g.tag_id = $2",
        tx.tenant_id,
        tag_id,
    )
    return {row["member_id"] for row in rows}


async def listed(tx: Tx, **search: object) -> list[UUID]:
    page = await member_page(
        tx,
        seal,
        NoFigures(),
        MemberSearch(**search),  # type: ignore[arg-type]
        cursor=None,
        limit=50,
        words=WORDS,
    )
    return [one.id for one in page.items]


async def test_a_tag_by_hand(tx: Tx, now: datetime) -> None:
    await put_shop(tx, now)
    ann, bob = await a_member(tx, now), await a_member(tx, now)
    tag = await put_tag(tx, Buyers(), tag_id=uuid7(now), name="老客", rule=None, now=now)

    assert await tag_members(tx, tag_id=tag.id, member_ids=[ann, bob], on=True, now=now) == 2
    assert await tag_members(tx, tag_id=tag.id, member_ids=[ann], on=True, now=now) == 0
    assert await tag_members(tx, tag_id=tag.id, member_ids=[bob], on=False, now=now) == 1
    assert await listed(tx, tag_id=tag.id) == [ann]
    with pytest.raises(TagNameTaken):
        await put_tag(tx, Buyers(), tag_id=uuid7(now), name="老客", rule=None, now=now)


async def test_a_rule_finds_its_members_again_every_day(tx: Tx, now: datetime) -> None:
    await put_shop(tx, now)
    ann, bob, quiet = [await a_member(tx, now) for _ in range(3)]
    await tx.execute(
        "update members.members set profiling_allowed = false where tenant_id = $1 and id = $2",
        tx.tenant_id,
        quiet,
    )
    buyers = Buyers(ann, quiet)
    tag = await put_tag(tx, buyers, tag_id=uuid7(now), name="高消费", rule=RICH, now=now)
    # Whoever switched profiling off is not found.
    assert await tagged(tx, tag.id) == {ann}
    assert await matching(tx, buyers, RICH, now=now) == [ann]

    buyers.found = [bob]
    (job,) = tag_jobs(buyers)
    await job.run(tx, now + timedelta(hours=3))
    assert await tagged(tx, tag.id) == {ann}
    await job.run(tx, now + timedelta(hours=25))
    assert await tagged(tx, tag.id) == {bob}

    with pytest.raises(TagHasRule):
        await tag_members(tx, tag_id=tag.id, member_ids=[ann], on=True, now=now)
    with pytest.raises(Invalid):
        await put_tag(tx, buyers, tag_id=tag.id, name="高消费", rule=TagRule(), now=now)
    assert [one.members for one in await queries.tags(tx)] == [1]


async def test_the_list_is_found_narrowed_and_sorted(tx: Tx, now: datetime) -> None:
    levels = await set_up(tx, now)
    ann = await a_member(tx, now, nickname="安安", phone="13900001234")
    bob = await a_member(tx, now + timedelta(days=1), nickname="波波", phone="13900005678")
    cat = await a_member(tx, now + timedelta(days=2), nickname="凯特")
    await bought(tx, ann, 700, now)
    await bought(tx, bob, 2600, now)

    assert await listed(tx) == [cat, bob, ann]
    assert await listed(tx, sort="oldest") == [ann, bob, cat]
    assert await listed(tx, sort="growth") == [bob, ann, cat]
    assert await listed(tx, level_id=levels[1].id) == [ann]
    assert await listed(tx, level_id=levels[0].id) == [cat]
    assert await listed(tx, query="波") == [bob]
    assert await listed(tx, query="1234") == [ann]
    assert await listed(tx, query="139 0000 5678") == [bob]
    assert await listed(tx, query=str(cat)) == [cat]
    assert await listed(tx, joined_from=now + timedelta(hours=1)) == [cat, bob]
    assert await listed(tx, joined_until=now + timedelta(hours=1)) == [ann]


async def test_the_list_by_growth_goes_on_where_it_ended(tx: Tx, now: datetime) -> None:
    await set_up(tx, now)
    people = [await a_member(tx, now) for _ in range(7)]
    for index, member in enumerate(people[:5]):
        await bought(tx, member, 100 * (index % 3 + 1), now)
    seen: list[UUID] = []
    cursor = None
    while True:
        page = await member_page(
            tx,
            seal,
            NoFigures(),
            MemberSearch(sort="growth"),
            cursor=cursor,
            limit=2,
            words=WORDS,
        )
        seen += [one.id for one in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == 7
    assert set(seen) == set(people)
