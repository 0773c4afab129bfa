"""SQL of placing orders: what was placed before, and one statement that writes a whole batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from weike import inventory, ledger
from weike.kernel import Tx
from weike.kernel.columns import Columns
from weike.kernel.together import behind
from weike.trade.freight.rules import Template
from weike.trade.model import Placed

if TYPE_CHECKING:
    from weike.trade.order.place_orders import Draft


@dataclass(frozen=True, slots=True)
class Earlier:
    member_id: UUID
    content_hash: bytes
    placed: Placed


async def known_before(
    tx: Tx, order_ids: Sequence[UUID]
) -> tuple[dict[UUID, Earlier], list[Template]]:
    """Which of these orders are there, and the shop's freight templates: one way to the database
    for both, because every batch needs them."""
    rows = await tx.fetch(
        """
        select o.id, o.member_id, o.content_hash, o.number, o.payable_minor, o.expires_at, o.state,
               f.templates
        from (select jsonb_agg(jsonb_build_object(
                         'id', t.id, 'rules', t.rules, 'is_default', t.is_default)) as templates
              from trade.freight_templates t where t.tenant_id = $1) f
        left join trade.orders o on o.tenant_id = $1 and o.id = any($2::uuid[])
        """,
        tx.tenant_id,
        order_ids,
    )
    earlier = {
        row["id"]: Earlier(
            row["member_id"],
            row["content_hash"],
            Placed(
                id=row["id"],
                number=row["number"],
                payable_minor=row["payable_minor"],
                expires_at=row["expires_at"],
                state=row["state"],
            ),
        )
        for row in rows
        if row["id"] is not None
    }
    return earlier, msgspec.convert(rows[0]["templates"] or [], list[Template])


_ANSWER = "select n.id, n.number, (select count(*) from fresh) as posted from numbered n"


@cache
def _whole(own: str, own_count: int, parts: tuple[tuple[str, int], ...]) -> str:
    text, taken = own, own_count
    for part, count in parts:
        text = f"{text}, {behind(part, taken)}"
        taken += count
    return f"{text} {_ANSWER}"


_ORDERS = Columns(
    "o",
    4,
    id="uuid",
    member_id="uuid",
    currency="text",
    goods="bigint",
    discount="bigint",
    freight="bigint",
    payable="bigint",
    address="text",
    remark="text",
    share_code="text?",
    attribution="text",
    content_hash="bytea",
    expires_at="timestamptz",
    delivery_kind="text",
    pickup_point_id="uuid?",
    price_notes="text",
)
_LINES = Columns(
    "l",
    20,
    order_id="uuid",
    position="integer",
    sku_id="uuid",
    product_id="uuid",
    category_id="uuid?",
    title="text",
    title_en="text",
    spec_text="text",
    spec_text_en="text",
    image_url="text?",
    quantity="integer",
    unit_price="bigint",
    list="bigint",
    activity="bigint",
    member="bigint",
    full_reduction="bigint",
    coupon_platform="bigint",
    coupon_store="bigint",
    points="bigint",
    freight_share="bigint",
    paid="bigint",
    cost="bigint?",
    rate="integer?",
)

# The counter gives a block of numbers and keeps its row until the commit, so it comes late: orders
# of one shop in two processes wait for each other here. The number is the day and the count.
_INSERT = f"""
with block as (
    insert into kernel.counters (tenant_id, kind, value)
    values ($1, 'trade.order', cardinality($4::uuid[]))
    on conflict (tenant_id, kind) do update set value = counters.value + excluded.value
    returning value - cardinality($4::uuid[]) as before
), numbered as (
    insert into trade.orders (
        tenant_id, id, number, member_id, state, pay_state, fulfilment_state, refund_state,
        currency, goods_minor, discount_minor, freight_minor, payable_minor, address, remark,
        share_code, attribution, content_hash, placed_at, expires_at, delivery_kind,
        pickup_point_id, price_notes)
    select $1, o.id,
           $2 || lpad((b.before + o.nth)::text, greatest(6, length((b.before + o.nth)::text)), '0'),
           {_ORDERS["member_id"]}, 'placed', 'unpaid', 'none', 'none', {_ORDERS["currency"]},
           {_ORDERS["goods"]}, {_ORDERS["discount"]}, {_ORDERS["freight"]}, {_ORDERS["payable"]},
           {_ORDERS["address"]}::jsonb, {_ORDERS["remark"]}, {_ORDERS["share_code"]},
           {_ORDERS["attribution"]}::jsonb, {_ORDERS["content_hash"]}, $3,
           {_ORDERS["expires_at"]}, {_ORDERS["delivery_kind"]}, {_ORDERS["pickup_point_id"]},
           {_ORDERS["price_notes"]}::jsonb
    from {_ORDERS.source}, block b
    returning id, number
), lines as (
    insert into trade.order_lines (
        tenant_id, order_id, position, sku_id, product_id, category_id, title, title_en,
        spec_text, spec_text_en, image_url, quantity, unit_price_minor, list_minor,
        activity_minor, member_minor, full_reduction_minor, coupon_platform_minor,
        coupon_store_minor, points_minor, freight_share_minor, paid_minor, cost_minor,
        commission_rate_bp)
    select $1, {_LINES["order_id"]}, {_LINES["position"]}, {_LINES["sku_id"]},
           {_LINES["product_id"]}, {_LINES["category_id"]}, {_LINES["title"]},
           {_LINES["title_en"]}, {_LINES["spec_text"]}, {_LINES["spec_text_en"]},
           {_LINES["image_url"]}, {_LINES["quantity"]}, {_LINES["unit_price"]}, {_LINES["list"]},
           {_LINES["activity"]}, {_LINES["member"]}, {_LINES["full_reduction"]},
           {_LINES["coupon_platform"]}, {_LINES["coupon_store"]}, {_LINES["points"]},
           {_LINES["freight_share"]}, {_LINES["paid"]}, {_LINES["cost"]}, {_LINES["rate"]}
    from {_LINES.source}
), told as (
    insert into trade.order_events
        (tenant_id, order_id, id, kind, at, actor_kind, actor_id, reason)
    select $1, e.order_id, e.order_id, 'placed', $3, 'member', coalesce(e.member_id, ($5)[1]), ''
    from unnest($4::uuid[], $5::uuid[]) as e(order_id, member_id)
), emptied as (
    delete from trade.cart_lines c
    using unnest($43::uuid[], $44::uuid[]) as x(member_id, sku_id)
    where c.tenant_id = $1 and c.member_id = x.member_id and c.sku_id = x.sku_id
)
"""  # noqa: S608 - columns of ours


async def insert_orders(
    tx: Tx,
    drafts: Sequence[Draft],
    *,
    holds: Sequence[inventory.HoldAsk],
    transfers: Sequence[ledger.Transfer],
    day: str,
    now: datetime,
) -> dict[UUID, str]:
    """Numbers by order.

    Orders, lines, timeline, counter and carts, with what inventory, ledger and the outbox give to
    be written beside them, in one statement: the way to the database and back costs more than the
    rows.
    """
    own = [tx.tenant_id, day, now, *_arguments(drafts)]
    parts = (inventory.holding(holds, now=now), ledger.posting(transfers), tx.announcing())
    rows = await tx.fetch(
        _whole(_INSERT, len(own), tuple((text, len(arguments)) for text, arguments in parts)),
        *own,
        *(argument for _, arguments in parts for argument in arguments),
    )
    if len(rows) != len(drafts) or rows[0]["posted"] != len(transfers):
        raise AssertionError("orders and transfers that are new were there already")
    return {row["id"]: row["number"] for row in rows}


def _arguments(drafts: Sequence[Draft]) -> Iterator[object]:
    """What _INSERT takes from $4 on."""
    asks, baskets = [draft.ask for draft in drafts], [draft.basket for draft in drafts]
    yield from _ORDERS.arguments(
        id=[ask.order_id for ask in asks],
        member_id=[ask.member_id for ask in asks],
        currency=[basket.currency for basket in baskets],
        goods=[draft.sums.goods_minor for draft in drafts],
        discount=[draft.sums.discount_minor for draft in drafts],
        freight=[draft.sums.freight_minor for draft in drafts],
        payable=[draft.sums.payable_minor for draft in drafts],
        address=[_json(draft.address) for draft in drafts],
        remark=[ask.remark for ask in asks],
        share_code=[ask.share_code for ask in asks],
        attribution=[_json(draft.attribution) for draft in drafts],
        content_hash=[draft.content_hash for draft in drafts],
        expires_at=[draft.expires_at for draft in drafts],
        delivery_kind=[basket.delivery_kind for basket in baskets],
        pickup_point_id=[draft.pickup_point_id for draft in drafts],
        price_notes=[_json(basket.notes) if basket.taken else "[]" for basket in baskets],
    )
    bought = [
        (ask, position, line)
        for ask, basket in zip(asks, baskets, strict=True)
        for position, line in enumerate(basket.lines)
    ]
    lines = [line for _, _, line in bought]
    yield from _LINES.arguments(
        order_id=[ask.order_id for ask, _, _ in bought],
        position=[position for _, position, _ in bought],
        sku_id=[line.sku_id for line in lines],
        product_id=[line.product_id for line in lines],
        category_id=[line.category_id for line in lines],
        title=[line.title for line in lines],
        title_en=[line.title_en for line in lines],
        spec_text=[line.spec_text for line in lines],
        spec_text_en=[line.spec_text_en for line in lines],
        image_url=[line.image_url for line in lines],
        quantity=[line.quantity for line in lines],
        unit_price=[line.unit_price_minor for line in lines],
        list=[line.list_minor for line in lines],
        activity=[line.activity_minor for line in lines],
        member=[line.member_minor for line in lines],
        full_reduction=[line.full_reduction_minor for line in lines],
        coupon_platform=[line.coupon_platform_minor for line in lines],
        coupon_store=[line.coupon_store_minor for line in lines],
        points=[line.points_minor for line in lines],
        freight_share=[line.freight_share_minor for line in lines],
        paid=[line.paid_minor for line in lines],
        cost=[line.cost_minor for line in lines],
        rate=[line.commission_rate_bp for line in lines],
    )
    yield [ask.member_id for ask, _, _ in bought if ask.from_cart]
    yield [line.sku_id for ask, _, line in bought if ask.from_cart]


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
