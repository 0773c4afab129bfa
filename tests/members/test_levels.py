"""Levels: they rise at once, fall by one, and follow a refund; growth is a journal that adds up."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
import pytest

from tests.tenancy.builders import put_shop
from weike import members
from weike.kernel import Tx, uuid7
from weike.members import GrowthOf, Level, LevelSettings, member_price
from weike.members.errors import LevelsUnfit
from weike.members.levels import queries
from weike.members.levels.growth import end_terms
from weike.members.levels.model import Standing, after_term, level_at, with_growth

TERM = 365


def four_levels(now: datetime) -> list[Level]:
    return [
        Level(id=uuid7(now), name="普通", growth_from=0),
        Level(id=uuid7(now), name="银卡", growth_from=500, discount_bp=200),
        Level(id=uuid7(now), name="金卡", growth_from=2000, discount_bp=500, points_bp=12_000),
        Level(id=uuid7(now), name="黑金", growth_from=8000, discount_bp=1000, points_bp=15_000),
    ]


async def set_up(tx: Tx, now: datetime) -> list[Level]:
    await put_shop(tx, now)
    return await members.put_levels(
        tx, four_levels(now), LevelSettings(), actor="the test", now=now
    )


async def name_of(tx: Tx, member_id: UUID) -> str | None:
    level = (await members.levels_of(tx, [member_id])).get(member_id)
    return level.name if level else None


async def bought(
    tx: Tx, member_id: UUID, total: int, now: datetime, id: UUID | None = None
) -> UUID:
    order_id = id or uuid7(now)
    ask = GrowthOf(member_id=member_id, source_id=order_id, total=total)
    await members.add_growth(tx, [ask], now=now)
    return order_id


async def adds_up(tx: Tx) -> None:
    wrong = await tx.fetchval(
        "select count(*) from members.standings s where s.tenant_id = $1 and s.growth <> "
        "(select coalesce(sum(g.amount), 0) from members.growth g "
        "where g.tenant_id = $1 and g.member_id = s.member_id)",
        tx.tenant_id,
    )
    assert wrong == 0


async def test_growth_lifts_over_several_levels_at_once(tx: Tx, now: datetime) -> None:
    await set_up(tx, now)
    member = uuid7(now)
    assert await name_of(tx, member) == "普通"

    order = await bought(tx, member, 2100, now)
    assert await name_of(tx, member) == "金卡"
    # Told again: nothing.
    await bought(tx, member, 2100, now, order)
    assert (await queries.standings(tx, [member]))[member].growth == 2100
    await adds_up(tx)


async def test_an_order_that_cost_nothing_leaves_everybody_the_lowest_level(
    tx: Tx, now: datetime
) -> None:
    await set_up(tx, now)
    member = uuid7(now)

    await bought(tx, member, 0, now)

    assert await name_of(tx, member) == "普通"


async def test_a_refund_takes_the_level_with_it(tx: Tx, now: datetime) -> None:
    await set_up(tx, now)
    member = uuid7(now)
    first, second = await bought(tx, member, 600, now), await bought(tx, member, 1500, now)

    await bought(tx, member, 1000, now, second)
    assert await name_of(tx, member) == "银卡"
    await bought(tx, member, 0, now, second)
    await bought(tx, member, 0, now, first)
    assert await name_of(tx, member) == "普通"
    await adds_up(tx)


async def test_a_term_without_enough_growth_costs_one_level(tx: Tx, now: datetime) -> None:
    await set_up(tx, now)
    member = uuid7(now)
    order = await bought(tx, member, 9000, now)
    assert await name_of(tx, member) == "黑金"

    later = now + timedelta(days=TERM)
    await bought(tx, member, 300, later - timedelta(days=3))
    assert await end_terms(tx, later - timedelta(days=1)) == 0
    assert await end_terms(tx, later) == 1
    # What the term brought was 300; the growth of the order that began it is forgotten.
    assert await name_of(tx, member) == "金卡"
    assert (await queries.standings(tx, [member]))[member].growth == 2000
    await adds_up(tx)

    # The old order comes back: its growth was forgotten already, and stays exact in the journal.
    await bought(tx, member, 0, later, order)
    await adds_up(tx)
    assert await queries.counted(tx, [order]) == {order: 0}


async def test_a_term_with_enough_growth_keeps_the_level(tx: Tx, now: datetime) -> None:
    await set_up(tx, now)
    member = uuid7(now)
    await bought(tx, member, 2500, now)
    later = now + timedelta(days=TERM)
    await bought(tx, member, 2000, later - timedelta(days=9))

    await end_terms(tx, later)

    standing = (await queries.standings(tx, [member]))[member]
    assert (await name_of(tx, member), standing.growth) == ("金卡", 4500)
    assert standing.until == later + timedelta(days=TERM)


async def test_new_levels_lift_whoever_has_the_growth(tx: Tx, now: datetime) -> None:
    await put_shop(tx, now)
    member = uuid7(now)
    await bought(tx, member, 700, now)
    assert await name_of(tx, member) is None

    levels = four_levels(now)
    await members.put_levels(tx, levels, LevelSettings(), actor="the test", now=now)
    assert await name_of(tx, member) == "银卡"
    # Its threshold rises: members keep it until their term ends. It goes: they get what fits.
    dearer = [levels[0], msgspec.structs.replace(levels[1], growth_from=900), *levels[2:]]
    await members.put_levels(tx, dearer, LevelSettings(), actor="the test", now=now)
    assert await name_of(tx, member) == "银卡"
    await members.put_levels(tx, levels[:1], LevelSettings(), actor="the test", now=now)
    assert await name_of(tx, member) == "普通"


async def test_levels_that_do_not_fit_are_refused(tx: Tx, now: datetime) -> None:
    await put_shop(tx, now)
    levels = four_levels(now)
    for wrong in (
        [levels[0], msgspec.structs.replace(levels[1], growth_from=0)],
        [levels[2], msgspec.structs.replace(levels[3], discount_bp=100)],
    ):
        with pytest.raises(LevelsUnfit):
            await members.put_levels(tx, wrong, LevelSettings(), actor="the test", now=now)


def test_the_rights_of_a_level_are_a_closed_list() -> None:
    """A level is earned by buying. Were a right to distribute among its rights, buying would be
    an entry fee (禁止传销条例 art. 7). Whoever adds a right must look here first."""
    rights = set(Level.__struct_fields__) - {"id", "name", "name_en", "growth_from"}
    assert rights == {"discount_bp", "points_bp", "free_freight", "note", "note_en"}


@pytest.mark.parametrize(
    ("pricing", "own", "expected"),
    [
        ("level", None, 9500),
        ("level", 5000, 9500),
        ("none", 5000, 9999),
        ("fixed", 8000, 8000),
        ("fixed", 12000, 9999),
        ("fixed", None, 9500),
    ],
)
def test_the_member_price(pricing: str, own: int | None, expected: int, now: datetime) -> None:
    gold = four_levels(now)[2]
    # floor(9999 x 5 %) = 499 off.
    assert member_price(gold, pricing=pricing, unit_minor=9999, own_minor=own) == expected
    assert member_price(None, pricing=pricing, unit_minor=9999, own_minor=own) == 9999
    lowest = four_levels(now)[0]
    assert member_price(lowest, pricing=pricing, unit_minor=9999, own_minor=own) == 9999


def test_no_term_takes_more_than_one_level(now: datetime) -> None:
    levels = four_levels(now)
    for held in levels:
        standing = Standing(growth=held.growth_from, level_id=held.id, since=now, until=now)
        for gained in (0, 100, 499, 500, 1999, 2000, 7999, 8000, 20000):
            after = after_term(standing, levels, gained, term_days=TERM, now=now)
            index = next(i for i, level in enumerate(levels) if level.id == after.level_id)
            assert index >= levels.index(held) - 1
            assert (index == levels.index(held)) == (gained >= held.growth_from)
            reached = level_at(levels, after.growth)
            assert reached is not None
            assert reached.id == after.level_id
            assert with_growth(after, levels, 0, term_days=TERM, now=now) == after
