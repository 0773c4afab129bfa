"""The shop answers: once to a review, once to what was appended. An answer stays as it is."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike import tenancy
from weike.kernel import Tx
from weike.kernel.edge import Caller
from weike.trade.reviews import queries
from weike.trade.reviews.errors import AlreadyAnswered, UnknownReview


async def answer_review(
    tx: Tx, *, review_id: UUID, part: int, text: str, actor: Caller, now: datetime
) -> None:
    """Refuses with UnknownReview, AlreadyAnswered."""
    parts = (await queries.parts_of(tx, [review_id])).get(review_id, [])
    if part not in [row["part"] for row in parts]:
        raise UnknownReview()
    if not await queries.insert_answer(
        tx, review_id, part, text=text, staff_id=actor.staff_id, now=now
    ):
        raise AlreadyAnswered()
    await tenancy.record_audit(
        tx,
        actor=actor,
        action="reviews.answered",
        subject_type="review",
        subject_id=review_id,
        detail={"part": part},
        now=now,
    )
