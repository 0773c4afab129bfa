"""The pure rules of reviews: order, fingerprints, flags."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from weike.trade import ReviewPosted
from weike.trade.reviews.flags import (
    SUSPECTED_FROM,
    Behaviour,
    Reason,
    reasons_of,
    suspicion_of,
)
from weike.trade.reviews.rules import fingerprint, may_append, may_review, rank, substance

DAY = timedelta(days=1)
NOW = datetime(2026, 11, 11, 3, tzinfo=UTC)


def help_at(moment: datetime, *, votes: int, substance: float, posted_at: datetime) -> float:
    """The formula of the prose, which says what the rank must order by."""
    return (votes + substance) * 2 ** (-((moment - posted_at) / (60 * DAY)))


_reviews = st.tuples(
    st.integers(0, 500), st.sampled_from([1.0, 1.5, 2.0, 2.5]), st.integers(0, 700)
)


@given(one=_reviews, other=_reviews, later=st.integers(0, 2000))
def test_the_kept_rank_orders_as_the_fading_helpfulness_does_at_any_time(
    one: tuple[int, float, int], other: tuple[int, float, int], later: int
) -> None:
    moment = NOW + later * DAY
    helps, ranks = [], []
    for votes, weight, age in (one, other):
        facts = {"votes": votes, "substance": weight, "posted_at": NOW - age * DAY}
        helps.append(help_at(moment, **facts))  # type: ignore[arg-type]
        ranks.append(rank(**facts))  # type: ignore[arg-type]
    if abs(helps[0] / helps[1] - 1) > 1e-9:
        assert (helps[0] > helps[1]) == (ranks[0] > ranks[1])


def test_fifteen_votes_outweigh_eight_months() -> None:
    old = rank(votes=15, substance=1, posted_at=NOW - 239 * DAY)
    new = rank(votes=0, substance=1, posted_at=NOW)
    assert old > new
    assert rank(votes=15, substance=1, posted_at=NOW - 241 * DAY) < new


def test_pictures_words_and_an_append_weigh_and_the_score_does_not() -> None:
    assert substance(pictures=0, text_length=0, is_appended=False) == 1
    assert substance(pictures=9, text_length=40, is_appended=True) == 2.5
    assert "score" not in rank.__annotations__
    assert "score" not in substance.__annotations__


def test_what_a_reward_could_be_given_for_does_not_know_the_score() -> None:
    assert "score" not in ReviewPosted.__struct_fields__


def test_a_fingerprint_hears_through_signs_and_spaces() -> None:
    assert fingerprint("非常好，五星好评！ 推荐大家购买") == fingerprint(
        "非常好五星好评推荐大家购买。"
    )
    assert fingerprint("非常好五星好评推荐大家购买") != fingerprint("一般般不推荐大家再来购买")
    assert fingerprint("很好！！！！！！！！！！") is None


def test_half_a_year_for_the_review_and_for_what_is_appended() -> None:
    assert not may_review(received_at=None, now=NOW)
    assert may_review(received_at=NOW - 180 * DAY, now=NOW)
    assert not may_review(received_at=NOW - 181 * DAY, now=NOW)
    assert may_append(posted_at=NOW - 180 * DAY, appended_at=None, now=NOW)
    assert not may_append(posted_at=NOW - 181 * DAY, appended_at=None, now=NOW)
    assert not may_append(posted_at=NOW, appended_at=NOW, now=NOW)


def codes(**facts: int | bool) -> list[str]:
    return [reason.code for reason in reasons_of(Behaviour(**facts))]  # type: ignore[arg-type]


def test_an_ordinary_buyer_is_not_suspected() -> None:
    assert codes() == []
    assert codes(members_on_device=2, members_at_address=2, others_with_same_text=1) == []
    assert codes(reviews_in_hour=4, reviews_in_month=4) == []


def test_a_busy_product_bears_many_reviews_an_hour() -> None:
    assert codes(reviews_in_hour=5, reviews_in_month=30) == ["burst"]
    assert codes(reviews_in_hour=12, reviews_in_month=12 * 24 * 30 // 3) == ["burst"]
    assert codes(reviews_in_hour=11, reviews_in_month=12 * 24 * 30 // 3) == []


def test_one_reason_alone_does_not_make_a_suspect_and_two_do() -> None:
    alone = reasons_of(Behaviour(members_on_device=5))
    both = reasons_of(Behaviour(members_on_device=5, others_with_same_text=4))
    assert suspicion_of(alone) < SUSPECTED_FROM <= suspicion_of(both)
    assert both == [
        Reason(code="same_device", points=35, figure=5),
        Reason(code="same_text", points=35, figure=4),
    ]


def test_promoting_what_one_reviews_is_told() -> None:
    assert codes(is_sharer=True, is_own_promotion=True) == ["own_promotion", "promoter"]
    assert codes(orders_received=1, orders_refunded=1) == []
    assert codes(orders_received=3, orders_refunded=3) == ["only_refunded"]
