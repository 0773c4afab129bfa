"""The cart: what a buyer means to buy, at today's prices, with what cannot be bought marked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from weike import catalog, inventory
from weike.kernel import Tx
from weike.kernel.words import Words
from weike.trade.cart import queries
from weike.trade.errors import CartFull, NotForSale

LINES_LIMIT = 100

InvalidReason = Literal["off_sale", "sold_out", "too_few"]


class CartLine(msgspec.Struct, frozen=True, kw_only=True):
    """`too_few`: some are left, fewer than the quantity in the cart."""

    sku_id: UUID
    product_id: UUID
    title: str
    title_en: str
    spec_text: str
    spec_text_en: str
    image_url: str | None
    quantity: int
    price_minor: int
    available: int
    is_valid: bool
    invalid_reason: InvalidReason | None


class Cart(msgspec.Struct, frozen=True, kw_only=True):
    """`goods_minor` sums what can be bought."""

    lines: list[CartLine]
    goods_minor: int


def line_of(sku: catalog.SkuForSale, *, quantity: int, available: int) -> CartLine:
    reason: InvalidReason | None = None
    if not sku.is_on_sale:
        reason = "off_sale"
    elif available <= 0:
        reason = "sold_out"
    elif available < quantity:
        reason = "too_few"
    return CartLine(
        sku_id=sku.sku_id,
        product_id=sku.product_id,
        title=sku.title,
        title_en=sku.title_en,
        spec_text=sku.spec_text,
        spec_text_en=sku.spec_text_en,
        image_url=sku.media_url,
        quantity=quantity,
        price_minor=sku.price.minor,
        available=available,
        is_valid=reason is None,
        invalid_reason=reason,
    )


def in_words(cart: Cart, words: Words) -> Cart:
    """The cart with the titles its reader reads."""
    lines = [
        msgspec.structs.replace(
            line,
            title=words.of(line.title, line.title_en),
            spec_text=words.of(line.spec_text, line.spec_text_en),
        )
        for line in cart.lines
    ]
    return msgspec.structs.replace(cart, lines=lines)


async def cart_of(tx: Tx, member_id: UUID) -> Cart:
    """A SKU that no longer exists is left out."""
    quantities = await queries.cart_of(tx, member_id)
    skus = await catalog.skus_for_sale(tx, list(quantities))
    available = await inventory.available(tx, list(quantities))
    lines = [
        line_of(skus[sku_id], quantity=quantity, available=available[sku_id])
        for sku_id, quantity in quantities.items()
        if sku_id in skus
    ]
    return Cart(
        lines=lines,
        goods_minor=sum(line.price_minor * line.quantity for line in lines if line.is_valid),
    )


async def put_in_cart(
    tx: Tx, *, member_id: UUID, sku_id: UUID, quantity: int, now: datetime
) -> Cart:
    """Zero takes it out. More than is left may lie in a cart; it is marked.

    Refuses with NotForSale or CartFull.
    """
    if quantity == 0:
        await queries.remove_lines(tx, member_id, [sku_id])
        return await cart_of(tx, member_id)
    sku = (await catalog.skus_for_sale(tx, [sku_id])).get(sku_id)
    if sku is None or not sku.is_on_sale:
        raise NotForSale(sku_id=sku_id, title=sku.title if sku else "")
    known = await queries.cart_of(tx, member_id)
    if sku_id not in known and len(known) >= LINES_LIMIT:
        raise CartFull(limit=LINES_LIMIT)
    await queries.put_line(tx, member_id, sku_id, quantity=quantity, now=now)
    return await cart_of(tx, member_id)


async def remove_from_cart(tx: Tx, *, member_id: UUID, sku_ids: Sequence[UUID]) -> Cart:
    await queries.remove_lines(tx, member_id, sku_ids)
    return await cart_of(tx, member_id)
