"""What staff at a counter see of a code: what to hand over, to whom, where."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from weike.kernel import Tx
from weike.kernel.words import Words
from weike.trade.errors import UnknownOrder
from weike.trade.fulfilment.pickup.codes import HandOver
from weike.trade.order import reading_queries
from weike.trade.order.show_orders import PickupView, kept_address, pickup_view


class HandOverLine(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    spec_text: str
    image_url: str | None
    quantity: int


class HandOverView(msgspec.Struct, frozen=True, kw_only=True):
    """`receiver` is who said they would come: whole name, last four digits."""

    order_id: UUID
    number: str
    ready_at: datetime
    receiver: str
    phone_tail: str
    remark: str
    pickup: PickupView | None
    lines: list[HandOverLine]


async def hand_over_view(tx: Tx, hand_over: HandOver, words: Words) -> HandOverView:
    row = await reading_queries.order_by_id(tx, hand_over.order_id, member_id=None)
    if row is None:
        raise UnknownOrder()
    lines = (await reading_queries.lines_of_orders(tx, [hand_over.order_id]))[hand_over.order_id]
    address = kept_address(row)
    return HandOverView(
        order_id=hand_over.order_id,
        number=hand_over.number,
        ready_at=hand_over.ready_at,
        receiver=address.name,
        phone_tail=address.phone_tail,
        remark=row["remark"],
        pickup=await pickup_view(tx, row),
        lines=[
            HandOverLine(
                title=words.of(line["title"], line["title_en"]),
                spec_text=words.of(line["spec_text"], line["spec_text_en"]),
                image_url=line["image_url"],
                quantity=hand_over.pieces[line["position"]],
            )
            for line in lines
            if line["position"] in hand_over.pieces
        ],
    )
