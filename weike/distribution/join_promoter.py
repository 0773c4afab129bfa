"""A member becomes a promoter: reads the agreement, accepts it, done. Free, without a purchase."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike.distribution.errors import AgreementOutdated, PromoterNotActive
from weike.distribution.events import PromoterJoined
from weike.distribution.model import AGREEMENT_VERSION, PromoterState
from weike.distribution.queries import promoters
from weike.kernel import Tx


async def join_promoter(
    tx: Tx, *, member_id: UUID, agreement_version: str, now: datetime
) -> PromoterState:
    """Asking again changes nothing.

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
    tx.announce(PromoterJoined(member_id=member_id, at=now))
    return PromoterState.ACTIVE
