"""After-sale cases, moved by the real deeds: money, goods, time, arbitration."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import get_args
from uuid import UUID

import pytest

from tests.trade.builders import (
    Stall,
    books_agree,
    deliver,
    open_stall,
    paid,
    refund_at_provider,
    set_freight,
    shipped,
    state_of,
    told_of,
)
from weike import inventory, ledger, trade
from weike.kernel import Conflict, IdTakenByOther, Invalid, Money, NotFound, Refusal, Tx, uuid7
from weike.kernel.texts import load_texts
from weike.trade.after_sale import queries
from weike.trade.after_sale.answer_case import agree, decline
from weike.trade.after_sale.arbitrate import appeal, decide
from weike.trade.after_sale.ask_after_sale import ask_after_sale
from weike.trade.after_sale.change_mind import withdraw
from weike.trade.after_sale.exchange import confirm_replacement, ship_replacement
from weike.trade.after_sale.model import (
    EVENT_KINDS,
    REASONS,
    AskAfterSale,
    AskedPieces,
    CaseState,
    Kind,
    ReturnAddress,
)
from weike.trade.after_sale.move_due import move_due_cases
from weike.trade.after_sale.send_back import accept_return, refuse_return, send_back
from weike.trade.model import Actor, Placed
from weike.trade.order.receive_orders import receive_due
from weike.trade.order.settle_orders import settle_due

CLERK = Actor("staff", UUID(int=7))
HOME = ReturnAddress(name="云山茶铺", phone="0571-88880000", address="杭州市西湖区龙井路 1 号")
DAY = timedelta(days=1)


def wanted(
    order: Placed,
    now: datetime,
    pieces: Mapping[int, int],
    *,
    kind: str = "refund_only",
    **more: object,
) -> AskAfterSale:
    values: dict[str, object] = {"reason_code": "changed_mind", "id": uuid7(now)} | more
    return AskAfterSale(
        order_id=order.id,
        kind=kind,  # type: ignore[arg-type]
        lines=tuple(AskedPieces(*one) for one in pieces.items()),
        **values,  # type: ignore[arg-type]
    )


def buyer(stall: Stall) -> Actor:
    return Actor("member", stall.buyer.member_id)


async def case_state(tx: Tx, case_id: UUID) -> CaseState:
    case = await queries.find_case(tx, case_id)
    assert case is not None
    return case.state


async def told_of_case(tx: Tx, case_id: UUID) -> list[str]:
    rows = await tx.fetch(
        "select e.kind from trade.after_sale_events e "
        "where e.tenant_id = $1 and e.after_sale_id = $2 order by e.nth",
        tx.tenant_id,
        case_id,
    )
    return [row["kind"] for row in rows]


async def a_received_order(
    tx: Tx, stall: Stall, now: datetime, lines: dict[UUID, int] | None = None
) -> Placed:
    order = await shipped(tx, stall, now, lines=lines)
    await trade.receive_order(tx, order_id=order.id, member_id=stall.buyer.member_id, now=now)
    return order


async def answered(tx: Tx, stall: Stall, order: Placed, now: datetime) -> list[object]:
    await refund_at_provider(tx, stall, order.id, now)
    return list(await deliver(tx, stall, now))


async def test_a_piece_before_shipping_comes_back_at_once(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now, prices=(10_000, 4_500))
    await set_freight(tx, fee_minor=1001, free_from_minor=0)
    tea, cup = stall.skus
    order = await paid(tx, stall, now, lines={tea: 3, cup: 1})
    # Freight 1001 by 30000 : 4500 is 870 and 131; the first of three pieces carries 290.
    case = await ask_after_sale(tx, wanted(order, now, {0: 1}), actor=buyer(stall), now=now)

    assert case.state is CaseState.REFUNDING
    assert case.amount_minor == 10_290
    assert await state_of(tx, order.id) == ("paid", "paid", "none")
    await books_agree(tx, now)

    told = await answered(tx, stall, order, now)
    assert await case_state(tx, case.id) is CaseState.DONE
    assert await state_of(tx, order.id) == ("paid", "paid", "part")
    assert await inventory.available(tx, stall.skus) == {tea: 8, cup: 9}
    (refunded,) = [one for one in told if isinstance(one, trade.OrderRefunded)]
    assert [
        (line.refunded_minor, line.cumulative_goods_refunded_minor, line.quantity)
        for line in refunded.lines
    ] == [(10_290, 10_000, 1), (0, 0, 0)]
    assert not refunded.is_all
    # The rest goes the old way, and the order with it.
    await trade.refund_order(
        tx, refund_id=uuid7(now), order_id=order.id, actor=CLERK, reason="缺货", now=now
    )
    assert await state_of(tx, order.id) == ("paid", "refunding", "part")
    await answered(tx, stall, order, now)
    assert await state_of(tx, order.id) == ("cancelled", "refunded", "all")
    assert await inventory.available(tx, stall.skus) == {tea: 10, cup: 10}
    assert await ledger.balance(tx, "escrow") == Money(0)
    await books_agree(tx, now)


async def test_a_return_pays_when_the_goods_are_back(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    tea, _ = stall.skus
    order = await a_received_order(tx, stall, now, {tea: 2})
    me = buyer(stall)
    case = await ask_after_sale(tx, wanted(order, now, {0: 2}, kind="return"), actor=me, now=now)
    assert case.state is CaseState.ASKED
    with pytest.raises(Invalid):
        await agree(tx, case_id=case.id, actor=CLERK, now=now)  # Where to?
    await agree(tx, case_id=case.id, actor=CLERK, return_to=HOME, now=now)
    await send_back(tx, case_id=case.id, actor=me, courier="sf", tracking_no="SF888", now=now + DAY)
    case = await accept_return(
        tx, case_id=case.id, actor=CLERK, resaleable={0: 1}, note="一罐已拆封", now=now + 3 * DAY
    )
    assert case.state is CaseState.REFUNDING
    assert await inventory.available(tx, [tea]) == {tea: 9}
    await answered(tx, stall, order, now + 3 * DAY)

    assert await case_state(tx, case.id) is CaseState.DONE
    assert await told_of_case(tx, case.id) == [
        *("asked", "agreed", "sent_back", "accepted", "refunding", "done")
    ]
    assert await state_of(tx, order.id) == ("received", "refunded", "all")
    # Three days were spent, so the window of seven days ends on the tenth, with nothing to pay.
    assert await settle_due(tx, now + 9.9 * DAY) == 0
    assert await settle_due(tx, now + 10 * DAY) == 1
    assert await ledger.balance(tx, "merchant") == Money(0)
    await books_agree(tx, now)


async def test_opened_on_day_six_declined_on_day_nine_settles_on_day_ten(
    tx: Tx, now: datetime
) -> None:
    stall = await open_stall(tx, now)
    order = await a_received_order(tx, stall, now)
    ask = wanted(order, now, {0: 1}, kind="return", reason_code="quality")
    case = await ask_after_sale(tx, ask, actor=buyer(stall), now=now + 6 * DAY)
    assert await trade.open_after_sales(tx, [order.id]) == {order.id}
    assert await settle_due(tx, now + 8 * DAY) == 0
    await decline(tx, case_id=case.id, actor=CLERK, reason="拆封后不支持退货", now=now + 9 * DAY)
    assert await trade.open_after_sales(tx, [order.id]) == set()
    assert await settle_due(tx, now + 10 * DAY - timedelta(seconds=1)) == 0
    assert await settle_due(tx, now + 10 * DAY) == 1
    again = wanted(order, now, {0: 1}, kind="return")
    with pytest.raises(Conflict) as over:
        await ask_after_sale(tx, again, actor=buyer(stall), now=now + 10 * DAY)
    assert over.value.code == "trade.after_sale_over"


async def test_receipt_by_time_waits_too(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    order = await shipped(tx, stall, now)
    case = await ask_after_sale(
        tx,
        wanted(order, now, {0: 1}, reason_code="not_received"),
        actor=buyer(stall),
        now=now + 9 * DAY,
    )
    assert await receive_due(tx, now + 10 * DAY) == 0
    await withdraw(tx, case_id=case.id, actor=buyer(stall), now=now + 11 * DAY)
    assert await receive_due(tx, now + 12 * DAY - timedelta(seconds=1)) == 0
    assert await receive_due(tx, now + 12 * DAY) == 1


async def test_silence_agrees_and_silence_accepts(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    tea, cup = stall.skus
    order = await a_received_order(tx, stall, now, {tea: 1, cup: 1})
    me = buyer(stall)
    money = await ask_after_sale(
        tx, wanted(order, now, {1: 0}, kind="price_difference", amount_minor=500), actor=me, now=now
    )
    goods = await ask_after_sale(tx, wanted(order, now, {0: 1}, kind="return"), actor=me, now=now)
    assert await move_due_cases(tx, now + 2 * DAY - timedelta(seconds=1)) == 0
    assert await move_due_cases(tx, now + 2 * DAY) == 1
    assert await case_state(tx, money.id) is CaseState.REFUNDING
    assert await move_due_cases(tx, now + 7 * DAY) == 1
    assert await case_state(tx, goods.id) is CaseState.AGREED
    await send_back(
        tx, case_id=goods.id, actor=me, courier="sf", tracking_no="SF1", now=now + 8 * DAY
    )
    assert await move_due_cases(tx, now + 18 * DAY) == 1
    assert await case_state(tx, goods.id) is CaseState.REFUNDING
    assert await inventory.available(tx, [tea]) == {tea: 9}  # Nobody looked at it.
    await answered(tx, stall, order, now + 18 * DAY)
    assert await case_state(tx, goods.id) is CaseState.DONE
    await books_agree(tx, now)


async def test_who_does_not_send_back_loses_the_case(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    order = await a_received_order(tx, stall, now)
    case = await ask_after_sale(
        tx, wanted(order, now, {0: 1}, kind="return"), actor=buyer(stall), now=now
    )
    await agree(tx, case_id=case.id, actor=CLERK, return_to=HOME, now=now)
    assert await move_due_cases(tx, now + 7 * DAY) == 1
    assert await case_state(tx, case.id) is CaseState.EXPIRED
    assert (await told_of(tx, order.id))[-1] == "after_sale_closed"


async def test_an_exchange_sends_other_goods_and_no_money(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    tea, _ = stall.skus
    order = await a_received_order(tx, stall, now, {tea: 2})
    me = buyer(stall)
    ask = wanted(order, now, {0: 1}, kind="exchange", reason_code="damaged")
    case = await ask_after_sale(tx, ask, actor=me, now=now)
    await agree(tx, case_id=case.id, actor=CLERK, return_to=HOME, now=now)
    await send_back(tx, case_id=case.id, actor=me, courier="sf", tracking_no="SF1", now=now)
    case = await accept_return(tx, case_id=case.id, actor=CLERK, resaleable={}, now=now)
    assert case.state is CaseState.RECEIVED
    await ship_replacement(
        tx, case_id=case.id, actor=CLERK, courier="zto", tracking_no="ZT9", now=now
    )
    assert await inventory.available(tx, [tea]) == {tea: 7}
    await confirm_replacement(tx, case_id=case.id, actor=me, now=now)
    assert await case_state(tx, case.id) is CaseState.DONE
    assert await state_of(tx, order.id) == ("received", "paid", "none")
    # The replacement may be sent back like any other piece.
    again = await ask_after_sale(tx, wanted(order, now, {0: 2}, kind="return"), actor=me, now=now)
    await agree(tx, case_id=again.id, actor=CLERK, return_to=HOME, now=now)
    await send_back(tx, case_id=again.id, actor=me, courier="sf", tracking_no="SF2", now=now)
    await accept_return(tx, case_id=again.id, actor=CLERK, resaleable={0: 2}, now=now)
    await answered(tx, stall, order, now)
    assert await inventory.available(tx, [tea]) == {tea: 9}
    await books_agree(tx, now)


async def test_an_exchange_that_does_not_come_becomes_money(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now, stock=1)
    tea, _ = stall.skus
    order = await a_received_order(tx, stall, now, {tea: 1})
    me = buyer(stall)
    case = await ask_after_sale(tx, wanted(order, now, {0: 1}, kind="exchange"), actor=me, now=now)
    await agree(tx, case_id=case.id, actor=CLERK, return_to=HOME, now=now)
    await send_back(tx, case_id=case.id, actor=me, courier="sf", tracking_no="SF1", now=now)
    await accept_return(tx, case_id=case.id, actor=CLERK, resaleable={}, now=now)
    ship = {"case_id": case.id, "actor": CLERK, "courier": "zto", "tracking_no": "Z"}
    with pytest.raises(Conflict) as short:
        await ship_replacement(tx, **ship, now=now)  # type: ignore[arg-type]
    assert short.value.code == "trade.out_of_stock"
    complain = {"case_id": case.id, "actor": me, "reason": "一直没有发来"}
    with pytest.raises(Conflict) as early:
        await appeal(tx, **complain, now=now + DAY)  # type: ignore[arg-type]
    assert early.value.code == "trade.appeal_over"
    await appeal(tx, **complain, now=now + 7 * DAY)  # type: ignore[arg-type]
    case = await decide(
        tx, case_id=case.id, actor=CLERK, for_buyer=True, reason="逾期未发", now=now + 8 * DAY
    )
    assert (case.state, case.amount_minor) == (CaseState.REFUNDING, 12_800)
    await answered(tx, stall, order, now + 8 * DAY)
    assert await state_of(tx, order.id) == ("received", "refunded", "all")
    await books_agree(tx, now)


async def test_the_platform_decides_after_both_sides_spoke(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    order = await a_received_order(tx, stall, now)
    me = buyer(stall)
    ask = wanted(order, now, {0: 1}, kind="return", reason_code="damaged")
    case = await ask_after_sale(tx, ask, actor=me, now=now)
    await decline(tx, case_id=case.id, actor=CLERK, reason="签收时完好", now=now)
    await appeal(tx, case_id=case.id, actor=me, reason="开箱视频为证", now=now + DAY)
    assert await trade.open_after_sales(tx, [order.id]) == {order.id}
    await decide(
        tx,
        case_id=case.id,
        actor=CLERK,
        for_buyer=True,
        reason="视频清楚",
        return_to=HOME,
        now=now + 2 * DAY,
    )
    assert await case_state(tx, case.id) is CaseState.AGREED
    await send_back(tx, case_id=case.id, actor=me, courier="sf", tracking_no="SF1", now=now)
    await refuse_return(tx, case_id=case.id, actor=CLERK, reason="空包裹", now=now)
    await appeal(tx, case_id=case.id, actor=me, reason="有称重凭证", now=now)
    case = await decide(
        tx,
        case_id=case.id,
        actor=CLERK,
        for_buyer=True,
        reason="重量相符",
        amount_minor=9_000,
        now=now,
    )
    assert (case.state, case.amount_minor) == (CaseState.REFUNDING, 9_000)
    await answered(tx, stall, order, now)
    assert await state_of(tx, order.id) == ("received", "paid", "part")
    await books_agree(tx, now)


async def test_a_decision_for_the_merchant_is_final(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    order = await a_received_order(tx, stall, now)
    me = buyer(stall)
    case = await ask_after_sale(tx, wanted(order, now, {0: 1}, kind="return"), actor=me, now=now)
    await decline(tx, case_id=case.id, actor=CLERK, reason="已使用", now=now)
    with pytest.raises(Conflict):
        await appeal(tx, case_id=case.id, actor=me, reason="不服", now=now + 8 * DAY)
    await appeal(tx, case_id=case.id, actor=me, reason="不服", now=now + DAY)
    await decide(tx, case_id=case.id, actor=CLERK, for_buyer=False, reason="证据不足", now=now)
    assert await case_state(tx, case.id) is CaseState.DISMISSED
    with pytest.raises(Conflict):
        await appeal(tx, case_id=case.id, actor=me, reason="不服", now=now + DAY)


async def test_the_provider_refuses_and_the_case_comes_back(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    order = await a_received_order(tx, stall, now)
    me = buyer(stall)
    ask = wanted(order, now, {0: 0}, kind="price_difference", amount_minor=100)
    case = await ask_after_sale(tx, ask, actor=me, now=now)
    await agree(tx, case_id=case.id, actor=CLERK, now=now)
    await refund_at_provider(tx, stall, order.id, now, refused=True)
    await deliver(tx, stall, now)
    assert await case_state(tx, case.id) is CaseState.ASKED
    assert (await told_of_case(tx, case.id))[-1] == "refund_failed"
    await books_agree(tx, now)
    again = await agree(tx, case_id=case.id, actor=CLERK, amount_minor=150, now=now)
    assert (again.refund_id, again.amount_minor) != (case.id, 100)
    await answered(tx, stall, order, now)
    assert await case_state(tx, case.id) is CaseState.DONE
    await books_agree(tx, now)


@pytest.mark.parametrize("refused", [False, True])
async def test_after_settlement_the_merchant_pays(tx: Tx, now: datetime, refused: bool) -> None:
    stall = await open_stall(tx, now)
    order = await a_received_order(tx, stall, now)
    later = now + 8 * DAY
    assert await settle_due(tx, later) == 1
    assert await ledger.balance(tx, "merchant") == Money(12_800)
    ask = wanted(order, now, {0: 0}, kind="price_difference", amount_minor=800)
    with pytest.raises(Conflict):
        await ask_after_sale(tx, ask, actor=buyer(stall), now=later)
    await ask_after_sale(tx, ask, actor=CLERK, now=later)
    assert await ledger.balance(tx, "merchant") == Money(12_000)
    assert await ledger.balance(tx, "escrow") == Money(800)
    await books_agree(tx, later)
    await refund_at_provider(tx, stall, order.id, later, refused=refused)
    await deliver(tx, stall, later)
    assert await ledger.balance(tx, "merchant") == Money(12_800 if refused else 12_000)
    assert await ledger.balance(tx, "escrow") == Money(0)
    assert await state_of(tx, order.id) == ("settled", "paid", "none" if refused else "part")
    await books_agree(tx, later)


async def test_freight_comes_back_only_when_the_seller_is_at_fault_or_nothing_is_kept(
    tx: Tx, now: datetime
) -> None:
    stall = await open_stall(tx, now, prices=(10_000, 4_500))
    await set_freight(tx, fee_minor=1001, free_from_minor=0)
    tea, cup = stall.skus
    order = await a_received_order(tx, stall, now, {tea: 1, cup: 1})
    me = buyer(stall)

    async def asks(reason_code: str, pieces: dict[int, int]) -> tuple[int, int]:
        ask = wanted(order, now, pieces, kind="return", reason_code=reason_code)
        case = await ask_after_sale(tx, ask, actor=me, now=now)
        await withdraw(tx, case_id=case.id, actor=me, now=now)
        return case.amount_minor, case.most_minor

    assert await asks("changed_mind", {1: 1}) == (4_500, 4_811)
    assert await asks("damaged", {1: 1}) == (4_811, 4_811)
    assert await asks("changed_mind", {0: 1, 1: 1}) == (15_501, 15_501)
    ask = wanted(order, now, {1: 1}, kind="return")
    case = await ask_after_sale(tx, ask, actor=me, now=now)
    with pytest.raises(Invalid) as less:
        await agree(tx, case_id=case.id, actor=CLERK, amount_minor=1, return_to=HOME, now=now)
    assert less.value.code == "trade.amount_too_low"
    with pytest.raises(Invalid) as more:
        await agree(tx, case_id=case.id, actor=CLERK, amount_minor=4_812, return_to=HOME, now=now)
    assert more.value.code == "trade.amount_too_high"
    await agree(tx, case_id=case.id, actor=CLERK, amount_minor=4_811, return_to=HOME, now=now)


async def test_what_cannot_be_asked_for(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now, buyers=2)
    tea, cup = stall.skus
    order = await paid(tx, stall, now, lines={tea: 2, cup: 1})
    me, stranger = buyer(stall), Actor("member", stall.buyers[1].member_id)

    async def refused(ask: AskAfterSale, actor: Actor = me) -> str:
        with pytest.raises(Refusal) as no:
            async with tx.savepoint():
                await ask_after_sale(tx, ask, actor=actor, now=now)
        return no.value.code

    assert await refused(wanted(order, now, {0: 1}), stranger) == "trade.unknown_order"
    assert await refused(wanted(order, now, {0: 3})) == "trade.too_many_pieces_back"
    assert await refused(wanted(order, now, {0: 0})) == "trade.too_many_pieces_back"
    assert await refused(wanted(order, now, {7: 1})) == "kernel.invalid"
    assert await refused(wanted(order, now, {})) == "kernel.invalid"
    assert await refused(wanted(order, now, {0: 1}, reason_code="?")) == "kernel.invalid"
    assert await refused(wanted(order, now, {0: 1}, id=UUID(int=1))) == "kernel.invalid"
    # Nothing was shipped, so nothing can be sent back.
    assert await refused(wanted(order, now, {0: 1}, kind="return")) == "trade.too_many_pieces_back"
    assert await refused(wanted(order, now, {0: 1}, amount_minor=12_801)) == "trade.amount_too_high"
    assert await refused(wanted(order, now, {0: 1}, amount_minor=0)) == "trade.amount_too_low"
    less = wanted(order, now, {0: 1}, amount_minor=100)
    case = await ask_after_sale(tx, less, actor=me, now=now)
    assert case.state is CaseState.ASKED  # Less than the price is haggled about.
    assert await refused(wanted(order, now, {0: 1, 1: 1})) == "trade.line_in_after_sale"
    assert (await ask_after_sale(tx, less, actor=me, now=now)).id == case.id
    with pytest.raises(IdTakenByOther):
        await ask_after_sale(tx, wanted(order, now, {1: 1}, id=less.id), actor=me, now=now)
    with pytest.raises(NotFound):
        await withdraw(tx, case_id=case.id, actor=stranger, now=now)
    with pytest.raises(Refusal) as other_side:
        await withdraw(tx, case_id=case.id, actor=CLERK, now=now)
    assert other_side.value.status == 403


async def test_calling_off_the_rest_of_a_part_shipment_ships_the_order(
    tx: Tx, now: datetime
) -> None:
    stall = await open_stall(tx, now)
    tea, cup = stall.skus
    order = await paid(tx, stall, now, lines={tea: 2, cup: 1})
    await trade.ship_order(
        tx,
        parcel_id=uuid7(now),
        order_id=order.id,
        courier="sf",
        tracking_no="SF1",
        pieces={0: 1},
        actor=CLERK,
        now=now,
    )
    assert await state_of(tx, order.id) == ("paid", "paid", "none")
    with pytest.raises(Conflict):  # Not all of it is in the house any more.
        await trade.refund_order(
            tx, refund_id=uuid7(now), order_id=order.id, actor=CLERK, reason="", now=now
        )
    case = await ask_after_sale(tx, wanted(order, now, {0: 1, 1: 1}), actor=buyer(stall), now=now)
    assert case.state is CaseState.REFUNDING
    await answered(tx, stall, order, now)
    assert await state_of(tx, order.id) == ("shipped", "paid", "part")
    assert await inventory.available(tx, [tea, cup]) == {tea: 9, cup: 10}
    await books_agree(tx, now)


async def test_a_free_order_is_given_up_piece_by_piece(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now, prices=(1_000,))
    (tea,) = stall.skus
    order = await paid(tx, stall, now, lines={tea: 2})
    await tx.execute(
        "update trade.order_lines set paid_minor = 0, points_minor = 2000 where tenant_id = $1",
        tx.tenant_id,
    )
    await tx.execute("update trade.orders set paid_minor = 0 where tenant_id = $1", tx.tenant_id)
    for left in (9, 10):
        case = await ask_after_sale(tx, wanted(order, now, {0: 1}), actor=buyer(stall), now=now)
        assert case.state is CaseState.DONE
        assert await inventory.available(tx, [tea]) == {tea: left}
    assert await state_of(tx, order.id) == ("cancelled", "refunded", "all")


def test_every_sentence_of_after_sale_is_there() -> None:
    """They are looked up by built keys; none may be missing."""
    known = load_texts(("trade",)).keys("zh")
    wanted = {f"trade.after_sale.event.{kind}" for kind in EVENT_KINDS}
    wanted |= {f"trade.after_sale.state.{state.value}" for state in CaseState}
    wanted |= {f"trade.after_sale.reason.{code}" for code in REASONS}
    wanted |= {f"trade.after_sale.kind.{kind}" for kind in get_args(Kind)}
    wanted |= {f"trade.after_sale.hint.{state.value}" for state in CaseState if state != "received"}
    assert wanted <= known
