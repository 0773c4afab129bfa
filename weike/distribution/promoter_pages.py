"""What a promoter reads about her own work; the routes ask `require_promoter` first."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from weike import catalog, members, sharing, tenancy
from weike.distribution.errors import NotAPromoter
from weike.distribution.income import Totals, totals_of
from weike.distribution.model import Programme, commission_amount, resolve_rate
from weike.distribution.queries import commissions, programmes, promoters
from weike.kernel import Page, Record, Tx, decode_cursor, page_of
from weike.kernel.words import Words


class Today(msgspec.Struct, kw_only=True):
    estimate_minor: int
    orders: int
    visitors: int
    shares: int


class PromoterHome(msgspec.Struct, kw_only=True):
    name: str
    avatar_url: str | None
    state: str
    hold_days: int
    rate_bp: int
    today: Today
    totals: Totals


class PushGood(msgspec.Struct, kw_only=True):
    """A product card with what sharing it may bring, and why it is worth sharing."""

    id: UUID
    title: str
    subtitle: str
    image_url: str | None
    price_minor: int
    market_price_minor: int | None
    sold_count: int
    estimate_minor: int
    rate_bp: int
    reason: str


class Estimate(msgspec.Struct, kw_only=True):
    estimate_minor: int
    rate_bp: int


class SharedThing(msgspec.Struct, kw_only=True):
    code: str
    kind: sharing.ShareKind
    product_id: UUID | None
    product_title: str | None
    image_url: str | None
    channel: sharing.Channel
    created_at: datetime
    visitors: int
    orders: int
    paid_minor: int


class Customer(msgspec.Struct, kw_only=True):
    """`nickname` is masked: a promoter's customers are people, not leads to be called."""

    nickname: str
    avatar_url: str | None
    since: datetime
    protected_until: datetime
    expires_at: datetime
    orders: int
    source: str


async def require_promoter(tx: Tx, member_id: UUID) -> Record:
    """Refuses with NotAPromoter. A suspended promoter may still read."""
    row = await promoters.promoter_by_id(tx, member_id)
    if row is None or row["state"] not in ("active", "suspended"):
        raise NotAPromoter()
    return row


async def promoter_home(tx: Tx, member_id: UUID, *, now: datetime) -> PromoterHome:
    row = await require_promoter(tx, member_id)
    start, end = today_of((await tenancy.shop_settings(tx)).time_zone, now)
    earned = await commissions.estimate_between(tx, member_id, start=start, end=end)
    visits = await sharing.visits_between(tx, sharer_id=member_id, start=start, end=end)
    programme = await programmes.programme_at(tx, now)
    card = (await members.member_cards(tx, [member_id]))[member_id]
    return PromoterHome(
        name=card.nickname,
        avatar_url=card.avatar_url,
        state=row["state"],
        hold_days=programme.hold_days,
        rate_bp=programme.rate_bp,
        today=Today(
            estimate_minor=earned["estimate_minor"],
            orders=earned["orders"],
            visitors=visits["visitors"],
            shares=visits["shares"],
        ),
        totals=await totals_of(tx, member_id),
    )


async def goods_to_push(
    tx: Tx,
    member_id: UUID,
    *,
    query: str | None,
    sort: catalog.ProductOrder,
    cursor: str | None,
    limit: int,
    words: Words,
    now: datetime,
) -> Page[PushGood]:
    """Goods on sale with the commission one sale of the cheapest SKU would bring."""
    await require_promoter(tx, member_id)
    programme = await programmes.programme_at(tx, now)
    page = await catalog.shelf(
        tx, catalog.ShelfQuestion(order=sort, text=query), cursor=cursor, limit=limit
    )
    return Page(
        items=[_push(tx, card, programme, words) for card in page.items],
        next_cursor=page.next_cursor,
    )


async def estimate_of(tx: Tx, member_id: UUID, product_id: UUID, *, now: datetime) -> Estimate:
    """Zero for a product that is not on sale."""
    await require_promoter(tx, member_id)
    programme = await programmes.programme_at(tx, now)
    card = (await catalog.product_cards(tx, [product_id])).get(product_id)
    if card is None or card.state != catalog.ProductState.ON_SALE:
        return Estimate(estimate_minor=0, rate_bp=0)
    rate = resolve_rate(card.commission_rate_bp, programme)
    return Estimate(estimate_minor=_estimate(card, programme), rate_bp=rate.rate_bp)


async def shared_things(
    tx: Tx,
    codes: sharing.ShareCodes,
    member_id: UUID,
    *,
    words: Words,
    cursor: str | None,
    limit: int,
) -> Page[SharedThing]:
    rows = await sharing.shares_of(
        tx, member_id, before=decode_cursor(cursor, tuple[datetime, UUID]), limit=limit + 1
    )
    shop_no = await tenancy.shop_no(tx)
    cards = await catalog.product_cards(
        tx, [row["product_id"] for row in rows if row["product_id"]]
    )
    results = await commissions.results_of_shares(tx, [row["id"] for row in rows])

    def item(row: Record) -> SharedThing:
        card = cards.get(row["product_id"])
        result = results.get(row["id"])
        return SharedThing(
            code=codes.code(shop_no=shop_no, key=row["key"]),
            kind=sharing.ShareKind(row["kind"]),
            product_id=row["product_id"],
            product_title=words.of(card.title, card.title_en) if card else None,
            image_url=_picture(tx, card) if card else None,
            channel=sharing.Channel(row["channel"]),
            created_at=row["created_at"],
            visitors=row["visitors"],
            orders=result["orders"] if result else 0,
            paid_minor=result["paid_minor"] if result else 0,
        )

    return page_of(rows, limit=limit, item=item, key=lambda row: (row["created_at"], row["id"]))


async def customers_page(
    tx: Tx, member_id: UUID, *, cursor: str | None, limit: int
) -> Page[Customer]:
    rows = await promoters.customers_of(
        tx, member_id, before=decode_cursor(cursor, tuple[datetime, UUID]), limit=limit + 1
    )
    people = await members.member_cards(tx, [row["customer_id"] for row in rows])

    def item(row: Record) -> Customer:
        card = people[row["customer_id"]]
        return Customer(
            nickname=members.masked_nickname(card.nickname),
            avatar_url=card.avatar_url,
            since=row["bound_at"],
            protected_until=row["protected_until"],
            expires_at=row["expires_at"],
            orders=row["orders"],
            source=row["reason"],
        )

    return page_of(rows, limit=limit, item=item, key=lambda row: (row["bound_at"], row["id"]))


def today_of(time_zone: str, now: datetime) -> tuple[datetime, datetime]:
    """The shop's calendar day that `now` falls into, as instants `[start, end)`."""
    zone = ZoneInfo(time_zone)
    start = datetime.combine(now.astimezone(zone).date(), time.min, zone)
    return start, start + timedelta(days=1)


def _push(tx: Tx, card: catalog.ShelfCard, programme: Programme, words: Words) -> PushGood:
    estimate = _estimate(card, programme)
    rate = resolve_rate(card.commission_rate_bp, programme).rate_bp
    if card.sold_count >= 100:
        reason = words("distribution.push.sells", sold=card.sold_count)
    elif card.sold_count == 0:
        reason = words("distribution.push.new")
    elif rate > programme.rate_bp:
        reason = words("distribution.push.rate")
    else:
        reason = words("distribution.push.bought", sold=card.sold_count)
    return PushGood(
        id=card.id,
        title=words.of(card.title, card.title_en),
        subtitle=card.subtitle,
        image_url=_picture(tx, card),
        price_minor=card.min_price_minor,
        market_price_minor=card.market_price_minor,
        sold_count=card.sold_count,
        estimate_minor=estimate,
        rate_bp=rate,
        reason=reason,
    )


def _picture(tx: Tx, card: catalog.ShelfCard) -> str | None:
    return catalog.picture_url(tx.tenant_id, card.cover, "s") if card.cover else None


def _estimate(card: catalog.ShelfCard, programme: Programme) -> int:
    return commission_amount(
        base_minor=card.min_price_minor,
        rate_bp=resolve_rate(card.commission_rate_bp, programme).rate_bp,
        cap_bp=programme.cap_bp,
        margin_minor=None,
    )
