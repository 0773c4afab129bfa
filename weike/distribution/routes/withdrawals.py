"""Money on its way to promoters. Given by name: `words`, `payee_seal`, `gateways`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from weike import payment
from weike.distribution.promoter_pages import require_promoter
from weike.distribution.tax.rules import TaxMethod
from weike.distribution.withdrawals import queries
from weike.distribution.withdrawals.ask_withdrawal import AskWithdrawal, ask_withdrawal
from weike.distribution.withdrawals.ask_withdrawal import quote as quoted
from weike.distribution.withdrawals.decide_withdrawals import (
    approve_withdrawals,
    cancel_withdrawal,
    reject_withdrawal,
)
from weike.distribution.withdrawals.model import (
    BankAccount,
    PayoutChannel,
    PayoutRules,
    Quote,
    WithdrawalState,
)
from weike.distribution.withdrawals.payees import PayeeSeal, PayeeView, declare_payee, payee_view
from weike.distribution.withdrawals.set_payout_rules import set_payout_rules
from weike.distribution.withdrawals.settle_withdrawal import paid_by_bank
from weike.distribution.withdrawals.show_withdrawals import (
    MyWithdrawals,
    WithdrawalDetail,
    WithdrawalRow,
    my_withdrawals,
    withdrawal_desk,
    withdrawal_detail,
)
from weike.kernel import Database, Page, Tx
from weike.kernel.edge import MEMBER, Caller, staff
from weike.kernel.words import Words

_Limit = Annotated[int, QueryParameter(ge=1, le=100)]
_Amount = Annotated[int, msgspec.Meta(ge=1, le=100_000_000)]
_Reason = Annotated[str, msgspec.Meta(min_length=2, max_length=500)]


class PayeeDeclared(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    name: Annotated[str, msgspec.Meta(min_length=2, max_length=40)]
    identity_number: Annotated[str, msgspec.Meta(min_length=18, max_length=18)]


class BankAsked(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    bank: Annotated[str, msgspec.Meta(min_length=2, max_length=40)]
    number: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{12,19}$")]


class WithdrawalAsked(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    id: UUID
    amount_minor: _Amount
    channel: PayoutChannel
    account: BankAsked | None = None


class QuoteAsked(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    amount_minor: _Amount


class Approved(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    ids: Annotated[list[UUID], msgspec.Meta(min_length=1, max_length=200)]


class StateOf(msgspec.Struct, kw_only=True):
    id: UUID
    state: WithdrawalState


class States(msgspec.Struct, kw_only=True):
    items: list[StateOf]


class Rejected(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    reason: _Reason


class PaidByBank(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    bank_reference: Annotated[str, msgspec.Meta(min_length=2, max_length=60)]


class PayoutRulesAsked(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    min_minor: Annotated[int, msgspec.Meta(ge=100, le=100_000_000)]
    max_minor: Annotated[int, msgspec.Meta(ge=100, le=100_000_000)]
    two_people_from_minor: Annotated[int, msgspec.Meta(ge=0, le=100_000_000)]
    tax_method: TaxMethod
    reason: _Reason


class PayoutRulesInForce(msgspec.Struct, kw_only=True):
    version: int
    min_minor: int
    max_minor: int
    two_people_from_minor: int
    tax_method: TaxMethod
    reason: str


@get("/api/promoter/withdrawals", opt=MEMBER, operation_id="my_withdrawals")
async def mine(
    caller: Caller,
    database: Database,
    payee_seal: PayeeSeal,
    now: datetime,
    cursor: str | None = None,
    limit: _Limit = 20,
) -> MyWithdrawals:
    async def work(tx: Tx) -> MyWithdrawals:
        await require_promoter(tx, caller.member_id)
        return await my_withdrawals(
            tx, payee_seal, caller.member_id, cursor=cursor, limit=limit, now=now
        )

    return await database.run(caller.tenant_id, work)


@put("/api/promoter/payee", opt=MEMBER, operation_id="declare_payee")
async def declare(
    data: PayeeDeclared, caller: Caller, database: Database, payee_seal: PayeeSeal, now: datetime
) -> PayeeView:
    async def work(tx: Tx) -> PayeeView:
        await require_promoter(tx, caller.member_id)
        await declare_payee(
            tx,
            payee_seal,
            member_id=caller.member_id,
            name=data.name,
            identity_number=data.identity_number,
            now=now,
        )
        view = await payee_view(tx, payee_seal, caller.member_id)
        if view is None:
            raise AssertionError("declared two lines above")
        return view

    return await database.run(caller.tenant_id, work)


@post(
    "/api/promoter/withdrawals/quote",
    opt=MEMBER,
    operation_id="quote_withdrawal",
    status_code=200,
)
async def quote(data: QuoteAsked, caller: Caller, database: Database, now: datetime) -> Quote:
    async def work(tx: Tx) -> Quote:
        await require_promoter(tx, caller.member_id)
        return await quoted(
            tx, promoter_id=caller.member_id, amount_minor=data.amount_minor, now=now
        )

    return await database.run(caller.tenant_id, work)


@post("/api/promoter/withdrawals", opt=MEMBER, operation_id="ask_withdrawal")
async def ask(
    data: WithdrawalAsked,
    caller: Caller,
    database: Database,
    payee_seal: PayeeSeal,
    words: Words,
    now: datetime,
) -> WithdrawalDetail:
    account = data.account
    asked = AskWithdrawal(
        id=data.id,
        promoter_id=caller.member_id,
        amount_minor=data.amount_minor,
        channel=data.channel,
        account=BankAccount(bank=account.bank, number=account.number) if account else None,
    )

    async def work(tx: Tx) -> WithdrawalDetail:
        await ask_withdrawal(tx, payee_seal, asked, now=now)
        return await withdrawal_detail(tx, data.id, promoter_id=caller.member_id, words=words)

    return await database.run(caller.tenant_id, work)


@get(
    "/api/promoter/withdrawals/{withdrawal_id:uuid}",
    opt=MEMBER,
    operation_id="my_withdrawal",
)
async def my_one(
    withdrawal_id: UUID, caller: Caller, database: Database, words: Words
) -> WithdrawalDetail:
    return await database.run(
        caller.tenant_id,
        lambda tx: withdrawal_detail(tx, withdrawal_id, promoter_id=caller.member_id, words=words),
    )


@post(
    "/api/promoter/withdrawals/{withdrawal_id:uuid}/cancel",
    opt=MEMBER,
    operation_id="cancel_withdrawal",
    status_code=204,
)
async def cancel(withdrawal_id: UUID, caller: Caller, database: Database, now: datetime) -> None:
    await database.run(
        caller.tenant_id,
        lambda tx: cancel_withdrawal(tx, withdrawal_id, promoter_id=caller.member_id, now=now),
    )


@get("/api/console/withdrawals", opt=staff("withdrawals.read"), operation_id="list_withdrawals")
async def desk(
    caller: Caller,
    database: Database,
    in_state: Annotated[WithdrawalState | None, QueryParameter(name="state")] = None,
    promoter_id: UUID | None = None,
    cursor: str | None = None,
    limit: _Limit = 20,
) -> Page[WithdrawalRow]:
    return await database.run(
        caller.tenant_id,
        lambda tx: withdrawal_desk(
            tx, promoter_id=promoter_id, state=in_state, cursor=cursor, limit=limit
        ),
    )


@get(
    "/api/console/withdrawals/{withdrawal_id:uuid}",
    opt=staff("withdrawals.read"),
    operation_id="show_withdrawal",
)
async def one(
    withdrawal_id: UUID, caller: Caller, database: Database, words: Words
) -> WithdrawalDetail:
    return await database.run(
        caller.tenant_id,
        lambda tx: withdrawal_detail(tx, withdrawal_id, promoter_id=None, words=words),
    )


@post(
    "/api/console/withdrawals/approve",
    opt=staff("withdrawals.approve"),
    operation_id="approve_withdrawals",
    status_code=200,
)
async def approve(
    data: Approved,
    caller: Caller,
    database: Database,
    payee_seal: PayeeSeal,
    gateways: payment.ProviderGateways,
    now: datetime,
) -> States:
    states = await database.run(
        caller.tenant_id,
        lambda tx: approve_withdrawals(tx, payee_seal, gateways, data.ids, by=caller, now=now),
    )
    return States(items=[StateOf(id=id, state=state) for id, state in states.items()])


@post(
    "/api/console/withdrawals/{withdrawal_id:uuid}/reject",
    opt=staff("withdrawals.approve"),
    operation_id="reject_withdrawal",
    status_code=204,
)
async def reject(
    withdrawal_id: UUID, data: Rejected, caller: Caller, database: Database, now: datetime
) -> None:
    await database.run(
        caller.tenant_id,
        lambda tx: reject_withdrawal(tx, withdrawal_id, reason=data.reason, by=caller, now=now),
    )


@post(
    "/api/console/withdrawals/{withdrawal_id:uuid}/paid-by-bank",
    opt=staff("withdrawals.approve"),
    operation_id="withdrawal_paid_by_bank",
    status_code=204,
)
async def by_bank(
    withdrawal_id: UUID, data: PaidByBank, caller: Caller, database: Database, now: datetime
) -> None:
    await database.run(
        caller.tenant_id,
        lambda tx: paid_by_bank(
            tx, withdrawal_id, bank_reference=data.bank_reference, by=caller, now=now
        ),
    )


@get("/api/console/payout-rules", opt=staff("withdrawals.read"), operation_id="show_payout_rules")
async def show_rules(caller: Caller, database: Database, now: datetime) -> PayoutRulesInForce:
    rules = await database.run(caller.tenant_id, lambda tx: queries.rules_at(tx, now))
    return _in_force(rules)


@put("/api/console/payout-rules", opt=staff("settings.write"), operation_id="set_payout_rules")
async def change_rules(
    data: PayoutRulesAsked, caller: Caller, database: Database, now: datetime
) -> PayoutRulesInForce:
    wanted = PayoutRules(**msgspec.structs.asdict(data))
    rules = await database.run(
        caller.tenant_id, lambda tx: set_payout_rules(tx, wanted, by=caller, now=now)
    )
    return _in_force(rules)


def _in_force(rules: PayoutRules) -> PayoutRulesInForce:
    return PayoutRulesInForce(
        version=rules.version,
        min_minor=rules.min_minor,
        max_minor=rules.max_minor,
        two_people_from_minor=rules.two_people_from_minor,
        tax_method=rules.tax_method,
        reason=rules.reason,
    )


WITHDRAWAL_ROUTES: tuple[HTTPRouteHandler, ...] = (
    *(mine, declare, quote, ask, my_one, cancel),
    *(desk, one, approve, reject, by_bank, show_rules, change_rules),
)
