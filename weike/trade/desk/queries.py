"""SQL of the desk: conditions are put together from constants, values are always arguments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from weike.kernel import Record, Tx
from weike.trade.desk.question import DeskQuestion, DeskSort, Wanted

After = tuple[str, UUID]
"""The sorted column as text, and the id."""

_ROW = (
    "o.id, o.number, o.member_id, o.state, o.pay_state, o.refund_state, o.placed_at, o.paid_at, "
    "o.payable_minor, o.paid_minor, o.freight_minor, o.discount_minor, o.refunded_minor, "
    "o.attribution, o.delivery_kind, o.fulfilment_state, o.paid_by, o.receiver_name, "
    "o.receiver_tail, o.address, o.remark, o.pickup_point_id"
)
_STATES = {
    "all": "true",
    "placed": "o.state = 'placed'",
    "paid": "o.state = 'paid' and o.pay_state = 'paid'",
    "shipped": "o.state = 'shipped'",
    "received": "o.state = 'received'",
    "settled": "o.state = 'settled'",
    "cancelled": "o.state = 'cancelled'",
    "refunding": "o.pay_state = 'refunding'",
    "refunded": "(o.refund_state <> 'none' or o.pay_state in ('refunding', 'refunded'))",
}
_SORTS: dict[DeskSort, tuple[str, str, str]] = {
    "newest": ("o.placed_at", "timestamptz", "desc"),
    "oldest": ("o.placed_at", "timestamptz", "asc"),
    "amount_desc": ("o.payable_minor", "bigint", "desc"),
    "amount_asc": ("o.payable_minor", "bigint", "asc"),
}


class _Conditions:
    """Conditions and their arguments; `$1` is the tenant."""

    def __init__(self, tx: Tx) -> None:
        self.arguments: list[object] = [tx.tenant_id]
        self.texts = ["o.tenant_id = $1"]

    def argument(self, value: object) -> str:
        self.arguments.append(value)
        return f"${len(self.arguments)}"

    def add(self, text: str, value: object | None) -> None:
        """With `?` for the value; nothing where there is none."""
        if value is not None:
            self.texts.append(text.replace("?", self.argument(value)))


def after_of(row: Record, sort: DeskSort) -> After:
    value = row[_SORTS[sort][0].removeprefix("o.")]
    return (value.isoformat() if isinstance(value, datetime) else str(value), row["id"])


async def orders(
    tx: Tx, question: DeskQuestion, *, after: After | None, limit: int
) -> list[Record]:
    column, kind, direction = _SORTS[question.sort]
    asked = _Conditions(tx)
    asked.texts.append(_STATES[question.state])
    asked.add("o.fulfilment_state = ?", question.fulfilment)
    asked.add("o.placed_at >= ?", question.since)
    asked.add("o.placed_at < ?", question.until)
    asked.add("o.paid_by = ?", question.paid_by)
    asked.add("o.delivery_kind = ?", question.delivery)
    asked.add("o.pickup_point_id = ?", question.pickup_point_id)
    asked.add("o.refund_state = ?", question.refund)
    asked.add(
        "exists (select 1 from trade.order_lines l where l.tenant_id = $1 and l.order_id = o.id "
        "and l.product_id = ?)",
        question.product_id,
    )
    if question.wanted:
        await _want(tx, asked, question.wanted)
    if after:
        value = asked.argument(after[0])
        place = asked.argument(after[1])
        sign = "<" if direction == "desc" else ">"
        asked.texts.append(f"({column}, o.id) {sign} ({value}::text::{kind}, {place}::uuid)")
    return await tx.fetch(
        f"""
        select {_ROW} from trade.orders o where {" and ".join(asked.texts)}
        order by {column} {direction}, o.id {direction} limit {asked.argument(limit)}
        """,  # noqa: S608 - constants of this file
        *asked.arguments,
    )


async def _want(tx: Tx, asked: _Conditions, wanted: Wanted) -> None:
    ways = []
    if wanted.number:
        ways.append(f"starts_with(o.number, {asked.argument(wanted.number)})")
    if wanted.tracking_no:
        found = await orders_with_tracking_no(tx, wanted.tracking_no)
        ways.append(f"o.id = any({asked.argument(found)}::uuid[])")
    if wanted.tail:
        ways.append(of_receiver("receiver_tail", asked.argument(wanted.tail)))
    if wanted.name:
        ways.append(of_receiver("receiver_name", asked.argument(wanted.name)))
    asked.texts.append(f"({' or '.join(ways)})")


def of_receiver(column: str, value: str) -> str:
    """Orders of whoever is known by `column` (receiver_name, receiver_tail).

    The index leaves unpaid orders out, so that placing does not write it; they are few and found
    by themselves. In one condition the planner would see through the two and use neither.
    """
    return f"""o.id = any(array(
        select x.id from trade.orders x
        where x.tenant_id = $1 and x.state <> 'placed' and x.{column} = {value}
        union all
        select y.id from trade.orders y
        where y.tenant_id = $1 and y.state = 'placed' and y.{column} = {value}
    ))"""  # noqa: S608 - names and places of arguments, no values


async def orders_with_tracking_no(tx: Tx, tracking_no: str) -> list[UUID]:
    rows = await tx.fetch(
        """
        select p.order_id from trade.parcels p
        where p.tenant_id = $1 and p.kind = 'express' and p.tracking_no = $2
        """,
        tx.tenant_id,
        tracking_no,
    )
    return [row["order_id"] for row in rows]


async def orders_by_number(tx: Tx, numbers: Sequence[str]) -> dict[str, UUID]:
    rows = await tx.fetch(
        """
        select o.number, o.id from trade.orders o
        where o.tenant_id = $1 and o.number = any($2::text[])
        """,
        tx.tenant_id,
        numbers,
    )
    return {row["number"]: row["id"] for row in rows}


async def orders_by_id(tx: Tx, ids: Sequence[UUID]) -> list[Record]:
    """Oldest first: whoever waits longest is packed first."""
    return await tx.fetch(
        f"""
        select {_ROW} from trade.orders o
        where o.tenant_id = $1 and o.id = any($2::uuid[]) order by o.placed_at, o.id
        """,  # noqa: S608 - constants of this file
        tx.tenant_id,
        ids,
    )


async def pieces_left(tx: Tx, order_ids: Sequence[UUID]) -> list[Record]:
    """Lines of these orders with pieces that were not handed over yet."""
    return await tx.fetch(
        """
        select l.order_id, l.position, l.product_id, l.sku_id, l.title, l.title_en, l.spec_text,
               l.spec_text_en, l.image_url,
               (l.quantity - l.called_off_quantity - coalesce(p.shipped, 0))::integer as left
        from trade.order_lines l
        left join (
            select x.order_id, x.position, sum(x.quantity) as shipped from trade.parcel_lines x
            where x.tenant_id = $1 and x.order_id = any($2::uuid[]) group by x.order_id, x.position
        ) p on p.order_id = l.order_id and p.position = l.position
        where l.tenant_id = $1 and l.order_id = any($2::uuid[])
          and l.quantity - l.called_off_quantity > coalesce(p.shipped, 0)
        order by l.order_id, l.position
        """,
        tx.tenant_id,
        order_ids,
    )


async def numbers_of_parcels(
    tx: Tx, order_ids: Sequence[UUID]
) -> dict[UUID, list[tuple[str, str]]]:
    """(courier, tracking number) by order."""
    rows = await tx.fetch(
        """
        select p.order_id, p.courier, p.tracking_no from trade.parcels p
        where p.tenant_id = $1 and p.order_id = any($2::uuid[]) and p.kind = 'express'
        order by p.shipped_at, p.id
        """,
        tx.tenant_id,
        order_ids,
    )
    found: dict[UUID, list[tuple[str, str]]] = {}
    for row in rows:
        found.setdefault(row["order_id"], []).append((row["courier"], row["tracking_no"]))
    return found
