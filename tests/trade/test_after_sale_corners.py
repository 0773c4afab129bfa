"""Where two stories of one order meet: appeals of exchanges, cases that close without money."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest

from tests.trade.builders import deliver, open_stall, paid, refund_at_provider, state_of
from tests.trade.fulfilling import House
from tests.trade.test_after_sale import (
    CLERK,
    HOME,
    a_received_order,
    buyer,
    case_state,
    wanted,
)
from tests.trade.test_fulfilment import fetched, house  # noqa: F401 - a fixture
from weike.kernel import Tx, uuid7
from weike.trade.after_sale.answer_case import agree, decline
from weike.trade.after_sale.arbitrate import appeal, decide
from weike.trade.after_sale.ask_after_sale import ask_after_sale
from weike.trade.after_sale.exchange import ship_replacement
from weike.trade.after_sale.model import CaseState
from weike.trade.after_sale.send_back import accept_return, send_back
from weike.trade.fulfilment.ship_order import ship_order


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
