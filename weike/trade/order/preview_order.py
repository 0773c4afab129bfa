"""What an order would cost, line by line, and who brought the buyer: nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from weike import members, tenancy
from weike.kernel import Refusal, Tx, uuid7
from weike.kernel.words import Words
from weike.trade.model import AskedLine, Choices, Delivery
from weike.trade.ports import AttributionAsk, AttributionReason, Ports
from weike.trade.price.price_baskets import BasketAsk, price_baskets


class PreviewLine(msgspec.Struct, frozen=True, kw_only=True):
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


class BroughtBy(msgspec.Struct, frozen=True, kw_only=True):
    nickname: str
    reason: str


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    lines: list[PreviewLine]
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
    """Refuses with NotForSale or TooManyPieces; stock is looked at when the order is placed."""
    quantities: dict[UUID, int] = {}
    for line in lines:
        quantities[line.sku_id] = quantities.get(line.sku_id, 0) + line.quantity
    shop = await tenancy.shop_settings(tx)
    (basket,) = await price_baskets(
        tx,
        ports.price_rules,
        [
            BasketAsk(
                member_id=member_id,
                quantities=quantities,
                choices=choices,
                delivery_kind=delivery.kind,
            )
        ],
        shop=shop,
        now=now,
    )
    if isinstance(basket, Refusal):
        raise basket
    ask = AttributionAsk(order_id=uuid7(now), buyer_id=member_id, share_code=share_code)
    (attribution,) = await ports.attribution.for_orders(tx, [ask], now=now)
    brought_by = None
    if promoter_id := attribution.promoter_id:
        card = (await members.member_cards(tx, [promoter_id])).get(promoter_id)
        brought_by = BroughtBy(
            nickname=card.nickname if card else "",
            reason=" ".join(reason_text(attribution.reasons[-1:], words)),
        )
    return Preview(
        lines=[
            PreviewLine(
                sku_id=line.sku_id,
                title=words.of(line.title, line.title_en),
                spec_text=line.spec_text,
                image_url=line.image_url,
                quantity=line.quantity,
                unit_price_minor=line.unit_price_minor,
                list_minor=line.list_minor,
                discount_minor=line.discount_minor,
                freight_share_minor=line.freight_share_minor,
                paid_minor=line.paid_minor,
            )
            for line in basket.lines
        ],
        goods_minor=basket.goods_minor,
        discount_minor=basket.discount_minor,
        freight_minor=basket.freight_minor,
        payable_minor=basket.payable_minor,
        brought_by=brought_by,
    )
