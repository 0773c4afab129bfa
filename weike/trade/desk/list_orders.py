"""Orders in the console's list, and as files."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from weike import members, tenancy
from weike.kernel import Database, Page, Record, TenantId, Tx, encode_cursor
from weike.kernel.edge.sheets import Row, rows_by_page, yuan
from weike.kernel.words import Words
from weike.trade.desk import queries
from weike.trade.desk.question import DeskQuestion
from weike.trade.order import reading_queries
from weike.trade.order.show_orders import attribution_of, courier_name, kept_address
from weike.trade.order.show_shop_orders import Buyer, ShopOrderRow, buyer_of, staff_actions

_PAGE = 300
COLUMNS = (
    *("number", "state", "fulfilment", "placed_at", "paid_at", "paid_by", "buyer"),
    *("title", "spec", "quantity", "unit_price", "line_paid", "line_refunded"),
    *("order_payable", "freight", "discount", "refunded"),
    *("delivery", "receiver", "phone", "address", "tracking", "remark"),
)
"""Headings are `trade.column.<key>` in the texts. A row is a line of an order."""


async def desk_orders(
    tx: Tx, question: DeskQuestion, *, after: queries.After | None, limit: int, words: Words
) -> Page[ShopOrderRow]:
    rows = await queries.orders(tx, question, after=after, limit=limit + 1)
    lines = await reading_queries.lines_of_orders(tx, [row["id"] for row in rows[:limit]])
    promoters = {row["id"]: attribution_of(row).promoter_id for row in rows}
    people = {row["member_id"] for row in rows} | {one for one in promoters.values() if one}
    cards = await members.member_cards(tx, sorted(people))
    shown = [
        _row(row, lines[row["id"]], promoters[row["id"]], cards, words) for row in rows[:limit]
    ]
    more = len(rows) > limit
    end = encode_cursor(queries.after_of(rows[limit - 1], question.sort)) if more else None
    return Page(shown, end)


def _row(
    row: Record,
    lines: Sequence[Record],
    promoter_id: UUID | None,
    cards: Mapping[UUID, members.MemberCard],
    words: Words,
) -> ShopOrderRow:
    promoter = cards.get(promoter_id) if promoter_id else None
    name, tail = row["receiver_name"] or "", row["receiver_tail"] or ""
    return ShopOrderRow(
        id=row["id"],
        number=row["number"],
        state=row["state"],
        pay_state=row["pay_state"],
        refund_state=row["refund_state"],
        fulfilment_state=row["fulfilment_state"],
        delivery_kind=row["delivery_kind"],
        paid_by=row["paid_by"],
        receiver=f"{name[:1]}** {tail}" if name else "",
        member=buyer_of(row["member_id"], cards),
        placed_at=row["placed_at"],
        paid_at=row["paid_at"],
        payable_minor=row["payable_minor"],
        promoter_nickname=promoter.nickname if promoter else None,
        lines_count=len(lines),
        first_image_url=lines[0]["image_url"],
        first_title=words.of(lines[0]["title"], lines[0]["title_en"]),
        actions=staff_actions(row["state"], row["pay_state"], row["fulfilment_state"]),
    )


def headings(words: Words) -> list[str]:
    return [words(f"trade.column.{key}") for key in COLUMNS]


def export_rows(
    database: Database,
    tenant_id: TenantId,
    question: DeskQuestion,
    *,
    seal: members.PhoneSeal | None,
    words: Words,
) -> AsyncIterator[Row]:
    """Line by line, in the order asked. Without a seal, receivers stay masked."""

    async def page(tx: Tx, after: queries.After | None) -> tuple[list[Row], queries.After | None]:
        rows = await queries.orders(tx, question, after=after, limit=_PAGE)
        ids = [row["id"] for row in rows]
        lines = await reading_queries.lines_of_orders(tx, ids)
        numbers = await queries.numbers_of_parcels(tx, ids)
        cards = await members.member_cards(tx, sorted({row["member_id"] for row in rows}))
        zone = ZoneInfo((await tenancy.shop_settings(tx)).time_zone)
        out: list[Row] = []
        for row in rows:
            snapshot = kept_address(row)
            address = (
                seal.open_address(tx.tenant_id, snapshot)
                if seal and snapshot.phone_cipher
                else members.masked_address(snapshot)
            )
            parcels = [f"{courier_name(c, words)} {no}" for c, no in numbers.get(row["id"], [])]
            buyer = buyer_of(row["member_id"], cards)
            for line in lines[row["id"]]:
                out.append(_cells(row, line, buyer, address, parcels, zone, words))
        return out, queries.after_of(rows[-1], question.sort) if len(rows) == _PAGE else None

    return rows_by_page(database, tenant_id, page)


def _cells(
    row: Record,
    line: Record,
    buyer: Buyer,
    address: members.Address,
    parcels: Sequence[str],
    zone: ZoneInfo,
    words: Words,
) -> Row:
    def moment(at: datetime | None) -> str:
        return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}" if at else ""

    place = (address.province, address.city, address.district, address.street)
    return [
        row["number"],
        words(f"trade.state.{row['state']}"),
        words(f"trade.fulfilment.{row['fulfilment_state']}"),
        moment(row["placed_at"]),
        moment(row["paid_at"]),
        words(f"trade.way.{row['paid_by']}") if row["paid_by"] else "",
        buyer.nickname,
        words.of(line["title"], line["title_en"]),
        words.of(line["spec_text"], line["spec_text_en"]),
        line["quantity"],
        yuan(line["unit_price_minor"]),
        yuan(line["paid_minor"]),
        yuan(line["refunded_minor"]),
        yuan(row["payable_minor"]),
        yuan(row["freight_minor"]),
        yuan(row["discount_minor"]),
        yuan(row["refunded_minor"]),
        words(f"trade.delivery.{row['delivery_kind']}"),
        address.name,
        address.phone,
        "".join(dict.fromkeys(place)),
        "; ".join(parcels),
        row["remark"],
    ]


class PickedGood(msgspec.Struct, frozen=True, kw_only=True):
    """So many pieces of one SKU are to be taken off the shelf."""

    sku_id: UUID
    title: str
    spec_text: str
    image_url: str | None
    quantity: int


class PickedLine(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    spec_text: str
    quantity: int


class PickedOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What goes into the parcels of one order."""

    id: UUID
    number: str
    placed_at: datetime
    delivery_kind: str
    receiver: str
    region: str
    remark: str
    lines: list[PickedLine]


class PickingList(msgspec.Struct, frozen=True, kw_only=True):
    goods: list[PickedGood]
    orders: list[PickedOrder]


async def picking_list(tx: Tx, *, order_ids: Sequence[UUID], words: Words) -> PickingList:
    """Of those of these orders that wait to be shipped; what is delivered by itself is not in
    it because it is handed over already."""
    rows = [
        row
        for row in await queries.orders_by_id(tx, order_ids)
        if (row["state"], row["pay_state"]) == ("paid", "paid")
    ]
    left = await queries.pieces_left(tx, [row["id"] for row in rows])
    goods: dict[UUID, PickedGood] = {}
    lines: dict[UUID, list[PickedLine]] = {}
    for one in left:
        title = words.of(one["title"], one["title_en"])
        spec_text = words.of(one["spec_text"], one["spec_text_en"])
        before = goods.get(one["sku_id"])
        goods[one["sku_id"]] = PickedGood(
            sku_id=one["sku_id"],
            title=title,
            spec_text=spec_text,
            image_url=one["image_url"],
            quantity=one["left"] + (before.quantity if before else 0),
        )
        lines.setdefault(one["order_id"], []).append(
            PickedLine(title=title, spec_text=spec_text, quantity=one["left"])
        )
    orders = []
    for row in rows:
        if row["id"] not in lines:
            continue
        address = kept_address(row)
        orders.append(
            PickedOrder(
                id=row["id"],
                number=row["number"],
                placed_at=row["placed_at"],
                delivery_kind=row["delivery_kind"],
                receiver=f"{address.name[:1]}** {address.phone_tail}" if address.name else "",
                region="".join(dict.fromkeys((address.province, address.city, address.district))),
                remark=row["remark"],
                lines=lines[row["id"]],
            )
        )
    by_title = sorted(goods.values(), key=lambda good: (good.title, good.spec_text))
    return PickingList(goods=by_title, orders=orders)
