"""How a withdrawal ends: by the provider's word, or by the bank's reference that staff enters."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike import ledger, payment, tenancy
from weike.distribution.errors import (
    SecondPersonNeeded,
    WithdrawalNotApproved,
    WithdrawalUnknown,
)
from weike.distribution.withdrawals import bookings, queries
from weike.distribution.withdrawals.decide_withdrawals import undo
from weike.distribution.withdrawals.model import (
    PayoutChannel,
    Withdrawal,
    WithdrawalState,
)
from weike.kernel import Tx, derived_id
from weike.kernel.edge import Caller

_UNDER_WAY = (WithdrawalState.APPROVED, WithdrawalState.CONFIRMING)


async def payee_must_confirm(tx: Tx, event: payment.TransferWaits, now: datetime) -> None:
    if await queries.move(
        tx,
        event.purpose_id,
        old=[WithdrawalState.APPROVED],
        new=WithdrawalState.CONFIRMING,
        now=event.at,
    ):
        await queries.tell(
            tx,
            event.purpose_id,
            id=derived_id(event.purpose_id, "confirming"),
            kind="confirming",
            actor_id=None,
            now=event.at,
        )


async def transfer_succeeded(tx: Tx, event: payment.TransferSucceeded, now: datetime) -> None:
    withdrawal = await _under_way(tx, event.purpose_id)
    if withdrawal is not None:
        await _pay(tx, withdrawal, cash="payouts_clearing", actor_id=None, at=event.at)


async def transfer_failed(tx: Tx, event: payment.TransferFailed, now: datetime) -> None:
    withdrawal = await _under_way(tx, event.purpose_id)
    if withdrawal is not None:
        await undo(
            tx,
            withdrawal,
            state=WithdrawalState.FAILED,
            reason=event.code,
            actor_id=None,
            now=event.at,
        )


async def paid_by_bank(
    tx: Tx, withdrawal_id: UUID, *, bank_reference: str, by: Caller, now: datetime
) -> None:
    """The same reference again changes nothing.

    Refuses with WithdrawalUnknown, WithdrawalNotApproved, SecondPersonNeeded (whoever alone
    approved it may not be the one who says that it is paid).
    """
    withdrawal = (await queries.lock_withdrawals(tx, [withdrawal_id])).get(withdrawal_id)
    if withdrawal is None or withdrawal.channel is not PayoutChannel.BANK:
        raise WithdrawalUnknown(id=withdrawal_id)
    if withdrawal.state is WithdrawalState.PAID:
        return
    if withdrawal.state is not WithdrawalState.APPROVED:
        raise WithdrawalNotApproved(id=withdrawal_id, state=withdrawal.state)
    approvers = (await queries.approvers_of(tx, [withdrawal_id])).get(withdrawal_id, set())
    if approvers == {by.staff_id}:
        raise SecondPersonNeeded()
    await _pay(
        tx,
        withdrawal,
        cash="channel_cash:bank",
        actor_id=by.staff_id,
        bank_reference=bank_reference,
        at=now,
    )
    await tenancy.record_audit(
        tx,
        actor=by,
        action="withdrawals.paid_by_bank",
        subject_type="withdrawal",
        subject_id=withdrawal_id,
        detail={"bank_reference": bank_reference, "net_minor": withdrawal.net_minor},
        now=now,
    )


async def _under_way(tx: Tx, withdrawal_id: UUID) -> Withdrawal | None:
    withdrawal = (await queries.lock_withdrawals(tx, [withdrawal_id])).get(withdrawal_id)
    return withdrawal if withdrawal and withdrawal.state in _UNDER_WAY else None


async def _pay(
    tx: Tx,
    withdrawal: Withdrawal,
    *,
    cash: str,
    actor_id: UUID | None,
    bank_reference: str | None = None,
    at: datetime,
) -> None:
    """The row is locked and under way."""
    await queries.move(
        tx,
        withdrawal.id,
        old=_UNDER_WAY,
        new=WithdrawalState.PAID,
        bank_reference=bank_reference,
        now=at,
    )
    await queries.mark_paid_out(tx, withdrawal.id)
    await ledger.post(tx, bookings.paid(withdrawal, cash=cash, at=at))
    await queries.tell(
        tx,
        withdrawal.id,
        id=derived_id(withdrawal.id, "paid"),
        kind="paid",
        actor_id=actor_id,
        reason=bank_reference or "",
        now=at,
    )
