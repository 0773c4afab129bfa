"""SQL of inventory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from weike.kernel import Tx
from weike.kernel.columns import Columns

if TYPE_CHECKING:
    from weike.inventory.hold_many import HoldAsk


@dataclass(frozen=True, slots=True)
class Hold:
    order_id: UUID
    sku_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class Movement:
    id: UUID
    sku_id: UUID
    quantity: int
    order_id: UUID | None


async def available(tx: Tx, sku_ids: Sequence[UUID]) -> dict[UUID, int]:
    rows = await tx.fetch(
        """
        select s.sku_id, s.on_hand - s.reserved as available
        from inventory.stock s where s.tenant_id = $1 and s.sku_id = any($2::uuid[])
        """,
        tx.tenant_id,
        sku_ids,
    )
    return {row["sku_id"]: row["available"] for row in rows}


async def on_hand(tx: Tx, sku_ids: Sequence[UUID]) -> dict[UUID, int]:
    rows = await tx.fetch(
        """
        select s.sku_id, s.on_hand from inventory.stock s
        where s.tenant_id = $1 and s.sku_id = any($2::uuid[])
        """,
        tx.tenant_id,
        sku_ids,
    )
    return {row["sku_id"]: row["on_hand"] for row in rows}


async def lock_available(tx: Tx, sku_ids: Sequence[UUID]) -> dict[UUID, int]:
    return {
        sku_id: on_hand - reserved
        for sku_id, (on_hand, reserved) in (await lock_stock(tx, sku_ids)).items()
    }


async def lock_stock(tx: Tx, sku_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """(on_hand, reserved) by SKU; the rows stay ours until the commit."""
    rows = await tx.fetch(
        """
        select s.sku_id, s.on_hand, s.reserved
        from inventory.stock s
        where s.tenant_id = $1 and s.sku_id = any($2::uuid[])
        order by s.sku_id
        for update
        """,
        tx.tenant_id,
        sku_ids,
    )
    return {row["sku_id"]: (row["on_hand"], row["reserved"]) for row in rows}


_HELD = Columns("h", 3, order_id="uuid", sku_id="uuid", quantity="integer", until="timestamptz")

HOLDS = f"""
held as (
    insert into inventory.reservations (tenant_id, order_id, sku_id, quantity, until, at)
    select $1, {_HELD["order_id"]}, {_HELD["sku_id"]}, {_HELD["quantity"]}, {_HELD["until"]}, $2
    from {_HELD.source}
), promised as (
    update inventory.stock s set reserved = s.reserved + x.quantity
    from unnest($7::uuid[], $8::integer[]) as x(sku_id, quantity)
    where s.tenant_id = $1 and s.sku_id = x.sku_id
)
"""  # noqa: S608 - columns of ours
"""Reservations and their sums, to stand behind a WITH; the stock rows are locked already."""


def holds_arguments(held: Sequence[HoldAsk], *, now: datetime) -> list[object]:
    """What HOLDS takes from $2 on."""
    lines = [
        (ask.order_id, sku_id, quantity, ask.until)
        for ask in held
        for sku_id, quantity in ask.quantities.items()
    ]
    totals: dict[UUID, int] = {}
    for _, sku_id, quantity, _ in lines:
        totals[sku_id] = totals.get(sku_id, 0) + quantity
    return [
        now,
        *_HELD.arguments(
            order_id=[line[0] for line in lines],
            sku_id=[line[1] for line in lines],
            quantity=[line[2] for line in lines],
            until=[line[3] for line in lines],
        ),
        list(totals),
        list(totals.values()),
    ]


async def insert_holds(tx: Tx, held: Sequence[HoldAsk], *, now: datetime) -> None:
    await tx.execute(f"with {HOLDS} select 1", tx.tenant_id, *holds_arguments(held, now=now))


async def move_holds(tx: Tx, order_ids: Sequence[UUID], *, before: str, after: str) -> list[Hold]:
    """Only those that stood in `before` move, so each ending happens once."""
    rows = await tx.fetch(
        """
        update inventory.reservations r set state = $4
        where r.tenant_id = $1 and r.order_id = any($2::uuid[]) and r.state = $3
        returning r.order_id, r.sku_id, r.quantity
        """,
        tx.tenant_id,
        order_ids,
        before,
        after,
    )
    return [Hold(row["order_id"], row["sku_id"], row["quantity"]) for row in rows]


async def note_back(tx: Tx, order_id: UUID, pieces: Mapping[UUID, int]) -> int:
    """How many reservations of the order took note; each gives back no more than it took."""
    if not pieces:
        return 0
    return await tx.execute(
        """
        update inventory.reservations r
        set back_quantity = r.back_quantity + x.quantity,
            state = case when r.back_quantity + x.quantity = r.quantity then 'restored'
                         else r.state end
        from unnest($3::uuid[], $4::integer[]) as x(sku_id, quantity)
        where r.tenant_id = $1 and r.order_id = $2 and r.sku_id = x.sku_id
          and r.state = 'taken' and r.back_quantity + x.quantity <= r.quantity
        """,
        tx.tenant_id,
        order_id,
        list(pieces),
        list(pieces.values()),
    )


async def change_stock(
    tx: Tx, quantities: Mapping[UUID, int], *, on_hand: int, reserved: int
) -> None:
    """Adds `quantity * on_hand` and `quantity * reserved` to each row, locked by sku_id."""
    if not quantities:
        return
    if len(quantities) > 1:  # A single row cannot be locked in the wrong order.
        await lock_stock(tx, sorted(quantities))
    await tx.execute(
        """
        update inventory.stock s
        set on_hand = s.on_hand + x.quantity * $4, reserved = s.reserved + x.quantity * $5
        from unnest($2::uuid[], $3::integer[]) as x(sku_id, quantity)
        where s.tenant_id = $1 and s.sku_id = x.sku_id
        """,
        tx.tenant_id,
        list(quantities),
        list(quantities.values()),
        on_hand,
        reserved,
    )


async def insert_missing(tx: Tx, sku_ids: Sequence[UUID]) -> None:
    await tx.execute(
        """
        insert into inventory.stock (tenant_id, sku_id, on_hand)
        select $1, x.sku_id, 0 from unnest($2::uuid[]) as x(sku_id)
        on conflict (tenant_id, sku_id) do nothing
        """,
        tx.tenant_id,
        sku_ids,
    )


async def insert_movements(
    tx: Tx,
    movements: Sequence[Movement],
    *,
    reason: str,
    actor_kind: str,
    actor_id: UUID | None,
    now: datetime,
) -> list[UUID]:
    """The SKUs whose movement is new; one that is known has moved its pieces already."""
    if not movements:
        return []
    rows = await tx.fetch(
        """
        insert into inventory.movements
            (tenant_id, id, sku_id, quantity, reason, order_id, actor_kind, actor_id, at)
        select $1, m.id, m.sku_id, m.quantity, $6, m.order_id, $7, $8, $9
        from unnest($2::uuid[], $3::uuid[], $4::integer[], $5::uuid[])
             as m(id, sku_id, quantity, order_id)
        on conflict (tenant_id, id) do nothing
        returning sku_id
        """,
        tx.tenant_id,
        [movement.id for movement in movements],
        [movement.sku_id for movement in movements],
        [movement.quantity for movement in movements],
        [movement.order_id for movement in movements],
        reason,
        actor_kind,
        actor_id,
        now,
    )
    return [row["sku_id"] for row in rows]
