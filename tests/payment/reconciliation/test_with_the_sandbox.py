"""A day's bill by the real protocols: fetched, believed only when whole, compared, and what differs
repaired. Time is the sandbox's; the morning after is one clock away."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.payment.tills import Till
from weike import ledger, payment
from weike.kernel import Tx
from weike.kernel.edge import Caller, CallerKind
from weike.kernel.ids import uuid7
from weike.payment.desk.ask_again import ask_again
from weike.payment.desk.propose import propose
from weike.payment.reconciliation import difference_queries, queries
from weike.payment.reconciliation.compare_bill import compare_bill
from weike.payment.reconciliation.difference_queries import Difference
from weike.payment.reconciliation.queries import Bill
from weike.payment.reconciliation.take_bill import take_bill

DAY = date(2026, 11, 11)
TO_NEXT_MORNING = timedelta(hours=24)
TRY = timedelta(hours=1, minutes=1)


async def sold(till: Till, *amounts: int) -> None:
    for amount in amounts:
        await till.pays(await till.asked(amount=amount))


async def bill(till: Till, config: Any = None, day: date = DAY) -> Bill:
    bill_id = queries.bill_id_of((config or till.config).id, day)
    found = await till.run(lambda tx: queries.bill_by_id(tx, bill_id))
    assert isinstance(found, Bill)
    return found


async def differences(till: Till) -> list[Difference]:
    async def read(tx: Tx) -> list[Difference]:
        return await difference_queries.differences(
            tx,
            first=None,
            last=None,
            provider=None,
            class_=None,
            state=None,
            number=None,
            after=None,
            limit=100,
        )

    found: list[Difference] = await till.run(read)
    return found


async def all_checks_hold(till: Till) -> None:
    report = await till.run(
        lambda tx: ledger.reconcile(
            tx, [payment.channel_cash_check, payment.quarantine_check], now=till.now
        )
    )
    assert report.ok, [check for check in report.checks if not check.ok]


async def fault(till: Till, target: str, kind: str, **more: Any) -> None:
    await till.shop.control("faults", target=target, kind=kind, **more)


def alone(till: Till) -> Caller:
    return Caller(CallerKind.STAFF, till.tenant_id, id=uuid7(till.now))


async def test_both_channels_are_reconciled_the_next_morning(till: Till) -> None:
    await sold(till, 1000, 2000)
    intent = await till.asked_at_alipay(amount=5000)
    await till.pays_at_alipay(intent)
    await till.refund(intent.order_id, 1200)
    await till.work()
    await till.work(later=TO_NEXT_MORNING)
    for config, paid, refunded, fee in (
        (till.config, 3000, 0, 18),
        (till.alipay, 5000, 1200, 30 - 7),
    ):
        found = await bill(till, config)
        assert found.state == "compared", found
        assert (found.paid_minor, found.refunded_minor) == (paid, refunded)
        assert (found.ours_paid_minor, found.ledger_in_minor) == (paid, paid)
        assert (found.fee_minor, found.fee_booked_minor) == (fee, fee)
    assert await differences(till) == []
    assert await till.balance("fees") == 18 + 23
    assert await till.balance("channel_cash:wechat") == 3000 - 18
    await all_checks_hold(till)


async def test_a_day_without_payments_is_green(till: Till) -> None:
    await till.work(later=TO_NEXT_MORNING)
    assert (await bill(till)).state == "compared"
    assert (await bill(till, till.alipay)).state == "compared"
    assert await differences(till) == []


@pytest.mark.parametrize(
    ("target", "kind", "more"),
    [
        ("bill", "refuse", {"status": 400, "code": "STATEMENT_CREATING"}),
        ("bill", "cut_after", {}),
        ("bill", "bad_signature", {}),
        ("download_bill", "cut_after", {}),
        ("download_bill", "refuse", {"status": 404, "code": "RESOURCE_NOT_EXISTS"}),
        ("bill_file", "half", {}),
        ("bill_file", "wrong_hash", {}),
    ],
)
async def test_a_bill_that_is_not_whole_is_taken_later(
    till: Till, target: str, kind: str, more: dict[str, Any]
) -> None:
    await sold(till, 1000)
    await fault(till, target, kind, **more)
    await till.work(later=TO_NEXT_MORNING)
    waiting = await bill(till)
    assert (waiting.state, waiting.payments) == ("waiting", 0)
    assert waiting.last_code
    assert waiting.next_at
    await till.work(later=TRY)
    assert (await bill(till)).state == "compared"
    assert await differences(till) == []


async def test_half_a_zip_of_alipay_is_taken_later(till: Till) -> None:
    await till.pays_at_alipay(await till.asked_at_alipay(amount=700))
    # WeChat Pay had no payment and so has no file to spoil.
    await fault(till, "bill_file", "half")
    await till.work(later=TO_NEXT_MORNING)
    assert (await bill(till, till.alipay)).last_code in ("cut", "packing")
    await till.work(later=TRY)
    assert (await bill(till, till.alipay)).state == "compared"


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        ("missing_row", "missing_at_channel"),
        ("extra_row", "missing_at_us"),
        ("double_row", "duplicated"),
        ("other_amount", "amount"),
    ],
)
async def test_a_spoiled_bill_is_found_and_a_better_one_repairs_it(
    till: Till, kind: str, named: str
) -> None:
    await sold(till, 1000, 2000)
    await fault(till, "bill_rows", kind)
    await till.work(later=TO_NEXT_MORNING)
    assert [(one.class_, one.state) for one in await differences(till)] == [(named, "open")]
    await take_again(till)
    assert [(one.state, one.resolution) for one in await differences(till)] == [
        ("repaired", "gone")
    ]
    await all_checks_hold(till)


async def take_again(till: Till) -> None:
    """As the console's button does."""
    assert await take_bill(
        till.database,
        till.gateways,
        till.tenant_id,
        config_id=till.config.id,
        day=DAY,
        now=till.now,
    )
    bill_id = queries.bill_id_of(till.config.id, DAY)
    await till.run(lambda tx: compare_bill(tx, bill_id, now=till.now))


async def test_a_payment_nobody_told_us_about_is_asked_for_again(till: Till) -> None:
    intent = await till.asked(amount=900)
    await fault(till, "notify", "drop", remaining=None)
    await till.pays(intent, notify=False)
    await till.run(
        lambda tx: tx.execute(
            "update payment.intents set next_query_at = null, state = 'closed'"
            " where tenant_id = $1",
            tx.tenant_id,
        )
    )
    await till.work(later=TO_NEXT_MORNING)
    (one,) = await differences(till)
    assert (one.class_, one.theirs_minor, one.ours_state) == ("state", 900, "closed")
    await ask_again(
        till.database, till.gateways, till.tenant_id, difference_id=one.id, now=till.now
    )
    assert await till.state(intent) == "paid"
    (one,) = await differences(till)
    assert (one.state, one.resolution) == ("repaired", "gone")
    await all_checks_hold(till)


async def test_money_of_another_till_is_taken_in_and_given_back(till: Till) -> None:
    """The bill has a payment we know nothing of: booked, and refused back by the channel, because
    the sandbox made it up."""
    await sold(till, 1000)
    await fault(till, "bill_rows", "extra_row")
    await till.work(later=TO_NEXT_MORNING)
    (one,) = await differences(till)
    assert one.class_ == "missing_at_us"
    caller = alone(till)
    await till.run(lambda tx: _propose(tx, till, caller, one.id, "difference", "take_in"))
    assert await till.balance("quarantine") == 1000
    (one,) = await differences(till)
    assert (one.state, one.resolution) == ("repaired", "gone")
    await all_checks_hold(till)


async def _propose(
    tx: Tx, till: Till, caller: Caller, subject_id: Any, subject_type: Any, action: Any
) -> None:
    await propose(
        tx,
        proposal_id=uuid7(till.now),
        subject_type=subject_type,
        subject_id=subject_id,
        action=action,
        reason="线下收银台收款",
        caller=caller,
        now=till.now,
    )
