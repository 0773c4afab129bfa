"""Propose, approve, reject: two persons for what moves money, wherever the shop has two.

Where only one person may do it, her word is carried out at once and the record says so.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from weike import tenancy
from weike.kernel import IdTakenByOther, Tx
from weike.kernel.edge import Caller
from weike.payment.desk import proposal_queries as queries
from weike.payment.desk.carry_out import can_take_in, carry_out, open_difference
from weike.payment.desk.errors import (
    AlreadyDecided,
    AlreadyProposed,
    ProposalNotFound,
    SecondPersonNeeded,
)
from weike.payment.desk.proposal_model import (
    ACTIONS,
    PERMISSION,
    Action,
    Proposal,
    State,
    Subject,
    needs_two,
)
from weike.payment.quarantine import queries as quarantine_queries
from weike.payment.quarantine.errors import NotHeld, QuarantinedNotFound
from weike.payment.reconciliation.errors import RepairDoesNotFit


async def propose(
    tx: Tx,
    *,
    proposal_id: UUID,
    subject_type: Subject,
    subject_id: UUID,
    action: Action,
    reason: str,
    caller: Caller,
    now: datetime,
) -> Proposal:
    """The same id again answers the first time. Carried out at once where nobody else must agree.

    Refuses with IdTakenByOther, AlreadyProposed, DifferenceNotFound, DifferenceNotOpen,
    RepairDoesNotFit, QuarantinedNotFound, NotHeld, NotAcceptable.
    """
    if earlier := await queries.by_id(tx, proposal_id):
        if (earlier.subject_id, earlier.action) != (subject_id, action):
            raise IdTakenByOther()
        return earlier
    difference_class = await _checked(tx, subject_type, subject_id, action)
    if await queries.has_open(tx, subject_id):
        raise AlreadyProposed()
    proposal = Proposal(
        id=proposal_id,
        subject_type=subject_type,
        subject_id=subject_id,
        action=action,
        reason=reason,
        state="proposed",
        proposed_by=caller.staff_id,
        proposed_name=await tenancy.staff_name(tx, caller.staff_id),
        proposed_at=now,
    )
    await queries.insert(tx, proposal)
    alone = not await _others(tx, caller)
    if alone or not needs_two(action, difference_class):
        return await _approved(tx, proposal, caller, alone=True, now=now)
    await _audit(tx, proposal, caller, "proposed", now)
    return proposal


async def approve(tx: Tx, proposal_id: UUID, *, caller: Caller, now: datetime) -> Proposal:
    """Refuses with ProposalNotFound, AlreadyDecided, SecondPersonNeeded, and with what the action
    refuses with: then it stays proposed."""
    proposal = await _open(tx, proposal_id)
    alone = proposal.proposed_by == caller.staff_id
    if alone and await _others(tx, caller):
        raise SecondPersonNeeded()
    return await _approved(tx, proposal, caller, alone=alone, now=now)


async def reject(tx: Tx, proposal_id: UUID, *, caller: Caller, now: datetime) -> Proposal:
    """By another person, or taken back by the one who proposed it.

    Refuses with ProposalNotFound, AlreadyDecided."""
    proposal = await _open(tx, proposal_id)
    return await _decided(tx, proposal, "rejected", caller, alone=False, now=now)


async def _open(tx: Tx, proposal_id: UUID) -> Proposal:
    proposal = await queries.by_id(tx, proposal_id, lock=True)
    if proposal is None:
        raise ProposalNotFound()
    if proposal.state != "proposed":
        raise AlreadyDecided(state=proposal.state)
    return proposal


async def _checked(tx: Tx, subject_type: Subject, subject_id: UUID, action: Action) -> str | None:
    """The class of the difference, when it is one."""
    if action not in ACTIONS[subject_type]:
        raise RepairDoesNotFit(action=action)
    if subject_type == "difference":
        difference = await open_difference(tx, subject_id)
        if action == "take_in" and not can_take_in(difference):
            raise RepairDoesNotFit(action=action)
        return difference.class_
    one = await quarantine_queries.by_id(tx, subject_id)
    if one is None:
        raise QuarantinedNotFound()
    if one.state != "held":
        raise NotHeld(state=one.state)
    return None


async def _others(tx: Tx, caller: Caller) -> bool:
    return any(
        staff_id != caller.staff_id for staff_id in await tenancy.staff_who_may(tx, PERMISSION)
    )


async def _approved(
    tx: Tx, proposal: Proposal, caller: Caller, *, alone: bool, now: datetime
) -> Proposal:
    await carry_out(tx, proposal, by=caller.staff_id, now=now)
    return await _decided(tx, proposal, "approved", caller, alone=alone, now=now)


async def _decided(
    tx: Tx, proposal: Proposal, state: State, caller: Caller, *, alone: bool, now: datetime
) -> Proposal:
    name = await tenancy.staff_name(tx, caller.staff_id)
    await queries.mark_decided(
        tx, proposal.id, state=state, by=caller.staff_id, name=name, alone=alone, now=now
    )
    await _audit(tx, proposal, caller, state, now, alone=alone)
    return replace(
        proposal,
        state=state,
        decided_by=caller.staff_id,
        decided_name=name,
        decided_at=now,
        alone=alone,
    )


async def _audit(
    tx: Tx,
    proposal: Proposal,
    caller: Caller,
    what: str,
    now: datetime,
    *,
    alone: bool = False,
) -> None:
    await tenancy.record_audit(
        tx,
        actor=caller,
        action=f"payment.{proposal.action}_{what}",
        subject_type=proposal.subject_type,
        subject_id=proposal.subject_id,
        detail={"reason": proposal.reason, "proposal_id": str(proposal.id), "alone": alone},
        now=now,
    )
