"""A balance is topped up, spent, returned, taken back; the law's figures hold; the books agree."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.payment.balance.purses import (
    RULES,
    ask_top_up,
    balance,
    books_agree,
    spend,
    switch_on,
    take,
    top_up,
)
from tests.payment.tills import Till
from weike import payment
from weike.kernel import IdTakenByOther, uuid7
from weike.payment import PaymentReceived, RefundSucceeded
from weike.payment.balance import balance_view, spendable_minor
from weike.payment.balance.errors import (
    BadHolder,
    BalanceFull,
    BalanceLimitAboveLaw,
    BalanceNotFiled,
    BalanceOff,
    BalanceResting,
    BalanceTooSmall,
)
from weike.payment.balance.holder import name_holder
from weike.payment.balance.model import Holder, is_id_number, parts_back
from weike.payment.errors import IntentNotPayable, SettingsChanged, WayNotOffered
from weike.payment.ways import WaysOffered, ways_for

ID_NUMBER = "11010519491231002X"
"""The example of GB 11643."""


async def test_topped_up_spent_and_returned(till: Till) -> None:
    await switch_on(till)
    member_id = uuid7(till.now)
    await top_up(till, member_id, 500_00)
    assert await balance(till, member_id) == 500_00
    assert await till.events(PaymentReceived) == []
    paid = await spend(till, member_id, 128_00)
    assert await till.state(paid) == "paid"
    assert (await balance(till, member_id), await till.balance("escrow")) == (372_00, 128_00)
    await books_agree(till)
    await till.refund(paid.order_id, 28_00)
    # Nobody outside is asked: it is hers again at once.
    assert await till.refunds() == [("succeeded", 28_00)]
    assert (await balance(till, member_id), await till.balance("escrow")) == (400_00, 100_00)
    assert len(await till.events(RefundSucceeded)) == 1
    with pytest.raises(payment.RefundTooLarge):
        await till.refund(paid.order_id, 100_01)
    await till.refund(paid.order_id, 100_00)
    assert await balance(till, member_id) == 500_00
    await books_agree(till)


async def test_it_goes_back_to_where_it_came_from_newest_first(till: Till) -> None:
    await switch_on(till)
    member_id = uuid7(till.now)
    await top_up(till, member_id, 300_00)
    till.shop.clock.pass_by(hours=1)
    await top_up(till, member_id, 200_00)
    await spend(till, member_id, 150_00)
    request_id = uuid7(till.now)
    refunds = await take(till, member_id, 350_00, request_id)
    assert [refund.amount_minor for refund in refunds] == [200_00, 150_00]
    assert await balance(till, member_id) == 0
    assert await balance(till, member_id, "balance_leaving") == 350_00
    await books_agree(till)
    # Asked again under the same id, nothing more leaves.
    again = await take(till, member_id, 350_00, request_id)
    assert {one.id for one in again} == {one.id for one in refunds}
    with pytest.raises(IdTakenByOther):
        await take(till, uuid7(till.now), 1, request_id)
    await till.work()
    assert sorted(await till.refunds()) == [("succeeded", 150_00), ("succeeded", 200_00)]
    assert await balance(till, member_id, "balance_leaving") == 0
    with pytest.raises(BalanceTooSmall):
        await take(till, member_id, 1)
    await books_agree(till)


async def test_what_the_channel_will_not_take_back_is_her_balance_again(till: Till) -> None:
    await switch_on(till)
    member_id = uuid7(till.now)
    await top_up(till, member_id, 100_00)
    code = "ACQ.REFUND_TIME_OUT"
    await till.shop.control("faults", target="alipay_refund", kind="refuse", code=code)
    await take(till, member_id, 100_00)
    await till.work()
    assert await till.refunds() == [("refused", 100_00)]
    assert await balance(till, member_id) == 100_00
    await books_agree(till)
    # And may be asked for once more.
    await take(till, member_id, 100_00)
    await till.work()
    assert await balance(till, member_id) == 0
    await books_agree(till)


async def test_a_cut_refund_of_a_balance_stays_unknown_and_is_asked_again(till: Till) -> None:
    await switch_on(till)
    member_id = uuid7(till.now)
    await top_up(till, member_id, 100_00)
    await till.shop.control("faults", target="alipay_refund", kind="cut_after")
    await take(till, member_id, 100_00)
    await till.work()
    assert await till.refunds() == [("unknown", 100_00)]
    assert await balance(till, member_id, "balance_leaving") == 100_00
    for _ in range(2):
        await till.work(later=timedelta(seconds=61))
    assert await till.refunds() == [("succeeded", 100_00)]
    await books_agree(till)


async def test_the_limits_of_the_law_hold(till: Till) -> None:
    await switch_on(till)
    member_id = uuid7(till.now)
    await top_up(till, member_id, 600_00)
    with pytest.raises(BalanceFull) as full:
        await ask_top_up(till, member_id, 400_01)
    assert full.value.facts["room_minor"] == 400_00
    sealer = till.gateways.sealer
    for wrong in (Holder("陈晓棠", "110105194912310021"), Holder("陈", ID_NUMBER)):
        with pytest.raises(BadHolder):
            await till.run(
                lambda tx, wrong=wrong: name_holder(
                    tx, sealer, member_id=member_id, holder=wrong, now=till.now
                )
            )
    await till.run(
        lambda tx: name_holder(
            tx, sealer, member_id=member_id, holder=Holder("陈晓棠", ID_NUMBER), now=till.now
        )
    )
    await top_up(till, member_id, 4400_00)
    with pytest.raises(BalanceFull):
        await ask_top_up(till, member_id, 1_00)
    # What comes back may lie above the limit: art. 20 wants it on the card.
    view = await till.run(lambda tx: balance_view(tx, member_id, now=till.now))
    assert (view.is_named, view.limit_minor, view.room_minor) == (True, 5000_00, 0)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"anonymous_limit_minor": 1000_01}, BalanceLimitAboveLaw),
        ({"named_limit_minor": 5000_01}, BalanceLimitAboveLaw),
        ({"anonymous_limit_minor": 0}, BalanceLimitAboveLaw),
        ({"validity_years": 2}, BalanceLimitAboveLaw),
        ({"filing": " "}, BalanceNotFiled),
        ({"issuer": ""}, BalanceNotFiled),
    ],
)
async def test_no_setting_reaches_above_the_law(
    till: Till, changed: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await switch_on(till, msgspec.structs.replace(RULES, **changed))


async def test_off_until_switched_on_and_two_who_save_at_once(till: Till) -> None:
    member_id = uuid7(till.now)
    with pytest.raises(BalanceOff):
        await ask_top_up(till, member_id, 100_00)
    with pytest.raises(BalanceOff):
        await spend(till, member_id, 1)
    kept = await switch_on(till)
    with pytest.raises(SettingsChanged):
        await switch_on(till)
    await top_up(till, member_id, 100_00)
    await switch_on(till, msgspec.structs.replace(kept, is_on=False))
    with pytest.raises(BalanceOff):
        await ask_top_up(till, member_id, 100_00)
    # What she has stays hers.
    await spend(till, member_id, 60_00)
    await take(till, member_id, 40_00)
    await till.work()
    assert await balance(till, member_id) == 0
    await books_agree(till)


async def test_an_anonymous_balance_rests_after_its_term_and_is_never_lost(till: Till) -> None:
    await switch_on(till, msgspec.structs.replace(RULES, validity_years=3))
    member_id = uuid7(till.now)
    await top_up(till, member_id, 100_00)
    till.shop.clock.pass_by(days=3 * 366)
    with pytest.raises(BalanceResting):
        await spend(till, member_id, 1)
    assert await till.run(lambda tx: spendable_minor(tx, member_id, now=till.now)) == 0
    await take(till, member_id, 40_00)
    assert await balance(till, member_id) == 60_00


async def test_only_one_top_up_lies_open(till: Till) -> None:
    await switch_on(till)
    member_id = uuid7(till.now)
    first = await ask_top_up(till, member_id, 900_00)
    await till.opens_cashier(await till.begin(first))
    second = await ask_top_up(till, member_id, 900_00)
    await till.opens_cashier(await till.begin(second))
    # Both are paid: what would be above the limit together goes back.
    await till.pays_at_alipay(first)
    await till.pays_at_alipay(second)
    await till.work()
    await till.work(later=timedelta(seconds=31))
    assert await balance(till, member_id) == 900_00
    assert await till.refunds() == [("succeeded", 900_00)]
    assert await till.balance("quarantine") == 0
    await books_agree(till)


async def test_the_same_top_up_asked_twice_is_one_payment(till: Till) -> None:
    await switch_on(till)
    member_id, top_up_id = uuid7(till.now), uuid7(till.now)
    first = await ask_top_up(till, member_id, 100_00, top_up_id=top_up_id)
    till.shop.clock.pass_by(seconds=9)
    again = await ask_top_up(till, member_id, 100_00, top_up_id=top_up_id)
    assert again.id == first.id
    by_wechat = await ask_top_up(
        till, member_id, 100_00, top_up_id=top_up_id, method="mini", payer_openid="o-1"
    )
    assert by_wechat.id != first.id
    await till.begin(by_wechat)
    await till.pays(by_wechat)
    await till.work(later=timedelta(seconds=31))
    assert await till.state(first) == "closed"
    assert await balance(till, member_id) == 100_00
    await books_agree(till)


async def test_a_top_up_that_is_left_alone_closes_by_itself(till: Till) -> None:
    await switch_on(till)
    intent = await ask_top_up(till, uuid7(till.now), 100_00)
    await till.begin(intent)
    for _ in range(12):
        await till.work(later=timedelta(minutes=10))
    assert await till.state(intent) == "closed"


async def test_a_balance_pays_no_order_twice_and_no_other_way_is_left_open(till: Till) -> None:
    await switch_on(till)
    member_id = uuid7(till.now)
    await top_up(till, member_id, 100_00)
    at_alipay = await till.asked_at_alipay(amount=60_00)
    await spend(till, member_id, 60_00, at_alipay.order_id)
    with pytest.raises(IntentNotPayable):
        await spend(till, member_id, 30_00, at_alipay.order_id)
    # She pays at Alipay as well: that comes back, to Alipay.
    await till.pays_at_alipay(at_alipay)
    await till.work()
    await till.work(later=timedelta(seconds=31))
    assert await till.refunds() == [("succeeded", 60_00)]
    assert await balance(till, member_id) == 40_00
    await books_agree(till)


async def test_a_balance_cannot_top_itself_up_nor_be_asked_of_a_provider(till: Till) -> None:
    await switch_on(till)
    with pytest.raises(WayNotOffered):
        await ask_top_up(till, uuid7(till.now), 100_00, method="balance")
    with pytest.raises(payment.PaymentNotSetUp):
        await till.opened(method="balance")


def test_which_way_is_recommended_where() -> None:
    def offered(place: str, balance: int | None, amount: int = 100) -> list[tuple[str, str, bool]]:
        ways = ways_for(
            WaysOffered(in_browser=("alipay", "wechat", "balance")),
            place=place,  # type: ignore[arg-type]
            usable=("wechat", "alipay", "balance"),
            balance_minor=balance,
            amount_minor=amount,
        )
        return [(one.way, one.method, one.is_recommended) for one in ways]

    assert offered("wechat", None) == [("wechat", "jsapi", True)]
    assert offered("mini", 99) == [("wechat", "mini", True), ("balance", "balance", False)]
    assert offered("browser", 100) == [
        ("alipay", "alipay_wap", False),
        ("wechat", "h5", False),
        ("balance", "balance", True),
    ]
    assert offered("desktop", None)[0] == ("alipay", "alipay_page", True)
    poor = ways_for(
        WaysOffered(),
        place="browser",
        usable=("wechat",),
        balance_minor=None,
        amount_minor=1,
    )
    assert [one.way for one in poor] == ["wechat"]


@given(
    left=st.lists(st.integers(min_value=0, max_value=10_000), max_size=8),
    share=st.integers(min_value=0, max_value=100),
)
def test_parts_that_go_back_add_up_and_none_exceeds_its_top_up(left: list[int], share: int) -> None:
    amount = sum(left) * share // 100
    known = [(UUID(int=n), minor) for n, minor in enumerate(left)]
    parts = parts_back(amount, known)
    assert sum(part for _, part in parts) == amount
    assert all(0 < part <= dict(known)[id] for id, part in parts)
    assert parts_back(sum(left) + 1, known) == []


def test_numbers_of_identity_cards() -> None:
    assert is_id_number(ID_NUMBER)
    assert is_id_number(ID_NUMBER.lower())
    for wrong in ("110105194912310021", ID_NUMBER[:17], "１１0105194912310021", "X" * 18, ""):
        assert not is_id_number(wrong)
