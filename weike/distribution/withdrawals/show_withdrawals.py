"""Withdrawals as promoters and merchants read them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from weike import members, payment
from weike.distribution.errors import WithdrawalUnknown
from weike.distribution.tax.rules import Withholding
from weike.distribution.withdrawals import queries
from weike.distribution.withdrawals.ask_withdrawal import available_minor, is_known_to_wechat
from weike.distribution.withdrawals.model import (
    PayoutChannel,
    Withdrawal,
    WithdrawalState,
)
from weike.distribution.withdrawals.payees import PayeeSeal, PayeeView, payee_view
from weike.kernel import Page, Tx, decode_cursor, page_of
from weike.kernel.words import Words


class WithdrawalView(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    channel: PayoutChannel
    account_tail: str
    gross_minor: int
    tax_minor: int
    net_minor: int
    state: WithdrawalState
    state_reason: str
    asked_at: datetime
    state_at: datetime
    paid_at: datetime | None


class Confirmation(msgspec.Struct, frozen=True, kw_only=True):
    """For `wx.requestMerchantTransfer`."""

    app_id: str
    package_info: str


class MyWithdrawals(msgspec.Struct, frozen=True, kw_only=True):
    """`available_minor` is never below zero; what is, is `debt_minor`."""

    available_minor: int
    debt_minor: int
    least_minor: int
    most_minor: int
    payee: PayeeView | None
    channels: list[PayoutChannel]
    open: WithdrawalView | None
    confirmation: Confirmation | None
    items: list[WithdrawalView]
    next_cursor: str | None


class Step(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    title: str
    at: datetime
    reason: str


class WithdrawalDetail(msgspec.Struct, frozen=True, kw_only=True):
    withdrawal: WithdrawalView
    tax: Withholding
    steps: list[Step]


class WithdrawalRow(msgspec.Struct, frozen=True, kw_only=True):
    """For the merchant: `approvals` of `approvals_needed` people have said yes."""

    withdrawal: WithdrawalView
    promoter_id: UUID
    promoter_nickname: str
    approvals: int
    approvals_needed: int


def _view(withdrawal: Withdrawal) -> WithdrawalView:
    return WithdrawalView(
        id=withdrawal.id,
        channel=withdrawal.channel,
        account_tail=withdrawal.account_tail,
        gross_minor=withdrawal.gross_minor,
        tax_minor=withdrawal.tax_minor,
        net_minor=withdrawal.net_minor,
        state=withdrawal.state,
        state_reason=withdrawal.state_reason,
        asked_at=withdrawal.asked_at,
        state_at=withdrawal.state_at,
        paid_at=withdrawal.paid_at,
    )


async def my_withdrawals(
    tx: Tx, seal: PayeeSeal, promoter_id: UUID, *, cursor: str | None, limit: int, now: datetime
) -> MyWithdrawals:
    rules = await queries.rules_at(tx, now)
    available = await available_minor(tx, promoter_id)
    page = await _page(tx, promoter_id=promoter_id, state=None, cursor=cursor, limit=limit)
    under_way = await queries.open_of(tx, promoter_id)
    channels = [PayoutChannel.BANK]
    if await is_known_to_wechat(tx, promoter_id) and await payment.payment_is_set_up(tx):
        channels.insert(0, PayoutChannel.WECHAT)
    return MyWithdrawals(
        available_minor=max(0, available),
        debt_minor=max(0, -available),
        least_minor=rules.min_minor,
        most_minor=rules.max_minor,
        payee=await payee_view(tx, seal, promoter_id),
        channels=channels,
        open=_view(under_way) if under_way else None,
        confirmation=await _confirmation(tx, under_way) if under_way else None,
        items=[_view(withdrawal) for withdrawal in page.items],
        next_cursor=page.next_cursor,
    )


async def _confirmation(tx: Tx, withdrawal: Withdrawal) -> Confirmation | None:
    if withdrawal.state is not WithdrawalState.CONFIRMING:
        return None
    transfer = await payment.transfer_of(tx, "withdrawal", withdrawal.id)
    if transfer is None or not transfer.package_info:
        return None
    return Confirmation(app_id=transfer.app_id, package_info=transfer.package_info)


async def withdrawal_detail(
    tx: Tx, withdrawal_id: UUID, *, promoter_id: UUID | None, words: Words
) -> WithdrawalDetail:
    """`promoter_id` None for the merchant. Refuses with WithdrawalUnknown."""
    withdrawal = await queries.withdrawal_by_id(tx, withdrawal_id)
    if withdrawal is None or promoter_id not in (None, withdrawal.promoter_id):
        raise WithdrawalUnknown(id=withdrawal_id)
    return WithdrawalDetail(
        withdrawal=_view(withdrawal),
        tax=msgspec.convert(await queries.tax_of(tx, withdrawal_id), Withholding),
        steps=[
            Step(
                kind=row["kind"],
                title=words(f"distribution.withdrawal.{row['kind']}"),
                at=row["at"],
                reason=row["reason"],
            )
            for row in await queries.events_of(tx, withdrawal_id)
        ],
    )


async def withdrawal_desk(
    tx: Tx,
    *,
    promoter_id: UUID | None,
    state: WithdrawalState | None,
    cursor: str | None,
    limit: int,
) -> Page[WithdrawalRow]:
    """Newest first. Refuses with BadCursor."""
    page = await _page(tx, promoter_id=promoter_id, state=state, cursor=cursor, limit=limit)
    people = await members.member_cards(tx, list({one.promoter_id for one in page.items}))
    approvers = await queries.approvers_of(tx, [one.id for one in page.items])
    rules = {
        version: await queries.rules_of_version(tx, version)
        for version in {one.rule_version for one in page.items}
    }
    return Page(
        items=[
            WithdrawalRow(
                withdrawal=_view(one),
                promoter_id=one.promoter_id,
                promoter_nickname=people[one.promoter_id].nickname,
                approvals=len(approvers.get(one.id, ())),
                approvals_needed=rules[one.rule_version].approvals_needed(one.gross_minor),
            )
            for one in page.items
        ],
        next_cursor=page.next_cursor,
    )


async def _page(
    tx: Tx,
    *,
    promoter_id: UUID | None,
    state: WithdrawalState | None,
    cursor: str | None,
    limit: int,
) -> Page[Withdrawal]:
    rows = await queries.withdrawals(
        tx,
        promoter_id=promoter_id,
        state=state,
        before=decode_cursor(cursor, tuple[datetime, UUID]),
        limit=limit + 1,
    )
    return page_of(rows, limit=limit, item=lambda row: row, key=lambda row: (row.asked_at, row.id))
