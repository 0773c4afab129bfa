"""What follows a review, and what time does to it."""

from __future__ import annotations

from datetime import datetime

from weike.kernel import Job, Listener, Subscriber, Tx
from weike.trade.events import ReviewPosted
from weike.trade.reviews import queries, rules
from weike.trade.reviews.flag_reviews import flag_reviews

_AT_ONCE = 500


async def _flag(tx: Tx, event: ReviewPosted, now: datetime) -> None:
    await flag_reviews(tx, event.review_id)


async def _forget(tx: Tx, now: datetime) -> int:
    return await queries.forget_devices(tx, before=now - rules.DEVICE_KEPT, limit=_AT_ONCE)


def review_subscribers() -> tuple[Listener, ...]:
    return (Subscriber("trade.flag_reviews", ReviewPosted, _flag),)


REVIEW_JOBS: tuple[Job, ...] = (
    Job(
        name="trade.forget_review_devices",
        every_seconds=3600,
        due_tenants="""
            select distinct r.tenant_id from trade.reviews r
            where r.posted_at < $1 - interval '180 days'
              and (r.device_hash is not null or r.address_hash is not null)
        """,
        run=_forget,
    ),
)
