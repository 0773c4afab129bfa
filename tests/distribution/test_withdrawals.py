"""Withdrawals: reserved, taxed, approved by enough people, paid once or given back whole."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from tests.distribution.builders import an_order, line, staff_of
from tests.distribution.test_relations import a_named_promoter
from weike import distribution, ledger, payment
from weike.distribution.errors import (
    IdentityInvalid,
    NotEnoughAvailable,
    PayeeNotAdult,
    PayeeUndeclared,
    PromoterNotActive,
    SecondPersonNeeded,
    WithdrawalNotAsked,
    WithdrawalOpen,
    WithdrawalOutOfBounds,
    WithdrawalUnknown,
)
from weike.distribution.reconcile import commissions_agree
from weike.distribution.withdrawals import queries
from weike.distribution.withdrawals.ask_withdrawal import (
    AskWithdrawal,
    ask_withdrawal,
    available_minor,
    quote,
)
from weike.distribution.withdrawals.decide_withdrawals import (
    approve_withdrawals,
    cancel_withdrawal,
    reject_withdrawal,
)
from weike.distribution.withdrawals.model import (
    BankAccount,
    PayoutChannel,
    Withdrawal,
    WithdrawalState,
    is_adult,
    is_identity_number,
    lay_on,
)
from weike.distribution.withdrawals.payees import PayeeSeal, declare_payee
from weike.distribution.withdrawals.settle_withdrawal import paid_by_bank, transfer_failed
from weike.kernel import IdTakenByOther, Tx, uuid7
from weike.payment.providers.fake import FakeGateways

SEAL, NAMES = PayeeSeal("a secret of the tests"), FakeGateways()
DAY = timedelta(days=1)
BANK = BankAccount(bank="中国农业银行", number="6228480402564890018")


def identity_number(born: date, serial: int = 1) -> str:
    """A well-formed number that belongs to nobody: region 110101."""
    body = f"110101{born:%Y%m%d}{serial:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


GROWN_UP = identity_number(date(1990, 3, 7))


async def earned(tx: Tx, promoter_id: UUID, paid: int, now: datetime) -> None:
    """A tenth of it, released after the hold."""
    order = an_order(promoter_id, line(paid=paid))
    await distribution.earn_commissions(tx, order, now=now - 30 * DAY)
    await distribution.order_received(tx, order.order_id, at=now - 20 * DAY)
    await distribution.release_matured(tx, now=now)


async def a_payee(tx: Tx, now: datetime, *, paid: int = 300_000, number: str = GROWN_UP) -> UUID:
    member_id = await a_named_promoter(tx, now, "安娜")
    await declare_payee(
        tx, SEAL, member_id=member_id, name="安小娜", identity_number=number, now=now
    )
    await earned(tx, member_id, paid, now)
    return member_id


async def asks(
    tx: Tx, promoter_id: UUID, minor: int, now: datetime, *, id: UUID | None = None
) -> Withdrawal:
    return await ask_withdrawal(
        tx,
        SEAL,
        AskWithdrawal(
            id=id or uuid7(now),
            promoter_id=promoter_id,
            amount_minor=minor,
            channel=PayoutChannel.BANK,
            account=BANK,
        ),
        now=now,
    )


async def state_of(tx: Tx, withdrawal: Withdrawal) -> WithdrawalState:
    found = await queries.withdrawal_by_id(tx, withdrawal.id)
    assert found is not None
    return found.state


async def agrees(tx: Tx) -> None:
    for check in await commissions_agree(tx):
        assert check.expected == check.found, check


async def test_asked_approved_and_paid_by_the_bank(tx: Tx, now: datetime) -> None:
    anna = await a_payee(tx, now)
    withdrawal = await asks(tx, anna, 25_000, now)
    assert (withdrawal.gross_minor, withdrawal.tax_minor, withdrawal.net_minor) == (
        25_000,
        0,
        25_000,
    )
    assert await available_minor(tx, anna) == 5_000
    await agrees(tx)

    approver, teller = staff_of(tx), staff_of(tx)
    await approve_withdrawals(tx, SEAL, NAMES, [withdrawal.id], by=approver, now=now)
    assert await state_of(tx, withdrawal) is WithdrawalState.APPROVED
    with pytest.raises(SecondPersonNeeded):
        await paid_by_bank(tx, withdrawal.id, bank_reference="B1", by=approver, now=now)
    for _ in range(2):
        await paid_by_bank(tx, withdrawal.id, bank_reference="B1", by=teller, now=now)
    assert await state_of(tx, withdrawal) is WithdrawalState.PAID
    assert (await ledger.balance(tx, "commission_in_transit", anna)).minor == 0
    assert (await ledger.balance(tx, "channel_cash:bank")).minor == -25_000
    await agrees(tx)


async def test_tax_is_withheld_and_owed(tx: Tx, now: datetime) -> None:
    anna = await a_payee(tx, now, paid=3_000_000)
    withdrawal = await asks(tx, anna, 300_000, now)
    assert withdrawal.tax_minor == (300_000 - 80_000) * 20 // 100
    people = [staff_of(tx), staff_of(tx)]
    for person in people:
        await approve_withdrawals(tx, SEAL, NAMES, [withdrawal.id], by=person, now=now)
    await paid_by_bank(tx, withdrawal.id, bank_reference="B2", by=people[0], now=now)
    assert (await ledger.balance(tx, "tax_payable")).minor == withdrawal.tax_minor
    await agrees(tx)


async def test_large_sums_need_two_different_people(tx: Tx, now: datetime) -> None:
    anna = await a_payee(tx, now, paid=2_000_000)
    withdrawal = await asks(tx, anna, 100_000, now)
    first, second = staff_of(tx), staff_of(tx)
    for _ in range(2):
        states = await approve_withdrawals(tx, SEAL, NAMES, [withdrawal.id], by=first, now=now)
        assert states == {withdrawal.id: WithdrawalState.ASKED}
    states = await approve_withdrawals(tx, SEAL, NAMES, [withdrawal.id], by=second, now=now)
    assert states == {withdrawal.id: WithdrawalState.APPROVED}


@pytest.mark.parametrize("how", ["reject", "cancel", "fail"])
async def test_what_is_not_paid_is_there_again(tx: Tx, now: datetime, how: str) -> None:
    anna = await a_payee(tx, now)
    withdrawal = await asks(tx, anna, 25_000, now)
    by = staff_of(tx)
    if how == "reject":
        await reject_withdrawal(tx, withdrawal.id, reason="资料不全", by=by, now=now)
    elif how == "cancel":
        for _ in range(2):
            await cancel_withdrawal(tx, withdrawal.id, promoter_id=anna, now=now)
    else:
        await approve_withdrawals(tx, SEAL, NAMES, [withdrawal.id], by=by, now=now)
        failed = payment.TransferFailed(
            transfer_id=uuid7(now), purpose_id=withdrawal.id, code="OVERDUE_CLOSE", at=now
        )
        for _ in range(2):
            await transfer_failed(tx, failed, now)
    assert await available_minor(tx, anna) == 30_000
    again = await asks(tx, anna, 30_000, now + DAY)
    assert again.state is WithdrawalState.ASKED
    await agrees(tx)


async def test_two_accounts_of_one_person_are_taxed_as_one(tx: Tx, now: datetime) -> None:
    anna = await a_payee(tx, now, paid=3_000_000)
    other = await a_payee(tx, now, paid=3_000_000)
    first = await asks(tx, anna, 80_000, now)
    second = await asks(tx, other, 300_000, now)
    whole = (380_000 - 80_000) * 20 // 100
    assert first.tax_minor + second.tax_minor == whole
    await cancel_withdrawal(tx, first.id, promoter_id=anna, now=now)
    third = await asks(tx, anna, 80_000, now)
    assert third.tax_minor + second.tax_minor == whole


async def test_refused_with_a_reason_and_nothing_half_done(tx: Tx, now: datetime) -> None:
    stranger = await a_named_promoter(tx, now, "贝拉")
    with pytest.raises(PayeeUndeclared):
        await asks(tx, stranger, 1000, now)
    anna = await a_payee(tx, now)
    for amount, refusal in ((99, WithdrawalOutOfBounds), (30_001, NotEnoughAvailable)):
        with pytest.raises(refusal):
            await asks(tx, anna, amount, now)
        with pytest.raises(refusal):
            await quote(tx, promoter_id=anna, amount_minor=amount, now=now)
    withdrawal = await asks(tx, anna, 1000, now)
    with pytest.raises(WithdrawalOpen):
        await asks(tx, anna, 1000, now)
    with pytest.raises(IdTakenByOther):
        await asks(tx, anna, 2000, now, id=withdrawal.id)
    assert (await asks(tx, anna, 1000, now, id=withdrawal.id)).id == withdrawal.id
    with pytest.raises(WithdrawalUnknown):
        await cancel_withdrawal(tx, withdrawal.id, promoter_id=stranger, now=now)
    await reject_withdrawal(tx, withdrawal.id, reason="重复申请", by=staff_of(tx), now=now)
    with pytest.raises(WithdrawalNotAsked):
        await approve_withdrawals(tx, SEAL, NAMES, [withdrawal.id], by=staff_of(tx), now=now)
    await distribution.suspend_promoter(
        tx, member_id=anna, reason="核查中", by=staff_of(tx), now=now
    )
    with pytest.raises(PromoterNotActive):
        await asks(tx, anna, 1000, now)


async def test_a_refund_after_the_withdrawal_is_a_debt_that_sales_fill(
    tx: Tx, now: datetime
) -> None:
    anna = await a_named_promoter(tx, now, "安娜")
    await declare_payee(tx, SEAL, member_id=anna, name="安小娜", identity_number=GROWN_UP, now=now)
    order = an_order(anna, line(paid=100_000))
    await distribution.earn_commissions(tx, order, now=now - 30 * DAY)
    await distribution.order_received(tx, order.order_id, at=now - 20 * DAY)
    await distribution.release_matured(tx, now=now)
    await asks(tx, anna, 10_000, now)
    await distribution.order_refunded(tx, order.order_id, {0: 60_000}, at=now)
    assert await available_minor(tx, anna) == -6_000
    await agrees(tx)
    await earned(tx, anna, 100_000, now)
    assert await available_minor(tx, anna) == 4_000
    await agrees(tx)


def test_an_amount_is_laid_on_the_oldest_commissions() -> None:
    ids = [UUID(int=number) for number in range(3)]
    parts = lay_on(250, [(ids[0], 100), (ids[1], 100), (ids[2], 100)])
    assert [(part.commission_id, part.amount_minor) for part in parts] == [
        (ids[0], 100),
        (ids[1], 100),
        (ids[2], 50),
    ]


def test_identity_numbers(now: datetime) -> None:
    assert is_identity_number(GROWN_UP)
    assert is_identity_number("11010519491231002X")  # The example of GB 11643 itself.
    for wrong in (
        GROWN_UP[:-1] + str((int(GROWN_UP[-1]) + 1) % 10 if GROWN_UP[-1] != "X" else 0),
        "11010519491331002X",
        "１１０１０５１９４９１２３１００２X",
        "",
    ):
        assert not is_identity_number(wrong)
    eighteen = date(now.year - 18, now.month, now.day)
    assert is_adult(identity_number(eighteen), now=now)
    assert not is_adult(identity_number(eighteen + timedelta(days=1)), now=now)


async def test_a_payee_is_a_grown_up_with_a_real_number(tx: Tx, now: datetime) -> None:
    anna = await a_named_promoter(tx, now, "安娜")
    child = identity_number(date(now.year - 10, 1, 1))
    for number, refusal in (("110101199003070000", IdentityInvalid), (child, PayeeNotAdult)):
        with pytest.raises(refusal):
            await declare_payee(
                tx, SEAL, member_id=anna, name="安小娜", identity_number=number, now=now
            )
