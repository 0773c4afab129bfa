"""An English reader meets no Chinese name: in the cart, at the checkout, in an order."""

from __future__ import annotations

from datetime import datetime

import msgspec

from tests.members.builders import seal
from tests.trade.builders import open_stall, placed
from weike import catalog, trade
from weike.entry.contexts import contexts
from weike.kernel import Tx
from weike.kernel.texts import load_texts
from weike.kernel.words import Words
from weike.trade.cart import keep_cart
from weike.trade.model import AskedLine, Choices, Delivery
from weike.trade.order.preview_order import preview_order
from weike.trade.order.show_orders import my_order

TEXTS = load_texts(contexts())
FLAVOUR = catalog.Spec("口味", ("原味", "蒜香"), "Flavour", ("Plain", ""))


async def test_specs_are_told_in_the_readers_language(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now, prices=(12800,))
    sku_id, buyer = stall.skus[0], stall.buyer
    sku = (await catalog.skus_for_sale(tx, [sku_id]))[sku_id]
    [product] = await catalog.products_by_id(tx, [sku.product_id])
    [kept] = product.draft.skus
    draft = msgspec.structs.replace(
        product.draft,
        title_en="Rolls",
        specs=(FLAVOUR,),
        skus=(msgspec.structs.replace(kept, spec_values=("原味",)),),
    )
    await catalog.put_product(
        tx, product_id=product.id, draft=draft, version=product.version, now=now
    )
    order = await placed(tx, stall, now)
    await keep_cart.put_in_cart(tx, member_id=buyer.member_id, sku_id=sku_id, quantity=1, now=now)

    for language, told in (("en", ("Rolls", "Plain")), ("zh", (draft.title, "原味"))):
        words = Words(TEXTS, language)
        cart = keep_cart.in_words(await keep_cart.cart_of(tx, buyer.member_id), words)
        preview = await preview_order(
            tx,
            trade.Ports(),
            member_id=buyer.member_id,
            lines=(AskedLine(sku_id, 1),),
            delivery=Delivery(address_id=buyer.address_id),
            choices=Choices(),
            share_code=None,
            words=words,
            now=now,
        )
        shown = await my_order(
            tx, order_id=order.id, member_id=buyer.member_id, seal=seal, words=words, now=now
        )
        for line in (cart.lines[0], preview.lines[0], shown.lines[0]):
            assert (line.title, line.spec_text) == told

    # What was bought stays what it was called then.
    renamed = msgspec.structs.replace(FLAVOUR, values_en=("Natural", ""))
    [product] = await catalog.products_by_id(tx, [sku.product_id])
    await catalog.put_product(
        tx,
        product_id=product.id,
        draft=msgspec.structs.replace(draft, specs=(renamed,)),
        version=product.version,
        now=now,
    )
    shown = await my_order(
        tx,
        order_id=order.id,
        member_id=buyer.member_id,
        seal=seal,
        words=Words(TEXTS, "en"),
        now=now,
    )
    assert shown.lines[0].spec_text == "Plain"
