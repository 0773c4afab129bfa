"""What an order would cost, line by line, and who brought the buyer: nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from weike import members, tenancy
from weike.kernel import Tx, uuid7
from weike.kernel.words import Words
from weike.trade.errors import MarginBelowZero, NotDeliveredThere, UnknownAddress
from weike.trade.freight import queries as freight_queries
from weike.trade.model import AskedLine, Choices, Delivery, DeliveryKind
from weike.trade.order.guard_margin import Judged, guard_margin
from weike.trade.order.price_views import (
    FreightView,
    OfferView,
    TakenOff,
    freight_views,
    offer_views,
    taken_off,
)
from weike.trade.ports import AttributionAsk, AttributionReason, Ports
from weike.trade.price.price_baskets import BasketAsk, quote_basket
from weike.trade.price.pricing import Basket, LinePrice


class PreviewLine(msgspec.Struct, frozen=True, kw_only=True):
    """`refused`: why this line cannot be ordered as things stand."""

    sku_id: UUID
    title: str
    spec_text: str
    image_url: str | None
    quantity: int
    unit_price_minor: int
    list_minor: int
    discount_minor: int
    freight_share_minor: int
    paid_minor: int
    refused: str | None = None


class PreviewProblem(msgspec.Struct, frozen=True, kw_only=True):
    """What placing would refuse with: the code, and the sentence for the buyer."""

    code: str
    text: str


class BroughtBy(msgspec.Struct, frozen=True, kw_only=True):
    nickname: str
    reason: str


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """`delivery_kind` is what the goods need: `none` when nothing is carried."""

    delivery_kind: DeliveryKind
    lines: list[PreviewLine]
    discounts: list[TakenOff]
    freight: list[FreightView]
    offers: list[OfferView]
    problems: list[PreviewProblem]
    goods_minor: int
    discount_minor: int
    freight_minor: int
    payable_minor: int
    brought_by: BroughtBy | None


def reason_text(reasons: Sequence[AttributionReason], words: Words) -> list[str]:
    """The sentences belong to whoever decides: distribution."""
    return [words(f"distribution.reason.{reason.code}", **reason.facts) for reason in reasons]


async def preview_order(
    tx: Tx,
    ports: Ports,
    *,
    member_id: UUID,
    lines: Sequence[AskedLine],
    delivery: Delivery,
    choices: Choices,
    share_code: str | None,
    words: Words,
    now: datetime,
) -> Preview:
    """Refuses with UnknownAddress, NotForSale, TooManyPieces, DeliveryDoesNotFit and what price
    rules refuse. What is wrong with the address or the sum is told beside the amounts; stock is
    looked at when the order is placed."""
    quantities: dict[UUID, int] = {}
    for line in lines:
        quantities[line.sku_id] = quantities.get(line.sku_id, 0) + line.quantity
    shop = await tenancy.shop_settings(tx)
    basket, offers = await quote_basket(
        tx,
        ports.price_rules,
        BasketAsk(
            member_id=member_id,
            quantities=quantities,
            choices=choices,
            delivery_kind=delivery.kind,
            region_code=await _region(tx, member_id, delivery),
        ),
        templates=await freight_queries.templates(tx),
        shop=shop,
        now=now,
    )
    ask = AttributionAsk(order_id=uuid7(now), buyer_id=member_id, share_code=share_code)
    (attribution,) = await ports.attribution.for_orders(tx, [ask], now=now)
    judged = Judged(ask.order_id, member_id, basket, attribution)
    losing = await guard_margin(tx, ports.commission, [judged], shop=shop, now=now)
    brought_by = None
    if promoter_id := attribution.promoter_id:
        card = (await members.member_cards(tx, [promoter_id])).get(promoter_id)
        brought_by = BroughtBy(
            nickname=card.nickname if card else "",
            reason=" ".join(reason_text(attribution.reasons[-1:], words)),
        )
    return Preview(
        delivery_kind=basket.delivery_kind,
        lines=[
            _line(line, words, refused=position in basket.undelivered)
            for position, line in enumerate(basket.lines)
        ],
        discounts=taken_off(basket.notes, words),
        freight=freight_views(basket.freight, words),
        offers=offer_views(offers, words),
        problems=_problems(basket, list(losing.values()), words),
        goods_minor=basket.goods_minor,
        discount_minor=basket.discount_minor,
        freight_minor=basket.freight_minor,
        payable_minor=basket.payable_minor,
        brought_by=brought_by,
    )


async def _region(tx: Tx, member_id: UUID, delivery: Delivery) -> str | None:
    """Refuses with UnknownAddress."""
    if delivery.kind != "express" or delivery.address_id is None:
        return None
    pair = (member_id, delivery.address_id)
    address = (await members.addresses_of(tx, [pair])).get(pair)
    if address is None:
        raise UnknownAddress(field="address_id")
    return address.region_code


def _line(line: LinePrice, words: Words, *, refused: bool) -> PreviewLine:
    return PreviewLine(
        sku_id=line.sku_id,
        title=words.of(line.title, line.title_en),
        spec_text=words.of(line.spec_text, line.spec_text_en),
        image_url=line.image_url,
        quantity=line.quantity,
        unit_price_minor=line.unit_price_minor,
        list_minor=line.list_minor,
        discount_minor=line.discount_minor,
        freight_share_minor=line.freight_share_minor,
        paid_minor=line.paid_minor,
        refused=words("trade.preview.not_delivered") if refused else None,
    )


def _problems(
    basket: Basket, losing: Sequence[MarginBelowZero], words: Words
) -> list[PreviewProblem]:
    problems = [PreviewProblem(code=one.code, text=words(one.code)) for one in losing]
    if basket.undelivered:
        line = basket.lines[basket.undelivered[0]]
        title = words.of(line.title, line.title_en)
        code = NotDeliveredThere.code
        problems.insert(0, PreviewProblem(code=code, text=words(code, title=title)))
    return problems
