"""Price many baskets at once: what is sold as of now, what is taken off, what the freight adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

import msgspec

from weike import catalog, tenancy
from weike.kernel import Refusal, Tx
from weike.kernel.together import each_together
from weike.trade.errors import DeliveryDoesNotFit, NotForSale, TooManyPieces
from weike.trade.freight.rules import Template
from weike.trade.model import Choices, DeliveryKind
from weike.trade.price.ports import Buyer, Offer, PriceRule
from weike.trade.price.pricing import Basket, LinePrice, add_freight, take_off

PIECES_LIMIT = 999
NO_CHOICES = Choices()


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketAsk:
    """What is to be priced for whom, and where it goes."""

    member_id: UUID | None
    quantities: Mapping[UUID, int]
    choices: Choices = NO_CHOICES
    delivery_kind: DeliveryKind = "express"
    region_code: str | None = None


def basket_of(ask: BasketAsk, skus: Mapping[UUID, catalog.SkuForSale], *, currency: str) -> Basket:
    """List prices only. Nothing is sent where nothing is carried, whatever was asked for.

    Refuses with NotForSale, TooManyPieces or DeliveryDoesNotFit.
    """
    lines = [
        _line(sku_id, quantity, skus.get(sku_id), currency=currency)
        for sku_id, quantity in ask.quantities.items()
    ]
    carried = next((line for line in lines if line.is_carried), None)
    if carried and ask.delivery_kind == "none":
        raise DeliveryDoesNotFit(field="delivery", title=carried.title)
    return Basket(
        member_id=ask.member_id,
        lines=tuple(lines),
        currency=currency,
        choices=ask.choices,
        delivery_kind=ask.delivery_kind if carried else "none",
        region_code=ask.region_code,
    )


def _line(
    sku_id: UUID, quantity: int, sku: catalog.SkuForSale | None, *, currency: str
) -> LinePrice:
    if sku is None or not sku.is_on_sale or sku.price.currency != currency:
        raise NotForSale(sku_id=sku_id, title=sku.title if sku else "")
    if quantity > PIECES_LIMIT:
        raise TooManyPieces(sku_id=sku_id, title=sku.title, limit=PIECES_LIMIT)
    return LinePrice(
        sku_id=sku_id,
        product_id=sku.product_id,
        category_id=sku.category_id,
        title=sku.title,
        title_en=sku.title_en,
        spec_text=sku.spec_text,
        spec_text_en=sku.spec_text_en,
        image_url=sku.media_url,
        quantity=quantity,
        unit_price_minor=sku.price.minor,
        cost_minor=sku.cost.minor * quantity if sku.cost else None,
        commission_rate_bp=sku.commission_rate_bp,
        member_pricing=sku.member_pricing,
        member_price_minor=sku.member_price_minor,
        is_carried=sku.kind is catalog.ProductKind.PHYSICAL,
        weight_g=(sku.weight_g or 0) * quantity,
        freight_template_id=sku.freight_template_id,
    )


async def price_baskets(
    tx: Tx,
    rules: Sequence[PriceRule],
    asks: Sequence[BasketAsk],
    skus: Mapping[UUID, catalog.SkuForSale],
    *,
    templates: Sequence[Template],
    shop: tenancy.ShopSettings,
    now: datetime,
) -> list[Basket | Refusal]:
    """One basket or refusal per ask, in their order; a refused one does not touch the others.

    `rules` are in the order of their steps (`Ports` sees to it); `skus` are those of all asks.
    What many want at once to the same region is listed once, and so is its freight as long as no
    rule took anything off.
    """
    listed: dict[object, Basket] = {}
    keys: list[object] = []
    results: list[Basket | Refusal] = []
    for ask in asks:
        key: object = (*ask.quantities.items(), ask.delivery_kind, ask.region_code)
        keys.append(key)
        try:
            if key not in listed:
                listed[key] = basket_of(ask, skus, currency=shop.currency)
        except Refusal as refusal:
            results.append(refusal)
        else:
            results.append(_of_buyer(listed[key], ask.member_id, ask.choices))
    for rule in rules:
        results = await apply_rule(tx, rule, results, now=now)
    sent: dict[object, Basket] = {}
    for at, basket in enumerate(results):
        if isinstance(basket, Refusal):
            continue
        if basket.taken or basket.freight_waived:
            results[at] = add_freight(basket, templates)
            continue
        if keys[at] not in sent:
            sent[keys[at]] = add_freight(basket, templates)
        results[at] = _of_buyer(sent[keys[at]], basket.member_id, basket.choices)
    return results


def _of_buyer(basket: Basket, member_id: UUID | None, choices: Choices) -> Basket:
    return msgspec.structs.replace(basket, member_id=member_id, choices=choices)


async def informed_rules(
    tx: Tx, rules: Sequence[PriceRule], buyers: Sequence[Buyer], *, now: datetime
) -> list[PriceRule]:
    """In the same order; what they read beforehand is read together."""
    return await each_together(
        tx, [partial(_informed, rule, buyers=buyers, now=now) for rule in rules]
    )


async def _informed(
    rule: PriceRule, tx: Tx, *, buyers: Sequence[Buyer], now: datetime
) -> PriceRule:
    return await rule.informed(tx, buyers, now=now)


async def quote_basket(
    tx: Tx,
    rules: Sequence[PriceRule],
    ask: BasketAsk,
    *,
    templates: Sequence[Template],
    shop: tenancy.ShopSettings,
    now: datetime,
) -> tuple[Basket, list[Offer]]:
    """One basket, and what its buyer may choose. Refuses as placing would, undelivered lines and
    margin aside: those the basket tells."""
    skus = await catalog.skus_for_sale(tx, sorted(ask.quantities))
    basket = basket_of(ask, skus, currency=shop.currency)
    offers: list[Offer] = []
    for rule in rules:
        offers += await rule.offers_for(tx, basket, now=now)
        (left,) = await apply_rule(tx, rule, [basket], now=now)
        if isinstance(left, Refusal):
            raise left
        basket = left
    return add_freight(basket, templates), offers


async def apply_rule(
    tx: Tx, rule: PriceRule, results: Sequence[Basket | Refusal], *, now: datetime
) -> list[Basket | Refusal]:
    """What the rule leaves of each basket; those it refuses and those refused before drop out."""
    baskets = [result for result in results if isinstance(result, Basket)]
    if not baskets:
        return list(results)
    answers = iter(zip(baskets, await rule.discounts_for(tx, baskets, now=now), strict=True))
    left: list[Basket | Refusal] = []
    for result in results:
        if isinstance(result, Basket):
            basket, answer = next(answers)
            left.append(
                answer
                if isinstance(answer, Refusal)
                else take_off(basket, answer, rule=rule.name, step=rule.step)
            )
        else:
            left.append(result)
    return left
