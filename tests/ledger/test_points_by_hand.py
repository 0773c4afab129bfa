"""Points by hand: with a reason, and above the limit only by two people."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from tests.members.builders import a_phone, seal
from tests.tenancy.builders import put_shop
from weike import members
from weike.kernel import IdTakenByOther, Tx, uuid7
from weike.kernel.edge import Caller, CallerKind
from weike.ledger import points
from weike.ledger.points.adjust import Adjustment, adjust, adjustments, decide
from weike.ledger.points.errors import AdjustmentDecided, NotEnoughPoints, SecondPersonNeeded
from weike.ledger.points.model import Settings


async def a_member(tx: Tx, now: datetime) -> UUID:
    await put_shop(tx, now)
    await points.put_settings(tx, Settings(enabled=True, approve_above=500), actor="test", now=now)
    ensured = await members.ensure_member(tx, seal, member_id=uuid7(now), phone=a_phone(), now=now)
    return ensured.member_id


def somebody(tx: Tx, number: int) -> Caller:
    return Caller(CallerKind.STAFF, tx.tenant_id, id=UUID(int=number))


async def ask(
    tx: Tx, member_id: UUID, amount: int, now: datetime, *, id: UUID | None = None
) -> Adjustment:
    return await adjust(
        tx,
        adjustment_id=id or uuid7(now),
        member_id=member_id,
        points=amount,
        reason="补偿物流延误",
        caller=somebody(tx, 1),
        now=now,
    )


async def available(tx: Tx, member_id: UUID, now: datetime) -> int:
    return (await points.balance_of(tx, member_id, now=now)).available


async def test_a_small_adjustment_counts_at_once_and_once(tx: Tx, now: datetime) -> None:
    member = await a_member(tx, now)
    id = uuid7(now)

    for _ in range(2):
        assert (await ask(tx, member, 500, now, id=id)).state == "done"

    assert await available(tx, member, now) == 500
    with pytest.raises(IdTakenByOther):
        await ask(tx, member, 400, now, id=id)
    await ask(tx, member, -200, now)
    assert await available(tx, member, now) == 300
    with pytest.raises(NotEnoughPoints):
        await ask(tx, member, -301, now)


async def test_a_large_adjustment_waits_for_a_second_person(tx: Tx, now: datetime) -> None:
    member = await a_member(tx, now)
    asked = await ask(tx, member, 501, now)
    assert (asked.state, await available(tx, member, now)) == ("waiting", 0)

    with pytest.raises(SecondPersonNeeded):
        await decide(tx, adjustment_id=asked.id, approve=True, caller=somebody(tx, 1), now=now)
    done = await decide(tx, adjustment_id=asked.id, approve=True, caller=somebody(tx, 2), now=now)
    assert (done.state, await available(tx, member, now)) == ("done", 501)
    with pytest.raises(AdjustmentDecided):
        await decide(tx, adjustment_id=asked.id, approve=False, caller=somebody(tx, 2), now=now)

    refused = await ask(tx, member, 900, now + timedelta(hours=1))
    await decide(tx, adjustment_id=refused.id, approve=False, caller=somebody(tx, 2), now=now)
    assert await available(tx, member, now) == 501
    page = await adjustments(tx, state=None, member_id=member, cursor=None, limit=10)
    assert [one.state for one in page.items] == ["refused", "done"]
