"""The simulated WeChat Pay keeps the vendor's rules of orders and refunds."""

import pytest

from tests.sandbox.shops import HOOK, Shop
from weike.payment.outcome import Ok, Refused
from weike.payment.providers.wechat_pay import close, query, query_refund, refund


async def give_back(shop: Shop, number: str, amount: int, *, total: int = 1234) -> object:
    return await refund(
        shop.transport(),
        out_trade_no="order-0001",
        out_refund_no=number,
        refund_minor=amount,
        total_minor=total,
        currency="CNY",
        reason="买多了",
        notify_url=HOOK,
    )


async def test_the_same_order_again_gets_a_fresh_prepay_id(shop: Shop) -> None:
    first, second = await shop.announce(), await shop.announce()
    assert isinstance(first, Ok)
    assert isinstance(second, Ok)
    assert first.value.prepay_id != second.value.prepay_id


async def test_the_same_number_with_another_amount_is_refused(shop: Shop) -> None:
    await shop.announce(total=1234)
    changed = await shop.announce(total=1)
    assert isinstance(changed, Refused)
    assert changed.code == "OUT_TRADE_NO_USED"


async def test_a_paid_order_is_not_announced_again_and_not_closed(shop: Shop) -> None:
    await shop.announce()
    await shop.control("pay", out_trade_no="order-0001")
    again, closed = await shop.announce(), await close(shop.transport(), "order-0001")
    assert isinstance(again, Refused)
    assert again.code == "ORDERPAID"
    assert isinstance(closed, Refused)
    assert closed.code == "ORDERPAID"


async def test_a_closed_order_cannot_be_paid(shop: Shop) -> None:
    await shop.announce()
    assert await close(shop.transport(), "order-0001") == Ok(None)
    refused = await shop.http.post("/_ctl/pay", json={"out_trade_no": "order-0001"})
    assert refused.status_code == 409
    seen = await query(shop.transport(), "order-0001")
    assert isinstance(seen, Ok)
    assert seen.value.trade_state == "CLOSED"


async def test_an_expired_order_cannot_be_paid_and_is_not_closed_by_itself(shop: Shop) -> None:
    await shop.announce()
    await shop.control("advance", seconds=31 * 60)
    refused = await shop.http.post("/_ctl/pay", json={"out_trade_no": "order-0001"})
    assert refused.status_code == 409
    seen = await query(shop.transport(), "order-0001")
    assert isinstance(seen, Ok)
    assert seen.value.trade_state == "NOTPAY"


async def test_refunds_never_exceed_what_was_paid(shop: Shop) -> None:
    await shop.announce()
    await shop.control("pay", out_trade_no="order-0001")
    assert isinstance(await give_back(shop, "R1", 1000), Ok)
    too_much = await give_back(shop, "R2", 235)
    assert isinstance(too_much, Refused)
    assert isinstance(await give_back(shop, "R3", 234), Ok)
    assert (await shop.truth())["refunded_minor"] == 1234


async def test_the_same_refund_number_is_one_refund(shop: Shop) -> None:
    await shop.announce()
    await shop.control("pay", out_trade_no="order-0001")
    await give_back(shop, "R1", 100)
    assert isinstance(await give_back(shop, "R1", 100), Ok)
    assert isinstance(await give_back(shop, "R1", 99), Refused)
    assert (await shop.truth())["refunded_minor"] == 100


async def test_fifty_refunds_and_no_more(shop: Shop) -> None:
    await shop.announce()
    await shop.control("pay", out_trade_no="order-0001")
    for number in range(50):
        assert isinstance(await give_back(shop, f"R{number}", 1), Ok)
    assert isinstance(await give_back(shop, "R50", 1), Refused)


async def test_an_unpaid_order_and_an_old_one_are_not_refunded(shop: Shop) -> None:
    await shop.announce()
    assert isinstance(await give_back(shop, "R1", 1), Refused)
    await shop.control("pay", out_trade_no="order-0001")
    await shop.control("advance", seconds=366 * 24 * 3600)
    assert isinstance(await give_back(shop, "R1", 1), Refused)


async def test_a_refund_is_accepted_first_and_done_later(shop: Shop) -> None:
    await shop.announce()
    await shop.control("pay", out_trade_no="order-0001")
    accepted = await give_back(shop, "R1", 100)
    done = await query_refund(shop.transport(), "R1")
    assert isinstance(accepted, Ok)
    assert isinstance(done, Ok)
    assert (accepted.value.status, done.value.status) == ("PROCESSING", "SUCCESS")


@pytest.mark.parametrize(
    "other",
    [
        {"total": 0},
        {"total": -5},
        {"currency": "USD"},
        {"out_trade_no": "x"},
        {"notify_url": "http://shop.test/hook?tenant=1"},
        {"description": ""},
    ],
)
async def test_what_the_manual_forbids_is_refused(shop: Shop, other: dict[str, object]) -> None:
    answer = await shop.announce(**{"out_trade_no": "order-0009", "total": 1} | other)  # type: ignore[arg-type]  # wrong on purpose
    assert isinstance(answer, Refused)
    assert answer.code == "PARAM_ERROR"


async def test_an_app_of_somebody_else_is_refused(shop: Shop) -> None:
    answer = await shop.announce(app_id="wx0000000000000000")
    assert isinstance(answer, Refused)
    assert answer.code == "APPID_MCHID_NOT_MATCH"


async def test_another_merchant_does_not_see_the_order(shop: Shop) -> None:
    await shop.announce()
    seen = await query(shop.transport(merchant=1), "order-0001")
    assert isinstance(seen, Refused)
    assert seen.code == "ORDER_NOT_EXIST"
