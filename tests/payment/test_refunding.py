"""Giving money back: once, never more than came in, and nobody's number twice."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.payment.tills import Till
from weike import payment
from weike.kernel import IdTakenByOther, Tx, uuid7
from weike.payment import RefundRefused, RefundSucceeded, refund_queries
from weike.payment.model import Intent

HOUR = timedelta(hours=1)


async def paid(till: Till, amount: int = 1000) -> Intent:
    intent = await till.asked(amount=amount)
    await till.pays(intent)
    return intent


async def test_a_refund_is_promised_sent_and_booked(till: Till) -> None:
    intent = await paid(till)
    await till.refund(intent.order_id, 300)
    assert await till.refunds() == [("requested", 300)]
    await till.work()
    assert await till.refunds() == [("succeeded", 300)]
    (event,) = await till.events(RefundSucceeded)
    assert (event["order_id"], event["amount_minor"]) == (str(intent.order_id), 300)
    assert await till.balance("escrow") == 700
    await till.books_agree()


async def test_asking_twice_under_one_id_is_one_refund(till: Till) -> None:
    intent = await paid(till)
    refund_id = uuid7(till.now)
    await till.refund(intent.order_id, 300, refund_id)
    await till.refund(intent.order_id, 300, refund_id)
    with pytest.raises(IdTakenByOther):
        await till.refund(intent.order_id, 301, refund_id)
    await till.work()
    assert await till.refunds() == [("succeeded", 300)]


async def test_many_at_once_never_exceed_the_payment(till: Till) -> None:
    intent = await paid(till, 1000)
    answers = await asyncio.gather(
        *(till.refund(intent.order_id, 150) for _ in range(100)), return_exceptions=True
    )
    refused = [answer for answer in answers if isinstance(answer, Exception)]
    assert {type(one) for one in refused} == {payment.RefundTooLarge}
    assert len(answers) - len(refused) == 6
    for _ in range(3):
        await till.work(later=HOUR)
    assert await till.refunds() == [("succeeded", 150)] * 6
    assert await till.balance("escrow") == 100
    await till.books_agree()


@pytest.mark.parametrize("amount", [0, -1, 1001])
async def test_a_wrong_amount_is_refused(till: Till, amount: int) -> None:
    intent = await paid(till, 1000)
    with pytest.raises(payment.RefundTooLarge):
        await till.refund(intent.order_id, amount)


async def test_what_was_not_paid_is_not_refunded(till: Till) -> None:
    intent = await till.asked()
    with pytest.raises(payment.NothingPaid):
        await till.refund(intent.order_id, 1)


@pytest.mark.parametrize(
    "kind", ["cut_after", "cut_before", "error_after", "bad_signature", "stale"]
)
async def test_an_unknown_refund_is_asked_about_and_happens_once(till: Till, kind: str) -> None:
    intent = await paid(till)
    await till.refund(intent.order_id, 300)
    await till.shop.control("faults", target="refund", kind=kind)
    await till.shop.control("faults", target="notify", kind="drop", remaining=None)
    await till.work()
    assert await till.refunds() == [("unknown", 300)]
    till.outgoing.calls.clear()
    await till.work(later=HOUR)
    await till.work(later=HOUR)
    assert till.outgoing.calls[0].startswith("GET /v3/refund/domestic/refunds/")
    assert await till.refunds() == [("succeeded", 300)]
    truth = await till.shop.truth()
    assert [row["refund"] for row in truth["refunds"]] == [300]
    await till.books_agree()


async def test_a_crash_between_promise_and_call_loses_nothing(till: Till) -> None:
    intent = await paid(till)
    refund = await till.refund(intent.order_id, 300)

    async def crash(tx: Tx) -> None:
        # What `send_refund` has committed when the process dies before its call.
        assert await refund_queries.mark_sending(tx, refund.id, next_at=till.now)

    await till.run(crash)
    await till.work(later=HOUR)
    await till.work(later=HOUR)
    assert await till.refunds() == [("succeeded", 300)]


async def test_too_little_in_the_merchant_s_account_waits(till: Till) -> None:
    intent = await paid(till)
    await till.refund(intent.order_id, 300)
    await till.shop.control("faults", target="refund", kind="refuse", code="NOT_ENOUGH")
    await till.work()
    assert await till.events(RefundRefused) == []
    await till.work(later=HOUR)
    await till.work(later=HOUR)
    assert await till.refunds() == [("succeeded", 300)]


async def test_a_refused_refund_frees_what_it_promised(till: Till) -> None:
    intent = await paid(till, 1000)
    await till.refund(intent.order_id, 1000)
    await till.shop.control("faults", target="refund", kind="refuse", code="INVALID_REQUEST")
    await till.work()
    (refused,) = await till.events(RefundRefused)
    assert refused["provider_code"] == "INVALID_REQUEST"
    await till.refund(intent.order_id, 1000)
    await till.work(later=HOUR)
    assert sorted(await till.refunds()) == [("refused", 1000), ("succeeded", 1000)]
    await till.books_agree()


async def test_an_abnormal_refund_stays_on_its_way(till: Till) -> None:
    intent = await paid(till)
    await till.shop.control("settings", refunds_end="ABNORMAL")
    await till.refund(intent.order_id, 300)
    await till.work()
    assert await till.refunds() == [("sent", 300)]
    assert await till.balance("escrow") == 1000


async def test_a_refund_notified_and_queried_at_once_is_booked_once(till: Till) -> None:
    intent = await paid(till)
    await till.refund(intent.order_id, 300)
    await till.shop.control("faults", target="notify", kind="duplicate", copies=5)
    await till.work()
    await till.work(later=HOUR)
    assert len(await till.events(RefundSucceeded)) == 1
    assert await till.balance("escrow") == 700
