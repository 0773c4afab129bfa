"""The simulated WeChat Pay tells the shop, tells it again, and tells it wrong when asked to."""

from tests.sandbox.shops import Shop
from weike.payment.providers.wechat_pay import Transaction, open_notification
from weike.sandbox.notifications import LADDER_SECONDS


async def test_a_payment_is_told_in_words_our_client_believes(shop: Shop) -> None:
    await shop.announce()
    await shop.control("pay", out_trade_no="order-0001")
    (headers, raw) = shop.mailbox.received[0]
    told = open_notification(shop.keys(), headers, raw, now=shop.clock()).content
    assert isinstance(told, Transaction)
    assert told.amount is not None
    assert (told.out_trade_no, told.trade_state, told.amount.total) == (
        "order-0001",
        "SUCCESS",
        1234,
    )


async def test_an_unanswered_one_climbs_the_ladder_and_ends(shop: Shop) -> None:
    await shop.announce()
    shop.mailbox.answers = [500] * 20
    await shop.control("pay", out_trade_no="order-0001")
    for number, seconds in enumerate(LADDER_SECONDS, start=1):
        await shop.control("advance", seconds=seconds - 1)
        assert len(shop.mailbox.received) == number
        await shop.control("advance", seconds=1)
        assert len(shop.mailbox.received) == number + 1
    await shop.control("advance", seconds=10**6)
    assert len(shop.mailbox.received) == len(LADDER_SECONDS) + 1
    assert sum(LADDER_SECONDS) == 24 * 3600 + 4 * 60


async def test_an_answered_one_is_not_told_again(shop: Shop) -> None:
    await shop.announce()
    await shop.control("pay", out_trade_no="order-0001")
    await shop.control("advance", seconds=10**6)
    assert len(shop.mailbox.received) == 1


async def test_dropped_then_told_by_the_ladder(shop: Shop) -> None:
    await shop.announce()
    await shop.control("faults", target="notify", kind="drop")
    await shop.control("pay", out_trade_no="order-0001")
    assert shop.mailbox.received == []
    await shop.control("advance", seconds=15)
    assert len(shop.mailbox.received) == 1


async def test_duplicated(shop: Shop) -> None:
    await shop.announce()
    await shop.control("faults", target="notify", kind="duplicate", copies=3)
    await shop.control("pay", out_trade_no="order-0001")
    assert len(shop.mailbox.received) == 3


async def test_overtaken_by_the_next(shop: Shop) -> None:
    await shop.announce("order-0001")
    await shop.announce("order-0002")
    await shop.control("faults", target="notify", kind="reorder")
    await shop.control("pay", out_trade_no="order-0001")
    await shop.control("pay", out_trade_no="order-0002")
    await shop.control("advance", seconds=2)
    told = [
        open_notification(shop.keys(), *message, now=shop.clock()).content
        for message in shop.mailbox.received
    ]
    numbers = [one.out_trade_no for one in told if isinstance(one, Transaction)]
    assert numbers == ["order-0002", "order-0001"]


async def test_a_certificate_signs_when_the_merchant_still_has_one(shop: Shop) -> None:
    await shop.announce()
    await shop.control("settings", notify_signed_with="certificate")
    await shop.control("pay", out_trade_no="order-0001")
    headers, raw = shop.mailbox.received[0]
    assert not headers["wechatpay-serial"].startswith("PUB_KEY_ID_")
    open_notification(shop.keys(), headers, raw, now=shop.clock())
