"""Doubt a review: the shop appeals with evidence, somebody else decides. Nobody deletes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from weike import catalog, tenancy
from weike.kernel import IdTakenByOther, Record, Tx
from weike.kernel.edge import Caller
from weike.trade.reviews import queries
from weike.trade.reviews.errors import (
    AppealDecided,
    AppealOpen,
    NotSuspected,
    OwnAppeal,
    UnknownAppeal,
    UnknownReview,
)
from weike.trade.reviews.write_review import pictures_named

Ground = Literal["illegal", "personal_data", "proven_fake"]
"""What the law lets a review be hidden for; nothing else does."""


async def appeal(
    tx: Tx,
    *,
    appeal_id: UUID,
    review_id: UUID,
    ground: Ground,
    reason: str,
    evidence: Sequence[UUID],
    actor: Caller,
    now: datetime,
) -> None:
    """The same id again is the same appeal.

    Refuses with UnknownReview, AppealOpen, UnknownReviewPicture, IdTakenByOther.
    """
    if earlier := await queries.appeal(tx, appeal_id):
        if earlier["review_id"] != review_id:
            raise IdTakenByOther(field="id")
        return
    row = await queries.review(tx, review_id, lock=True)
    if row is None or row["hidden_at"]:
        raise UnknownReview()
    known = (await queries.appeals_of(tx, [review_id])).get(review_id, [])
    if any(one["state"] == "open" for one in known):
        raise AppealOpen()
    await queries.insert_appeal(
        tx,
        appeal_id=appeal_id,
        review_id=review_id,
        ground=ground,
        reason=reason,
        evidence=await pictures_named(tx, evidence),
        staff_id=actor.staff_id,
        now=now,
    )
    await _record(tx, actor, "reviews.appealed", review_id, {"ground": ground}, now=now)


async def decide_appeal(
    tx: Tx, *, appeal_id: UUID, is_upheld: bool, note: str, actor: Caller, now: datetime
) -> None:
    """Upheld, the review is hidden on the ground named, and leaves the counts.

    Refuses with UnknownAppeal, AppealDecided, OwnAppeal.
    """
    row = await queries.appeal(tx, appeal_id)
    if row is None:
        raise UnknownAppeal()
    if row["staff_id"] == actor.staff_id:
        raise OwnAppeal()
    if not await queries.decide_appeal(
        tx,
        appeal_id,
        state="upheld" if is_upheld else "rejected",
        note=note,
        decided_by=actor.staff_id,
        now=now,
    ):
        raise AppealDecided()
    if is_upheld:
        await _hide(tx, row["review_id"], ground=row["ground"], now=now)
    detail = {"ground": row["ground"], "upheld": is_upheld}
    await _record(tx, actor, "reviews.appeal_decided", row["review_id"], detail, now=now)


async def judge_flag(
    tx: Tx, *, review_id: UUID, is_confirmed: bool, actor: Caller, now: datetime
) -> None:
    """Confirmed, readers see the mark; the review stays where it is and counts as before.

    Refuses with UnknownReview, NotSuspected.
    """
    if await queries.review(tx, review_id) is None:
        raise UnknownReview()
    flag = "confirmed" if is_confirmed else "cleared"
    if not await queries.judge_flag(tx, review_id, flag=flag):
        raise NotSuspected()
    await _record(tx, actor, "reviews.flag_judged", review_id, {"flag": flag}, now=now)


async def _hide(tx: Tx, review_id: UUID, *, ground: str, now: datetime) -> None:
    review = await queries.review(tx, review_id, lock=True)
    if review is None or not await queries.hide(tx, review_id, ground=ground, now=now):
        return
    parts = (await queries.parts_of(tx, [review_id]))[review_id]
    await _leave_the_counts(tx, review, has_pictures=any(part["pictures"] for part in parts))


async def _leave_the_counts(tx: Tx, review: Record, *, has_pictures: bool) -> None:
    await queries.count(
        tx,
        review["product_id"],
        score=review["score"],
        reviews=-1,
        with_pictures=-int(has_pictures),
        appended=-int(review["appended_at"] is not None),
        hidden=1,
    )
    await catalog.count_review(tx, review["product_id"], reviews=-1, score=-review["score"])


async def _record(
    tx: Tx, actor: Caller, action: str, review_id: UUID, detail: dict[str, object], *, now: datetime
) -> None:
    await tenancy.record_audit(
        tx,
        actor=actor,
        action=action,
        subject_type="review",
        subject_id=review_id,
        detail=detail,
        now=now,
    )
