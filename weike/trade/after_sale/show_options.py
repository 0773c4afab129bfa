"""What a buyer may ask for on an order, and what it would bring: before anything is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from weike import catalog
from weike.kernel import Invalid, Tx
from weike.kernel.words import Words
from weike.trade.after_sale import queries
from weike.trade.after_sale.errors import TooManyPiecesBack
from weike.trade.after_sale.model import (
    REASONS,
    AskedPieces,
    CaseLine,
    Kind,
    limits_of,
)
from weike.trade.after_sale.pieces import at_home, carried
from weike.trade.errors import UnknownOrder
from weike.trade.order import queries as order_queries
from weike.trade.order import reading_queries


class OfferedLine(msgspec.Struct, frozen=True, kw_only=True):
    """`pieces_left` may be asked about, `unshipped` of them never left the house. `case_number`:
    the line is in that open case already."""

    position: int
    product_id: UUID
    sku_id: UUID
    title: str
    spec_text: str
    image_url: str | None
    unit_price_minor: int
    quantity: int
    pieces_left: int
    unshipped: int
    goods_left_minor: int
    kinds: list[str]
    case_number: str | None


class ReasonOffered(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    text: str
    sellers_fault: bool


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """`until`: the end of the guarantee; null while it is not received."""

    order_id: UUID
    number: str
    state: str
    can_ask: bool
    until: datetime | None
    lines: list[OfferedLine]
    reasons: list[ReasonOffered]


class Worth(msgspec.Struct, frozen=True, kw_only=True):
    """`usual_minor` may be asked for; the merchant may agree to `most_minor`."""

    goods_minor: int
    freight_minor: int
    usual_minor: int
    most_minor: int
    includes_freight: bool


class VariantOffered(msgspec.Struct, frozen=True, kw_only=True):
    sku_id: UUID
    spec_text: str
    image_url: str | None


async def offered(
    tx: Tx, *, order_id: UUID, member_id: UUID | None, words: Words, now: datetime
) -> Offered:
    """Refuses with UnknownOrder."""
    row = await reading_queries.order_by_id(tx, order_id, member_id=member_id)
    if row is None:
        raise UnknownOrder()
    order = await order_queries.order_row(tx, order_id)
    lines = await order_queries.lines_of(tx, order_id)
    shown = {
        line["position"]: line
        for line in (await reading_queries.lines_of_orders(tx, [order_id]))[order_id]
    }
    in_house = await at_home(tx, order, lines)
    can_come_back = await carried(tx, lines)
    taken = await queries.lines_in_open_cases(tx, order_id)
    in_time = order.state in ("paid", "shipped", "received") and not (
        order.state == "received"
        and order.settle_at is not None
        and order.after_sale_since is None
        and order.settle_at <= now
    )
    offered_lines = [
        OfferedLine(
            position=line.position,
            product_id=line.product_id,
            sku_id=line.sku_id,
            title=words.of(line.title, shown[line.position]["title_en"]),
            spec_text=words.of(
                shown[line.position]["spec_text"], shown[line.position]["spec_text_en"]
            ),
            image_url=shown[line.position]["image_url"],
            unit_price_minor=line.unit_price_minor,
            quantity=line.quantity,
            pieces_left=line.money.pieces_left,
            unshipped=in_house[line.position],
            goods_left_minor=line.money.goods_left_minor,
            kinds=_kinds(
                line, in_house[line.position], can_come_back=line.position in can_come_back
            ),
            case_number=taken.get(line.position),
        )
        for line in lines
    ]
    return Offered(
        order_id=order_id,
        number=order.number,
        state=order.state,
        can_ask=in_time
        and order.pay_state == "paid"
        and any(line.kinds and line.case_number is None for line in offered_lines),
        until=order.settle_at if order.state == "received" else None,
        lines=offered_lines,
        reasons=[
            ReasonOffered(
                code=code, text=words(f"trade.after_sale.reason.{code}"), sellers_fault=fault
            )
            for code, fault in REASONS.items()
        ],
    )


def _kinds(line: order_queries.LineRow, at_home: int, *, can_come_back: bool) -> list[str]:
    kinds = []
    if line.money.pieces_left:
        kinds.append("refund_only")
    if can_come_back and line.money.pieces_left > at_home:
        kinds += ["return", "exchange"]
    if line.money.goods_left_minor:
        kinds.append("price_difference")
    return kinds


async def worth(
    tx: Tx,
    *,
    order_id: UUID,
    member_id: UUID | None,
    kind: Kind,
    asked: Sequence[AskedPieces],
    reason_code: str,
) -> Worth:
    """What such a wish would bring. Refuses with UnknownOrder, Invalid, TooManyPiecesBack."""
    if await reading_queries.order_by_id(tx, order_id, member_id=member_id) is None:
        raise UnknownOrder()
    order = await order_queries.order_row(tx, order_id)
    lines = {line.position: line for line in await order_queries.lines_of(tx, order_id)}
    in_house = await at_home(tx, order, list(lines.values()))
    if reason_code not in REASONS or not asked:
        raise Invalid(field="reason_code" if asked else "lines")
    case_lines = []
    for one in asked:
        line = lines.get(one.position)
        if line is None:
            raise Invalid(field="lines")
        quantity = 0 if kind == "price_difference" else one.quantity
        if quantity > line.money.pieces_left or (kind != "price_difference" and quantity < 1):
            raise TooManyPiecesBack(field="lines", left=line.money.pieces_left)
        still = min(quantity, in_house[one.position]) if kind == "refund_only" else 0
        case_lines.append(
            CaseLine(position=one.position, quantity=quantity, unshipped_quantity=still)
        )
    limits = limits_of(
        kind, reason_code, case_lines, {at: line.money for at, line in lines.items()}
    )
    return Worth(
        goods_minor=limits.goods_minor,
        freight_minor=limits.freight_minor,
        usual_minor=limits.usual_minor,
        most_minor=limits.most_minor,
        includes_freight=limits.includes_freight,
    )


async def variants(
    tx: Tx, *, order_id: UUID, position: int, member_id: UUID | None, words: Words
) -> list[VariantOffered]:
    """What a line may be exchanged for: its own SKU, or others of the product at its price."""
    if await reading_queries.order_by_id(tx, order_id, member_id=member_id) is None:
        raise UnknownOrder()
    lines = {line.position: line for line in await order_queries.lines_of(tx, order_id)}
    line = lines.get(position)
    if line is None:
        raise Invalid(field="position")
    products = await catalog.products_by_id(tx, [line.product_id])
    ids = [sku.id for product in products for sku in product.draft.skus]
    skus = await catalog.skus_for_sale(tx, sorted({line.sku_id, *ids}))
    return [
        VariantOffered(
            sku_id=sku.sku_id,
            spec_text=words.of(sku.spec_text, sku.spec_text_en),
            image_url=sku.media_url,
        )
        for sku in skus.values()
        if sku.sku_id == line.sku_id
        or (sku.is_on_sale and sku.price.minor == line.unit_price_minor)
    ]
