"""An open after-sale stops the clock of the commission as it stops the settlement."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.distribution.builders import an_order, line
from tests.trade.builders import Stall, deliver, open_stall, refund_at_provider, shipped
from weike import distribution, ledger, trade
from weike.distribution.jobs import JOBS
from weike.distribution.queries import commissions
from weike.kernel import Tx, uuid7
from weike.trade.after_sale.answer_case import decline
from weike.trade.after_sale.change_mind import withdraw
from weike.trade.model import Actor, Placed

DAY = timedelta(days=1)
RELEASE = next(job for job in JOBS if job.name == "distribution.release")


async def a_received_order_with_commission(tx: Tx, now: datetime) -> tuple[Stall, Placed]:
    stall = await open_stall(tx, now)
    order = await shipped(tx, stall, now)
    promoter = uuid7(now)
    await distribution.join_promoter(
        tx, member_id=promoter, agreement_version=distribution.AGREEMENT_VERSION, now=now
    )
    earning = an_order(promoter, line(paid=12_800))
    earning = type(earning)(
        **{name: getattr(earning, name) for name in earning.__slots__} | {"order_id": order.id}
    )
    await distribution.earn_commissions(tx, earning, now=now)
    await trade.receive_order(tx, order_id=order.id, member_id=stall.buyer.member_id, now=now)
    await distribution.order_received(tx, order.id, at=now)
    return stall, order


async def states(tx: Tx) -> dict[str, int]:
    rows = await commissions.totals_by_state(tx, None)
    return {row["state"]: row["amount_minor"] for row in rows}


def asks(order: Placed, now: datetime, **more: object) -> trade.AskAfterSale:
    values: dict[str, object] = {"kind": "return", "reason_code": "quality"} | more
    return trade.AskAfterSale(
        id=uuid7(now),
        order_id=order.id,
        lines=(trade.AskedPieces(0, 0 if values["kind"] == "price_difference" else 1),),
        **values,  # type: ignore[arg-type]
    )


async def test_opened_on_day_six_refused_on_day_nine_is_available_on_day_ten(
    tx: Tx, now: datetime
) -> None:
    stall, order = await a_received_order_with_commission(tx, now)
    me = Actor("member", stall.buyer.member_id)
    case = await trade.ask_after_sale(tx, asks(order, now), actor=me, now=now + 6 * DAY)
    for hours in range(0, 48, 12):
        assert await RELEASE.run(tx, now + 7 * DAY + timedelta(hours=hours)) == 0
    await decline(tx, case_id=case.id, actor=Actor("staff"), reason="已拆封", now=now + 9 * DAY)
    assert await RELEASE.run(tx, now + 10 * DAY - timedelta(seconds=1)) == 0
    assert await states(tx) == {"pending": 1280}
    assert await RELEASE.run(tx, now + 10 * DAY) == 1
    assert await states(tx) == {"available": 1280}


async def test_without_a_case_it_is_released_on_day_seven(tx: Tx, now: datetime) -> None:
    await a_received_order_with_commission(tx, now)
    assert await RELEASE.run(tx, now + 7 * DAY - timedelta(seconds=1)) == 0
    assert await RELEASE.run(tx, now + 7 * DAY) == 1


async def test_a_withdrawn_case_costs_only_its_own_time(tx: Tx, now: datetime) -> None:
    stall, order = await a_received_order_with_commission(tx, now)
    me = Actor("member", stall.buyer.member_id)
    case = await trade.ask_after_sale(tx, asks(order, now), actor=me, now=now + 2 * DAY)
    await withdraw(tx, case_id=case.id, actor=me, now=now + 3 * DAY)
    assert await RELEASE.run(tx, now + 7 * DAY) == 0
    assert await RELEASE.run(tx, now + 8 * DAY) == 1


async def test_a_price_difference_takes_its_part_of_the_commission(tx: Tx, now: datetime) -> None:
    stall, order = await a_received_order_with_commission(tx, now)
    ask = asks(order, now, kind="price_difference", reason_code="better_price", amount_minor=2_800)
    await trade.ask_after_sale(tx, ask, actor=Actor("staff"), now=now)
    await refund_at_provider(tx, stall, order.id, now)
    for event in await deliver(tx, stall, now):
        if isinstance(event, trade.OrderRefunded):
            goods = {one.position: one.cumulative_goods_refunded_minor for one in event.lines}
            await distribution.order_refunded(tx, order.id, goods, at=now)
    assert await states(tx) == {"pending": 1000}
    report = await ledger.reconcile(tx, distribution.CHECKS, now=now)
    assert report.ok, report.checks
