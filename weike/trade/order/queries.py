"""SQL of moving orders. Every step is guarded by the state it starts from. Refunds have their own
in `refund_queries`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import msgspec

from weike.kernel import Money, Record, Tx, uuid7
from weike.trade.errors import UnknownOrder
from weike.trade.model import Actor
from weike.trade.ports import Attribution
from weike.trade.price.pricing import PriceNote
from weike.trade.price.refunding import LineMoney


@dataclass(frozen=True, slots=True)
class OrderRow:
    """What deeds need to know of an order to move it."""

    id: UUID
    number: str
    member_id: UUID
    state: str
    pay_state: str
    currency: str
    payable_minor: int
    paid_minor: int
    refunded_minor: int
    settled_minor: int
    expires_at: datetime
    attribution: Attribution
    price_notes: list[PriceNote]
    fulfilment_state: str
    refunding_minor: int
    settle_at: datetime | None
    after_sale_since: datetime | None

    @property
    def left_minor(self) -> int:
        """What neither is back nor on its way back."""
        return self.paid_minor - self.refunded_minor - self.refunding_minor


_COLUMNS = (
    "o.id, o.number, o.member_id, o.state, o.pay_state, o.currency, o.payable_minor, "
    "o.paid_minor, o.refunded_minor, o.settled_minor, o.expires_at, o.attribution, "
    "o.price_notes, o.fulfilment_state, o.refunding_minor, o.settle_at, o.after_sale_since"
)


def _order(row: Record) -> OrderRow:
    values = dict(row)
    values["attribution"] = msgspec.convert(values["attribution"] or {}, Attribution)
    values["price_notes"] = msgspec.convert(values["price_notes"], list[PriceNote])
    return OrderRow(**values)


async def lock_order(tx: Tx, order_id: UUID, *, member_id: UUID | None = None) -> OrderRow:
    """The order, ours until the commit. Refuses with UnknownOrder, also when it is another
    member's."""
    row = await tx.fetchrow(
        f"""
        select {_COLUMNS} from trade.orders o
        where o.tenant_id = $1 and o.id = $2 and ($3::uuid is null or o.member_id = $3)
        for update
        """,  # noqa: S608 - the columns are a constant
        tx.tenant_id,
        order_id,
        member_id,
    )
    if row is None:
        raise UnknownOrder()
    return _order(row)


async def order_row(tx: Tx, order_id: UUID) -> OrderRow:
    """The same without holding it, for whoever only reads. Refuses with UnknownOrder."""
    row = await tx.fetchrow(
        f"select {_COLUMNS} from trade.orders o where o.tenant_id = $1 and o.id = $2",  # noqa: S608
        tx.tenant_id,
        order_id,
    )
    if row is None:
        raise UnknownOrder()
    return _order(row)


async def _lock_due(tx: Tx, state: str, due_at: str, *, now: datetime, limit: int) -> list[UUID]:
    """Due orders nobody else is moving at this moment, oldest first; an open after-sale stops the
    clock. State and column are ours and literal, so that the partial index of exactly these orders
    is used."""
    rows = await tx.fetch(
        f"""
        select o.id from trade.orders o
        where o.tenant_id = $1 and o.state = '{state}' and o.{due_at} <= $2
          and o.after_sale_since is null
        order by o.{due_at}
        limit $3
        for update skip locked
        """,  # noqa: S608 - constants of the three functions below
        tx.tenant_id,
        now,
        limit,
    )
    return [row["id"] for row in rows]


async def lock_expired(tx: Tx, *, now: datetime, limit: int) -> list[UUID]:
    return await _lock_due(tx, "placed", "expires_at", now=now, limit=limit)


async def lock_overdue_receipts(tx: Tx, *, now: datetime, limit: int) -> list[UUID]:
    return await _lock_due(tx, "shipped", "auto_receive_at", now=now, limit=limit)


async def lock_due_settlements(tx: Tx, *, now: datetime, limit: int) -> list[UUID]:
    return await _lock_due(tx, "received", "settle_at", now=now, limit=limit)


async def mark_paid(tx: Tx, order_id: UUID, *, amount: Money, paid_at: datetime) -> OrderRow | None:
    """None when the order is not waiting for exactly this amount."""
    row = await tx.fetchrow(
        f"""
        update trade.orders o
        set state = 'paid', pay_state = 'paid', paid_minor = $3, paid_at = $5
        where o.tenant_id = $1 and o.id = $2 and o.state = 'placed'
          and o.payable_minor = $3 and o.currency = $4
        returning {_COLUMNS}
        """,  # noqa: S608 - the columns are a constant
        tx.tenant_id,
        order_id,
        amount.minor,
        amount.currency,
        paid_at,
    )
    return _order(row) if row else None


async def mark_paid_too_late(tx: Tx, order_id: UUID, *, amount: Money, paid_at: datetime) -> bool:
    """True once, for a cancelled order that had no payment."""
    return bool(
        await tx.execute(
            """
            update trade.orders o
            set pay_state = 'refunding', paid_minor = $3, refunding_minor = $3, paid_at = $4
            where o.tenant_id = $1 and o.id = $2 and o.state = 'cancelled'
              and o.pay_state = 'unpaid'
            """,
            tx.tenant_id,
            order_id,
            amount.minor,
            paid_at,
        )
    )


async def mark_cancelled(
    tx: Tx, order_ids: Sequence[UUID], *, reason: str, now: datetime
) -> list[OrderRow]:
    rows = await tx.fetch(
        f"""
        update trade.orders o set state = 'cancelled', cancelled_at = $3, cancel_reason = $4
        where o.tenant_id = $1 and o.id = any($2::uuid[]) and o.state = 'placed'
        returning {_COLUMNS}
        """,  # noqa: S608 - the columns are a constant
        tx.tenant_id,
        order_ids,
        now,
        reason,
    )
    return [_order(row) for row in rows]


async def mark_shipped(tx: Tx, order_id: UUID, *, now: datetime, auto_receive_at: datetime) -> None:
    await _one(
        tx,
        """
        update trade.orders o
        set state = 'shipped', fulfilment_state = 'shipped', shipped_at = $3, auto_receive_at = $4
        where o.tenant_id = $1 and o.id = $2 and o.state = 'paid' and o.pay_state = 'paid'
        """,
        order_id,
        now,
        auto_receive_at,
    )


async def mark_received(
    tx: Tx, order_ids: Sequence[UUID], *, now: datetime, settle_at: datetime
) -> list[OrderRow]:
    rows = await tx.fetch(
        f"""
        update trade.orders o
        set state = 'received', fulfilment_state = 'received', received_at = $3, settle_at = $4
        where o.tenant_id = $1 and o.id = any($2::uuid[]) and o.state = 'shipped'
        returning {_COLUMNS}
        """,  # noqa: S608 - the columns are a constant
        tx.tenant_id,
        order_ids,
        now,
        settle_at,
    )
    return [_order(row) for row in rows]


async def mark_settled(tx: Tx, order_ids: Sequence[UUID], *, now: datetime) -> list[OrderRow]:
    rows = await tx.fetch(
        f"""
        update trade.orders o
        set state = 'settled', settled_at = $3, settled_minor = o.paid_minor - o.refunded_minor
        where o.tenant_id = $1 and o.id = any($2::uuid[]) and o.state = 'received'
        returning {_COLUMNS}
        """,  # noqa: S608 - the columns are a constant
        tx.tenant_id,
        order_ids,
        now,
    )
    return [_order(row) for row in rows]


async def _one(tx: Tx, sql: str, order_id: UUID, *args: object) -> None:
    """The row is locked and was looked at: that it moves is certain, or we made a mistake."""
    moved = await tx.execute(sql, tx.tenant_id, order_id, *args)
    if moved != 1:
        raise AssertionError(f"order {order_id} did not move")


@dataclass(frozen=True, slots=True)
class Told:
    """One entry of an order's timeline; `kind` is a sentence `trade.event.<kind>`."""

    order_id: UUID
    kind: str
    actor: Actor
    reason: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


async def tell(tx: Tx, told: Sequence[Told], *, now: datetime) -> None:
    if not told:
        return
    await tx.execute(
        """
        insert into trade.order_events
            (tenant_id, order_id, id, kind, at, actor_kind, actor_id, reason, facts)
        select $1, e.order_id, e.id, e.kind, $2, e.actor_kind, e.actor_id, e.reason,
               e.facts::jsonb
        from unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::uuid[], $8::text[],
                    $9::text[]) as e(order_id, id, kind, actor_kind, actor_id, reason, facts)
        """,
        tx.tenant_id,
        now,
        [one.order_id for one in told],
        [uuid7(now) for _ in told],
        [one.kind for one in told],
        [one.actor.kind for one in told],
        [one.actor.id for one in told],
        [one.reason for one in told],
        [msgspec.json.encode(one.facts).decode() for one in told],
    )


@dataclass(frozen=True, slots=True)
class LineRow:
    position: int
    sku_id: UUID
    product_id: UUID
    category_id: UUID | None
    title: str
    quantity: int
    paid_minor: int
    freight_share_minor: int
    refunded_minor: int
    refunded_freight_minor: int
    refunded_quantity: int
    refunding_minor: int
    refunding_freight_minor: int
    refunding_quantity: int
    called_off_quantity: int
    unit_price_minor: int
    cost_minor: int | None
    commission_rate_bp: int | None

    @property
    def money(self) -> LineMoney:
        """As the rules of refunds see it; what is on its way back counts as gone."""
        return LineMoney(
            position=self.position,
            quantity=self.quantity,
            paid_minor=self.paid_minor,
            freight_share_minor=self.freight_share_minor,
            refunded_minor=self.refunded_minor + self.refunding_minor,
            refunded_freight_minor=self.refunded_freight_minor + self.refunding_freight_minor,
            refunded_quantity=self.refunded_quantity + self.refunding_quantity,
        )


async def lines_of(tx: Tx, order_id: UUID) -> list[LineRow]:
    rows = await tx.fetch(
        """
        select l.position, l.sku_id, l.product_id, l.category_id, l.title, l.quantity,
               l.paid_minor, l.freight_share_minor, l.refunded_minor, l.refunded_freight_minor,
               l.refunded_quantity, l.refunding_minor, l.refunding_freight_minor,
               l.refunding_quantity, l.called_off_quantity, l.unit_price_minor, l.cost_minor,
               l.commission_rate_bp
        from trade.order_lines l where l.tenant_id = $1 and l.order_id = $2 order by l.position
        """,
        tx.tenant_id,
        order_id,
    )
    return [LineRow(**dict(row)) for row in rows]
