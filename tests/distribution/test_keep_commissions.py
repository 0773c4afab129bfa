"""Commissions follow their order, whatever is heard first, and the ledger follows them."""

import itertools
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from tests.distribution.builders import a_promoter, an_order, line
from weike import distribution, ledger
from weike.distribution.queries import commissions
from weike.kernel import Tx


async def states(tx: Tx) -> dict[str, int]:
    rows = await commissions.totals_by_state(tx, None)
    return {row["state"]: row["amount_minor"] for row in rows}


async def assert_books_agree(tx: Tx, now: datetime) -> None:
    report = await ledger.reconcile(tx, distribution.CHECKS, now=now)
    assert report.ok, [check for check in report.checks if not check.ok]


async def test_a_paid_order_is_estimated_then_pending_then_available(tx: Tx, now: datetime) -> None:
    order = an_order(await a_promoter(tx, now), line(paid=3490, freight=500))
    await distribution.earn_commissions(tx, order, now=now)
    assert await states(tx) == {"estimated": 299}

    await distribution.order_received(tx, order.order_id, at=now)
    assert await states(tx) == {"pending": 299}

    early = await distribution.release_matured(tx, now=now + timedelta(days=7, seconds=-1))
    assert (early, await states(tx)) == (0, {"pending": 299})
    released = await distribution.release_matured(tx, now=now + timedelta(days=7))
    assert (released, await states(tx)) == (1, {"available": 299})
    available = await ledger.balance(tx, "commission_available", order.promoter_id)
    assert available.minor == 299
    await assert_books_agree(tx, now)


async def test_the_goods_own_rate_and_the_margin_decide(tx: Tx, now: datetime) -> None:
    order = an_order(
        await a_promoter(tx, now),
        line(0, paid=10_000, rate=2000),
        line(1, paid=10_000, rate=2000, cost=9600),
        line(2, paid=10_000, rate=0),
    )
    await distribution.earn_commissions(tx, order, now=now)
    rows = await commissions.income(
        tx,
        promoter_id=None,
        order_id=order.order_id,
        state=None,
        number=None,
        before=None,
        limit=10,
    )
    # 20 % of 100 yuan; capped by a margin of 4 yuan; nothing for a line without commission.
    assert sorted((row["amount_minor"], row["rate_source"]) for row in rows) == [
        (400, "line"),
        (2000, "line"),
    ]


async def test_commission_waits_as_long_as_the_buyer_may_send_back(tx: Tx, now: datetime) -> None:
    order = an_order(await a_promoter(tx, now))
    # The shop grants more than the programme knew of when it was set.
    await tx.execute(
        "update tenancy.tenants set settings = settings || $2 where tenant_id = $1",
        tx.tenant_id,
        {"after_sale_days": 30},
    )
    await distribution.earn_commissions(tx, order, now=now)
    await distribution.order_received(tx, order.order_id, at=now)
    assert await distribution.release_matured(tx, now=now + timedelta(days=30, seconds=-1)) == 0
    assert await distribution.release_matured(tx, now=now + timedelta(days=30)) == 1


async def test_a_rate_above_the_cap_earns_the_cap(tx: Tx, now: datetime) -> None:
    # A product's own rate may be anything up to 100 %.
    order = an_order(await a_promoter(tx, now), line(paid=10_000, rate=10_000))
    await distribution.earn_commissions(tx, order, now=now)
    assert await states(tx) == {"estimated": 3000}


async def test_a_suspended_promoters_commission_waits(tx: Tx, now: datetime) -> None:
    promoter = await a_promoter(tx, now)
    order = an_order(promoter)
    await distribution.earn_commissions(tx, order, now=now)
    await distribution.order_received(tx, order.order_id, at=now)
    await tx.execute(
        "update distribution.promoters set state = 'suspended' "
        "where tenant_id = $1 and member_id = $2",
        tx.tenant_id,
        promoter,
    )
    later = now + timedelta(days=30)
    assert await distribution.release_matured(tx, now=later) == 0
    assert await states(tx) == {"pending": 299}


_Step = Callable[[Tx, UUID, distribution.EarningOrder, datetime], Awaitable[None]]


async def _paid(tx: Tx, _: UUID, order: distribution.EarningOrder, now: datetime) -> None:
    await distribution.earn_commissions(tx, order, now=now)


async def _received(tx: Tx, order_id: UUID, _: distribution.EarningOrder, now: datetime) -> None:
    await distribution.order_received(tx, order_id, at=now)


async def _refunded(tx: Tx, order_id: UUID, _: distribution.EarningOrder, now: datetime) -> None:
    await distribution.order_refunded(tx, order_id, {0: 1000}, at=now)


@pytest.mark.parametrize(
    "steps",
    list(itertools.permutations([_paid, _received, _refunded])),
    ids=lambda steps: "-".join(step.__name__ for step in steps),
)
async def test_the_order_of_hearing_does_not_matter(
    steps: tuple[_Step, ...], tx: Tx, now: datetime
) -> None:
    order = an_order(await a_promoter(tx, now))
    for step in steps:
        await step(tx, order.order_id, order, now)
        await step(tx, order.order_id, order, now)  # Everything is delivered at least once.
        await assert_books_agree(tx, now)
    # floor(299 × 1000 / 2990) = 100 is taken back.
    assert await states(tx) == {"pending": 199}


async def test_a_full_refund_before_receipt_leaves_nothing(tx: Tx, now: datetime) -> None:
    order = an_order(await a_promoter(tx, now))
    await distribution.earn_commissions(tx, order, now=now)
    await distribution.order_refunded(tx, order.order_id, {0: 2990}, at=now)
    assert await states(tx) == {"void": 0}
    await assert_books_agree(tx, now)


async def test_a_refund_after_release_is_a_debt_in_the_books(tx: Tx, now: datetime) -> None:
    order = an_order(await a_promoter(tx, now))
    await distribution.earn_commissions(tx, order, now=now)
    await distribution.order_received(tx, order.order_id, at=now)
    await distribution.release_matured(tx, now=now + timedelta(days=8))
    await distribution.order_refunded(tx, order.order_id, {0: 2990}, at=now)
    assert await states(tx) == {"available": 0}
    assert (await ledger.balance(tx, "commission_available", order.promoter_id)).minor == 0
    await assert_books_agree(tx, now)
