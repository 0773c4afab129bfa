"""The merchant approves or rejects, the promoter cancels. docs/algorithms/withdrawal.md."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from weike import ledger, members, payment, tenancy
from weike.distribution.errors import WithdrawalNotAsked, WithdrawalUnknown
from weike.distribution.withdrawals import bookings, queries
from weike.distribution.withdrawals.model import (
    PayoutChannel,
    Withdrawal,
    WithdrawalState,
)
from weike.distribution.withdrawals.payees import PayeeSeal
from weike.kernel import Money, Tx, derived_id
from weike.kernel.edge import Caller

REMARK = "推广佣金"
"""What the payee reads in WeChat."""


async def approve_withdrawals(
    tx: Tx,
    seal: PayeeSeal,
    names: payment.NameSeal,
    ids: Sequence[UUID],
    *,
    by: Caller,
    now: datetime,
) -> dict[UUID, WithdrawalState]:
    """Where each stands afterwards. One that needs a second person stays `asked`.

    Refuses all with WithdrawalUnknown or WithdrawalNotAsked when one of them cannot be approved.
    """
    found = await queries.lock_withdrawals(tx, ids)
    if missing := set(ids) - set(found):
        raise WithdrawalUnknown(id=min(missing))
    for withdrawal in found.values():
        if withdrawal.state is not WithdrawalState.ASKED:
            raise WithdrawalNotAsked(id=withdrawal.id, state=withdrawal.state)
    approvers = await queries.approvers_of(tx, ids)
    states = {}
    for withdrawal in found.values():
        people = approvers.get(withdrawal.id, set()) | {by.staff_id}
        await queries.tell(
            tx,
            withdrawal.id,
            id=derived_id(withdrawal.id, f"approved:{by.staff_id}"),
            kind="approved",
            actor_id=by.staff_id,
            now=now,
        )
        rules = await queries.rules_of_version(tx, withdrawal.rule_version)
        if len(people) >= rules.approvals_needed(withdrawal.gross_minor):
            await _send(tx, seal, names, withdrawal, now=now)
            states[withdrawal.id] = WithdrawalState.APPROVED
        else:
            states[withdrawal.id] = WithdrawalState.ASKED
    await tenancy.record_audit(
        tx,
        actor=by,
        action="withdrawals.approved",
        subject_type="withdrawal",
        subject_id=min(ids),
        detail={
            "ids": [str(one) for one in sorted(ids)],
            "gross_minor": sum(withdrawal.gross_minor for withdrawal in found.values()),
            "waiting_for_second": sum(state is WithdrawalState.ASKED for state in states.values()),
        },
        now=now,
    )
    return states


async def _send(
    tx: Tx, seal: PayeeSeal, names: payment.NameSeal, withdrawal: Withdrawal, *, now: datetime
) -> None:
    await queries.move(
        tx,
        withdrawal.id,
        old=[WithdrawalState.ASKED],
        new=WithdrawalState.APPROVED,
        now=now,
    )
    if withdrawal.channel is not PayoutChannel.WECHAT:
        return
    payee = await queries.payee_of(tx, withdrawal.promoter_id)
    await payment.request_transfer(
        tx,
        names,
        transfer_id=derived_id(withdrawal.id, "transfer"),
        purpose="withdrawal",
        purpose_id=withdrawal.id,
        open_ids=await members.wechat_open_ids(tx, withdrawal.promoter_id),
        name=seal.open(tx, payee["name_cipher"]) if payee else None,
        amount=Money(withdrawal.net_minor, withdrawal.currency),
        remark=REMARK,
        now=now,
    )


async def reject_withdrawal(
    tx: Tx, withdrawal_id: UUID, *, reason: str, by: Caller, now: datetime
) -> None:
    """Refuses with WithdrawalUnknown, WithdrawalNotAsked."""
    withdrawal = await _asked(tx, withdrawal_id)
    await undo(
        tx,
        withdrawal,
        state=WithdrawalState.REJECTED,
        reason=reason,
        actor_id=by.staff_id,
        now=now,
    )
    await tenancy.record_audit(
        tx,
        actor=by,
        action="withdrawals.rejected",
        subject_type="withdrawal",
        subject_id=withdrawal_id,
        detail={"reason": reason, "gross_minor": withdrawal.gross_minor},
        now=now,
    )


async def cancel_withdrawal(
    tx: Tx, withdrawal_id: UUID, *, promoter_id: UUID, now: datetime
) -> None:
    """By the promoter who asked. Cancelling again changes nothing.

    Refuses with WithdrawalUnknown (also somebody else's), WithdrawalNotAsked.
    """
    found = await queries.withdrawal_by_id(tx, withdrawal_id)
    if found is None or found.promoter_id != promoter_id:
        raise WithdrawalUnknown(id=withdrawal_id)
    if found.state is WithdrawalState.CANCELLED:
        return
    withdrawal = await _asked(tx, withdrawal_id)
    await undo(
        tx,
        withdrawal,
        state=WithdrawalState.CANCELLED,
        reason="",
        actor_id=promoter_id,
        now=now,
    )


async def _asked(tx: Tx, withdrawal_id: UUID) -> Withdrawal:
    """Locked. Refuses with WithdrawalUnknown, WithdrawalNotAsked."""
    withdrawal = (await queries.lock_withdrawals(tx, [withdrawal_id])).get(withdrawal_id)
    if withdrawal is None:
        raise WithdrawalUnknown(id=withdrawal_id)
    if withdrawal.state is not WithdrawalState.ASKED:
        raise WithdrawalNotAsked(id=withdrawal_id, state=withdrawal.state)
    return withdrawal


async def undo(
    tx: Tx,
    withdrawal: Withdrawal,
    *,
    state: WithdrawalState,
    reason: str,
    actor_id: UUID | None,
    now: datetime,
) -> None:
    """Everything is available again, and the person's sums are as before. The row is locked."""
    if not await queries.move(
        tx, withdrawal.id, old=[withdrawal.state], new=state, reason=reason, now=now
    ):
        return
    await queries.give_back(tx, withdrawal.id)
    await ledger.post(tx, bookings.undone(withdrawal, at=now))
    await queries.tell(
        tx,
        withdrawal.id,
        id=derived_id(withdrawal.id, state),
        kind=state,
        actor_id=actor_id,
        reason=reason,
        now=now,
    )
