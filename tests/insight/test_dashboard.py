"""The overview says what the events said, by the shop's own days."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from tests.members.builders import seal
from tests.tenancy.builders import put_shop
from weike import trade
from weike.entry.contexts import contexts
from weike.insight.dashboard import dashboard
from weike.insight.model import channel_of, conversion_bp, days_before
from weike.insight.subscribers import subscribers
from weike.kernel import Event, Subscriber, Tx, Words
from weike.kernel.texts import load_texts
from weike.members import ensure_member

WORDS = Words(load_texts(contexts()), "zh")


async def hear(tx: Tx, event: Event, now: datetime) -> None:
    for listener in subscribers():
        if isinstance(listener, Subscriber) and listener.event is type(event):
            await listener.handle(tx, event, now)


def paid(at: datetime, *, buyer: UUID, promoter: UUID | None, minor: int) -> trade.OrderPaid:
    reasons = [trade.AttributionReason("share_used", {"channel": "poster"})] if promoter else []
    attribution = trade.Attribution(
        promoter_id=promoter, source="share" if promoter else "none", reasons=reasons
    )
    return trade.OrderPaid(
        order_id=uuid4(),
        number="261111000001",
        member_id=buyer,
        paid_minor=minor,
        currency="CNY",
        promoter_id=promoter,
        share_id=None,
        attribution=attribution,
        lines=[],
        at=at,
    )


async def a_person(tx: Tx, now: datetime, nickname: str) -> UUID:
    member_id = uuid4()
    phone = f"137{member_id.int % 10**8:08d}"
    await ensure_member(tx, seal, member_id=member_id, phone=phone, nickname=nickname, now=now)
    return member_id


async def test_the_overview_counts_what_was_paid(tx: Tx, now: datetime) -> None:
    await put_shop(tx, now)
    buyer, promoter = await a_person(tx, now, "买家"), await a_person(tx, now, "推广员")
    today = paid(now, buyer=buyer, promoter=promoter, minor=2990)
    yesterday = paid(now - timedelta(days=1), buyer=buyer, promoter=None, minor=1000)
    placed = trade.OrderPlaced(
        order_id=today.order_id,
        member_id=buyer,
        payable_minor=2990,
        currency="CNY",
        promoter_id=promoter,
        attribution=today.attribution,
        placed_at=now,
    )
    for event in (
        placed,
        placed,
        today,
        today,
        yesterday,
    ):  # Delivered at least once: twice counts once.
        await hear(tx, event, now)

    async def three(_: Tx) -> int:
        return 3

    seen = await dashboard(tx, days=7, todos={"to_ship": three}, words=WORDS, now=now)
    figures = {figure.key: (figure.value, figure.previous) for figure in seen.figures}
    assert figures["paid_minor"] == (2990, 1000)
    assert figures["paid_orders"] == (1, 1)
    assert len(seen.trend) == 7
    assert (seen.funnel.placed_orders, seen.funnel.paid_orders) == (1, 2)
    assert (seen.trend[-1].paid_minor, seen.trend[-2].paid_minor) == (2990, 1000)
    assert [(share.title, share.paid_minor) for share in seen.channels] == [
        ("分享海报", 2990),
        ("自然到店", 1000),
    ]
    assert [(todo.key, todo.count) for todo in seen.todos] == [("to_ship", 3)]
    assert {node.kind for node in seen.graph.nodes} == {"shop", "promoter", "buyer"}
    assert len(seen.graph.links) == 2


async def test_a_shops_day_begins_at_its_own_midnight(tx: Tx) -> None:
    late = datetime(2026, 11, 10, 16, 30, tzinfo=UTC)  # 00:30 on the 11th in Shanghai
    await put_shop(tx, late)
    buyer = await a_person(tx, late, "夜猫子")
    await hear(tx, paid(late, buyer=buyer, promoter=None, minor=500), late)
    seen = await dashboard(tx, days=7, todos={}, words=WORDS, now=late)
    assert (seen.trend[-1].day, seen.trend[-1].paid_minor) == (date(2026, 11, 11), 500)


def test_conversion_needs_visitors() -> None:
    assert conversion_bp(5, 0) == 0
    assert conversion_bp(5, 40) == 1250
    assert conversion_bp(50, 40) == 10_000


def test_channels_come_from_the_frozen_attribution() -> None:
    assert channel_of("share", {"share_used": {"channel": "moments"}}) == "moments"
    assert channel_of("share", {"share_used": {"channel": "pigeon"}}) == "link"
    assert channel_of("relation", {}) == "relation"
    assert channel_of("none", {}) == "direct"


def test_today_is_the_last_of_the_days() -> None:
    now = datetime(2026, 11, 11, 3, tzinfo=UTC)
    assert days_before(now, "Asia/Shanghai", 3) == [
        date(2026, 11, 9),
        date(2026, 11, 10),
        date(2026, 11, 11),
    ]
