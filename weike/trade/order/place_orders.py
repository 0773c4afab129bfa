"""Place orders: load, decide, write, for many buyers at once.

A fixed number of statements whatever the number of asks. Every ask gets its own answer: a refusal
does not touch its neighbours, and the same ask again gets the answer of the first time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from weike import catalog, inventory, members, tenancy
from weike.kernel import (
    Batcher,
    Clock,
    Database,
    IdTakenByOther,
    Invalid,
    Money,
    Refusal,
    Tx,
    is_chosen,
)
from weike.kernel.together import together
from weike.trade import bookings
from weike.trade.errors import NotDeliveredThere, OutOfStock, PriceChanged
from weike.trade.events import OrderPlaced
from weike.trade.freight.rules import Template
from weike.trade.model import OrderState, Placed, PlaceOrder
from weike.trade.order import placing_queries as queries
from weike.trade.order.destinations import NOWHERE, destinations_of
from weike.trade.order.guard_margin import Judged, guard_margin
from weike.trade.ports import Attribution, AttributionAsk, Ports
from weike.trade.price.ports import Buyer, PriceRule
from weike.trade.price.price_baskets import BasketAsk, informed_rules, price_baskets
from weike.trade.price.pricing import Basket, Sums
from weike.trade.price.take_discounts import take_discounts

OrderBatcher = Batcher[PlaceOrder, Placed]


def order_batcher(database: Database, ports: Ports, *, clock: Clock) -> OrderBatcher:
    """What the route submits to: orders of one shop that arrive together are placed together."""
    return Batcher(database, partial(_place, ports), clock=clock, generic_plans=True)


async def _place(
    ports: Ports, tx: Tx, asks: Sequence[PlaceOrder], *, now: datetime
) -> list[Placed | Refusal]:
    return await place_orders(tx, ports, asks, now=now)


async def place_order(tx: Tx, ports: Ports, ask: PlaceOrder, *, now: datetime) -> Placed:
    """One order. Refuses with what `place_orders` answers."""
    (answer,) = await place_orders(tx, ports, [ask], now=now)
    if isinstance(answer, Refusal):
        raise answer
    return answer


@dataclass(frozen=True, slots=True)
class Draft:
    """An order about to be written: asked (as the `index`-th), priced, addressed, attributed."""

    index: int
    ask: PlaceOrder
    basket: Basket
    sums: Sums
    address: members.AddressSnapshot
    attribution: Attribution
    content_hash: bytes
    expires_at: datetime

    @property
    def pickup_point_id(self) -> UUID | None:
        fetched = self.basket.delivery_kind == "pickup"
        return self.ask.delivery.pickup_point_id if fetched else None


async def place_orders(
    tx: Tx, ports: Ports, asks: Sequence[PlaceOrder], *, now: datetime
) -> list[Placed | Refusal]:
    """Answers in the order of the asks; stock goes to whoever comes first.

    Refusals: Invalid (an id that is no uuid v7), IdTakenByOther, UnknownAddress, NotForSale,
    TooManyPieces, DeliveryDoesNotFit, NotDeliveredThere, PriceChanged, MarginBelowZero, OutOfStock,
    and what price rules and the pick-up port refuse.
    """
    wanted = sorted({line.sku_id for ask in asks for line in ask.lines})
    buyers = [Buyer(ask.member_id, ask.choices) for ask in asks]
    (earlier, templates), (shop, rules), destinations, attributions, skus = await together(
        tx,
        lambda t: queries.known_before(t, [ask.order_id for ask in asks]),
        lambda t: together(
            t,
            tenancy.shop_settings,
            lambda u: informed_rules(u, ports.price_rules, buyers, now=now),
        ),
        lambda t: destinations_of(t, ports.pickup, asks, now=now),
        lambda t: _attributions(t, ports, asks, now=now),
        lambda t: catalog.skus_for_sale(t, wanted),
    )
    answers: dict[int, Placed | Refusal] = {}
    fresh: dict[UUID, int] = {}  # order_id -> index of the ask that makes it
    twins: list[int] = []
    hashes = [ask.content_hash() for ask in asks]
    for index, ask in enumerate(asks):
        if known := earlier.get(ask.order_id):
            same = (known.member_id, known.content_hash) == (ask.member_id, hashes[index])
            answers[index] = known.placed if same else IdTakenByOther(field="id")
        elif not is_chosen(ask.order_id):
            # The order's id is also its transfer's: one that we derive from another order would
            # keep that order from ever being paid, cancelled or settled.
            answers[index] = Invalid(field="id")
        elif ask.order_id in fresh:
            twins.append(index)
        else:
            fresh[ask.order_id] = index

    drafts = await _drafts(
        tx,
        rules,
        [
            _Wish(index, asks[index], destinations[index], attributions[index], hashes[index])
            for index in fresh.values()
        ],
        answers,
        skus,
        templates=templates,
        shop=shop,
        now=now,
    )
    drafts = await _guard(tx, ports, drafts, answers, shop=shop, now=now)
    drafts, holds = await _decide_stock(tx, drafts, answers)
    drafts, holds = await _take(tx, ports, drafts, holds, answers, now=now)
    answers |= await _write(tx, drafts, holds, shop=shop, now=now)
    for index in twins:
        ask, first = asks[index], fresh[asks[index].order_id]
        same = (ask.member_id, hashes[index]) == (asks[first].member_id, hashes[first])
        answers[index] = answers[first] if same else IdTakenByOther(field="id")
    return [answers[index] for index in range(len(asks))]


class _Wish(NamedTuple):
    """An ask that is to be placed, and what was found out about it so far."""

    place: int
    """Among the asks."""
    ask: PlaceOrder
    destination: members.AddressSnapshot | Refusal
    attribution: Attribution
    content_hash: bytes


async def _drafts(
    tx: Tx,
    rules: Sequence[PriceRule],
    wishes: Sequence[_Wish],
    answers: dict[int, Placed | Refusal],
    skus: Mapping[UUID, catalog.SkuForSale],
    *,
    templates: Sequence[Template],
    shop: tenancy.ShopSettings,
    now: datetime,
) -> list[Draft]:
    """Addressed and priced; those that cannot be are answered with a refusal."""
    if not wishes:
        return []
    expires_at = now + timedelta(minutes=shop.order_expire_minutes)
    baskets = await price_baskets(
        tx,
        rules,
        [_basket_ask(wish.ask, wish.destination) for wish in wishes],
        skus,
        templates=templates,
        shop=shop,
        now=now,
    )
    drafts = []
    for wish, basket in zip(wishes, baskets, strict=True):
        found = _draft(wish, basket, expires_at)
        if isinstance(found, Refusal):
            answers[wish.place] = found
        else:
            drafts.append(found)
    return drafts


def _draft(wish: _Wish, basket: Basket | Refusal, expires_at: datetime) -> Draft | Refusal:
    place, ask, address, attribution, content_hash = wish
    if isinstance(basket, Refusal):
        return basket
    if basket.delivery_kind == "none":
        address = NOWHERE
    if isinstance(address, Refusal):
        return address
    if basket.undelivered:
        line = basket.lines[basket.undelivered[0]]
        return NotDeliveredThere(field="address_id", sku_id=line.sku_id, title=line.title)
    sums = basket.sums
    if ask.expected_minor is not None and ask.expected_minor != sums.payable_minor:
        return PriceChanged(payable_minor=sums.payable_minor)
    return Draft(place, ask, basket, sums, address, attribution, content_hash, expires_at)


def _basket_ask(ask: PlaceOrder, address: members.AddressSnapshot | Refusal) -> BasketAsk:
    return BasketAsk(
        member_id=ask.member_id,
        quantities=ask.quantities(),
        choices=ask.choices,
        delivery_kind=ask.delivery.kind,
        region_code=None if isinstance(address, Refusal) else address.region_code,
    )


async def _attributions(
    tx: Tx, ports: Ports, asks: Sequence[PlaceOrder], *, now: datetime
) -> list[Attribution]:
    return await ports.attribution.for_orders(
        tx,
        [
            AttributionAsk(order_id=ask.order_id, buyer_id=ask.member_id, share_code=ask.share_code)
            for ask in asks
        ],
        now=now,
    )


async def _guard(
    tx: Tx,
    ports: Ports,
    drafts: list[Draft],
    answers: dict[int, Placed | Refusal],
    *,
    shop: tenancy.ShopSettings,
    now: datetime,
) -> list[Draft]:
    """Those that do not lose the merchant's money."""
    orders = [
        Judged(draft.ask.order_id, draft.ask.member_id, draft.basket, draft.attribution)
        for draft in drafts
    ]
    refused = await guard_margin(tx, ports.commission, orders, shop=shop, now=now)
    return _without(drafts, refused, answers)


def _without(
    drafts: list[Draft], refused: Mapping[UUID, Refusal], answers: dict[int, Placed | Refusal]
) -> list[Draft]:
    """The others; those that are refused have their answer."""
    if not refused:
        return drafts
    left = []
    for draft in drafts:
        if refusal := refused.get(draft.ask.order_id):
            answers[draft.index] = refusal
        else:
            left.append(draft)
    return left


async def _decide_stock(
    tx: Tx, drafts: list[Draft], answers: dict[int, Placed | Refusal]
) -> tuple[list[Draft], list[inventory.HoldAsk]]:
    """Those who are served, with their holds to be written; the others get OutOfStock.

    Everything that can be read was read before: the stock's rows are what everybody waits for, so
    they are locked as late as possible.
    """
    held, short = await inventory.decide_holds(
        tx,
        [
            inventory.HoldAsk(
                draft.ask.order_id,
                {line.sku_id: line.quantity for line in draft.basket.lines},
                draft.expires_at,
            )
            for draft in drafts
        ],
    )
    refused = {
        draft.ask.order_id: _out_of_stock(draft, shortage)
        for draft in (drafts if short else ())
        if (shortage := short.get(draft.ask.order_id))
    }
    return _without(drafts, refused, answers), held


def _out_of_stock(draft: Draft, shortage: inventory.Shortage) -> OutOfStock:
    title = next(line.title for line in draft.basket.lines if line.sku_id == shortage.sku_id)
    return OutOfStock(sku_id=shortage.sku_id, title=title, available=shortage.available)


async def _take(
    tx: Tx,
    ports: Ports,
    drafts: list[Draft],
    holds: list[inventory.HoldAsk],
    answers: dict[int, Placed | Refusal],
    *,
    now: datetime,
) -> tuple[list[Draft], list[inventory.HoldAsk]]:
    """Coupons are locked and points spent; whom a rule refuses holds no stock."""
    baskets = {draft.ask.order_id: draft.basket for draft in drafts if draft.basket.taken}
    refused = await take_discounts(tx, ports.price_rules, baskets, now=now)
    if refused:
        holds = [hold for hold in holds if hold.order_id not in refused]
    return _without(drafts, refused, answers), holds


async def _write(
    tx: Tx,
    drafts: Sequence[Draft],
    holds: Sequence[inventory.HoldAsk],
    *,
    shop: tenancy.ShopSettings,
    now: datetime,
) -> dict[int, Placed]:
    """By the index of the ask."""
    if not drafts:
        return {}
    day = f"{now.astimezone(ZoneInfo(shop.time_zone)):%y%m%d}"
    transfers = [
        bookings.order_placed(
            draft.ask.order_id, Money(draft.sums.payable_minor, draft.basket.currency), at=now
        )
        for draft in drafts
        if draft.sums.payable_minor
    ]
    for draft in drafts:
        tx.announce(_order_placed(draft, now=now))
    numbers = await queries.insert_orders(
        tx, drafts, holds=holds, transfers=transfers, day=day, now=now
    )
    return {
        draft.index: Placed(
            id=draft.ask.order_id,
            number=numbers[draft.ask.order_id],
            payable_minor=draft.sums.payable_minor,
            expires_at=draft.expires_at,
            state=OrderState.PLACED.value,
        )
        for draft in drafts
    }


def _order_placed(draft: Draft, *, now: datetime) -> OrderPlaced:
    return OrderPlaced(
        order_id=draft.ask.order_id,
        member_id=draft.ask.member_id,
        payable_minor=draft.sums.payable_minor,
        currency=draft.basket.currency,
        promoter_id=draft.attribution.promoter_id,
        attribution=draft.attribution,
        placed_at=now,
    )
