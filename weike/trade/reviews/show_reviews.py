"""Reviews as buyers read them: friends first, then what helps, then what is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from weike import catalog, members, sharing
from weike.kernel import Page, Record, Tx, page_of
from weike.kernel.words import Words
from weike.trade.reviews import list_queries, queries, rules

Only = Literal["all", "pictures", "appended", "low"]
Relation = Literal["friend", "friend_of_friend"]

CHAIN_CONSENT: Literal["reviews_chain"] = "reviews_chain"
_FRIENDS_LIMIT = 10
_AUTHORS_LIMIT = 2000


class ReviewPicture(msgspec.Struct, frozen=True):
    thumb_url: str
    url: str


class Answer(msgspec.Struct, frozen=True):
    text: str
    at: datetime


class ReviewPart(msgspec.Struct, frozen=True, kw_only=True):
    """What was said at one time, and what the shop answered."""

    part: int
    text: str
    pictures: list[ReviewPicture]
    at: datetime
    answer: Answer | None


class ReviewTag(msgspec.Struct, frozen=True):
    key: str
    text: str


class Mark(msgspec.Struct, frozen=True):
    """A person confirmed that the review was not written like others."""

    text: str
    reasons: list[str]


class ReviewView(msgspec.Struct, frozen=True, kw_only=True):
    """`relation` and its words are those of the reader's own chain of shares."""

    id: UUID
    nickname: str
    avatar_url: str | None
    is_mine: bool
    relation: Relation | None
    relation_text: str
    score: int
    spec_text: str
    tags: list[ReviewTag]
    parts: list[ReviewPart]
    posted_at: datetime
    votes: int
    voted: bool
    mark: Mark | None


class ReviewSummary(msgspec.Struct, frozen=True, kw_only=True):
    """`by_score` counts one to five stars; `score_tenths` is null without reviews."""

    reviews: int
    score_tenths: int | None
    by_score: list[int]
    with_pictures: int
    appended: int
    low: int
    hidden: int


class ReviewedThing(msgspec.Struct, frozen=True, kw_only=True):
    order_id: UUID
    number: str
    position: int
    product_id: UUID
    title: str
    spec_text: str
    image_url: str | None


class MyReview(msgspec.Struct, frozen=True, kw_only=True):
    """`hidden_text` says on which ground of law nobody else sees it."""

    about: ReviewedThing
    review: ReviewView
    is_anonymous: bool
    can_append: bool
    hidden_text: str | None


async def review_summary(tx: Tx, product_id: UUID) -> ReviewSummary:
    row = await list_queries.counts_of(tx, product_id)
    by_score: list[int] = row["by_score"] if row else [0] * 5
    number = sum(by_score)
    total = sum(stars * count for stars, count in enumerate(by_score, 1))
    return ReviewSummary(
        reviews=number,
        score_tenths=(total * 20 + number) // (2 * number) if number else None,
        by_score=by_score,
        with_pictures=row["with_pictures"] if row else 0,
        appended=row["appended"] if row else 0,
        low=by_score[0] + by_score[1],
        hidden=row["hidden"] if row else 0,
    )


async def product_reviews(
    tx: Tx,
    *,
    product_id: UUID,
    reader_id: UUID | None,
    only: Only,
    after: list_queries.RankKey | None,
    limit: int,
    words: Words,
) -> Page[ReviewView]:
    """People on the reader's chain stand before all others, on the first page."""
    near = await _near(tx, product_id, reader_id) if reader_id else {}
    friends = await list_queries.by_authors(
        tx, product_id, list(near), only=only, limit=_FRIENDS_LIMIT
    )
    friends.sort(key=lambda row: (near[row["member_id"]], -row["rank"]))
    rows = await list_queries.ranked(
        tx,
        product_id,
        only=only,
        without=[row["id"] for row in friends],
        after=after,
        limit=limit + 1,
    )
    shown = [*(friends if after is None else []), *rows[:limit]]
    views = await _views(tx, shown, reader_id=reader_id, near=near, words=words)
    page = page_of(
        rows,
        limit=limit,
        item=lambda row: views[row["id"]],
        key=lambda row: (row["rank"], row["id"]),
    )
    if after is None:
        return Page([*(views[row["id"]] for row in friends), *page.items], page.next_cursor)
    return page


async def _near(tx: Tx, product_id: UUID, reader_id: UUID) -> dict[UUID, int]:
    """Authors on the reader's chain who agreed to be shown to it, and how many steps away.

    The chain is walked only where somebody agreed: most readers of most goods pay two statements.
    """
    authors = await list_queries.authors_of(tx, product_id, limit=_AUTHORS_LIMIT)
    agreed = await members.consenting(
        tx, [one for one in authors if one != reader_id], CHAIN_CONSENT
    )
    if not agreed:
        return {}
    chain = await sharing.chain_of(tx, reader_id)
    return {id: steps for id, steps in chain.items() if id in agreed}


async def my_reviews(
    tx: Tx,
    *,
    member_id: UUID,
    order_id: UUID | None,
    after: list_queries.TimeKey | None,
    limit: int,
    words: Words,
    now: datetime,
) -> Page[MyReview]:
    """The newest first, hidden ones too: their author may know."""
    rows = await list_queries.of_member(
        tx, member_id, order_id=order_id, after=after, limit=limit + 1
    )
    lines = await list_queries.lines_of(tx, rows)
    views = await _views(tx, rows, reader_id=member_id, near={}, words=words)
    return page_of(
        rows,
        limit=limit,
        item=lambda row: MyReview(
            about=thing_of(lines[row["id"]], row["position"], words),
            review=views[row["id"]],
            is_anonymous=row["is_anonymous"],
            can_append=row["hidden_at"] is None
            and rules.may_append(
                posted_at=row["posted_at"], appended_at=row["appended_at"], now=now
            ),
            hidden_text=hidden_text(row, words),
        ),
        key=lambda row: (row["posted_at"], row["id"]),
    )


async def waiting_lines(
    tx: Tx,
    *,
    member_id: UUID,
    order_id: UUID | None,
    after: tuple[datetime, UUID, int] | None,
    limit: int,
    words: Words,
    now: datetime,
) -> Page[ReviewedThing]:
    """What the member has received and not written about."""
    rows = await list_queries.waiting_lines(
        tx,
        member_id,
        order_id=order_id,
        received_after=now - rules.REVIEW_WITHIN,
        after=after,
        limit=limit + 1,
    )
    return page_of(
        rows,
        limit=limit,
        item=lambda row: thing_of(row, row["position"], words),
        key=lambda row: (row["received_at"], row["order_id"], row["position"]),
    )


def thing_of(line: Record, position: int, words: Words) -> ReviewedThing:
    return ReviewedThing(
        order_id=line["order_id"],
        number=line["number"],
        position=position,
        product_id=line["product_id"],
        title=words.of(line["title"], line["title_en"]),
        spec_text=words.of(line["spec_text"], line["spec_text_en"]),
        image_url=line["image_url"],
    )


def hidden_text(row: Record, words: Words) -> str | None:
    ground = row["hidden_ground"]
    return words(f"trade.review_ground.{ground}") if ground else None


def parts_view(tx: Tx, parts: Sequence[Record]) -> list[ReviewPart]:
    return [
        ReviewPart(
            part=part["part"],
            text=part["text"],
            pictures=pictures_view(tx, part["pictures"]),
            at=part["at"],
            answer=Answer(part["answer"], part["answered_at"]) if part["answer"] else None,
        )
        for part in parts
    ]


def pictures_view(tx: Tx, names: Sequence[str]) -> list[ReviewPicture]:
    return [
        ReviewPicture(
            catalog.picture_url(tx.tenant_id, name, "s"),
            catalog.picture_url(tx.tenant_id, name, "l"),
        )
        for name in names
    ]


def reason_texts(row: Record, words: Words) -> list[str]:
    return [
        words(f"trade.review_reason.{reason['code']}", figure=reason["figure"])
        for reason in row["reasons"]
    ]


def tags_view(row: Record, words: Words) -> list[ReviewTag]:
    return [ReviewTag(tag, words(f"trade.review_tag.{tag}")) for tag in row["tags"]]


async def _views(
    tx: Tx,
    rows: Sequence[Record],
    *,
    reader_id: UUID | None,
    near: Mapping[UUID, int],
    words: Words,
) -> dict[UUID, ReviewView]:
    """A fixed number of statements for a page."""
    if not rows:
        return {}
    ids = [row["id"] for row in rows]
    parts = await queries.parts_of(tx, ids)
    lines = await list_queries.lines_of(tx, rows)
    named = [row["member_id"] for row in rows if not row["is_anonymous"]]
    cards = await members.member_cards(tx, named)
    voted = await list_queries.votes_by(tx, reader_id, ids) if reader_id else set()
    return {
        row["id"]: _view(
            tx,
            row,
            card=None if row["is_anonymous"] else cards.get(row["member_id"]),
            parts=parts[row["id"]],
            spec_text=words.of(lines[row["id"]]["spec_text"], lines[row["id"]]["spec_text_en"]),
            steps=None if row["is_anonymous"] else near.get(row["member_id"]),
            is_mine=row["member_id"] == reader_id,
            voted=row["id"] in voted,
            words=words,
        )
        for row in rows
    }


def _view(
    tx: Tx,
    row: Record,
    *,
    card: members.MemberCard | None,
    parts: Sequence[Record],
    spec_text: str,
    steps: int | None,
    is_mine: bool,
    voted: bool,
    words: Words,
) -> ReviewView:
    relation: Relation | None = None
    if steps is not None:
        relation = "friend" if steps == 1 else "friend_of_friend"
    return ReviewView(
        id=row["id"],
        nickname=card.nickname if card else words("trade.review.anonymous"),
        avatar_url=card.avatar_url if card else None,
        is_mine=is_mine,
        relation=relation,
        relation_text=words(f"trade.review_relation.{relation}") if relation else "",
        score=row["score"],
        spec_text=spec_text,
        tags=tags_view(row, words),
        parts=parts_view(tx, parts),
        posted_at=row["posted_at"],
        votes=row["votes"],
        voted=voted,
        mark=(
            Mark(words("trade.review.marked"), reason_texts(row, words))
            if row["flag"] == "confirmed"
            else None
        ),
    )
