"""SQL of placing orders: what was placed before, and one statement that writes a whole batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from weike import inventory, ledger
from weike.kernel import Tx
from weike.kernel.together import behind
from weike.trade.freight.rules import Template
from weike.trade.model import Placed
from weike.trade.ports import Attribution

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


# The counter gives a block of numbers and keeps its row until the commit, so it comes late: orders
# of one shop in two processes wait for each other here. The number is the day and the count.
_INSERT = """
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
           o.member_id, 'placed', 'unpaid', 'none', 'none', o.currency, o.goods, o.discount,
           o.freight, o.payable, o.address::jsonb, o.remark, o.share_code, o.attribution::jsonb,
           o.content_hash, $3, o.expires_at, o.delivery_kind, o.pickup_point_id,
           o.price_notes::jsonb
    from unnest($4::uuid[], $5::uuid[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[],
                $10::bigint[], $11::text[], $12::text[], $13::text[], $14::text[], $15::bytea[],
                $16::timestamptz[], $41::text[], $42::uuid[], $43::text[]) with ordinality
         as o(id, member_id, currency, goods, discount, freight, payable, address, remark,
              share_code, attribution, content_hash, expires_at, delivery_kind,
              pickup_point_id, price_notes, nth),
         block b
    returning id, number
), lines as (
    insert into trade.order_lines (
        tenant_id, order_id, position, sku_id, product_id, category_id, title, spec_text,
        image_url, quantity, unit_price_minor, list_minor, activity_minor, member_minor,
        full_reduction_minor, coupon_platform_minor, coupon_store_minor, points_minor,
        freight_share_minor, paid_minor, cost_minor, commission_rate_bp, title_en,
        spec_text_en)
    select $1, l.order_id, l.position, l.sku_id, l.product_id, l.category_id, l.title,
           l.spec_text, l.image_url, l.quantity, l.unit_price, l.list, l.activity, l.member,
           l.full_reduction, l.coupon_platform, l.coupon_store, l.points, l.freight_share,
           l.paid, l.cost, l.rate, l.title_en, l.spec_text_en
    from unnest($17::uuid[], $18::integer[], $19::uuid[], $20::uuid[], $21::uuid[], $22::text[],
                $23::text[], $24::text[], $25::integer[], $26::bigint[], $27::bigint[],
                $28::bigint[], $29::bigint[], $30::bigint[], $31::bigint[], $32::bigint[],
                $33::bigint[], $34::bigint[], $35::bigint[], $36::bigint[], $37::integer[],
                $40::text[], $44::text[])
         as l(order_id, position, sku_id, product_id, category_id, title, spec_text, image_url,
              quantity, unit_price, list, activity, member, full_reduction, coupon_platform,
              coupon_store, points, freight_share, paid, cost, rate,
              title_en, spec_text_en)
), told as (
    insert into trade.order_events
        (tenant_id, order_id, id, kind, at, actor_kind, actor_id, reason)
    select $1, e.order_id, e.order_id, 'placed', $3, 'member', e.member_id, ''
    from unnest($4::uuid[], $5::uuid[]) as e(order_id, member_id)
), emptied as (
    delete from trade.cart_lines c
    using unnest($38::uuid[], $39::uuid[]) as x(member_id, sku_id)
    where c.tenant_id = $1 and c.member_id = x.member_id and c.sku_id = x.sku_id
)
"""


async def insert_orders(
    tx: Tx,
    drafts: Sequence[Draft],
    attributions: Mapping[UUID, Attribution],
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
    own = [tx.tenant_id, day, now, *_arguments(drafts, attributions)]
    parts = (inventory.holding(holds, now=now), ledger.posting(transfers), tx.announcing())
    rows = await tx.fetch(
        _whole(_INSERT, len(own), tuple((text, len(arguments)) for text, arguments in parts)),
        *own,
        *(argument for _, arguments in parts for argument in arguments),
    )
    if len(rows) != len(drafts) or rows[0]["posted"] != len(transfers):
        raise AssertionError("orders and transfers that are new were there already")
    return {row["id"]: row["number"] for row in rows}


def _arguments(
    drafts: Sequence[Draft], attributions: Mapping[UUID, Attribution]
) -> Iterator[object]:
    """What _INSERT takes from $4 on, in its order."""
    asks, baskets = [draft.ask for draft in drafts], [draft.basket for draft in drafts]
    yield [ask.order_id for ask in asks]
    yield [ask.member_id for ask in asks]
    yield [basket.currency for basket in baskets]
    yield [basket.goods_minor for basket in baskets]
    yield [basket.discount_minor for basket in baskets]
    yield [basket.freight_minor for basket in baskets]
    yield [basket.payable_minor for basket in baskets]
    yield [_json(draft.address) for draft in drafts]
    yield [ask.remark for ask in asks]
    yield [ask.share_code for ask in asks]
    yield [_json(attributions[ask.order_id]) for ask in asks]
    yield [draft.content_hash for draft in drafts]
    yield [draft.expires_at for draft in drafts]
    yield from _line_arguments(drafts)
    bought = [
        (ask, line) for ask, basket in zip(asks, baskets, strict=True) for line in basket.lines
    ]
    yield [ask.member_id for ask, _ in bought if ask.from_cart]
    yield [line.sku_id for ask, line in bought if ask.from_cart]
    yield [line.title_en for _, line in bought]
    yield [basket.delivery_kind for basket in baskets]
    yield [draft.pickup_point_id for draft in drafts]
    yield [_json(basket.notes) for basket in baskets]
    yield [line.spec_text_en for _, line in bought]


def _line_arguments(drafts: Sequence[Draft]) -> Iterator[object]:
    """From $17 to $37."""
    placed = [(draft.ask.order_id, draft.basket.lines) for draft in drafts]
    lines = [line for _, some in placed for line in some]
    yield [order_id for order_id, some in placed for _ in some]
    yield [position for _, some in placed for position in range(len(some))]
    yield [line.sku_id for line in lines]
    yield [line.product_id for line in lines]
    yield [line.category_id for line in lines]
    yield [line.title for line in lines]
    yield [line.spec_text for line in lines]
    yield [line.image_url for line in lines]
    yield [line.quantity for line in lines]
    yield [line.unit_price_minor for line in lines]
    yield [line.list_minor for line in lines]
    yield [line.activity_minor for line in lines]
    yield [line.member_minor for line in lines]
    yield [line.full_reduction_minor for line in lines]
    yield [line.coupon_platform_minor for line in lines]
    yield [line.coupon_store_minor for line in lines]
    yield [line.points_minor for line in lines]
    yield [line.freight_share_minor for line in lines]
    yield [line.paid_minor for line in lines]
    yield [line.cost_minor for line in lines]
    yield [line.commission_rate_bp for line in lines]


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
