"""A member's own chain of shares: up, down, three steps, and never up and then down."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from uuid import UUID, uuid4

import pytest

from tests.sharing.builders import CODES, a_share
from tests.tenancy.builders import put_shop
from weike import sharing
from weike.kernel import Tx


@pytest.fixture(autouse=True)
async def shop(tx: Tx, now: datetime) -> None:
    await put_shop(tx, now)


async def opens(tx: Tx, share: sharing.Share, member_id: UUID | None, now: datetime) -> None:
    touch = sharing.Touch(
        id=uuid4(),
        code=share.code,
        visitor_id=uuid4(),
        member_id=member_id,
        event=sharing.TouchEvent.OPEN,
    )
    await sharing.record_touches(tx, [touch], codes=CODES, now=now)


async def line_of(tx: Tx, now: datetime, length: int) -> list[UUID]:
    """Each opens what the one before shared."""
    people = [uuid4() for _ in range(length)]
    for sharer, reader in pairwise(people):
        await opens(tx, await a_share(tx, now, sharer_id=sharer), reader, now)
    return people


async def test_the_chain_goes_three_steps_up_and_down(tx: Tx, now: datetime) -> None:
    people = await line_of(tx, now, 9)
    chain = await sharing.chain_of(tx, people[4])
    assert chain == {
        people[3]: 1,
        people[2]: 2,
        people[1]: 3,
        people[5]: 1,
        people[6]: 2,
        people[7]: 3,
    }


async def test_whoever_the_same_sharer_also_reached_is_no_acquaintance(
    tx: Tx, now: datetime
) -> None:
    sharer, me, other = uuid4(), uuid4(), uuid4()
    share = await a_share(tx, now, sharer_id=sharer)
    await opens(tx, share, me, now)
    await opens(tx, share, other, now)
    assert await sharing.chain_of(tx, me) == {sharer: 1}


async def test_sharing_on_is_a_step_too_and_strangers_are_none(tx: Tx, now: datetime) -> None:
    first, second = uuid4(), uuid4()
    share = await a_share(tx, now, sharer_id=first)
    await opens(tx, share, None, now)
    await sharing.make_share(
        tx,
        CODES,
        share_id=uuid4(),
        sharer_id=second,
        kind=sharing.ShareKind.SHOP,
        product_id=None,
        channel=sharing.Channel.WECHAT,
        parent_code=share.code,
        now=now,
    )
    assert await sharing.chain_of(tx, second) == {first: 1}
    assert await sharing.chain_of(tx, first) == {second: 1}
    assert await sharing.chain_of(tx, uuid4()) == {}


async def test_a_circle_ends(tx: Tx, now: datetime) -> None:
    one, other = uuid4(), uuid4()
    await opens(tx, await a_share(tx, now, sharer_id=one), other, now)
    await opens(tx, await a_share(tx, now, sharer_id=other), one, now)
    assert await sharing.chain_of(tx, one) == {other: 1}


async def test_the_nearer_way_counts(tx: Tx, now: datetime) -> None:
    people = await line_of(tx, now, 3)
    await opens(tx, await a_share(tx, now, sharer_id=people[0]), people[2], now)
    assert (await sharing.chain_of(tx, people[2]))[people[0]] == 1
