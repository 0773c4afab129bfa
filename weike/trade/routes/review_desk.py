"""Reviews over HTTP, as the merchant's people meet them: answer, appeal, decide. Never delete."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from litestar.response import Stream
from msgspec import Meta, Struct

from weike.kernel import PAGE_LIMIT, Database, Page, Tx, decode_cursor
from weike.kernel.edge import Caller, staff
from weike.kernel.edge.sheets import FileForm, Row, rows_by_page, sheet_stream
from weike.kernel.words import Words
from weike.trade.reviews import queries
from weike.trade.reviews.answer_review import answer_review
from weike.trade.reviews.appeal import Ground, appeal, decide_appeal, judge_flag
from weike.trade.reviews.errors import UnknownAppeal
from weike.trade.reviews.list_queries import TimeKey
from weike.trade.reviews.review_desk import (
    EXPORT_COLUMNS,
    DeskCounts,
    DeskList,
    DeskQuestion,
    DeskReview,
    desk_counts,
    desk_review,
    desk_reviews,
    export_page,
)
from weike.trade.reviews.rules import PICTURES_LIMIT

_PLAIN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*\S[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
Sentence = Annotated[str, Meta(min_length=1, max_length=500, pattern=_PLAIN)]
Wanted = Annotated[str | None, QueryParameter(max_length=64)]
InState = Annotated[DeskList, QueryParameter(name="state")]
_ROWS_AT_ONCE = 200


class AnswerAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    part: Literal[1, 2]
    text: Sentence


class AppealAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    """`media_ids` are pictures uploaded as evidence."""

    id: UUID
    ground: Ground
    reason: Sentence
    media_ids: Annotated[list[UUID], Meta(max_length=PICTURES_LIMIT)] = []


class AppealDecision(Struct, forbid_unknown_fields=True, kw_only=True):
    upheld: bool
    note: Sentence


class FlagJudgement(Struct, forbid_unknown_fields=True, kw_only=True):
    confirmed: bool


def _question(in_state: DeskList, product_id: UUID | None, q: str | None) -> DeskQuestion:
    return DeskQuestion(
        state=in_state, product_id=product_id, wanted=(q.strip() or None) if q else None
    )


@get(
    "/api/console/reviews",
    opt=staff("reviews.read"),
    operation_id="list_shop_reviews",
    tags=["console"],
)
async def list_shop_reviews(
    caller: Caller,
    database: Database,
    words: Words,
    in_state: InState = "all",
    product_id: UUID | None = None,
    q: Wanted = None,
    cursor: str | None = None,
    limit: Annotated[int, QueryParameter(ge=1, le=PAGE_LIMIT)] = 20,
) -> Page[DeskReview]:
    """Newest first. `q`: an order number, part of a title or nickname, a phone tail."""
    after = decode_cursor(cursor, tuple[datetime, UUID])
    question = _question(in_state, product_id, q)
    return await database.run(
        caller.tenant_id,
        lambda tx: desk_reviews(tx, question, after=after, limit=limit, words=words),
    )


@get(
    "/api/console/reviews/counts",
    opt=staff("reviews.read"),
    operation_id="count_shop_reviews",
    tags=["console"],
)
async def count_shop_reviews(caller: Caller, database: Database) -> DeskCounts:
    return await database.run(caller.tenant_id, desk_counts)


@get(
    "/api/console/reviews/export",
    opt=staff("reviews.read"),
    operation_id="export_reviews",
    tags=["console"],
)
async def export_reviews(
    caller: Caller,
    database: Database,
    words: Words,
    in_state: InState = "all",
    product_id: UUID | None = None,
    q: Wanted = None,
    form: FileForm = "csv",
) -> Stream:
    """The list as a file, written as it is read."""
    question = _question(in_state, product_id, q)

    async def page(tx: Tx, after: TimeKey | None) -> tuple[Iterable[Row], TimeKey | None]:
        return await export_page(tx, question, after=after, limit=_ROWS_AT_ONCE, words=words)

    columns = [words(f"trade.review_column.{name}") for name in EXPORT_COLUMNS]
    return sheet_stream(form, "reviews", columns, rows_by_page(database, caller.tenant_id, page))


@get(
    "/api/console/reviews/{review_id:uuid}",
    opt=staff("reviews.read"),
    operation_id="get_shop_review",
    tags=["console"],
)
async def get_shop_review(
    caller: Caller, database: Database, words: Words, review_id: UUID
) -> DeskReview:
    return await database.run(caller.tenant_id, lambda tx: desk_review(tx, review_id, words))


@post(
    "/api/console/reviews/{review_id:uuid}/answer",
    opt=staff("reviews.answer"),
    operation_id="answer_review",
    status_code=200,
    tags=["console"],
)
async def post_answer(
    caller: Caller,
    database: Database,
    words: Words,
    review_id: UUID,
    data: AnswerAsked,
    now: datetime,
) -> DeskReview:
    """Once to each part."""

    async def work(tx: Tx) -> DeskReview:
        await answer_review(
            tx,
            review_id=review_id,
            part=data.part,
            text=data.text.strip(),
            actor=caller,
            now=now,
        )
        tx.public_changed()
        return await desk_review(tx, review_id, words)

    return await database.run(caller.tenant_id, work)


@post(
    "/api/console/reviews/{review_id:uuid}/appeals",
    opt=staff("reviews.answer"),
    operation_id="appeal_review",
    status_code=200,
    tags=["console"],
)
async def post_appeal(
    caller: Caller,
    database: Database,
    words: Words,
    review_id: UUID,
    data: AppealAsked,
    now: datetime,
) -> DeskReview:
    """On a ground of law, with reasons; somebody else decides."""

    async def work(tx: Tx) -> DeskReview:
        await appeal(
            tx,
            appeal_id=data.id,
            review_id=review_id,
            ground=data.ground,
            reason=data.reason.strip(),
            evidence=data.media_ids,
            actor=caller,
            now=now,
        )
        return await desk_review(tx, review_id, words)

    return await database.run(caller.tenant_id, work)


@post(
    "/api/console/review-appeals/{appeal_id:uuid}/decide",
    opt=staff("reviews.decide"),
    operation_id="decide_review_appeal",
    status_code=200,
    tags=["console"],
)
async def post_decision(
    caller: Caller,
    database: Database,
    words: Words,
    appeal_id: UUID,
    data: AppealDecision,
    now: datetime,
) -> DeskReview:
    """Whoever appealed does not decide."""

    async def work(tx: Tx) -> DeskReview:
        await decide_appeal(
            tx,
            appeal_id=appeal_id,
            is_upheld=data.upheld,
            note=data.note.strip(),
            actor=caller,
            now=now,
        )
        row = await queries.appeal(tx, appeal_id)
        if row is None:
            raise UnknownAppeal()
        return await desk_review(tx, row["review_id"], words)

    return await database.run(caller.tenant_id, work)


@post(
    "/api/console/reviews/{review_id:uuid}/flag",
    opt=staff("reviews.decide"),
    operation_id="judge_review_flag",
    status_code=200,
    tags=["console"],
)
async def post_flag(
    caller: Caller,
    database: Database,
    words: Words,
    review_id: UUID,
    data: FlagJudgement,
    now: datetime,
) -> DeskReview:
    """Confirmed, readers see a mark; nothing is hidden."""

    async def work(tx: Tx) -> DeskReview:
        await judge_flag(
            tx, review_id=review_id, is_confirmed=data.confirmed, actor=caller, now=now
        )
        return await desk_review(tx, review_id, words)

    return await database.run(caller.tenant_id, work)


REVIEW_DESK_ROUTES: tuple[HTTPRouteHandler, ...] = (
    list_shop_reviews,
    count_shop_reviews,
    export_reviews,
    get_shop_review,
    post_answer,
    post_appeal,
    post_decision,
    post_flag,
)
