"""A promoter asks for her money: quoted first, then set aside with the tax of this very moment."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from weike import ledger, members
from weike.distribution.errors import (
    NetTooSmall,
    NotEnoughAvailable,
    PayeeUndeclared,
    PromoterNotActive,
    WithdrawalOpen,
    WithdrawalOutOfBounds,
)
from weike.distribution.tax.parameters import parameters_of
from weike.distribution.tax.rules import china_month, withholding
from weike.distribution.withdrawals import bookings, queries
from weike.distribution.withdrawals.model import (
    BankAccount,
    PayoutChannel,
    PayoutRules,
    Quote,
    Withdrawal,
    WithdrawalState,
    lay_on,
)
from weike.distribution.withdrawals.payees import PayeeSeal
from weike.kernel import IdTakenByOther, Tx

LEAST_TRANSFER_MINOR = 30
"""What is left after tax must be worth sending; WeChat takes no name below it."""


class AskWithdrawal(msgspec.Struct, frozen=True, kw_only=True):
    """`account` is needed for the bank and for nothing else."""

    id: UUID
    promoter_id: UUID
    amount_minor: int
    channel: PayoutChannel
    account: BankAccount | None = None


async def quote(tx: Tx, *, promoter_id: UUID, amount_minor: int, now: datetime) -> Quote:
    """Reads only. Refuses with PayeeUndeclared, WithdrawalOutOfBounds, NotEnoughAvailable,
    NetTooSmall."""
    rules = await queries.rules_at(tx, now)
    payee = await queries.payee_of(tx, promoter_id)
    if payee is None:
        raise PayeeUndeclared()
    await _check_amount(tx, promoter_id, amount_minor, rules)
    return await _quoted(tx, payee["person_hash"], amount_minor, rules, now)


async def ask_withdrawal(
    tx: Tx, seal: PayeeSeal, ask: AskWithdrawal, *, now: datetime
) -> Withdrawal:
    """The same id again answers the first ask.

    Refuses with IdTakenByOther, PromoterNotActive (suspended or banned), PayeeUndeclared,
    WithdrawalOpen, WithdrawalOutOfBounds, NotEnoughAvailable, NetTooSmall.
    """
    state = await queries.lock_promoter(tx, ask.promoter_id)
    if earlier := await queries.withdrawal_by_id(tx, ask.id):
        if (earlier.promoter_id, earlier.gross_minor) != (ask.promoter_id, ask.amount_minor):
            raise IdTakenByOther(field="id")
        return earlier
    if state not in ("active", "quit"):
        raise PromoterNotActive()
    payee = await queries.payee_of(tx, ask.promoter_id)
    if payee is None:
        raise PayeeUndeclared()
    if await queries.open_of(tx, ask.promoter_id):
        raise WithdrawalOpen()
    rules = await queries.rules_at(tx, now)
    await _check_amount(tx, ask.promoter_id, ask.amount_minor, rules)
    await queries.lock_person(tx, payee["person_hash"])
    quoted = await _quoted(tx, payee["person_hash"], ask.amount_minor, rules, now)
    withdrawal = Withdrawal(
        id=ask.id,
        promoter_id=ask.promoter_id,
        person_hash=payee["person_hash"],
        channel=ask.channel,
        gross_minor=quoted.gross_minor,
        tax_minor=quoted.tax_minor,
        net_minor=quoted.net_minor,
        currency="CNY",
        state=WithdrawalState.ASKED,
        state_reason="",
        rule_version=rules.version,
        asked_at=now,
        state_at=now,
        paid_at=None,
        account_tail=ask.account.tail if ask.account else "",
    )
    year, month = china_month(now)
    await queries.insert_withdrawal(
        tx,
        withdrawal=withdrawal,
        account_cipher=seal.seal_account(tx, ask.account) if ask.account else None,
        tax=quoted.tax,
        year=year,
        month=month,
    )
    parts = lay_on(ask.amount_minor, await queries.lock_available(tx, ask.promoter_id))
    await queries.reserve(tx, ask.id, parts)
    await ledger.post(tx, bookings.asked(withdrawal, at=now))
    await queries.tell(tx, ask.id, id=ask.id, kind="asked", actor_id=ask.promoter_id, now=now)
    return withdrawal


async def available_minor(tx: Tx, promoter_id: UUID) -> int:
    """Below zero when refunds took back more than was left: a debt."""
    return (await ledger.balance(tx, "commission_available", promoter_id)).minor


async def is_known_to_wechat(tx: Tx, promoter_id: UUID) -> bool:
    return bool(await members.wechat_open_ids(tx, promoter_id))


async def _check_amount(tx: Tx, promoter_id: UUID, amount_minor: int, rules: PayoutRules) -> None:
    if not rules.min_minor <= amount_minor <= rules.max_minor:
        raise WithdrawalOutOfBounds(
            field="amount_minor", least_minor=rules.min_minor, most_minor=rules.max_minor
        )
    available = await available_minor(tx, promoter_id)
    if amount_minor > available:
        raise NotEnoughAvailable(field="amount_minor", available_minor=max(0, available))


async def _quoted(
    tx: Tx, person_hash: bytes, amount_minor: int, rules: PayoutRules, now: datetime
) -> Quote:
    year, month = china_month(now)
    sums = await queries.sums_of(tx, person_hash, year=year, month=month)
    tax = withholding(
        rules.tax_method, amount_minor, sums, month=month, parameters=parameters_of(year)
    )
    net = amount_minor - tax.tax_minor
    if net < LEAST_TRANSFER_MINOR:
        raise NetTooSmall(field="amount_minor", net_minor=net)
    return Quote(gross_minor=amount_minor, tax_minor=tax.tax_minor, net_minor=net, tax=tax)
