"""Stock: first come first served, all or nothing per order, every hold ends once."""

from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weike import inventory
from weike.inventory import HoldAsk, Shortage
from weike.inventory.errors import BelowReserved
from weike.inventory.hold_many import decide
from weike.kernel import Tx, uuid7

TEA, CUP, POT = (UUID(int=n) for n in (1, 2, 3))


def ask(now: datetime, **quantities: int) -> HoldAsk:
    names = {"tea": TEA, "cup": CUP, "pot": POT}
    return HoldAsk(
        uuid7(now),
        {names[name]: quantity for name, quantity in quantities.items()},
        now + timedelta(hours=2),
    )


async def on_shelf(tx: Tx, sku_id: UUID) -> tuple[int, int]:
    row = await tx.fetchrow(
        "select s.on_hand, s.reserved from inventory.stock s "
        "where s.tenant_id = $1 and s.sku_id = $2",
        tx.tenant_id,
        sku_id,
    )
    assert row is not None
    return row["on_hand"], row["reserved"]


async def test_one_orders_shortage_does_not_touch_its_neighbours(tx: Tx, now: datetime) -> None:
    await inventory.set_on_hand(tx, {TEA: 5, CUP: 1}, now=now)
    first, greedy, last = ask(now, tea=2), ask(now, tea=1, cup=2), ask(now, tea=3, cup=1)

    short = await inventory.hold_many(tx, [first, greedy, last], now=now)

    assert short == {greedy.order_id: Shortage(CUP, 1)}
    assert await inventory.available(tx, [TEA, CUP, POT]) == {TEA: 0, CUP: 0, POT: 0}
    assert await on_shelf(tx, TEA) == (5, 5)
    assert await inventory.on_hand(tx, [TEA, POT]) == {TEA: 5, POT: 0}


async def test_what_was_never_counted_cannot_be_held(tx: Tx, now: datetime) -> None:
    wish = ask(now, pot=1)

    assert await inventory.hold_many(tx, [wish], now=now) == {wish.order_id: Shortage(POT, 0)}


async def test_a_released_hold_is_released_once(tx: Tx, now: datetime) -> None:
    await inventory.set_on_hand(tx, {TEA: 5, CUP: 5}, now=now)
    wish = ask(now, tea=2, cup=1)
    await inventory.hold_many(tx, [wish], now=now)

    assert await inventory.release(tx, [wish.order_id]) == 2
    assert await inventory.release(tx, [wish.order_id]) == 0
    assert await inventory.take(tx, [wish.order_id], now=now) == 0
    assert await on_shelf(tx, TEA) == (5, 0)


async def test_taken_goods_leave_the_shelf_and_come_back_once(tx: Tx, now: datetime) -> None:
    await inventory.set_on_hand(tx, {TEA: 5}, now=now)
    wish, other = ask(now, tea=2), ask(now, tea=1)
    await inventory.hold_many(tx, [wish, other], now=now)

    assert await inventory.take(tx, [wish.order_id, other.order_id], now=now) == 2
    assert await on_shelf(tx, TEA) == (2, 0)
    back = {"order_id": wish.order_id, "pieces": {TEA: 2}, "cause": uuid7(now), "now": now}
    assert await inventory.bring_back(tx, reason="restored", **back) == 1  # type: ignore[arg-type]
    assert await inventory.bring_back(tx, reason="restored", **back) == 0  # type: ignore[arg-type]
    assert await on_shelf(tx, TEA) == (4, 0)
    moved = await tx.fetch(
        "select m.reason, sum(m.quantity) as quantity from inventory.movements m "
        "where m.tenant_id = $1 group by m.reason order by m.reason",
        tx.tenant_id,
    )
    assert [tuple(row) for row in moved] == [("counted", 5), ("restored", 2), ("sold", -3)]


async def test_counting_below_what_is_promised_is_refused(tx: Tx, now: datetime) -> None:
    await inventory.set_on_hand(tx, {TEA: 5}, now=now)
    await inventory.hold_many(tx, [ask(now, tea=3)], now=now)

    with pytest.raises(BelowReserved) as refused:
        await inventory.set_on_hand(tx, {TEA: 2}, now=now)
    assert refused.value.facts["reserved"] == 3
    assert await inventory.set_on_hand(tx, {TEA: 3}, now=now) == 1
    assert await inventory.set_on_hand(tx, {TEA: 3}, now=now) == 0


async def test_the_table_itself_refuses_to_oversell(tx: Tx, now: datetime) -> None:
    await inventory.set_on_hand(tx, {TEA: 5}, now=now)
    with pytest.raises(asyncpg.CheckViolationError, match="stock_never_oversold"):
        await tx.execute(
            "update inventory.stock s set reserved = 6 where s.tenant_id = $1", tx.tenant_id
        )


@given(
    stock=st.dictionaries(st.sampled_from([TEA, CUP, POT]), st.integers(0, 6)),
    wishes=st.lists(
        st.dictionaries(st.sampled_from([TEA, CUP, POT]), st.integers(1, 4), min_size=1),
        max_size=12,
    ),
)
def test_nothing_is_oversold_and_nobody_is_refused_for_no_reason(
    stock: dict[UUID, int], wishes: list[dict[UUID, int]]
) -> None:
    until = datetime.fromisoformat("2026-11-11T00:00:00Z")
    asks = [HoldAsk(UUID(int=100 + n), wish, until) for n, wish in enumerate(wishes)]

    held, short = decide(asks, stock)

    left = dict(stock)
    for wish in asks:  # Replayed one by one, the plain way.
        possible = all(left.get(sku, 0) >= quantity for sku, quantity in wish.quantities.items())
        assert (wish in held) == possible
        assert (wish.order_id in short) != possible
        if possible:
            for sku, quantity in wish.quantities.items():
                left[sku] -= quantity
    assert all(quantity >= 0 for quantity in left.values())
