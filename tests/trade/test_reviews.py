"""Reviews by buyers, answers and appeals by the shop, and what readers see first."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.sharing.builders import CODES, a_share
from tests.trade.builders import Stall, a_buyer, open_stall, shipped
from tests.trade.reviewing import (
    EN,
    ZH,
    clerk,
    product_of,
    received,
    reviewed,
    shown,
)
from weike import catalog, members, sharing, trade
from weike.kernel import IdTakenByOther, Tx, uuid7
from weike.trade.errors import UnknownOrder
from weike.trade.reviews import errors
from weike.trade.reviews.answer_review import answer_review
from weike.trade.reviews.appeal import appeal, decide_appeal, judge_flag
from weike.trade.reviews.flag_reviews import flag_reviews
from weike.trade.reviews.review_desk import DeskQuestion, desk_counts, desk_reviews
from weike.trade.reviews.show_reviews import my_reviews, review_summary, waiting_lines
from weike.trade.reviews.vote import vote
from weike.trade.reviews.write_review import Written, append_review, post_review

DAY = timedelta(days=1)


@pytest.fixture
async def stall(tx: Tx, now: datetime) -> Stall:
    return await open_stall(tx, now, buyers=4, stock=50)


async def a_picture(tx: Tx, now: datetime) -> UUID:
    media_id = uuid7(now)
    await tx.execute(
        "insert into catalog.media (tenant_id, id, kind, name, width, height, byte_size, sha256, "
        "created_at) values ($1, $2, 'picture', $3, 800, 600, 1000, $4, $5)",
        tx.tenant_id,
        media_id,
        uuid4().hex[:22],
        uuid4().bytes,
        now,
    )
    return media_id


async def post(tx: Tx, stall: Stall, order_id: UUID, now: datetime, **more: object) -> UUID:
    values: dict[str, object] = {
        "review_id": uuid7(now),
        "member_id": stall.buyer.member_id,
        "position": 0,
        "score": 4,
        "tags": [],
        "written": Written(text="包装结实"),
        "is_anonymous": False,
        "device": None,
        **more,
    }
    return await post_review(tx, order_id=order_id, now=now, **values)  # type: ignore[arg-type]


async def test_a_review_counts_at_once_and_on_the_card(tx: Tx, stall: Stall, now: datetime) -> None:
    first = await reviewed(tx, stall, now, score=5, media_ids=[await a_picture(tx, now)])
    await reviewed(tx, stall, now, buyer=stall.buyers[1], score=2)
    product_id = await product_of(tx, first)
    summary = await review_summary(tx, product_id)
    assert (summary.reviews, summary.score_tenths, summary.by_score) == (2, 35, [0, 1, 0, 0, 1])
    assert (summary.with_pictures, summary.low, summary.hidden) == (1, 1, 0)
    card = (await catalog.product_cards(tx, [product_id]))[product_id]
    assert (card.review_count, card.score_sum) == (2, 7)
    posted = [event for event in tx.announced() if isinstance(event, trade.ReviewPosted)]
    assert [(event.part, event.pictures) for event in posted] == [(1, 1), (1, 0)]


async def test_only_the_buyer_of_the_line_reviews_and_only_after_receipt(
    tx: Tx, stall: Stall, now: datetime
) -> None:
    order = await shipped(tx, stall, now)
    with pytest.raises(errors.NotReviewable):
        await post(tx, stall, order.id, now)
    await trade.receive_order(tx, order_id=order.id, member_id=stall.buyer.member_id, now=now)
    with pytest.raises(UnknownOrder):
        await post(tx, stall, order.id, now, member_id=stall.buyers[1].member_id)
    with pytest.raises(UnknownOrder):
        await post(tx, stall, order.id, now, position=1)
    with pytest.raises(errors.NotReviewable):
        await post(tx, stall, order.id, now + 181 * DAY)
    await post(tx, stall, order.id, now)


async def test_a_line_has_one_review_and_the_same_id_is_the_same_one(
    tx: Tx, stall: Stall, now: datetime
) -> None:
    order, other = await received(tx, stall, now), await received(tx, stall, now)
    review_id = await post(tx, stall, order.id, now)
    assert await post(tx, stall, order.id, now, review_id=review_id) == review_id
    with pytest.raises(errors.AlreadyReviewed):
        await post(tx, stall, order.id, now)
    with pytest.raises(IdTakenByOther):
        await post(tx, stall, other.id, now, review_id=review_id)
    unknown = Written(text="", media_ids=(uuid4(),))
    with pytest.raises(errors.UnknownReviewPicture):
        await post(tx, stall, other.id, now, written=unknown)


async def test_what_is_appended_comes_once_and_weighs(tx: Tx, stall: Stall, now: datetime) -> None:
    review_id = await reviewed(tx, stall, now)
    me = stall.buyer.member_id
    with pytest.raises(errors.NothingSaid):
        await append_review(
            tx, review_id=review_id, member_id=me, written=Written(text=""), now=now
        )
    with pytest.raises(errors.UnknownReview):
        await append_review(
            tx, review_id=review_id, member_id=uuid4(), written=Written(text="好"), now=now
        )
    later = now + 30 * DAY
    more = Written(text="喝了一个月，依旧推荐", media_ids=(await a_picture(tx, now),))
    await append_review(tx, review_id=review_id, member_id=me, written=more, now=later)
    with pytest.raises(errors.NotAppendable):
        await append_review(tx, review_id=review_id, member_id=me, written=more, now=later)
    [view] = await shown(tx, await product_of(tx, review_id), only="appended")
    assert [part.text for part in view.parts][1] == "喝了一个月，依旧推荐"
    summary = await review_summary(tx, await product_of(tx, review_id))
    assert (summary.appended, summary.with_pictures) == (1, 1)


@pytest.mark.any_statement
@pytest.mark.parametrize(
    "statement",
    [
        "update trade.review_parts set text = 'better'",
        "update trade.reviews set score = 5",
        "delete from trade.reviews",
        "delete from trade.review_parts",
        "update trade.review_answers set text = 'other'",
    ],
)
async def test_nobody_rewords_or_deletes_a_review(
    tx: Tx, stall: Stall, now: datetime, statement: str
) -> None:
    await reviewed(tx, stall, now, score=1)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await tx.execute(statement)


async def test_votes_lift_a_review_once_per_member(tx: Tx, stall: Stall, now: datetime) -> None:
    old = await reviewed(tx, stall, now, text="好")
    new = await reviewed(tx, stall, now + DAY, buyer=stall.buyers[1], text="好")
    product_id = await product_of(tx, old)
    assert [view.id for view in await shown(tx, product_id)] == [new, old]
    reader = stall.buyers[2].member_id
    for _ in range(2):
        votes = await vote(tx, review_id=old, member_id=reader, is_helpful=True, now=now)
        assert votes == 1
    first, second = await shown(tx, product_id, reader_id=reader)
    assert (first.id, first.votes, first.voted, second.voted) == (old, 1, True, False)
    assert await vote(tx, review_id=old, member_id=reader, is_helpful=False, now=now) == 0
    assert [view.id for view in await shown(tx, product_id)] == [new, old]
    with pytest.raises(errors.OwnReview):
        await vote(tx, review_id=old, member_id=stall.buyer.member_id, is_helpful=True, now=now)


async def consent(tx: Tx, member_id: UUID, now: datetime, *, given: bool = True) -> None:
    await members.set_consent(
        tx,
        member_id=member_id,
        purpose="reviews_chain",
        given=given,
        version=1,
        source="privacy",
        now=now,
    )


async def touched(tx: Tx, share: sharing.Share, member_id: UUID, now: datetime) -> None:
    touch = sharing.Touch(
        id=uuid4(),
        code=share.code,
        visitor_id=uuid4(),
        member_id=member_id,
        event=sharing.TouchEvent.OPEN,
    )
    await sharing.record_touches(tx, [touch], codes=CODES, now=now)


async def test_a_friend_comes_first_with_consent_and_a_stranger_sees_the_usual_order(
    tx: Tx, stall: Stall, now: datetime
) -> None:
    friend, reader, far, stranger = stall.buyers
    theirs = await reviewed(tx, stall, now, buyer=friend)
    newest = await reviewed(tx, stall, now + DAY, buyer=stranger)
    product_id = await product_of(tx, theirs)
    share = await a_share(tx, now, sharer_id=friend.member_id)
    await touched(tx, share, reader.member_id, now)
    passed_on = await a_share(tx, now, sharer_id=reader.member_id)
    await touched(tx, passed_on, far.member_id, now)

    # Without the reviewer's word nobody is told who knows whom.
    assert (await shown(tx, product_id, reader_id=reader.member_id))[0].id == newest
    await consent(tx, friend.member_id, now)
    first, *rest = await shown(tx, product_id, reader_id=reader.member_id)
    assert (first.id, first.relation, first.relation_text) == (theirs, "friend", "你的好友")
    assert [view.id for view in rest] == [newest]
    [far_first, _] = await shown(tx, product_id, reader_id=far.member_id)
    assert (far_first.id, far_first.relation) == (theirs, "friend_of_friend")
    for reader_id in (stranger.member_id, None):
        views = await shown(tx, product_id, reader_id=reader_id)
        assert [(v.id, v.relation) for v in views] == [(newest, None), (theirs, None)]

    await consent(tx, friend.member_id, now + DAY, given=False)
    assert (await shown(tx, product_id, reader_id=reader.member_id))[0].id == newest


async def test_an_anonymous_friend_is_not_given_away(tx: Tx, stall: Stall, now: datetime) -> None:
    friend, reader = stall.buyers[:2]
    review_id = await reviewed(tx, stall, now, buyer=friend, is_anonymous=True)
    await consent(tx, friend.member_id, now)
    share = await a_share(tx, now, sharer_id=friend.member_id)
    await touched(tx, share, reader.member_id, now)
    [view] = await shown(tx, await product_of(tx, review_id), reader_id=reader.member_id)
    assert (view.nickname, view.avatar_url, view.relation) == ("匿名用户", None, None)


async def test_the_shop_answers_each_part_once(tx: Tx, stall: Stall, now: datetime) -> None:
    review_id = await reviewed(tx, stall, now, score=2)
    deed = {"review_id": review_id, "part": 1, "text": "抱歉，已安排补发", "now": now}
    await answer_review(tx, actor=clerk(tx), **deed)  # type: ignore[arg-type]
    with pytest.raises(errors.AlreadyAnswered):
        await answer_review(tx, actor=clerk(tx), **deed)  # type: ignore[arg-type]
    with pytest.raises(errors.UnknownReview):
        await answer_review(tx, actor=clerk(tx), **{**deed, "part": 2})  # type: ignore[arg-type]
    [view] = await shown(tx, await product_of(tx, review_id), only="low")
    assert view.parts[0].answer is not None
    assert view.parts[0].answer.text == "抱歉，已安排补发"


async def appealed(tx: Tx, review_id: UUID, now: datetime) -> UUID:
    appeal_id = uuid7(now)
    await appeal(
        tx,
        appeal_id=appeal_id,
        review_id=review_id,
        ground="personal_data",
        reason="写了快递员的手机号",
        evidence=[],
        actor=clerk(tx, 7),
        now=now,
    )
    return appeal_id


async def test_an_appeal_is_decided_by_somebody_else_and_only_then_hides(
    tx: Tx, stall: Stall, now: datetime
) -> None:
    review_id = await reviewed(tx, stall, now, score=1)
    kept = await reviewed(tx, stall, now, buyer=stall.buyers[1], score=5)
    product_id = await product_of(tx, review_id)
    appeal_id = await appealed(tx, review_id, now)
    with pytest.raises(errors.AppealOpen):
        await appealed(tx, review_id, now + DAY)
    assert len(await shown(tx, product_id)) == 2
    decide = {"appeal_id": appeal_id, "is_upheld": True, "note": "属实", "now": now}
    with pytest.raises(errors.OwnAppeal):
        await decide_appeal(tx, actor=clerk(tx, 7), **decide)  # type: ignore[arg-type]
    await decide_appeal(tx, actor=clerk(tx, 8), **decide)  # type: ignore[arg-type]
    with pytest.raises(errors.AppealDecided):
        await decide_appeal(tx, actor=clerk(tx, 9), **decide)  # type: ignore[arg-type]

    assert [view.id for view in await shown(tx, product_id)] == [kept]
    summary = await review_summary(tx, product_id)
    assert (summary.reviews, summary.score_tenths, summary.hidden) == (1, 50, 1)
    card = (await catalog.product_cards(tx, [product_id]))[product_id]
    assert (card.review_count, card.score_sum) == (1, 5)
    mine = await my_reviews(
        tx,
        member_id=stall.buyer.member_id,
        order_id=None,
        after=None,
        limit=5,
        words=EN,
        now=now,
    )
    assert mine.items[0].hidden_text == "Hidden by law: somebody else's personal data"
    assert not mine.items[0].can_append


async def test_a_rejected_appeal_changes_nothing(tx: Tx, stall: Stall, now: datetime) -> None:
    review_id = await reviewed(tx, stall, now, score=1)
    await decide_appeal(
        tx,
        appeal_id=await appealed(tx, review_id, now),
        is_upheld=False,
        note="只是差评",
        actor=clerk(tx, 8),
        now=now,
    )
    product_id = await product_of(tx, review_id)
    assert [view.id for view in await shown(tx, product_id)] == [review_id]
    assert (await review_summary(tx, product_id)).by_score == [1, 0, 0, 0, 0]


async def test_one_phone_and_one_text_under_many_names_are_suspected_and_stay_visible(
    tx: Tx, stall: Stall, now: datetime
) -> None:
    text = "质量非常好，物流很快，五星好评推荐购买"
    ids = [
        await reviewed(tx, stall, now, buyer=buyer, text=text, device="one phone")
        for buyer in stall.buyers[:3]
    ]
    honest = await reviewed(tx, stall, now, buyer=stall.buyers[3], text="茶香淡了些，还可以")
    for review_id in (*ids, honest):
        await flag_reviews(tx, review_id)
    question = DeskQuestion(state="suspected")
    page = await desk_reviews(tx, question, after=None, limit=10, words=ZH)
    assert {review.id for review in page.items} == set(ids)
    # All four parcels went to one address; that alone suspects nobody.
    assert [review.suspicion for review in page.items] == [100, 100, 100]
    assert "30 天内有 3 位会员用同一部手机评价" in page.items[0].reasons
    product_id = await product_of(tx, honest)
    assert len(await shown(tx, product_id)) == 4
    assert all(view.mark is None for view in await shown(tx, product_id))

    await judge_flag(tx, review_id=ids[0], is_confirmed=True, actor=clerk(tx), now=now)
    with pytest.raises(errors.NotSuspected):
        await judge_flag(tx, review_id=honest, is_confirmed=True, actor=clerk(tx), now=now)
    marked = [view for view in await shown(tx, product_id) if view.mark]
    assert [view.id for view in marked] == [ids[0]]
    assert marked[0].mark is not None
    assert marked[0].mark.text == "系统提示：该评价存在异常特征"
    assert (await review_summary(tx, product_id)).reviews == 4
    # Judged stays judged.
    await judge_flag(tx, review_id=ids[1], is_confirmed=False, actor=clerk(tx), now=now)
    await flag_reviews(tx, ids[1])
    counts = await desk_counts(tx)
    assert (counts.suspected, counts.marked, counts.all) == (1, 1, 4)


async def test_whoever_shared_the_goods_is_told_as_promoter(
    tx: Tx, stall: Stall, now: datetime
) -> None:
    review_id = await reviewed(tx, stall, now)
    product_id = await product_of(tx, review_id)
    await sharing.make_share(
        tx,
        CODES,
        share_id=uuid4(),
        sharer_id=stall.buyer.member_id,
        kind=sharing.ShareKind.PRODUCT,
        product_id=product_id,
        channel=sharing.Channel.WECHAT,
        parent_code=None,
        now=now,
    )
    await flag_reviews(tx, review_id)
    page = await desk_reviews(tx, DeskQuestion(), after=None, limit=5, words=EN)
    assert page.items[0].reasons == ["The reviewer has shared this product"]
    assert page.items[0].flag == "none"


async def test_the_desk_finds_by_number_name_and_phone_tail(
    tx: Tx, stall: Stall, now: datetime
) -> None:
    review_id = await reviewed(tx, stall, now)
    other = await a_buyer(tx, now)
    await reviewed(tx, stall, now, buyer=other)
    page = await desk_reviews(tx, DeskQuestion(), after=None, limit=5, words=ZH)
    [mine] = [review for review in page.items if review.id == review_id]

    async def found(wanted: str) -> list[UUID]:
        question = DeskQuestion(wanted=wanted)
        answer = await desk_reviews(tx, question, after=None, limit=5, words=ZH)
        return [review.id for review in answer.items]

    assert await found(mine.about.number) == [review_id]
    assert review_id in await found(mine.phone_tail or "")
    assert review_id in await found(mine.nickname)
    assert len(await found(mine.about.title[:2])) == 2
    assert await found("no such thing") == []


async def test_lines_wait_for_their_review_until_it_is_written(
    tx: Tx, stall: Stall, now: datetime
) -> None:
    order = await received(tx, stall, now)

    async def waiting() -> list[UUID]:
        page = await waiting_lines(
            tx,
            member_id=stall.buyer.member_id,
            order_id=None,
            after=None,
            limit=5,
            words=ZH,
            now=now,
        )
        return [line.order_id for line in page.items]

    assert await waiting() == [order.id]
    await post(tx, stall, order.id, now)
    assert await waiting() == []
