"""Write a review of one line that was bought and received, and append to it later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from weike import catalog
from weike.kernel import IdTakenByOther, Record, Tx
from weike.trade.errors import UnknownOrder
from weike.trade.events import ReviewPosted
from weike.trade.reviews import queries, rules
from weike.trade.reviews.errors import (
    AlreadyReviewed,
    NotAppendable,
    NothingSaid,
    NotReviewable,
    UnknownReview,
    UnknownReviewPicture,
)


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What a buyer says in one part."""

    text: str
    media_ids: tuple[UUID, ...] = ()


async def post_review(
    tx: Tx,
    *,
    review_id: UUID,
    member_id: UUID,
    order_id: UUID,
    position: int,
    score: int,
    tags: Sequence[str],
    written: Written,
    is_anonymous: bool,
    device: str | None,
    now: datetime,
) -> UUID:
    """The same id again is the same review.

    Refuses with UnknownOrder, NotReviewable, AlreadyReviewed, UnknownReviewPicture, or
    IdTakenByOther.
    """
    line = await queries.bought_line(tx, order_id, position, member_id=member_id)
    if line is None:
        raise UnknownOrder()
    if earlier := await queries.review(tx, review_id):
        if (earlier["order_id"], earlier["position"]) != (order_id, position):
            raise IdTakenByOther(field="id")
        return review_id
    if await queries.review_of_line(tx, order_id, position):
        raise AlreadyReviewed(title=line["title"])
    if not rules.may_review(received_at=line["received_at"], now=now):
        raise NotReviewable(number=line["number"], days=rules.REVIEW_WITHIN.days)

    pictures = await pictures_named(tx, written.media_ids)
    weight = rules.substance(
        pictures=len(pictures), text_length=len(written.text), is_appended=False
    )
    tenant = tx.tenant_id.bytes
    await queries.insert_review(
        tx,
        review_id=review_id,
        order_id=order_id,
        position=position,
        product_id=line["product_id"],
        member_id=member_id,
        score=score,
        tags=list(dict.fromkeys(tags)),
        is_anonymous=is_anonymous,
        device_hash=rules.kept_hash(tenant, device) if device else None,
        address_hash=_address_hash(tenant, line),
        substance=weight,
        rank=rules.rank(votes=0, substance=weight, posted_at=now),
        now=now,
    )
    await _write_part(tx, review_id, 1, written.text, pictures, now=now)
    await queries.count(
        tx, line["product_id"], score=score, reviews=1, with_pictures=int(bool(pictures))
    )
    await catalog.count_review(tx, line["product_id"], reviews=1, score=score)
    tx.announce(
        ReviewPosted(
            review_id=review_id,
            part=1,
            order_id=order_id,
            position=position,
            product_id=line["product_id"],
            member_id=member_id,
            text_length=len(written.text),
            pictures=len(pictures),
            at=now,
        )
    )
    return review_id


async def append_review(
    tx: Tx, *, review_id: UUID, member_id: UUID, written: Written, now: datetime
) -> None:
    """Refuses with UnknownReview, NothingSaid, NotAppendable, UnknownReviewPicture."""
    row = await queries.review(tx, review_id, lock=True)
    if row is None or row["member_id"] != member_id:
        raise UnknownReview()
    if not written.text and not written.media_ids:
        raise NothingSaid(field="text")
    first = (await queries.parts_of(tx, [review_id]))[review_id][0]
    if row["hidden_at"] or not rules.may_append(
        posted_at=row["posted_at"], appended_at=row["appended_at"], now=now
    ):
        raise NotAppendable(days=rules.REVIEW_WITHIN.days)

    pictures = await pictures_named(tx, written.media_ids)
    weight = rules.substance(
        pictures=len(first["pictures"]) + len(pictures),
        text_length=len(first["text"]) + len(written.text),
        is_appended=True,
    )
    rank = rules.rank(votes=row["votes"], substance=weight, posted_at=row["posted_at"])
    await queries.mark_appended(tx, review_id, substance=weight, rank=rank, now=now)
    await _write_part(tx, review_id, 2, written.text, pictures, now=now)
    await queries.count(
        tx,
        row["product_id"],
        score=row["score"],
        with_pictures=int(bool(pictures) and not first["pictures"]),
        appended=1,
    )
    tx.announce(
        ReviewPosted(
            review_id=review_id,
            part=2,
            order_id=row["order_id"],
            position=row["position"],
            product_id=row["product_id"],
            member_id=member_id,
            text_length=len(written.text),
            pictures=len(pictures),
            at=now,
        )
    )
    tx.public_changed()


async def pictures_named(tx: Tx, media_ids: Sequence[UUID]) -> list[str]:
    """The names of uploaded pictures, in their order. Refuses with UnknownReviewPicture."""
    known = await catalog.pictures_by_id(tx, list(media_ids))
    if not known.keys() >= set(media_ids):
        raise UnknownReviewPicture(field="media_ids")
    return [known[id].name for id in dict.fromkeys(media_ids)]


async def _write_part(
    tx: Tx, review_id: UUID, part: int, text: str, pictures: Sequence[str], *, now: datetime
) -> None:
    await queries.insert_part(
        tx,
        review_id=review_id,
        part=part,
        text=text,
        pictures=pictures,
        fingerprint=rules.fingerprint(text),
        now=now,
    )


def _address_hash(tenant: bytes, line: Record) -> bytes | None:
    """Where the parcel went; None for goods without one."""
    address = line["address"] or {}
    if not address.get("street"):
        return None
    return rules.kept_hash(tenant, address["region_code"], "".join(address["street"].split()))
