"""Reviews over HTTP, as buyers meet them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import HeaderParameter, QueryParameter
from msgspec import Meta, Struct

from weike import members
from weike.kernel import Database, Page, Tx, decode_cursor
from weike.kernel.edge import MEMBER, SHOP, Caller, cached, limited
from weike.kernel.words import Words
from weike.trade.reviews.rules import PICTURES_LIMIT, TAGS, TAGS_LIMIT, TEXT_LIMIT, Tag
from weike.trade.reviews.show_reviews import (
    CHAIN_CONSENT,
    MyReview,
    Only,
    ReviewedThing,
    ReviewSummary,
    ReviewTag,
    ReviewView,
    my_reviews,
    product_reviews,
    review_summary,
    waiting_lines,
)
from weike.trade.reviews.vote import vote
from weike.trade.reviews.write_review import Written, append_review, post_review

_PLAIN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
Said = Annotated[str, Meta(max_length=TEXT_LIMIT, pattern=_PLAIN)]
Pictures = Annotated[list[UUID], Meta(max_length=PICTURES_LIMIT)]
Limit = Annotated[int, QueryParameter(ge=1, le=50)]
Device = Annotated[str | None, HeaderParameter(name="x-visitor", max_length=64)]


class ReviewAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    """`id` is the buyer's own (uuid v7). `show_to_chain` gives or takes back the consent of that
    name (with `consent_version`, the text that was read); left out, it stays as it is."""

    id: UUID
    order_id: UUID
    position: Annotated[int, Meta(ge=0, le=1000)]
    score: Annotated[int, Meta(ge=1, le=5)]
    text: Said = ""
    media_ids: Pictures = []
    tags: Annotated[list[Tag], Meta(max_length=TAGS_LIMIT)] = []
    is_anonymous: bool = False
    show_to_chain: bool | None = None
    consent_version: Annotated[int, Meta(ge=1, le=1_000_000)] = 1


class AppendAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    text: Said = ""
    media_ids: Pictures = []


class VoteAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    helpful: bool


class Posted(Struct, kw_only=True):
    id: UUID


class Votes(Struct, kw_only=True):
    votes: int
    voted: bool


class Tags(Struct, kw_only=True):
    items: list[ReviewTag]


@get(
    "/api/shop/products/{product_id:uuid}/reviews/summary",
    opt=cached(SHOP),
    operation_id="review_summary",
    tags=["shop"],
)
async def read_summary(caller: Caller, database: Database, product_id: UUID) -> ReviewSummary:
    """Count and average of real reviews only."""
    return await database.run(caller.tenant_id, lambda tx: review_summary(tx, product_id))


@get(
    "/api/shop/products/{product_id:uuid}/reviews",
    opt=SHOP,
    operation_id="list_reviews",
    tags=["shop"],
)
async def list_reviews(
    caller: Caller,
    database: Database,
    words: Words,
    product_id: UUID,
    only: Only = "all",
    cursor: str | None = None,
    limit: Limit = 10,
) -> Page[ReviewView]:
    """People on the reader's own chain of shares first, then what helps, then what is new."""
    after = decode_cursor(cursor, tuple[float, UUID])
    return await database.run(
        caller.tenant_id,
        lambda tx: product_reviews(
            tx,
            product_id=product_id,
            reader_id=caller.member_or_none,
            only=only,
            after=after,
            limit=limit,
            words=words,
        ),
    )


@get("/api/shop/review-tags", opt=cached(SHOP, seconds=60), operation_id="review_tags")
async def list_tags(caller: Caller, words: Words) -> Tags:
    """What can be ticked."""
    return Tags(items=[ReviewTag(tag, words(f"trade.review_tag.{tag}")) for tag in TAGS])


@get("/api/shop/reviews/waiting", opt=MEMBER, operation_id="lines_to_review", tags=["shop"])
async def list_waiting(
    caller: Caller,
    database: Database,
    words: Words,
    now: datetime,
    order_id: UUID | None = None,
    cursor: str | None = None,
    limit: Limit = 20,
) -> Page[ReviewedThing]:
    """What the caller has received and not written about."""
    after = decode_cursor(cursor, tuple[datetime, UUID, int])
    return await database.run(
        caller.tenant_id,
        lambda tx: waiting_lines(
            tx,
            member_id=caller.member_id,
            order_id=order_id,
            after=after,
            limit=limit,
            words=words,
            now=now,
        ),
    )


@get("/api/shop/reviews", opt=MEMBER, operation_id="my_reviews", tags=["shop"])
async def list_mine(
    caller: Caller,
    database: Database,
    words: Words,
    now: datetime,
    order_id: UUID | None = None,
    cursor: str | None = None,
    limit: Limit = 10,
) -> Page[MyReview]:
    """Newest first."""
    after = decode_cursor(cursor, tuple[datetime, UUID])
    return await database.run(
        caller.tenant_id,
        lambda tx: my_reviews(
            tx,
            member_id=caller.member_id,
            order_id=order_id,
            after=after,
            limit=limit,
            words=words,
            now=now,
        ),
    )


@post(
    "/api/shop/reviews",
    opt=limited(MEMBER, per_minute=30),
    operation_id="post_review",
    tags=["shop"],
)
async def write(
    caller: Caller, database: Database, data: ReviewAsked, now: datetime, x_visitor: Device = None
) -> Posted:
    """One line's review, after receipt."""
    member_id = caller.member_id

    async def work(tx: Tx) -> Posted:
        if data.show_to_chain is not None:
            await members.set_consent(
                tx,
                member_id=member_id,
                purpose=CHAIN_CONSENT,
                given=data.show_to_chain,
                version=data.consent_version,
                source="review",
                now=now,
            )
        posted = await post_review(
            tx,
            review_id=data.id,
            member_id=member_id,
            order_id=data.order_id,
            position=data.position,
            score=data.score,
            tags=data.tags,
            written=Written(text=data.text.strip(), media_ids=tuple(data.media_ids)),
            is_anonymous=data.is_anonymous,
            device=x_visitor,
            now=now,
        )
        return Posted(id=posted)

    return await database.run(caller.tenant_id, work)


@post(
    "/api/shop/reviews/{review_id:uuid}/append",
    opt=limited(MEMBER, per_minute=30),
    operation_id="append_review",
    status_code=200,
    tags=["shop"],
)
async def append(
    caller: Caller, database: Database, review_id: UUID, data: AppendAsked, now: datetime
) -> Posted:
    """Once, within 180 days."""
    member_id = caller.member_id

    async def work(tx: Tx) -> Posted:
        await append_review(
            tx,
            review_id=review_id,
            member_id=member_id,
            written=Written(text=data.text.strip(), media_ids=tuple(data.media_ids)),
            now=now,
        )
        return Posted(id=review_id)

    return await database.run(caller.tenant_id, work)


@put(
    "/api/shop/reviews/{review_id:uuid}/vote",
    opt=limited(MEMBER, per_minute=120),
    operation_id="vote_review",
    tags=["shop"],
)
async def put_vote(
    caller: Caller, database: Database, review_id: UUID, data: VoteAsked, now: datetime
) -> Votes:
    """One per member; `helpful: false` takes it back."""
    member_id = caller.member_id

    async def work(tx: Tx) -> Votes:
        votes = await vote(
            tx, review_id=review_id, member_id=member_id, is_helpful=data.helpful, now=now
        )
        return Votes(votes=votes, voted=data.helpful)

    return await database.run(caller.tenant_id, work)


REVIEW_ROUTES: tuple[HTTPRouteHandler, ...] = (
    read_summary,
    list_reviews,
    list_tags,
    list_waiting,
    list_mine,
    write,
    append,
    put_vote,
)
