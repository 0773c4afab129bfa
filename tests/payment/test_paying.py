"""Being paid, end to end against the sandbox: our database, our ledger, its truth."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.payment.tills import Till
from weike import payment
from weike.kernel import IdTakenByOther, TenantId, uuid7
from weike.payment import PaymentReceived, PaymentReturned

MINUTE = timedelta(minutes=1)


async def test_a_notified_payment_is_paid_once_and_in_the_books(till: Till) -> None:
    intent = await till.asked(amount=1234)
    await till.pays(intent)
    (received,) = await till.events(PaymentReceived)
    assert received["order_id"] == str(intent.order_id)
    assert (received["amount_minor"], received["currency"]) == (1234, "CNY")
    assert await till.state(intent) == "paid"
    assert await till.balance("escrow") == 1234
    await till.books_agree()


@pytest.mark.parametrize(
    ("method", "filled"),
    [("mini", "jsapi"), ("jsapi", "jsapi"), ("h5", "h5_url"), ("native", "code_url")],
)
async def test_every_method_hands_the_front_end_what_it_needs(
    till: Till, method: str, filled: str
) -> None:
    intent = await till.opened(method=method)
    begun = await till.begin(intent)
    assert {n for n in ("jsapi", "h5_url", "code_url") if getattr(begun, n)} == {filled}
    if begun.jsapi:
        assert set(begun.jsapi) == {
            "appId",
            "timeStamp",
            "nonceStr",
            "package",
            "signType",
            "paySign",
        }
        prepay_id = begun.jsapi["package"].removeprefix("prepay_id=")
        page = await till.shop.http.get(f"/cashier/{prepay_id}", params=begun.jsapi)
        assert page.status_code == 200


async def test_asking_twice_makes_one_intent_and_one_prepay(till: Till) -> None:
    first = await till.asked()
    second = await till.opened(order_id=first.order_id)
    assert second.id == first.id
    await till.begin(second)
    assert till.outgoing.calls.count("POST /v3/pay/transactions/jsapi") == 1


async def test_an_id_of_another_order_is_refused(till: Till) -> None:
    intent = await till.opened()
    with pytest.raises(IdTakenByOther):
        await till.opened(intent_id=intent.id)


@pytest.mark.parametrize("amount", [0, -1])
async def test_nothing_to_pay_never_reaches_the_provider(till: Till, amount: int) -> None:
    with pytest.raises(payment.NothingToPay):
        await till.opened(amount=amount)
    assert till.outgoing.calls == []


@pytest.mark.parametrize("kind", ["cut_after", "cut_before", "error_after", "bad_signature"])
async def test_an_unknown_prepay_is_asked_again_under_the_same_number(
    till: Till, kind: str
) -> None:
    intent = await till.opened()
    await till.shop.control("faults", target="prepay", kind=kind)
    with pytest.raises(payment.ProviderUnreachable):
        await till.begin(intent)
    assert await till.state(intent) == "unknown"
    assert (await till.begin(intent)).jsapi
    numbers = {order["out_trade_no"] for order in (await till.shop.truth())["orders"]}
    assert numbers == {intent.out_trade_no}


@pytest.mark.parametrize("kind", ["drop", "bad_signature", "garble", "stale", "tamper"])
async def test_a_payment_is_found_by_asking_when_its_notification_is_no_good(
    till: Till, kind: str
) -> None:
    intent = await till.asked()
    await till.shop.control("faults", target="notify", kind=kind, remaining=None)
    await till.pays(intent)
    assert await till.state(intent) == "prepaid"
    await till.work(later=MINUTE)
    assert await till.state(intent) == "paid"
    assert len(await till.events(PaymentReceived)) == 1
    await till.books_agree()


async def test_duplicates_and_stragglers_pay_once(till: Till) -> None:
    intent = await till.asked()
    await till.shop.control("faults", target="notify", kind="duplicate", copies=6)
    await till.pays(intent)
    await till.work(later=MINUTE)
    assert await till.inbox() == [("applied", None)]
    assert len(await till.events(PaymentReceived)) == 1
    assert await till.balance("escrow") == 1234


async def test_a_query_and_a_notification_at_once_pay_once(till: Till) -> None:
    intents = [await till.asked(amount=100 + number) for number in range(8)]
    till.shop.clock.at += MINUTE
    for intent in intents:
        await till.pays(intent, notify=False)
    (job, *_) = payment.jobs(till.gateways)
    await asyncio.gather(
        till.shop.control("deliver"),
        *(job.run(till.database, till.tenant_id, till.now) for _ in range(3)),
    )
    assert len(await till.events(PaymentReceived)) == 8
    await till.books_agree()


async def test_a_second_payment_of_one_order_goes_back_by_itself(till: Till) -> None:
    first = await till.asked(method="mini")
    second = await till.asked(method="h5", order_id=first.order_id)
    assert second.id != first.id
    await till.pays(first)
    await till.pays(second)
    assert len(await till.events(PaymentReceived)) == 1
    assert await till.balance("quarantine") == 1234
    await till.work()
    (returned,) = await till.events(PaymentReturned)
    assert returned["intent_id"] == str(second.id)
    assert await till.events(payment.RefundSucceeded) == []
    assert (await till.balance("quarantine"), await till.balance("escrow")) == (0, 1234)
    await till.books_agree()


async def test_a_payment_begun_after_the_order_was_paid_goes_back_too(till: Till) -> None:
    first = await till.asked(method="mini")
    await till.pays(first)
    late = await till.asked(method="h5", order_id=first.order_id)
    await till.pays(late)
    await till.work()
    assert len(await till.events(PaymentReceived)) == 1
    assert len(await till.events(PaymentReturned)) == 1
    assert (await till.balance("quarantine"), await till.balance("escrow")) == (0, 1234)


async def test_paying_closes_the_other_ways(till: Till) -> None:
    first = await till.asked(method="mini")
    second = await till.asked(method="h5", order_id=first.order_id)
    await till.pays(second)
    await till.work()
    assert await till.state(first) == "closed"
    states = {
        order["out_trade_no"]: order["state"] for order in (await till.shop.truth())["orders"]
    }
    assert states[first.out_trade_no] == "CLOSED"


async def test_a_closed_order_is_closed_at_the_provider(till: Till) -> None:
    intent = await till.asked()
    assert await till.close(intent.order_id)
    await till.work()
    assert await till.state(intent) == "closed"
    with pytest.raises(payment.IntentNotPayable):
        await till.begin(intent)


async def test_money_that_arrives_while_closing_goes_back(till: Till) -> None:
    intent = await till.asked()
    await till.pays(intent, notify=False)
    assert await till.close(intent.order_id)
    await till.work()
    await till.work()
    assert await till.events(PaymentReceived) == []
    assert len(await till.events(PaymentReturned)) == 1
    assert (await till.balance("escrow"), await till.balance("quarantine")) == (0, 0)
    await till.books_agree()


async def test_a_close_that_is_refused_as_paid_finds_the_payment(till: Till) -> None:
    intent = await till.asked()
    await till.shop.control("faults", target="notify", kind="drop", remaining=None)
    await till.pays(intent)
    await till.close(intent.order_id)
    await till.work()
    assert await till.state(intent) == "paid"
    assert await till.events(PaymentReceived) == []
    assert await till.balance("quarantine") == 1234


async def test_a_close_that_was_cut_is_asked_again(till: Till) -> None:
    intent = await till.asked()
    await till.close(intent.order_id)
    await till.shop.control("faults", target="close", kind="cut_after")
    await till.work()
    await till.work(later=MINUTE)
    assert await till.state(intent) == "closed"


async def test_closing_what_is_paid_says_so(till: Till) -> None:
    intent = await till.asked()
    await till.pays(intent)
    assert not await till.close(intent.order_id)


async def test_an_expired_intent_is_not_begun(till: Till) -> None:
    intent = await till.opened()
    till.shop.clock.at = intent.expires_at
    with pytest.raises(payment.IntentNotPayable):
        await till.begin(intent)


async def test_a_prepay_that_is_nearly_over_is_made_anew(till: Till) -> None:
    intent = await till.opened(expires_at=till.now + timedelta(hours=5))
    await till.begin(intent)
    till.shop.clock.at += timedelta(minutes=111)
    await till.begin(intent)
    assert till.outgoing.calls.count("POST /v3/pay/transactions/jsapi") == 2


async def test_without_a_set_up_nobody_is_asked_to_pay(till: Till) -> None:
    till.tenant_id = TenantId(uuid7(till.now))
    with pytest.raises(payment.PaymentNotSetUp):
        await till.opened()


async def test_an_order_shows_its_paid_intent_and_else_its_newest(till: Till) -> None:
    first = await till.asked(method="mini")
    till.shop.clock.pass_by(seconds=1)
    second = await till.asked(method="h5", order_id=first.order_id)

    async def shown() -> object:
        found = await till.run(lambda tx: payment.intent_of(tx, first.order_id))
        return found.id

    assert await shown() == second.id
    await till.pays(first)
    assert await shown() == first.id
