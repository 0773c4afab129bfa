"""Deliver at payment what nobody carries: virtual goods by their note, card keys one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from weike import catalog, payment
from weike.kernel import Tx, derived_id
from weike.trade.errors import KeysShort
from weike.trade.fulfilment import queries
from weike.trade.fulfilment.keys import queries as key_queries
from weike.trade.fulfilment.model import Line, ParcelKind
from weike.trade.fulfilment.shipped_pieces import hand_over
from weike.trade.model import BY_PAYMENT
from weike.trade.order import queries as order_queries

_KINDS: dict[catalog.ProductKind, ParcelKind] = {
    catalog.ProductKind.VIRTUAL: "virtual",
    catalog.ProductKind.CARD_KEY: "card_key",
}

_WAYS = {"alipay_wap": "alipay", "alipay_page": "alipay", "balance": "balance"}
"""All others are ways of WeChat Pay."""


async def deliver_at_payment(
    tx: Tx, *, order_id: UUID, product_ids: Sequence[UUID], now: datetime
) -> None:
    """Being told again does nothing. Refuses with KeysShort: fewer keys are left than were sold,
    which only somebody who removed keys past their stock can bring about; it is tried again."""
    ways = await catalog.hand_overs(tx, product_ids)
    if all(way.kind not in _KINDS for way in ways.values()):
        return
    order = await order_queries.lock_order(tx, order_id)
    if (order.state, order.pay_state) != ("paid", "paid"):
        return
    lines = [line for line in await queries.lines_of(tx, order_id) if line.left]
    for product_kind, kind in _KINDS.items():
        these = [line for line in lines if ways[line.product_id].kind is product_kind]
        if not these:
            continue
        parcel_id = await _parcel_id(tx, order_id, kind)
        if kind == "card_key":
            await _give_keys(tx, order_id, these, now=now)
        await hand_over(
            tx,
            order,
            parcel_id,
            kind=kind,
            pieces={line.position: line.left for line in these},
            actor=BY_PAYMENT,
            told_whole="delivered",
            told_part="delivered",
            note=_note(these, ways),
            now=now,
        )


async def _parcel_id(tx: Tx, order_id: UUID, kind: ParcelKind) -> UUID:
    """What a case held back at payment is a parcel of its own when it closes."""
    before = sum(parcel.kind == kind for parcel in await queries.parcels_of(tx, order_id))
    return derived_id(
        order_id, f"trade.parcel:{kind}:{before}" if before else f"trade.parcel:{kind}"
    )


async def note_way_of_payment(tx: Tx, *, order_id: UUID) -> None:
    """What the order desk filters by; being told again does nothing."""
    intent = await payment.intent_of(tx, order_id)
    way = "free" if intent is None else _WAYS.get(intent.method, "wechat")
    await queries.mark_paid_by(tx, order_id, way)


async def _give_keys(tx: Tx, order_id: UUID, lines: Sequence[Line], *, now: datetime) -> None:
    for line in sorted(lines, key=lambda line: line.sku_id):
        given = await key_queries.give_free_keys(
            tx,
            line.sku_id,
            wanted=line.left,
            order_id=order_id,
            position=line.position,
            now=now,
        )
        if given < line.left:
            raise KeysShort(wanted=line.left, left=given)


def _note(lines: Sequence[Line], ways: Mapping[UUID, catalog.HandOver]) -> str:
    """What the merchant wrote for each product, once, as it was when it was paid."""
    notes = dict.fromkeys(ways[line.product_id].note for line in lines)
    return "\n\n".join(note for note in notes if note)
