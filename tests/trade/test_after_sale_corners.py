"""Where two stories of one order meet: appeals of exchanges, cases that close without money."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from unittest.mock import AsyncMock
from uuid import UUID

import pytest

from tests.trade.builders import (
    deliver,
    open_stall,
    paid,
    pay_at_provider,
    placed,
    refund_at_provider,
    state_of,
)
from tests.trade.fulfilling import House, a_sku_of
from tests.trade.reviewing import ZH
from tests.trade.test_after_sale import (
    CLERK,
    DAY,
    HOME,
    a_received_order,
    buyer,
    case_state,
    wanted,
)
from tests.trade.test_fulfilment import fetched, house  # noqa: F401 - a fixture
from weike import catalog
from weike.kernel import Invalid, Tx, uuid7
from weike.trade.after_sale import move_due
from weike.trade.after_sale.answer_case import agree, decline
from weike.trade.after_sale.arbitrate import appeal, decide
from weike.trade.after_sale.ask_after_sale import ask_after_sale
from weike.trade.after_sale.exchange import ship_replacement
from weike.trade.after_sale.model import Case, CaseState
from weike.trade.after_sale.reading_queries import DeskQuestion, cases_of_shop
from weike.trade.after_sale.send_back import accept_return, send_back
from weike.trade.after_sale.show_options import offered
from weike.trade.events import OrderPaid
from weike.trade.fulfilment.deliver_at_payment import deliver_at_payment
from weike.trade.fulfilment.queries import parcels_of
from weike.trade.fulfilment.ship_order import ship_order
from weike.trade.model import Actor


async def test_an_exchange_won_on_appeal_is_an_exchange(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    order = await a_received_order(tx, stall, now)
    me = buyer(stall)
    case = await ask_after_sale(tx, wanted(order, now, {0: 1}, kind="exchange"), actor=me, now=now)
    await decline(tx, case_id=case.id, actor=CLERK, reason="已使用", now=now)
    await appeal(tx, case_id=case.id, actor=me, reason="没有", now=now)
    won = {"for_buyer": True, "reason": "属实", "return_to": HOME, "now": now}
    await decide(tx, case_id=case.id, actor=CLERK, **won)  # type: ignore[arg-type]
    await send_back(tx, case_id=case.id, actor=me, courier="sf", tracking_no="SF1", now=now)
    await accept_return(tx, case_id=case.id, actor=CLERK, resaleable={}, now=now)

    await ship_replacement(
        tx, case_id=case.id, actor=CLERK, courier="zto", tracking_no="Z1", now=now
    )

    assert await case_state(tx, case.id) is CaseState.REPLACED


async def test_pieces_of_a_declined_case_can_still_be_shipped(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    tea, _ = stall.skus
    order = await paid(tx, stall, now, lines={tea: 2})
    me = buyer(stall)
    # For less than the piece cost, so the merchant has to answer.
    ask = wanted(order, now, {0: 1}, amount_minor=100)
    case = await ask_after_sale(tx, ask, actor=me, now=now)
    parcel = {"order_id": order.id, "courier": "sf", "actor": CLERK, "now": now}
    await ship_order(tx, parcel_id=uuid7(now), tracking_no="SF1", **parcel)  # type: ignore[arg-type]
    await decline(tx, case_id=case.id, actor=CLERK, reason="不退差价", now=now)

    await ship_order(tx, parcel_id=uuid7(now), tracking_no="SF2", **parcel)  # type: ignore[arg-type]

    assert (await state_of(tx, order.id))[0] == "shipped"


@pytest.mark.parametrize("declined", [True, False])
async def test_a_piece_asked_back_at_the_counter_is_fetched_later_or_paid_back(
    house: House,  # noqa: F811 - the fixture
    declined: bool,
) -> None:
    order, _ = await fetched(house)
    await house.console("POST", f"/orders/{order.id}/ready")
    code = (await house.as_buyer("GET", f"/orders/{order.id}/pickup-code")).json()["code"]
    now, me = house.now, buyer(house.stall)

    async def ask(tx: Tx) -> UUID:
        wish = wanted(order, now, {0: 1}, amount_minor=100)
        return (await ask_after_sale(tx, wish, actor=me, now=now)).id

    case_id = await house.run(ask)
    first = await house.console("POST", "/pickup/write-off", code=code)
    assert first.json()["state"] == "paid", first.text
    void = await house.console("POST", "/pickup/write-off", code=code)
    assert void.json()["code"] == "trade.pickup_code_void"

    async def answer(tx: Tx) -> None:
        if declined:
            await decline(tx, case_id=case_id, actor=CLERK, reason="已备好", now=now)
            return
        house.stall.delivered = 0
        await agree(tx, case_id=case_id, actor=CLERK, now=now)
        await refund_at_provider(tx, house.stall, order.id, now)
        await deliver(tx, house.stall, now)

    await house.run(answer)
    second = await house.console("POST", "/pickup/write-off", code=code)
    if declined:
        assert second.json()["state"] == "received", second.text
    else:
        assert second.json()["code"] == "trade.pickup_code_void"
        assert (await house.order(order))["state"] == "shipped"


async def test_pages_by_deadline_end_with_what_waits_for_nobody(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    me, cases = buyer(stall), []
    for _ in range(4):
        order = await a_received_order(tx, stall, now)
        ask = wanted(order, now, {0: 1}, kind="return")
        case = await ask_after_sale(tx, ask, actor=me, now=now)
        await decline(tx, case_id=case.id, actor=CLERK, reason="已使用", now=now)
        cases.append(case.id)
    question, after, seen = DeskQuestion(by="deadline"), None, []
    for _ in range(3):
        rows = await cases_of_shop(tx, question, after=after, limit=2)
        seen += [row["id"] for row in rows]
        after = (rows[-1]["sorted_at"], rows[-1]["id"]) if rows else after
    assert seen == sorted(cases)


async def test_a_case_that_breaks_lets_the_others_move(
    tx: Tx, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    stall = await open_stall(tx, now)
    me, cases = buyer(stall), []
    for _ in range(3):
        order = await a_received_order(tx, stall, now)
        ask = wanted(order, now, {0: 1}, kind="return")
        cases.append((await ask_after_sale(tx, ask, actor=me, now=now)).id)

    bad = min(cases)

    async def breaks(tx: Tx, *, case_id: UUID, actor: Actor, now: datetime) -> Case:
        assert case_id != bad
        return await agree(tx, case_id=case_id, actor=actor, now=now)

    monkeypatch.setattr(move_due, "agree", breaks)
    await move_due.move_due_cases(tx, now + 8 * DAY)
    states = [await case_state(tx, one) for one in cases]
    assert states == [CaseState.ASKED if one == bad else CaseState.AGREED for one in cases]
    assert await move_due.move_due_cases(tx, now + 8 * DAY) == 0


async def test_a_voucher_is_delivered_when_its_case_closes_without_money(
    tx: Tx, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its buyer asked for money before the delivery had heard of the payment."""
    stall = await open_stall(tx, now)
    voucher, class_ = [
        await a_sku_of(tx, now, catalog.ProductKind.VIRTUAL, stock=3, note="到店出示")
        for _ in range(2)
    ]
    order = await placed(tx, stall, now, lines={voucher: 1, class_: 1})
    await pay_at_provider(tx, stall, order, now)
    listeners = import_module("weike.trade.subscribers")
    with monkeypatch.context() as patch:
        patch.setattr(listeners, "deliver_at_payment", AsyncMock())
        await deliver(tx, stall, now)
    ask = wanted(order, now, {0: 1}, amount_minor=100)
    case = await ask_after_sale(tx, ask, actor=buyer(stall), now=now)
    (heard,) = [one for one in tx.announced() if isinstance(one, OrderPaid)]
    products = [line.product_id for line in heard.lines]
    await deliver_at_payment(tx, order_id=order.id, product_ids=products, now=now)
    assert len(await parcels_of(tx, order.id)) == 1

    await decline(tx, case_id=case.id, actor=CLERK, reason="不退差价", now=now)
    await deliver(tx, stall, now)

    assert await state_of(tx, order.id) == ("shipped", "paid", "none")
    assert len(await parcels_of(tx, order.id)) == 2


@pytest.mark.parametrize("kind", ["return", "exchange"])
async def test_what_nobody_carried_cannot_be_sent_back(tx: Tx, now: datetime, kind: str) -> None:
    """A key that came back would be stock without a key; one more would leave the stock alone."""
    stall = await open_stall(tx, now)
    voucher = await a_sku_of(tx, now, catalog.ProductKind.VIRTUAL, stock=3)
    order = await paid(tx, stall, now, lines={voucher: 1})
    assert (await state_of(tx, order.id))[0] == "shipped"
    with pytest.raises(Invalid) as refused:
        await ask_after_sale(tx, wanted(order, now, {0: 1}, kind=kind), actor=buyer(stall), now=now)
    assert refused.value.code == "trade.nothing_to_send_back"
    options = await offered(tx, order_id=order.id, member_id=None, words=ZH, now=now)
    assert options.lines[0].kinds == ["refund_only", "price_difference"]
