"""The merchant suspends a promoter or lets her go on, each with a reason in the audit log."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike import tenancy
from weike.distribution.errors import PromoterNotActive, PromoterNotSuspended, PromoterUnknown
from weike.distribution.model import PromoterState
from weike.distribution.queries import promoters
from weike.kernel import Tx
from weike.kernel.edge import Caller


async def suspend_promoter(
    tx: Tx, *, member_id: UUID, reason: str, by: Caller, now: datetime
) -> None:
    """New orders are not attributed from now on; what she earned waits, it is not lost.

    Refuses with PromoterUnknown, PromoterNotActive.
    """
    moved = await promoters.move_promoter(
        tx,
        member_id,
        old=PromoterState.ACTIVE,
        new=PromoterState.SUSPENDED,
        reason=reason,
        now=now,
    )
    if not moved:
        await _known(tx, member_id)
        raise PromoterNotActive()
    await _audit(tx, "promoter.suspended", member_id, reason, by, now)


async def resume_promoter(
    tx: Tx, *, member_id: UUID, reason: str, by: Caller, now: datetime
) -> None:
    """Refuses with PromoterUnknown, PromoterNotSuspended."""
    moved = await promoters.move_promoter(
        tx,
        member_id,
        old=PromoterState.SUSPENDED,
        new=PromoterState.ACTIVE,
        reason=reason,
        now=now,
    )
    if not moved:
        await _known(tx, member_id)
        raise PromoterNotSuspended()
    await _audit(tx, "promoter.resumed", member_id, reason, by, now)


async def _known(tx: Tx, member_id: UUID) -> None:
    if await promoters.promoter_state(tx, member_id) is None:
        raise PromoterUnknown()


async def _audit(
    tx: Tx, action: str, member_id: UUID, reason: str, by: Caller, now: datetime
) -> None:
    await tenancy.record_audit(
        tx,
        actor=by,
        action=action,
        subject_type="promoter",
        subject_id=member_id,
        detail={"reason": reason},
        now=now,
    )
