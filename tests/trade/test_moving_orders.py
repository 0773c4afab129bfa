"""Orders on their way: every step once, told, booked, and refused from any other state."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from tests.trade.builders import (
    books_agree,
    deliver,
    open_stall,
    paid,
    pay_at_provider,
    placed,
    refund_at_provider,
    shipped,
    state_of,
    told_of,
)
from weike import inventory, ledger, trade
from weike.kernel import Conflict, IdTakenByOther, Money, NotFound, Tx, uuid7
from weike.trade.errors import BeingRefunded, NotCancellable, NotShippable
from weike.trade.model import TRANSITIONS, Actor, OrderState
from weike.trade.order.cancel_orders import expire_orders
from weike.trade.order.receive_orders import receive_due
from weike.trade.order.settle_orders import settle_due

CLERK = Actor("staff", UUID(int=7))


def buyer(member_id: UUID) -> Actor:
    return Actor("member", member_id)


async def test_from_placing_to_settlement(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    order = await shipped(tx, stall, now)
    await books_agree(tx, now)

    await trade.receive_order(
        tx, order_id=order.id, member_id=stall.buyer.member_id, now=now + timedelta(days=3)
    )
    assert await settle_due(tx, now + timedelta(days=9)) == 0
    assert await settle_due(tx, now + timedelta(days=10)) == 1

    assert await state_of(tx, order.id) == ("settled", "paid", "none")
    assert await told_of(tx, order.id) == ["placed", "paid", "shipped", "received", "settled"]
    assert await ledger.balance(tx, "escrow") == Money(0)
    assert await ledger.balance(tx, "merchant") == Money(12800)
    assert [
        type(event).__name__ for event in tx.announced() if event.topic.startswith("trade.")
    ] == [
        "OrderPlaced",
        "OrderPaid",
        "ParcelSent",
        "OrderShipped",
        "OrderReceived",
        "OrderSettled",
    ]
    await books_agree(tx, now)


async def test_a_payment_told_twice_is_one_payment(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    order = await paid(tx, stall, now)

    again = await trade.accept_payment(
        tx,
        order_id=order.id,
        intent_id=uuid7(now),
        amount=Money(order.payable_minor),
        paid_at=now,
        now=now,
    )

    assert again is False
    assert await told_of(tx, order.id) == ["placed", "paid"]
    assert await inventory.available(tx, stall.skus[:1]) == {stall.skus[0]: 9}
    await books_agree(tx, now)


async def test_the_buyer_cancels_and_the_stock_is_free(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    order = await placed(tx, stall, now)
    for _ in range(2):  # Cancelling again is no error and frees nothing twice.
        await trade.cancel_order(
            tx,
            trade.Ports(),
            order_id=order.id,
            actor=buyer(stall.buyer.member_id),
            reason="拍错了",
            now=now,
        )

    assert await state_of(tx, order.id) == ("cancelled", "unpaid", "none")
    assert await told_of(tx, order.id) == ["placed", "cancelled"]
    assert await inventory.available(tx, stall.skus[:1]) == {stall.skus[0]: 10}
    assert await ledger.balance(tx, "buyer_due") == Money(0)
    await books_agree(tx, now)


async def test_unpaid_orders_expire(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    order = await placed(tx, stall, now)
    late = await placed(tx, stall, now + timedelta(minutes=10))

    assert await expire_orders(tx, now + timedelta(minutes=29), ports=trade.Ports()) == 0
    assert await expire_orders(tx, now + timedelta(minutes=30), ports=trade.Ports()) == 1

    assert await state_of(tx, order.id) == ("cancelled", "unpaid", "none")
    assert await state_of(tx, late.id) == ("placed", "unpaid", "none")
    assert await told_of(tx, order.id) == ["placed", "expired"]


async def test_an_order_paid_at_the_last_moment_does_not_expire(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    order = await placed(tx, stall, now)
    await pay_at_provider(tx, stall, order, now + timedelta(minutes=29))

    assert await expire_orders(tx, now + timedelta(minutes=31), ports=trade.Ports()) == 0
    with pytest.raises(NotCancellable):
        await trade.cancel_order(
            tx,
            trade.Ports(),
            order_id=order.id,
            actor=buyer(stall.buyer.member_id),
            reason="",
            now=now,
        )
    await deliver(tx, stall, now + timedelta(minutes=32))

    assert await state_of(tx, order.id) == ("paid", "paid", "none")
    await books_agree(tx, now)


async def test_a_payment_after_cancellation_is_sent_back(tx: Tx, now: datetime) -> None:
    """Payment gives back what comes after it closed the intent; this is the door behind it."""
    stall = await open_stall(tx, now)
    order = await placed(tx, stall, now)
    await pay_at_provider(tx, stall, order, now)
    await tx.execute(
        "update trade.orders o set state = 'cancelled' where o.tenant_id = $1 and o.id = $2",
        tx.tenant_id,
        order.id,
    )

    await deliver(tx, stall, now)
    assert await state_of(tx, order.id) == ("cancelled", "refunding", "none")
    await refund_at_provider(tx, stall, order.id, now)
    await deliver(tx, stall, now)

    assert await state_of(tx, order.id) == ("cancelled", "refunded", "all")
    assert await told_of(tx, order.id) == ["placed", "late_payment", "refunded"]
    assert await ledger.balance(tx, "escrow") == Money(0)


async def test_a_refund_before_shipping_gives_everything_back(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    tea, cup = stall.skus
    order = await paid(tx, stall, now, lines={tea: 2, cup: 1})
    refund_id = uuid7(now)
    for _ in range(2):
        await trade.refund_order(
            tx,
            refund_id=refund_id,
            order_id=order.id,
            actor=buyer(stall.buyer.member_id),
            reason="不想要了",
            now=now,
        )
    assert await state_of(tx, order.id) == ("paid", "refunding", "none")
    with pytest.raises(BeingRefunded):
        await trade.ship_order(
            tx,
            parcel_id=uuid7(now),
            order_id=order.id,
            courier="sf",
            tracking_no="SF1",
            actor=CLERK,
            now=now,
        )
    await books_agree(tx, now)

    await refund_at_provider(tx, stall, order.id, now)
    told = await deliver(tx, stall, now)

    assert await state_of(tx, order.id) == ("cancelled", "refunded", "all")
    assert await told_of(tx, order.id) == ["placed", "paid", "refund_requested", "refunded"]
    (event,) = [one for one in told if isinstance(one, trade.OrderRefunded)]
    assert [
        (line.refunded_minor, line.cumulative_refunded_minor, line.quantity) for line in event.lines
    ] == [(25600, 25600, 2), (4500, 4500, 1)]
    assert await inventory.available(tx, stall.skus) == {tea: 10, cup: 10}
    assert await ledger.balance(tx, "escrow") == Money(0)
    await books_agree(tx, now)


async def test_a_refused_refund_lets_the_order_go_on(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    order = await paid(tx, stall, now)
    ask = {"order_id": order.id, "actor": CLERK, "reason": "缺货", "now": now}
    await trade.refund_order(tx, refund_id=uuid7(now), **ask)  # type: ignore[arg-type]
    with pytest.raises(BeingRefunded):
        await trade.refund_order(tx, refund_id=uuid7(now), **ask)  # type: ignore[arg-type]

    await refund_at_provider(tx, stall, order.id, now, refused=True)
    await deliver(tx, stall, now)

    assert await state_of(tx, order.id) == ("paid", "paid", "none")
    assert (await told_of(tx, order.id))[-1] == "refund_refused"
    await trade.refund_order(tx, refund_id=uuid7(now), **ask)  # type: ignore[arg-type]
    await books_agree(tx, now)


async def test_the_same_parcel_again_is_one_parcel(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    order = await paid(tx, stall, now)
    parcel_id = uuid7(now)

    async def ship(tracking_no: str, id: UUID = parcel_id) -> None:
        await trade.ship_order(
            tx,
            parcel_id=id,
            order_id=order.id,
            courier="sf",
            tracking_no=tracking_no,
            actor=CLERK,
            now=now,
        )

    await ship("SF1")
    await ship("SF1")
    with pytest.raises(IdTakenByOther):
        await ship("SF2")
    with pytest.raises(NotShippable):
        await ship("SF2", uuid7(now))
    assert await told_of(tx, order.id) == ["placed", "paid", "shipped"]


async def test_nobody_confirmed_so_time_does(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    order = await shipped(tx, stall, now)

    assert await receive_due(tx, now + timedelta(days=9)) == 0
    assert await receive_due(tx, now + timedelta(days=10)) == 1

    assert await state_of(tx, order.id) == ("received", "paid", "none")
    assert (await told_of(tx, order.id))[-1] == "received_by_time"


async def test_what_is_somebody_elses_is_not_found(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now, buyers=2)
    order = await paid(tx, stall, now)
    thief = stall.buyers[1].member_id

    with pytest.raises(NotFound):
        await trade.cancel_order(
            tx, trade.Ports(), order_id=order.id, actor=buyer(thief), reason="", now=now
        )
    with pytest.raises(NotFound):
        await trade.refund_order(
            tx, refund_id=uuid7(now), order_id=order.id, actor=buyer(thief), reason="", now=now
        )
    with pytest.raises(NotFound):
        await trade.receive_order(tx, order_id=order.id, member_id=thief, now=now)


STEPS = ("pay", "cancel", "ship", "receive", "refund")
ALLOWED = {
    OrderState.PLACED: {"pay", "cancel"},
    OrderState.PAID: {"ship", "refund"},
    OrderState.SHIPPED: {"receive"},
    # Receiving again and cancelling again are answered as if it were the first time.
    OrderState.RECEIVED: {"receive"},
    OrderState.SETTLED: {"receive"},
    OrderState.CANCELLED: {"cancel"},
}


@pytest.mark.parametrize("state", list(OrderState))
@pytest.mark.parametrize("step", STEPS)
async def test_every_step_from_every_state(
    tx: Tx, now: datetime, state: OrderState, step: str
) -> None:
    stall = await open_stall(tx, now)
    mine = stall.buyer.member_id
    order = await placed(tx, stall, now)
    reaches = {
        OrderState.PLACED: (),
        OrderState.PAID: ("pay",),
        OrderState.SHIPPED: ("pay", "ship"),
        OrderState.RECEIVED: ("pay", "ship", "receive"),
        OrderState.SETTLED: ("pay", "ship", "receive", "settle"),
        OrderState.CANCELLED: ("cancel",),
    }

    async def do(step: str) -> None:
        match step:
            case "pay":
                moved = await trade.accept_payment(
                    tx,
                    order_id=order.id,
                    intent_id=uuid7(now),
                    amount=Money(order.payable_minor),
                    paid_at=now,
                    now=now,
                )
                if not moved:
                    raise Conflict()
            case "cancel":
                await trade.cancel_order(
                    tx, trade.Ports(), order_id=order.id, actor=buyer(mine), reason="", now=now
                )
            case "ship":
                await trade.ship_order(
                    tx,
                    parcel_id=uuid7(now),
                    order_id=order.id,
                    courier="sf",
                    tracking_no="SF1",
                    actor=CLERK,
                    now=now,
                )
            case "receive":
                await trade.receive_order(tx, order_id=order.id, member_id=mine, now=now)
            case "settle":
                assert await settle_due(tx, now + timedelta(days=30)) == 1
            case "refund":
                await trade.refund_order(
                    tx,
                    refund_id=uuid7(now),
                    order_id=order.id,
                    actor=CLERK,
                    reason="",
                    now=now,
                )

    if state not in (OrderState.CANCELLED, OrderState.PLACED):
        await pay_at_provider(tx, stall, order, now)
    for earlier in reaches[state]:
        await do(earlier)
    before = await state_of(tx, order.id)
    assert before[0] == state

    if state is OrderState.CANCELLED and step == "pay":
        return  # The late payment has its own test.
    if step in ALLOWED[state]:
        await do(step)
        after = OrderState((await state_of(tx, order.id))[0])
        assert after == state or after in TRANSITIONS[state]
    else:
        with pytest.raises(Conflict):
            await do(step)
        assert await state_of(tx, order.id) == before
