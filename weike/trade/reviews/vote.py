"""Say that a review helped, or take it back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike.kernel import Tx
from weike.trade.reviews import queries, rules
from weike.trade.reviews.errors import OwnReview, UnknownReview


async def vote(tx: Tx, *, review_id: UUID, member_id: UUID, is_helpful: bool, now: datetime) -> int:
    """One vote per member; answers how many there are. Refuses with UnknownReview, OwnReview."""
    # The row is held first, so that counting and ranking see every other vote.
    row = await queries.review(tx, review_id, lock=True)
    if row is None or row["hidden_at"]:
        raise UnknownReview()
    if row["member_id"] == member_id:
        raise OwnReview()
    if is_helpful:
        moved = int(await queries.insert_vote(tx, review_id, member_id, now=now))
    else:
        moved = -int(await queries.delete_vote(tx, review_id, member_id))
    votes: int = row["votes"] + moved
    if moved:
        rank = rules.rank(votes=votes, substance=row["substance"], posted_at=row["posted_at"])
        await queries.set_votes(tx, review_id, votes=votes, rank=rank)
    return votes
