"""Promoters of the demo withdraw: one is paid, one waits for the merchant, one was rejected."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from weike import ledger, members
from weike.distribution.withdrawals.ask_withdrawal import AskWithdrawal, ask_withdrawal
from weike.distribution.withdrawals.decide_withdrawals import (
    approve_withdrawals,
    reject_withdrawal,
)
from weike.distribution.withdrawals.model import BankAccount, PayoutChannel, PayoutRules
from weike.distribution.withdrawals.payees import declare_payee
from weike.distribution.withdrawals.settle_withdrawal import paid_by_bank
from weike.entry.demo.scene import Scene
from weike.kernel import Tx, derived_id

_LEAST_MINOR = 2_000
_TWO_PEOPLE_FROM = PayoutRules().two_people_from_minor
_BANK = BankAccount(bank="中国农业银行（演示）", number="6228480000000000018")
_NUMBERS = ("110101199003070011", "110101198807150022", "110101199512010033", "110101199104200044")
"""Made up for the demonstration; the check digit is put right below."""
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


async def show_withdrawals(scene: Scene) -> None:
    """Of the promoters with the most available, up to four."""
    asked_at = scene.now - timedelta(days=2)

    async def work(tx: Tx) -> None:
        balances = await ledger.balances(tx, prefix="commission_available")
        richest = sorted(balances, key=lambda one: (-one.balance.minor, one.owner_id))
        people = [one for one in richest if one.balance.minor >= _LEAST_MINOR][: len(_NUMBERS)]
        for number, one in enumerate(people):
            amount = one.balance.minor // 1000 * 1000
            await _live(tx, scene, number, one.owner_id, amount)

    await scene.past.run(work, at=asked_at)


async def _live(tx: Tx, scene: Scene, number: int, promoter_id: UUID, amount_minor: int) -> None:
    asked_at = scene.now - timedelta(days=2)
    seal = scene.house.payee_seal
    card = (await members.member_cards(tx, [promoter_id]))[promoter_id]
    await declare_payee(
        tx,
        seal,
        member_id=promoter_id,
        name=card.nickname,
        identity_number=_checked(_NUMBERS[number]),
        now=asked_at,
    )
    withdrawal_id = derived_id(promoter_id, "demo withdrawal")
    await ask_withdrawal(
        tx,
        seal,
        AskWithdrawal(
            id=withdrawal_id,
            promoter_id=promoter_id,
            amount_minor=amount_minor,
            channel=PayoutChannel.BANK,
            account=_BANK,
        ),
        now=asked_at,
    )
    later = asked_at + timedelta(hours=5)
    finance, owner = scene.crew.finance, scene.crew.owner
    if number == 2:
        reason = "银行卡户名与实名不一致，请核对后重新申请"
        await reject_withdrawal(tx, withdrawal_id, reason=reason, by=finance, now=later)
    if number == 0:
        for person in (finance, owner) if amount_minor >= _TWO_PEOPLE_FROM else (finance,):
            await approve_withdrawals(
                tx, seal, scene.house.gateways, [withdrawal_id], by=person, now=later
            )
        await paid_by_bank(
            tx, withdrawal_id, bank_reference="DEMO-20261111-0001", by=owner, now=later
        )


def _checked(number: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return number[:17] + "10X98765432"[total % 11]
