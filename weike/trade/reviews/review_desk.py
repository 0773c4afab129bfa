"""Reviews as the merchant's people read them: what waits for an answer, a judgement, a decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from weike import members
from weike.kernel import Page, Record, Tx, page_of
from weike.kernel.edge.sheets import Cell
from weike.kernel.words import Words
from weike.trade.reviews import list_queries, queries
from weike.trade.reviews.errors import UnknownReview
from weike.trade.reviews.show_reviews import (
    ReviewedThing,
    ReviewPart,
    ReviewPicture,
    ReviewTag,
    hidden_text,
    parts_view,
    pictures_view,
    reason_texts,
    tags_view,
    thing_of,
)

DeskList = Literal[
    "all",
    "unanswered",
    "low",
    "pictures",
    "appended",
    "suspected",
    "marked",
    "appealed",
    "hidden",
]

EXPORT_COLUMNS = (
    *("posted_at", "number", "product", "spec", "buyer", "score", "tags", "text", "pictures"),
    *("answer", "appended_at", "appended_text", "appended_answer", "votes", "flag", "hidden"),
)
"""`trade.review_column.<name>` in the texts."""


class AppealView(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    ground: str
    reason: str
    evidence: list[ReviewPicture]
    state: str
    staff_id: UUID
    at: datetime
    note: str | None
    decided_at: datetime | None


class DeskReview(msgspec.Struct, frozen=True, kw_only=True):
    """`suspicion` is out of 100; `reasons` say what it is made of."""

    id: UUID
    about: ReviewedThing
    nickname: str
    phone_tail: str | None
    is_anonymous: bool
    score: int
    tags: list[ReviewTag]
    parts: list[ReviewPart]
    posted_at: datetime
    appended_at: datetime | None
    votes: int
    suspicion: int
    flag: str
    reasons: list[str]
    hidden_ground: str | None
    hidden_text: str | None
    appeals: list[AppealView]


class DeskCounts(msgspec.Struct, frozen=True, kw_only=True):
    all: int
    unanswered: int
    low: int
    pictures: int
    appended: int
    suspected: int
    marked: int
    appealed: int
    hidden: int


class DeskQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """`wanted`: an order number, part of a product's title or of a nickname, or a phone tail."""

    state: DeskList = "all"
    product_id: UUID | None = None
    wanted: str | None = None


async def desk_reviews(
    tx: Tx,
    question: DeskQuestion,
    *,
    after: list_queries.TimeKey | None,
    limit: int,
    words: Words,
) -> Page[DeskReview]:
    """The newest first."""
    rows = await _found(tx, question, after=after, limit=limit + 1)
    views = await _views(tx, rows, words)
    return page_of(
        rows,
        limit=limit,
        item=lambda row: views[row["id"]],
        key=lambda row: (row["posted_at"], row["id"]),
    )


async def desk_counts(tx: Tx) -> DeskCounts:
    return DeskCounts(**await list_queries.desk_counts(tx))


async def desk_review(tx: Tx, review_id: UUID, words: Words) -> DeskReview:
    """Refuses with UnknownReview."""
    row = await queries.review(tx, review_id)
    if row is None:
        raise UnknownReview()
    return (await _views(tx, [row], words))[review_id]


async def export_page(
    tx: Tx,
    question: DeskQuestion,
    *,
    after: list_queries.TimeKey | None,
    limit: int,
    words: Words,
) -> tuple[Iterable[Sequence[Cell]], list_queries.TimeKey | None]:
    """A page of rows for a file, and where the next one begins."""
    rows = await _found(tx, question, after=after, limit=limit)
    views = await _views(tx, rows, words)
    end = (rows[-1]["posted_at"], rows[-1]["id"]) if len(rows) == limit else None
    return [_export_row(views[row["id"]], words) for row in rows], end


async def _found(
    tx: Tx, question: DeskQuestion, *, after: list_queries.TimeKey | None, limit: int
) -> list[Record]:
    wanted = question.wanted
    return await list_queries.desk(
        tx,
        state=question.state,
        product_id=question.product_id,
        number=wanted,
        title_like=f"%{_plain(wanted)}%" if wanted else None,
        member_ids=await members.members_named(tx, wanted) if wanted else None,
        after=after,
        limit=limit,
    )


def _plain(text: str) -> str:
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


async def _views(tx: Tx, rows: Sequence[Record], words: Words) -> dict[UUID, DeskReview]:
    if not rows:
        return {}
    ids = [row["id"] for row in rows]
    parts = await queries.parts_of(tx, ids)
    appeals = await queries.appeals_of(tx, ids)
    lines = await list_queries.lines_of(tx, rows)
    cards = await members.member_cards(tx, [row["member_id"] for row in rows])
    return {
        row["id"]: _view(
            tx,
            row,
            parts=parts[row["id"]],
            appeals=appeals.get(row["id"], []),
            line=lines[row["id"]],
            cards=cards,
            words=words,
        )
        for row in rows
    }


def _view(
    tx: Tx,
    row: Record,
    *,
    parts: Sequence[Record],
    appeals: Sequence[Record],
    line: Record,
    cards: Mapping[UUID, members.MemberCard],
    words: Words,
) -> DeskReview:
    card = cards.get(row["member_id"])
    return DeskReview(
        id=row["id"],
        about=thing_of(line, row["position"], words),
        nickname=card.nickname if card else "",
        phone_tail=card.phone_tail if card else None,
        is_anonymous=row["is_anonymous"],
        score=row["score"],
        tags=tags_view(row, words),
        parts=parts_view(tx, parts),
        posted_at=row["posted_at"],
        appended_at=row["appended_at"],
        votes=row["votes"],
        suspicion=row["suspicion"],
        flag=row["flag"],
        reasons=reason_texts(row, words),
        hidden_ground=row["hidden_ground"],
        hidden_text=hidden_text(row, words),
        appeals=[_appeal(tx, one) for one in appeals],
    )


def _appeal(tx: Tx, row: Record) -> AppealView:
    return AppealView(
        id=row["id"],
        ground=row["ground"],
        reason=row["reason"],
        evidence=pictures_view(tx, row["evidence"]),
        state=row["state"],
        staff_id=row["staff_id"],
        at=row["at"],
        note=row["note"],
        decided_at=row["decided_at"],
    )


def _export_row(view: DeskReview, words: Words) -> Sequence[Cell]:
    first, *more = view.parts
    appended = more[0] if more else None
    return (
        view.posted_at.isoformat(timespec="seconds"),
        view.about.number,
        view.about.title,
        view.about.spec_text,
        words("trade.review.anonymous") if view.is_anonymous else view.nickname,
        view.score,
        "、".join(tag.text for tag in view.tags),
        first.text,
        len(first.pictures) + (len(appended.pictures) if appended else 0),
        first.answer.text if first.answer else None,
        appended.at.isoformat(timespec="seconds") if appended else None,
        appended.text if appended else None,
        appended.answer.text if appended and appended.answer else None,
        view.votes,
        words(f"trade.review_flag.{view.flag}"),
        view.hidden_text,
    )
