"""Record touches: visits through shares, many strangers at the same second, so for many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from weike.kernel import Refusal, Tx
from weike.sharing import queries
from weike.sharing.errors import UnknownShare
from weike.sharing.events import ShareTouched
from weike.sharing.make_share import shares_of_codes
from weike.sharing.model import Share, ShareCodes, TouchEvent


@dataclass(frozen=True, slots=True)
class Touch:
    """`visitor_id` is made by the device; `member_id` is known only after sign-in."""

    id: UUID
    code: str
    visitor_id: UUID
    member_id: UUID | None
    event: TouchEvent


async def record_touches(
    tx: Tx, asked: Sequence[Touch], *, codes: ShareCodes, now: datetime
) -> list[Share | Refusal]:
    """The touched share for each ask, or UnknownShare. A member's own link is not a visit, and a
    touch that is sent again is no second one."""
    shares = await shares_of_codes(tx, codes, [touch.code for touch in asked])
    answers: list[Share | Refusal] = []
    genuine: list[tuple[Touch, Share]] = []
    for touch in asked:
        share = shares.get(touch.code)
        answers.append(UnknownShare(field="code") if share is None else share)
        if share is not None and share.sharer_id != touch.member_id:
            genuine.append((touch, share))
    fresh: set[UUID] = set()
    if genuine:
        fresh = await queries.insert_touches(
            tx,
            ids=[touch.id for touch, _ in genuine],
            share_ids=[share.id for _, share in genuine],
            visitor_ids=[touch.visitor_id for touch, _ in genuine],
            member_ids=[touch.member_id for touch, _ in genuine],
            events=[touch.event for touch, _ in genuine],
            now=now,
        )
    for touch, share in genuine:
        if touch.member_id is not None and touch.id in fresh:
            fresh.discard(touch.id)
            tx.announce(
                ShareTouched(
                    share_id=share.id,
                    sharer_id=share.sharer_id,
                    member_id=touch.member_id,
                    at=now,
                )
            )
    return answers
