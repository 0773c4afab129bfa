"""Orders that were received and reviewed, by the real deeds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from tests.trade.builders import Buyer, Stall, shipped
from weike import trade
from weike.kernel import Tx, uuid7
from weike.kernel.edge import Caller, CallerKind
from weike.kernel.texts import Texts, load_texts
from weike.kernel.words import Words
from weike.trade.model import Placed
from weike.trade.reviews.show_reviews import Only, ReviewView, product_reviews
from weike.trade.reviews.write_review import Written, post_review

TEXTS: Texts = load_texts(("trade", "members"))
ZH = Words(TEXTS, "zh")
EN = Words(TEXTS, "en")


def clerk(tx: Tx, number: int = 7) -> Caller:
    return Caller(CallerKind.STAFF, tx.tenant_id, id=UUID(int=number))


async def received(tx: Tx, stall: Stall, now: datetime, *, buyer: Buyer | None = None) -> Placed:
    """One piece of the first thing, in the buyer's hands."""
    buyer = buyer or stall.buyer
    order = await shipped(tx, stall, now, buyer=buyer)
    await trade.receive_order(tx, order_id=order.id, member_id=buyer.member_id, now=now)
    return order


async def reviewed(
    tx: Tx,
    stall: Stall,
    now: datetime,
    *,
    buyer: Buyer | None = None,
    score: int = 5,
    text: str = "茶汤清亮，豆香明显，比去年的还好。",
    media_ids: Sequence[UUID] = (),
    is_anonymous: bool = False,
    device: str | None = None,
) -> UUID:
    buyer = buyer or stall.buyer
    order = await received(tx, stall, now, buyer=buyer)
    return await post_review(
        tx,
        review_id=uuid7(now),
        member_id=buyer.member_id,
        order_id=order.id,
        position=0,
        score=score,
        tags=["good_quality"],
        written=Written(text=text, media_ids=tuple(media_ids)),
        is_anonymous=is_anonymous,
        device=device,
        now=now,
    )


async def product_of(tx: Tx, review_id: UUID) -> UUID:
    product_id: UUID = await tx.fetchval(
        "select r.product_id from trade.reviews r where r.tenant_id = $1 and r.id = $2",
        tx.tenant_id,
        review_id,
    )
    return product_id


async def shown(
    tx: Tx, product_id: UUID, *, reader_id: UUID | None = None, only: Only = "all"
) -> list[ReviewView]:
    page = await product_reviews(
        tx,
        product_id=product_id,
        reader_id=reader_id,
        only=only,
        after=None,
        limit=20,
        words=ZH,
    )
    return page.items
