"""Who brought the buyer: every branch of docs/algorithms/attribution.md, with its reasons."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from weike.distribution.attribute_orders import Facts, decide_attribution
from weike.distribution.model import DEFAULT_PROGRAMME, PromoterState, Relation
from weike.sharing import Channel, Share, ShareKind
from weike.trade.ports import Attribution, AttributionAsk

NOW = datetime(2026, 11, 11, 3, tzinfo=UTC)
DAY = timedelta(days=1)
BUYER, SHARER, BINDER = uuid4(), uuid4(), uuid4()

SHARE = Share(
    id=uuid4(),
    code="code",
    sharer_id=SHARER,
    kind=ShareKind.PRODUCT,
    product_id=uuid4(),
    channel=Channel.POSTER,
    created_at=NOW - DAY,
)
RELATION = Relation(
    id=uuid4(),
    customer_id=BUYER,
    promoter_id=BINDER,
    bound_at=NOW - 20 * DAY,
    protected_until=NOW - 5 * DAY,
    expires_at=NOW + 300 * DAY,
)
FACTS = Facts(
    programme=DEFAULT_PROGRAMME,
    share=SHARE,
    touched_lately=False,
    sharer_state=PromoterState.ACTIVE,
    relation=RELATION,
    relation_state=PromoterState.ACTIVE,
)


def decide(facts: Facts, *, code: str | None = "code") -> tuple[Attribution, list[str]]:
    ask = AttributionAsk(order_id=uuid4(), buyer_id=BUYER, share_code=code)
    attribution = decide_attribution(ask, facts, now=NOW)
    return attribution, [reason.code for reason in attribution.reasons]


def test_the_share_on_the_order_decides_over_an_unprotected_relation() -> None:
    attribution, reasons = decide(FACTS)
    assert (attribution.source, attribution.promoter_id) == ("share", SHARER)
    assert attribution.share_id == SHARE.id
    assert reasons == ["share_used"]


def test_a_protected_relation_wins_over_another_promoters_share() -> None:
    protected = replace(RELATION, protected_until=NOW + DAY)
    attribution, reasons = decide(replace(FACTS, relation=protected))
    assert (attribution.source, attribution.promoter_id) == ("relation", BINDER)
    assert reasons == ["share_loses_to_protection", "relation_used"]


def test_an_old_share_counts_only_after_a_fresh_visit() -> None:
    old = replace(FACTS, share=replace(SHARE, created_at=NOW - 8 * DAY))
    attribution, reasons = decide(old)
    assert (attribution.promoter_id, reasons) == (BINDER, ["share_expired", "relation_used"])
    attribution, reasons = decide(replace(old, touched_lately=True))
    assert (attribution.promoter_id, reasons) == (SHARER, ["share_used"])


def test_a_forged_code_falls_back_to_the_relation() -> None:
    attribution, reasons = decide(replace(FACTS, share=None, sharer_state=None))
    assert (attribution.promoter_id, reasons) == (BINDER, ["share_invalid", "relation_used"])


def test_nobody_earns_on_her_own_purchase() -> None:
    own = replace(FACTS, share=replace(SHARE, sharer_id=BUYER), relation=None, relation_state=None)
    attribution, reasons = decide(own)
    assert attribution.promoter_id is None
    assert reasons == ["share_of_buyer", "relation_none"]


def test_a_suspended_promoter_gets_no_new_orders() -> None:
    facts = replace(
        FACTS, sharer_state=PromoterState.SUSPENDED, relation_state=PromoterState.SUSPENDED
    )
    attribution, reasons = decide(facts)
    assert attribution.promoter_id is None
    assert reasons == ["share_promoter_inactive", "relation_promoter_inactive"]


def test_without_a_code_the_relation_decides_until_it_expires() -> None:
    attribution, reasons = decide(FACTS, code=None)
    assert (attribution.promoter_id, reasons) == (BINDER, ["relation_used"])
    expired = replace(RELATION, expires_at=NOW)
    attribution, reasons = decide(replace(FACTS, relation=expired), code=None)
    assert (attribution.promoter_id, reasons) == (None, ["relation_none"])
