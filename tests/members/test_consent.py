"""Consents: what stands is the last word on the present text, and every word is kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from tests.members.builders import a_phone, seal
from weike.kernel import Tx, uuid7
from weike.members import (
    ProfilingChanged,
    consenting,
    ensure_member,
    set_consent,
)
from weike.members.consent import consents
from weike.members.consent.consents import Purpose, standings
from weike.members.consent.errors import ConsentTextChanged

DAY = timedelta(days=1)


@pytest.fixture
async def me(tx: Tx, now: datetime) -> UUID:
    done = await ensure_member(tx, seal, member_id=uuid7(now), phone=a_phone(), now=now)
    return done.member_id


async def say(
    tx: Tx, me: UUID, given: bool, now: datetime, purpose: Purpose = "reviews_chain"
) -> None:
    await set_consent(
        tx,
        member_id=me,
        purpose=purpose,
        given=given,
        version=consents.VERSIONS[purpose],
        source="privacy",
        now=now,
    )


async def words_kept(tx: Tx, me: UUID) -> list[bool]:
    rows = await tx.fetch(
        "select c.given from members.consents c where c.tenant_id = $1 and c.member_id = $2 "
        "order by c.at, c.id",
        tx.tenant_id,
        me,
    )
    return [row["given"] for row in rows]


async def test_nobody_agrees_before_they_say_so(tx: Tx, me: UUID) -> None:
    given = {one.purpose: one.given for one in await standings(tx, me)}
    assert given == {"profiling": True, "reviews_chain": False, "marketing": False}
    assert await consenting(tx, [me], "reviews_chain") == set()


async def test_the_last_word_stands_and_all_are_kept(tx: Tx, me: UUID, now: datetime) -> None:
    await say(tx, me, True, now)
    await say(tx, me, True, now + DAY)
    assert await consenting(tx, [me], "reviews_chain") == {me}
    await say(tx, me, False, now + 2 * DAY)
    assert await consenting(tx, [me], "reviews_chain") == set()
    assert await words_kept(tx, me) == [True, False]


async def test_a_new_text_asks_again(
    tx: Tx, me: UUID, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    await say(tx, me, True, now)
    monkeypatch.setitem(consents.VERSIONS, "reviews_chain", 2)
    assert await consenting(tx, [me], "reviews_chain") == set()
    with pytest.raises(ConsentTextChanged):
        await set_consent(
            tx,
            member_id=me,
            purpose="reviews_chain",
            given=True,
            version=1,
            source="privacy",
            now=now,
        )
    await say(tx, me, True, now + DAY)
    assert await consenting(tx, [me], "reviews_chain") == {me}


async def test_profiling_ends_at_once_and_is_announced(tx: Tx, me: UUID, now: datetime) -> None:
    assert await consenting(tx, [me], "profiling") == {me}
    await say(tx, me, False, now, "profiling")
    assert await consenting(tx, [me], "profiling") == set()
    told = [event for event in tx.announced() if isinstance(event, ProfilingChanged)]
    assert [event.allowed for event in told] == [False]


@pytest.mark.any_statement
@pytest.mark.parametrize(
    "deed", ["update members.consents set given = true", "delete from members.consents"]
)
async def test_nobody_rewrites_what_was_said(tx: Tx, me: UUID, now: datetime, deed: str) -> None:
    await say(tx, me, True, now)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await tx.execute(deed)
