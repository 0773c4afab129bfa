"""A member becomes a promoter: reads the agreement, accepts it, done. Free, without a purchase."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike import sharing
from weike.distribution.errors import AgreementOutdated, PromoterNotActive
from weike.distribution.events import PromoterJoined
from weike.distribution.model import AGREEMENT_VERSION, PromoterState
from weike.distribution.queries import promoters
from weike.kernel import Tx


async def join_promoter(
    tx: Tx,
    *,
    member_id: UUID,
    agreement_version: str,
    invitation: sharing.Share | None = None,
    now: datetime,
) -> PromoterState:
    """Asking again changes nothing. Who invited her is written once, when she joins for the first
    time: nobody can be invited by somebody who came after, so invitations have no circle.

    Refuses with AgreementOutdated, and with PromoterNotActive for somebody suspended or banned.
    """
    if agreement_version != AGREEMENT_VERSION:
        raise AgreementOutdated(field="agreement_version")
    state = await promoters.promoter_state(tx, member_id)
    if state is PromoterState.ACTIVE:
        return state
    if state is PromoterState.QUIT:
        await promoters.move_promoter(
            tx, member_id, old=state, new=PromoterState.ACTIVE, reason="rejoined", now=now
        )
        return PromoterState.ACTIVE
    if state is not None:
        raise PromoterNotActive()
    await promoters.insert_promoter(
        tx, member_id=member_id, agreement_version=agreement_version, now=now
    )
    if invitation is not None and await _may_invite(tx, invitation, member_id):
        await promoters.insert_invitation(
            tx, promoter_id=member_id, inviter_id=invitation.sharer_id, share=invitation.id, now=now
        )
    tx.announce(PromoterJoined(member_id=member_id, at=now))
    return PromoterState.ACTIVE


async def _may_invite(tx: Tx, invitation: sharing.Share, member_id: UUID) -> bool:
    if invitation.kind is not sharing.ShareKind.INVITE or invitation.sharer_id == member_id:
        return False
    return await promoters.promoter_state(tx, invitation.sharer_id) is PromoterState.ACTIVE
