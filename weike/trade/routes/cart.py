"""The buyer's cart over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import get, post, put
from litestar.handlers import HTTPRouteHandler
from msgspec import Meta, Struct

from weike.kernel import Database
from weike.kernel.edge import MEMBER, Caller
from weike.kernel.words import Words
from weike.trade.cart.keep_cart import Cart, cart_of, in_words, put_in_cart, remove_from_cart
from weike.trade.price.price_baskets import PIECES_LIMIT


class CartLineAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    """`quantity` replaces what was there; 0 removes the line."""

    quantity: Annotated[int, Meta(ge=0, le=PIECES_LIMIT)]


class CartLinesGone(Struct, forbid_unknown_fields=True, kw_only=True):
    sku_ids: Annotated[list[UUID], Meta(min_length=1, max_length=100)]


@get("/api/shop/cart", opt=MEMBER, operation_id="get_cart", tags=["shop"])
async def get_cart(caller: Caller, database: Database, words: Words) -> Cart:
    member_id = caller.member_id
    return in_words(await database.run(caller.tenant_id, lambda tx: cart_of(tx, member_id)), words)


@put("/api/shop/cart/{sku_id:uuid}", opt=MEMBER, operation_id="put_in_cart", tags=["shop"])
async def put_cart_line(
    caller: Caller,
    database: Database,
    sku_id: UUID,
    data: CartLineAsked,
    words: Words,
    now: datetime,
) -> Cart:
    member_id = caller.member_id
    cart = await database.run(
        caller.tenant_id,
        lambda tx: put_in_cart(
            tx, member_id=member_id, sku_id=sku_id, quantity=data.quantity, now=now
        ),
    )
    return in_words(cart, words)


@post(
    "/api/shop/cart/remove",
    opt=MEMBER,
    operation_id="remove_from_cart",
    status_code=200,
    tags=["shop"],
)
async def remove_cart_lines(
    caller: Caller, database: Database, data: CartLinesGone, words: Words
) -> Cart:
    member_id = caller.member_id
    cart = await database.run(
        caller.tenant_id,
        lambda tx: remove_from_cart(tx, member_id=member_id, sku_ids=data.sku_ids),
    )
    return in_words(cart, words)


CART_ROUTES: tuple[HTTPRouteHandler, ...] = (get_cart, put_cart_line, remove_cart_lines)
