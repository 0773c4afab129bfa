"""A till with members who have a balance."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tests.payment.tills import Till
from weike import ledger, payment
from weike.kernel import Money, Tx, uuid7
from weike.payment.balance import BalanceSettings, open_top_up, take_back
from weike.payment.model import Intent

RULES = BalanceSettings(is_on=True, issuer="橙心商贸有限公司", filing="440300AAB0001")


async def switch_on(till: Till, rules: BalanceSettings = RULES) -> BalanceSettings:
    kept: BalanceSettings = await till.run(lambda tx: payment.set_balance(tx, rules, now=till.now))
    return kept


async def ask_top_up(
    till: Till, member_id: UUID, amount: int, *, top_up_id: UUID | None = None, **other: Any
) -> Intent:
    given: dict[str, Any] = {
        "top_up_id": top_up_id or uuid7(till.now),
        "member_id": member_id,
        "amount": Money(amount),
        "method": "alipay_wap",
        "description": "橙心小店 余额充值",
        "now": till.now,
    }
    intent: Intent = await till.run(lambda tx: open_top_up(tx, **(given | other)))
    return intent


async def top_up(till: Till, member_id: UUID, amount: int) -> Intent:
    """Paid at Alipay."""
    intent = await ask_top_up(till, member_id, amount)
    await till.opens_cashier(await till.begin(intent))
    await till.pays_at_alipay(intent)
    return intent


async def balance(till: Till, member_id: UUID, account: str = "balance") -> int:
    held: Money = await till.run(lambda tx: ledger.balance(tx, account, member_id))
    return held.minor


async def spend(till: Till, member_id: UUID, amount: int, order_id: UUID | None = None) -> Intent:
    paid: Intent = await till.run(
        lambda tx: spending(tx, till, member_id, amount, order_id or uuid7(till.now))
    )
    return paid


async def spending(tx: Tx, till: Till, member_id: UUID, amount: int, order_id: UUID) -> Intent:
    return await payment.pay_by_balance(
        tx,
        intent_id=uuid7(till.now),
        order_id=order_id,
        member_id=member_id,
        amount=Money(amount),
        description="明前龙井",
        now=till.now,
    )


async def take(till: Till, member_id: UUID, amount: int, request_id: UUID | None = None) -> Any:
    request = request_id or uuid7(till.now)
    return await till.run(
        lambda tx: take_back(
            tx, request_id=request, member_id=member_id, amount=Money(amount), now=till.now
        )
    )


async def books_agree(till: Till) -> None:
    await till.books_agree()
    checks = await till.run(payment.balances_check)
    assert all(check.ok for check in checks), checks
