"""Points: soonest to expire first, back to where they came from, never spent twice, always equal
to their account."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from weike import ledger
from weike.kernel import Tx, derived_id, utc_now, uuid7
from weike.ledger import points
from weike.ledger.points import Grant, NotEnoughPoints, Spend
from weike.ledger.points.model import Settings, earned, usable

DAY = timedelta(days=1)


def a_grant(
    member_id: UUID,
    amount: int,
    now: datetime,
    *,
    days: int | None = None,
    pending: bool = False,
    id: UUID | None = None,
) -> Grant:
    return Grant(
        id=id or derived_id(uuid7(now), "points of a test"),
        member_id=member_id,
        points=amount,
        source_type="order",
        source_id=uuid7(now),
        expires_at=None if days is None else now + timedelta(days=days),
        pending=pending,
    )


def a_spend(member_id: UUID, amount: int, now: datetime, *, id: UUID | None = None) -> Spend:
    return Spend(
        id=id or uuid7(now),
        member_id=member_id,
        points=amount,
        source_type="order",
        source_id=uuid7(now),
    )


async def available(tx: Tx, member_id: UUID, now: datetime) -> int:
    return (await points.balance_of(tx, member_id, now=now)).available


async def remaining(tx: Tx, grants: list[Grant]) -> list[int]:
    rows = await tx.fetch(
        "select l.id, l.remaining from ledger.points_lots l where l.tenant_id = $1", tx.tenant_id
    )
    found = {row["id"]: row["remaining"] for row in rows}
    return [found[one.id] for one in grants]


async def agrees(tx: Tx) -> None:
    (result,) = await points.points_check(tx)
    assert result.ok, result
    report = await ledger.reconcile(tx, now=utc_now())
    assert report.ok


@pytest.fixture
def member(now: datetime) -> UUID:
    return uuid7(now)


async def test_the_soonest_to_expire_is_spent_first(tx: Tx, now: datetime, member: UUID) -> None:
    never, late, soon = (a_grant(member, 100, now, days=days) for days in (None, 60, 30))
    await points.grant(tx, [never, late, soon], now=now)

    assert await points.spend(tx, [a_spend(member, 150, now)], now=now) == {}

    assert await remaining(tx, [soon, late, never]) == [0, 50, 100]
    assert await available(tx, member, now) == 150
    await agrees(tx)


async def test_what_comes_back_undoes_the_last_of_it(tx: Tx, now: datetime, member: UUID) -> None:
    soon, late = a_grant(member, 100, now, days=30), a_grant(member, 100, now, days=60)
    await points.grant(tx, [soon, late], now=now)
    spend = a_spend(member, 150, now)
    await points.spend(tx, [spend], now=now)

    assert await points.give_back(tx, {spend.id: 70}, now=now) == 70
    assert await remaining(tx, [soon, late]) == [20, 100]
    # Told again, or late with a smaller amount: nothing.
    assert await points.give_back(tx, {spend.id: 70}, now=now) == 0
    assert await points.give_back(tx, {spend.id: 30}, now=now) == 0
    # Everything: also more than was spent is not more than everything.
    assert await points.give_back(tx, {spend.id: 9999}, now=now) == 80
    assert await remaining(tx, [soon, late]) == [100, 100]
    await agrees(tx)


async def test_points_that_expired_meanwhile_come_back_for_seven_days(
    tx: Tx, now: datetime, member: UUID
) -> None:
    soon, late = a_grant(member, 100, now, days=10), a_grant(member, 100, now, days=90)
    await points.grant(tx, [soon, late], now=now)
    spend = a_spend(member, 130, now)
    await points.spend(tx, [spend], now=now)

    later = now + 20 * DAY
    await points.give_back(tx, {spend.id: None}, now=later)

    assert await remaining(tx, [soon, late]) == [0, 100]
    balance = await points.balance_of(tx, member, now=later)
    assert (balance.available, balance.expiring) == (200, 100)
    assert balance.expires_first == later + 7 * DAY
    assert await points.expire(tx, later + 8 * DAY) == 1
    assert await available(tx, member, later + 8 * DAY) == 100
    await agrees(tx)


async def test_a_lot_whose_time_is_over_cannot_be_spent_before_the_job_wrote_it_down(
    tx: Tx, now: datetime, member: UUID
) -> None:
    await points.grant(tx, [a_grant(member, 100, now, days=1)], now=now)
    later = now + 2 * DAY

    spend = a_spend(member, 1, later)
    refused = await points.spend(tx, [spend], now=later)

    assert isinstance(refused[spend.id], NotEnoughPoints)
    assert await points.expire(tx, later) == 1
    assert await points.expire(tx, later) == 0
    await agrees(tx)


async def test_pending_points_wait_for_their_release(tx: Tx, now: datetime, member: UUID) -> None:
    promised = a_grant(member, 80, now, pending=True)
    await points.grant(tx, [promised], now=now)
    assert await points.spend(tx, [a_spend(member, 1, now)], now=now) != {}
    await points.take_back(tx, {promised.id: 30}, now=now)

    assert await points.release(tx, {promised.id: now + 30 * DAY}, now=now) == 1
    assert await points.release(tx, {promised.id: now + 90 * DAY}, now=now) == 0

    balance = await points.balance_of(tx, member, now=now)
    assert (balance.available, balance.pending, balance.expires_first) == (50, 0, now + 30 * DAY)
    await agrees(tx)


async def test_what_was_spent_is_taken_from_other_lots_and_then_owed(
    tx: Tx, now: datetime, member: UUID
) -> None:
    earned_by_order, other = a_grant(member, 100, now, days=10), a_grant(member, 30, now)
    await points.grant(tx, [earned_by_order, other], now=now)
    await points.spend(tx, [a_spend(member, 90, now)], now=now)

    assert await points.take_back(tx, {earned_by_order.id: 100}, now=now) == 100
    assert await points.take_back(tx, {earned_by_order.id: 100}, now=now) == 0

    assert await available(tx, member, now) == -60
    await agrees(tx)
    # The next grant pays the debt first; only what is left can be spent.
    await points.grant(tx, [a_grant(member, 70, now)], now=now)
    assert await available(tx, member, now) == 10
    assert await points.spend(tx, [a_spend(member, 11, now)], now=now) != {}
    assert await points.spend(tx, [a_spend(member, 10, now)], now=now) == {}
    await agrees(tx)


async def test_what_has_expired_is_not_taken_back_again(
    tx: Tx, now: datetime, member: UUID
) -> None:
    lot = a_grant(member, 100, now, days=5)
    await points.grant(tx, [lot], now=now)
    await points.spend(tx, [a_spend(member, 40, now)], now=now)
    later = now + 6 * DAY

    assert await points.take_back(tx, {lot.id: 100}, now=later) == 40
    await points.expire(tx, later)
    assert await points.take_back(tx, {lot.id: 100}, now=later) == 0

    assert await available(tx, member, later) == -40
    await agrees(tx)


async def test_the_same_grant_and_the_same_spend_happen_once(
    tx: Tx, now: datetime, member: UUID
) -> None:
    lot, spend = a_grant(member, 100, now), a_spend(member, 60, now)
    assert await points.grant(tx, [lot, lot], now=now) == 1
    assert await points.grant(tx, [lot], now=now) == 0
    assert await points.spend(tx, [spend, spend], now=now) == {}
    assert await points.spend(tx, [spend], now=now) == {}

    assert await available(tx, member, now) == 40
    other = a_spend(member, 61, now, id=spend.id)
    assert isinstance((await points.spend(tx, [other], now=now))[spend.id], ledger.TransferDiffers)


async def test_points_never_mix_with_money(tx: Tx, now: datetime, member: UUID) -> None:
    await points.grant(tx, [a_grant(member, 100, now)], now=now)

    currencies = {one.balance.currency for one in await ledger.balances(tx, owner_id=member)}

    assert currencies == {"PTS"}
    assert not await ledger.balance(tx, "points_outstanding", member)


@pytest.mark.parametrize("seed", range(6))
async def test_any_life_of_points_agrees_with_its_account(tx: Tx, now: datetime, seed: int) -> None:
    """Random grants, spends, returns, refunds and days that pass; the account is the lots and no
    member has points and a debt at once."""
    chance = random.Random(seed)  # noqa: S311 - a test that can be run again
    people = [uuid7(now) for _ in range(2)]
    lots: list[Grant] = []
    spends: list[Spend] = []
    for _ in range(60):
        now += chance.choice((0, 0, 1, 9)) * DAY
        who = chance.choice(people)
        deed = chance.randrange(6)
        if deed == 0 or not lots:
            days = chance.choice((None, 3, 40))
            pending = chance.random() < 0.3
            lots.append(a_grant(who, chance.randint(1, 200), now, days=days, pending=pending))
            await points.grant(tx, lots[-1:], now=now)
        elif deed == 1:
            asked = [a_spend(p, chance.randint(1, 150), now) for p in people]
            refused = await points.spend(tx, asked, now=now)
            spends += [one for one in asked if one.id not in refused]
        elif deed == 2 and spends:
            one = chance.choice(spends)
            await points.give_back(tx, {one.id: chance.randint(0, one.points)}, now=now)
        elif deed == 3:
            lot = chance.choice(lots)
            await points.take_back(tx, {lot.id: chance.randint(0, lot.points)}, now=now)
        elif deed == 4:
            await points.release(tx, {lot.id: now + 20 * DAY for lot in lots}, now=now)
        else:
            await points.expire(tx, now)
        (result,) = await points.points_check(tx)
        assert result.ok, (seed, deed)
    both = await tx.fetchval(
        "select count(*) from ledger.points_holders h join ledger.points_lots l "
        "on l.tenant_id = $1 and l.member_id = h.member_id where h.tenant_id = $1 "
        "and h.debt > 0 and l.remaining > 0 and l.state = 'available' "
        "and (l.expires_at is null or l.expires_at > $2)",
        tx.tenant_id,
        now,
    )
    assert both == 0


@pytest.mark.parametrize(
    ("balance", "goods_minor", "expected"),
    [(5000, 10000, 5000), (9000, 10000, 5000), (99, 10000, 0), (150, 10000, 150), (150, 198, 0)],
)
def test_usable_points(balance: int, goods_minor: int, expected: int) -> None:
    settings = Settings(enabled=True, value_minor=1, most_share_bp=5000, least=100)
    assert usable(settings, balance=balance, goods_minor=goods_minor) == expected
    assert usable(Settings(), balance=balance, goods_minor=goods_minor) == 0


def test_an_order_earns_by_yuan_and_level() -> None:
    settings = Settings(enabled=True, per_yuan=2)
    assert earned(settings, paid_minor=12_850, multiplier_bp=10_000) == 257
    assert earned(settings, paid_minor=12_850, multiplier_bp=15_000) == 385
    assert earned(Settings(), paid_minor=12_850, multiplier_bp=15_000) == 0
