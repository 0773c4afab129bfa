"""SQL of reading orders: lists, counts, one order with all that belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from weike.kernel import Record, Tx
from weike.trade.model import EVENT_KINDS

AfterKey = tuple[datetime, UUID]

_ROW = (
    "o.id, o.number, o.member_id, o.state, o.pay_state, o.refund_state, o.placed_at, o.expires_at, "
    "o.paid_at, o.payable_minor, o.attribution, o.delivery_kind, o.fulfilment_state, o.paid_by, "
    "o.receiver_name, o.receiver_tail"
)

# What a person means by the name of a list. "refunded" is money back, or on its way back.
_STATES = {
    "all": "true",
    "placed": "o.state = 'placed'",
    "paid": "o.state = 'paid' and o.pay_state = 'paid'",
    "shipped": "o.state = 'shipped'",
    "received": "o.state in ('received', 'settled')",
    "settled": "o.state = 'settled'",
    "cancelled": "o.state = 'cancelled'",
    "refunding": "(o.pay_state = 'refunding' or o.refunding_minor > 0)",
    "refunded": "(o.refund_state <> 'none' or o.pay_state in ('refunding', 'refunded'))",
}
# The shop keeps apart what still waits for its settlement; to the buyer both are done.
_SHOP_STATES = _STATES | {"received": "o.state = 'received'"}
LISTS = tuple(_STATES)


async def orders_of_member(
    tx: Tx, member_id: UUID, *, state: str, after: AfterKey | None, limit: int
) -> list[Record]:
    return await tx.fetch(
        f"""
        select {_ROW} from trade.orders o
        where o.tenant_id = $1 and o.member_id = $2 and {_STATES[state]}
          and ($3::timestamptz is null or (o.placed_at, o.id) < ($3, $4))
        order by o.placed_at desc, o.id desc
        limit $5
        """,  # noqa: S608 - constants of this file
        tx.tenant_id,
        member_id,
        after[0] if after else None,
        after[1] if after else None,
        limit,
    )


async def counts(tx: Tx, *, member_id: UUID | None) -> dict[str, int]:
    """How many orders each list has, of one member or of the shop."""
    states = _SHOP_STATES if member_id is None else _STATES
    columns = ", ".join(
        f"count(*) filter (where {where}) as {name}" for name, where in states.items()
    )
    row = await tx.fetchrow(
        f"""
        select {columns} from trade.orders o
        where o.tenant_id = $1 and ($2::uuid is null or o.member_id = $2)
        """,  # noqa: S608 - constants of this file
        tx.tenant_id,
        member_id,
    )
    return dict(row) if row else {}


async def order_by_id(tx: Tx, order_id: UUID, *, member_id: UUID | None) -> Record | None:
    return await tx.fetchrow(
        """
        select o.* from trade.orders o
        where o.tenant_id = $1 and o.id = $2 and ($3::uuid is null or o.member_id = $3)
        """,
        tx.tenant_id,
        order_id,
        member_id,
    )


async def lines_of_orders(tx: Tx, order_ids: Sequence[UUID]) -> dict[UUID, list[Record]]:
    rows = await tx.fetch(
        """
        select l.* from trade.order_lines l
        where l.tenant_id = $1 and l.order_id = any($2::uuid[])
        order by l.order_id, l.position
        """,
        tx.tenant_id,
        order_ids,
    )
    found: dict[UUID, list[Record]] = {order_id: [] for order_id in order_ids}
    for row in rows:
        found[row["order_id"]].append(row)
    return found


async def timeline_of(tx: Tx, order_id: UUID) -> list[Record]:
    """Oldest first; what happened at the same moment, in the order of an order's life."""
    return await tx.fetch(
        """
        select e.at, e.kind, e.actor_kind, e.actor_id, e.reason, e.facts
        from trade.order_events e where e.tenant_id = $1 and e.order_id = $2
        order by e.at, array_position($3::text[], e.kind), e.id
        """,
        tx.tenant_id,
        order_id,
        EVENT_KINDS,
    )


async def parcels_of(tx: Tx, order_id: UUID) -> list[Record]:
    return await tx.fetch(
        """
        select p.id, p.kind, p.state, p.courier, p.tracking_no, p.note, p.shipped_at,
               l.positions, l.quantities,
               (select e.text from trade.tracking_events e
                where e.tenant_id = $1 and e.parcel_id = p.id and e.tracking_no = p.tracking_no
                order by e.at desc, e.heard_at desc limit 1) as latest
        from trade.parcels p
        join (
            select x.parcel_id, array_agg(x.position order by x.position) as positions,
                   array_agg(x.quantity order by x.position) as quantities
            from trade.parcel_lines x
            where x.tenant_id = $1 and x.order_id = $2 group by x.parcel_id
        ) l on l.parcel_id = p.id
        where p.tenant_id = $1 and p.order_id = $2 order by p.shipped_at, p.id
        """,
        tx.tenant_id,
        order_id,
    )


async def shipped_pieces(tx: Tx, order_id: UUID) -> dict[int, int]:
    rows = await tx.fetch(
        """
        select l.position, sum(l.quantity)::integer as pieces from trade.parcel_lines l
        where l.tenant_id = $1 and l.order_id = $2 group by l.position
        """,
        tx.tenant_id,
        order_id,
    )
    return {row["position"]: row["pieces"] for row in rows}


async def pickup_point_of(tx: Tx, point_id: UUID) -> Record | None:
    return await tx.fetchrow(
        """
        select p.id, p.name, p.province, p.city, p.district, p.street, p.hours, p.phone
        from trade.pickup_points p where p.tenant_id = $1 and p.id = $2
        """,
        tx.tenant_id,
        point_id,
    )


async def refunds_of(tx: Tx, order_id: UUID) -> list[Record]:
    return await tx.fetch(
        """
        select r.id, r.amount_minor, r.state, r.reason, r.actor_kind, r.requested_at, r.ended_at
        from trade.refunds r where r.tenant_id = $1 and r.order_id = $2 order by r.requested_at
        """,
        tx.tenant_id,
        order_id,
    )


async def totals_of_members(tx: Tx, member_ids: Sequence[UUID]) -> list[Record]:
    return await tx.fetch(
        """
        select o.member_id, count(*) as orders_count,
               sum(o.paid_minor - o.refunded_minor)::bigint as paid_minor
        from trade.orders o
        where o.tenant_id = $1 and o.member_id = any($2::uuid[]) and o.paid_at is not null
        group by o.member_id
        """,
        tx.tenant_id,
        member_ids,
    )


async def has_paid_before(
    tx: Tx, member_id: UUID, *, before: datetime, besides: UUID | None
) -> bool:
    return bool(
        await tx.fetchval(
            """
            select exists (
                select 1 from trade.orders o
                where o.tenant_id = $1 and o.member_id = $2 and o.paid_at < $3
                    and ($4::uuid is null or o.id <> $4))
            """,
            tx.tenant_id,
            member_id,
            before,
            besides,
        )
    )


async def sales_by_day(tx: Tx, *, since: datetime, until: datetime, time_zone: str) -> list[Record]:
    """Paid orders by the shop's own days; what was refunded later stays counted where it was."""
    return await tx.fetch(
        """
        select (o.paid_at at time zone $4)::date as day, count(*) as orders,
               sum(o.paid_minor)::bigint as paid_minor,
               sum(o.refunded_minor)::bigint as refunded_minor,
               count(distinct o.member_id) as buyers
        from trade.orders o
        where o.tenant_id = $1 and o.paid_at >= $2 and o.paid_at < $3
        group by 1 order by 1
        """,
        tx.tenant_id,
        since,
        until,
        time_zone,
    )


async def sums_of_orders(tx: Tx) -> Record:
    """States and the messages on their way, in one statement and so of one moment."""
    row = await tx.fetchrow(
        """
        select
            coalesce(sum(o.payable_minor) filter (where o.state = 'placed'), 0)::bigint
                as due_minor,
            coalesce(sum(o.paid_minor - o.refunded_minor - o.settled_minor), 0)::bigint
                as escrow_minor,
            coalesce(sum(o.settled_minor), 0)::bigint as settled_minor,
            (select coalesce(sum((b.payload ->> 'amount_minor')::bigint), 0)::bigint
             from kernel.outbox b
             where b.tenant_id = $1 and b.state <> 'done' and b.subscriber = 'trade.accept_payment'
            ) as payments_unheard_minor,
            (select coalesce(sum((b.payload ->> 'amount_minor')::bigint), 0)::bigint
             from kernel.outbox b
             where b.tenant_id = $1 and b.state <> 'done' and b.subscriber = 'trade.complete_refund'
            ) as refunds_unheard_minor
        from trade.orders o where o.tenant_id = $1
        """,
        tx.tenant_id,
    )
    assert row is not None  # noqa: S101 - an aggregate always has a row
    return row
