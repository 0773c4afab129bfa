"""An order is paid at Alipay, refunded, closed; calls are cut, letters lost; the books agree."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from tests.payment.tills import Till, alipay_set_up
from tests.sandbox.shops import SANDBOX
from weike import payment
from weike.payment import PaymentReceived, RefundRefused, RefundSucceeded
from weike.payment.outcome import Unknown
from weike.payment.providers.alipay import form_origins


async def test_paid_at_the_cashier_and_told(till: Till) -> None:
    intent = await till.asked_at_alipay()
    assert await till.state(intent) == "prepaid"
    await till.pays_at_alipay(intent)
    assert await till.state(intent) == "paid"
    assert await till.inbox() == [("applied", None)]
    (event,) = await till.events(PaymentReceived)
    assert (event["amount_minor"], event["order_id"]) == (1234, str(intent.order_id))
    assert await till.balance("channel_cash:alipay") == 1234
    assert await till.balance("channel_cash:wechat") == 0
    await till.books_agree()


async def test_beginning_asks_nobody_and_signs_afresh(till: Till) -> None:
    intent = await till.opened(method="alipay_wap", payer_openid=None)
    till.outgoing.calls.clear()
    first = await till.begin(intent)
    till.shop.clock.pass_by(seconds=5)
    again = await till.begin(intent)
    assert till.outgoing.calls == []
    assert first.form is not None
    assert again.form is not None
    assert first.form.fields == again.form.fields
    assert first.form.action != again.form.action
    page = await till.opens_cashier(again)
    assert "模拟支付宝" in page.text
    assert "¥</small>12.34" in page.text


async def test_in_certificate_mode_too(till: Till, tmp_path: Any) -> None:
    set_up = alipay_set_up(tmp_path, certificates=True)
    config = await till.run(
        lambda tx: payment.set_up_alipay(tx, till.gateways, set_up, now=till.now)
    )
    assert config.id == till.alipay.id
    intent = await till.asked_at_alipay()
    await till.pays_at_alipay(intent, notify=False)
    await till.work(later=timedelta(seconds=31))
    assert await till.state(intent) == "paid"
    await till.shop.control("faults", target="alipay_query", kind="wrong_serial")
    asked = await till.gateways.of(config).query(intent.out_trade_no)
    assert asked == Unknown("answer_serial")


async def test_a_page_for_a_desk_is_another_product(till: Till) -> None:
    intent = await till.opened(method="alipay_page", payer_openid=None)
    begun = await till.begin(intent)
    assert begun.form is not None
    assert "FAST_INSTANT_TRADE_PAY" in begun.form.fields["biz_content"]
    await till.opens_cashier(begun)
    await till.pays_at_alipay(intent)
    assert await till.state(intent) == "paid"


async def test_a_lost_letter_is_found_by_asking(till: Till) -> None:
    intent = await till.asked_at_alipay()
    await till.shop.control("faults", target="alipay_notify", kind="drop", remaining=None)
    await till.pays_at_alipay(intent)
    assert await till.state(intent) == "prepaid"
    await till.work(later=timedelta(seconds=31))
    assert await till.state(intent) == "paid"
    await till.books_agree()


@pytest.mark.parametrize("kind", ["duplicate", "reorder", "delay"])
async def test_letters_that_come_twice_or_late_pay_once(till: Till, kind: str) -> None:
    first, second = await till.asked_at_alipay(), await till.asked_at_alipay(amount=99)
    await till.shop.control("faults", target="alipay_notify", kind=kind, seconds=3, copies=4)
    await till.pays_at_alipay(first)
    await till.pays_at_alipay(second)
    await till.shop.control("advance", seconds=5)
    assert [await till.state(one) for one in (first, second)] == ["paid", "paid"]
    assert len(await till.events(PaymentReceived)) == 2
    assert await till.balance("escrow") == 1333
    await till.books_agree()


async def test_an_unanswered_letter_is_sent_again_under_its_own_name(till: Till) -> None:
    intent = await till.asked_at_alipay()
    await till.shop.control("faults", target="alipay_notify", kind="bad_signature")
    await till.pays_at_alipay(intent)
    assert (await till.state(intent), await till.inbox()) == ("prepaid", [])
    await till.shop.control("advance", seconds=240)
    assert await till.state(intent) == "paid"


@pytest.mark.parametrize(
    "kind", ["cut_after", "cut_before", "error_after", "bad_signature", "tamper", "unsigned"]
)
async def test_what_nobody_knows_stays_unknown_and_is_asked_again(till: Till, kind: str) -> None:
    intent = await till.asked_at_alipay()
    await till.pays_at_alipay(intent, notify=False)
    await till.shop.control("faults", target="alipay_query", kind=kind)
    asked = await till.gateways.of(till.alipay).query(intent.out_trade_no)
    assert isinstance(asked, Unknown)
    await till.work(later=timedelta(seconds=31))
    assert await till.state(intent) == "paid"


async def test_a_cancelled_order_is_closed_there_and_cannot_be_paid(till: Till) -> None:
    intent = await till.asked_at_alipay()
    assert await till.close(intent.order_id)
    await till.work()
    assert await till.state(intent) == "closed"
    with pytest.raises(AssertionError, match="交易已经关闭"):
        await till.pays_at_alipay(intent)


async def test_what_no_buyer_opened_is_closed_as_well(till: Till) -> None:
    intent = await till.opened(method="alipay_wap", payer_openid=None)
    begun = await till.begin(intent)
    await till.close(intent.order_id)
    await till.work()
    assert await till.state(intent) == "closed"
    # The form was still in her hand: what she pays with it comes back to her.
    await till.opens_cashier(begun)
    await till.pays_at_alipay(intent)
    assert await till.events(PaymentReceived) == []
    await till.work()
    await till.work(later=timedelta(seconds=16))
    assert await till.refunds() == [("succeeded", 1234)]
    await till.books_agree()


async def test_paid_at_both_channels_one_comes_back(till: Till) -> None:
    at_wechat = await till.asked()
    at_alipay = await till.asked_at_alipay(order_id=at_wechat.order_id)
    await till.pays(at_wechat, notify=False)
    await till.pays_at_alipay(at_alipay)
    await till.work(later=timedelta(seconds=31))
    await till.work(later=timedelta(seconds=31))
    assert len(await till.events(PaymentReceived)) == 1
    assert await till.refunds() == [("succeeded", 1234)]
    assert await till.balance("quarantine") == 0
    await till.books_agree()


async def test_refunds_in_parts_each_under_its_own_number(till: Till) -> None:
    intent = await till.asked_at_alipay(amount=1000)
    await till.pays_at_alipay(intent)
    for amount in (300, 200, 500):
        await till.refund(intent.order_id, amount)
        await till.work()
    done = sorted(await till.refunds())
    assert done == [("succeeded", 200), ("succeeded", 300), ("succeeded", 500)]
    assert len(await till.events(RefundSucceeded)) == 3
    with pytest.raises(payment.RefundTooLarge):
        await till.refund(intent.order_id, 1)
    # The letters about refunds tell of a paid trade, the last of a closed one: nothing new.
    assert {outcome for outcome, _ in await till.inbox()} == {"applied", "repeated"}
    await till.books_agree()


@pytest.mark.parametrize("kind", ["cut_after", "cut_before", "error_after", "tamper"])
async def test_a_refund_that_was_cut_is_refunded_once(till: Till, kind: str) -> None:
    intent = await till.asked_at_alipay(amount=1000)
    await till.pays_at_alipay(intent)
    await till.shop.control("faults", target="alipay_refund", kind=kind)
    await till.refund(intent.order_id, 400)
    await till.work()
    assert await till.refunds() == [("unknown", 400)]
    for _ in range(3):
        await till.work(later=timedelta(seconds=61))
    assert await till.refunds() == [("succeeded", 400)]
    truth = (await till.shop.http.get("/_ctl/alipay/truth")).json()
    assert [row["amount"] for row in truth["refunds"]] == [400]
    await till.books_agree()


async def test_a_refund_that_takes_its_time_is_waited_for(till: Till) -> None:
    intent = await till.asked_at_alipay()
    await till.pays_at_alipay(intent)
    await till.shop.control("alipay/settings", refund_seconds=40)
    await till.refund(intent.order_id, 1234)
    await till.work()
    assert await till.refunds() == [("sent", 1234)]
    await till.work(later=timedelta(seconds=20))
    assert await till.refunds() == [("sent", 1234)]
    for _ in range(2):
        await till.work(later=timedelta(seconds=61))
    assert await till.refunds() == [("succeeded", 1234)]
    await till.books_agree()


async def test_a_refusal_ends_a_refund_and_poverty_does_not(till: Till) -> None:
    intent = await till.asked_at_alipay()
    await till.pays_at_alipay(intent)
    poor = {"kind": "refuse", "code": "ACQ.SELLER_BALANCE_NOT_ENOUGH"}
    await till.shop.control("faults", target="alipay_refund", **poor)
    await till.refund(intent.order_id, 1234)
    await till.work()
    assert await till.refunds() == [("unknown", 1234)]
    await till.shop.control(
        "faults", target="alipay_refund", kind="refuse", code="ACQ.REFUND_TIME_OUT"
    )
    await till.work(later=timedelta(seconds=31))
    assert await till.refunds() == [("refused", 1234)]
    assert len(await till.events(RefundRefused)) == 1
    assert await till.balance("escrow") == 1234


async def test_an_answer_about_another_trade_is_not_believed(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Validly signed, and an answer to another question: played back by whoever sits between."""
    paid, asked_for = await till.asked_at_alipay(), await till.asked_at_alipay()
    await till.pays_at_alipay(paid, notify=False)
    gateway: Any = till.gateways.of(till.alipay)
    url, content = _question(gateway, paid.out_trade_no)
    recorded = await till.shop.http.post(
        url, content=content, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    played_back = httpx.MockTransport(lambda _: httpx.Response(200, content=recorded.content))
    async with httpx.AsyncClient(transport=played_back) as http:
        monkeypatch.setattr(gateway.transport, "_http", http)
        assert await gateway.query(asked_for.out_trade_no) == Unknown("answer_other_number")


def _question(gateway: Any, out_trade_no: str) -> tuple[str, bytes]:
    given = gateway.transport.parameters("alipay.trade.query", {"out_trade_no": out_trade_no})
    content = given.pop("biz_content")
    return f"{SANDBOX}/alipay/gateway.do?{urlencode(given)}", urlencode(
        {"biz_content": content}
    ).encode()


def test_forms_go_to_the_gateway_s_own_house() -> None:
    assert form_origins("https://openapi-sandbox.dl.alipaydev.com/gateway.do") == (
        "https://openapi-sandbox.dl.alipaydev.com",
        "https://*.alipaydev.com",
    )
