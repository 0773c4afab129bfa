"""Money to people: sent under one number, confirmed by the payee, and never twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.payment.tills import Till
from weike import payment
from weike.kernel import IdTakenByOther, Money, Tx, uuid7
from weike.payment.transfer_model import Transfer
from weike.payment.transfers import queries

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def asked(
    till: Till, amount: int = 25_000, *, id: UUID | None = None, name: str | None = None
) -> Transfer:
    transfer_id = id or uuid7(till.now)
    app_id = till.shop.credentials.mini_program.app_id
    transfer: Transfer = await till.run(
        lambda tx: payment.request_transfer(
            tx,
            till.gateways,
            transfer_id=transfer_id,
            purpose="withdrawal",
            purpose_id=transfer_id,
            open_ids={app_id: "o-payee"},
            name=name,
            amount=Money(amount),
            remark="推广佣金",
            now=till.now,
        )
    )
    return transfer


async def state(till: Till, transfer: Transfer) -> str:
    async def read(tx: Tx) -> Any:
        return await queries.transfer_by_id(tx, transfer.id)

    return str((await till.run(read)).state)


async def confirm(till: Till, transfer: Transfer) -> None:
    answer = await till.shop.http.post(
        f"/transfers/{till.config.mch_id}/{transfer.out_bill_no}/confirm"
    )
    assert answer.status_code == 303


async def at_the_channel(till: Till) -> int:
    """What the simulation has paid out."""
    page = (await till.shop.http.get("/transfers")).text
    return page.count("已到账")


async def test_accepted_confirmed_and_booked(till: Till) -> None:
    transfer = await asked(till)
    await till.work()
    assert await state(till, transfer) == "confirming"
    (waits,) = await till.events(payment.TransferWaits)
    assert waits["purpose_id"] == str(transfer.purpose_id)
    assert await till.balance("payouts_clearing") == 0

    await confirm(till, transfer)
    assert await state(till, transfer) == "succeeded"
    (done,) = await till.events(payment.TransferSucceeded)
    assert done["amount_minor"] == 25_000
    assert await till.balance("payouts_clearing") == 25_000
    assert await till.balance("channel_cash:wechat") == -25_000
    checks = {check.key: check for check in await till.run(payment.channel_cash_check)}
    assert checks["payment.channel_cash"].ok
    await till.work(later=DAY)
    assert len(await till.events(payment.TransferSucceeded)) == 1


@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "error_after"])
async def test_an_unknown_answer_is_asked_about_and_never_sent_twice(till: Till, kind: str) -> None:
    await till.shop.control("faults", target="transfer", kind=kind)
    transfer = await asked(till)
    await till.work()
    for _ in range(3):
        await till.work(later=HOUR)
    assert await state(till, transfer) == "confirming"
    await confirm(till, transfer)
    assert await state(till, transfer) == "succeeded"
    assert await at_the_channel(till) == 1


async def test_nobody_confirms_within_a_day(till: Till) -> None:
    transfer = await asked(till)
    await till.work()
    for _ in range(5):
        await till.work(later=7 * HOUR)
    assert await state(till, transfer) == "failed"
    (failed,) = await till.events(payment.TransferFailed)
    assert failed["code"] == "OVERDUE_CLOSE"
    assert await till.balance("channel_cash:wechat") == 0
    await confirm(till, transfer)
    assert await at_the_channel(till) == 0


async def test_a_lost_notification_is_made_up_for_by_asking(till: Till) -> None:
    transfer = await asked(till)
    await till.work()
    await till.shop.control("faults", target="notify", kind="drop")
    await confirm(till, transfer)
    for _ in range(3):
        await till.work(later=HOUR)
    assert await state(till, transfer) == "succeeded"
    assert len(await till.events(payment.TransferSucceeded)) == 1


async def test_a_name_is_told_where_the_channel_wants_one(till: Till) -> None:
    transfer = await asked(till, 250_000, name="安小娜")
    await till.work()
    assert await state(till, transfer) == "confirming"
    nameless = await asked(till, 250_000)
    await till.work()
    assert await state(till, nameless) == "failed"
    tiny = await asked(till, 29, name="安小娜")
    await till.work()
    assert await state(till, tiny) == "confirming"


async def test_asking_twice_under_one_id_is_one_transfer(till: Till) -> None:
    transfer = await asked(till)
    assert (await asked(till, id=transfer.id)).id == transfer.id
    with pytest.raises(IdTakenByOther):
        await asked(till, 25_001, id=transfer.id)


async def test_only_whom_an_app_of_the_shop_knows_is_paid(till: Till) -> None:
    with pytest.raises(payment.PayeeUnknown):
        await till.run(
            lambda tx: payment.request_transfer(
                tx,
                till.gateways,
                transfer_id=uuid7(till.now),
                purpose="withdrawal",
                purpose_id=uuid7(till.now),
                open_ids={"wx-of-another-shop": "o-payee"},
                name=None,
                amount=Money(1000),
                remark="推广佣金",
                now=till.now,
            )
        )


async def test_the_name_is_not_readable_at_rest(till: Till) -> None:
    transfer = await asked(till, name="安小娜")
    assert transfer.name_cipher is not None
    assert "安小娜".encode() not in transfer.name_cipher
    assert till.gateways.open_name(transfer.id, transfer.name_cipher) == "安小娜"
