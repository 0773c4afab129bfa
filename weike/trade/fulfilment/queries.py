"""SQL of parcels and what is in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from weike.kernel import Record, Tx
from weike.trade.fulfilment.model import Line, ParcelKind, ParcelState


@dataclass(frozen=True, slots=True)
class Parcel:
    id: UUID
    order_id: UUID
    kind: ParcelKind
    courier: str
    tracking_no: str
    state: ParcelState
    note: str
    shipped_at: datetime


_PARCEL = "p.id, p.order_id, p.kind, p.courier, p.tracking_no, p.state, p.note, p.shipped_at"


def _parcel(row: Record) -> Parcel:
    return Parcel(**{**dict(row), "state": ParcelState(row["state"])})


async def lines_of(tx: Tx, order_id: UUID) -> list[Line]:
    rows = await tx.fetch(
        """
        select l.position, l.product_id, l.sku_id, l.quantity, l.called_off_quantity as called_off,
               coalesce((select sum(p.quantity) from trade.parcel_lines p
                         where p.tenant_id = $1 and p.order_id = $2 and p.position = l.position
                        ), 0)::integer as shipped
        from trade.order_lines l
        where l.tenant_id = $1 and l.order_id = $2 order by l.position
        """,
        tx.tenant_id,
        order_id,
    )
    return [Line(**dict(row)) for row in rows]


async def has_pieces_asked_back(tx: Tx, order_id: UUID) -> bool:
    """Whether an open case holds pieces in the house that will be handed over if it fails."""
    found: bool = await tx.fetchval(
        """
        select exists (
            select from trade.after_sale_lines l
            where l.tenant_id = $1 and l.order_id = $2 and l.is_open and l.unshipped_quantity > 0)
        """,
        tx.tenant_id,
        order_id,
    )
    return found


async def titles_of(tx: Tx, order_id: UUID) -> dict[int, str]:
    rows = await tx.fetch(
        "select l.position, l.title from trade.order_lines l "
        "where l.tenant_id = $1 and l.order_id = $2",
        tx.tenant_id,
        order_id,
    )
    return {row["position"]: row["title"] for row in rows}


async def parcel_by_id(tx: Tx, parcel_id: UUID) -> Parcel | None:
    row = await tx.fetchrow(
        f"select {_PARCEL} from trade.parcels p "  # noqa: S608 - the columns are a constant
        "where p.tenant_id = $1 and p.id = $2",
        tx.tenant_id,
        parcel_id,
    )
    return _parcel(row) if row else None


async def parcels_of(tx: Tx, order_id: UUID) -> list[Parcel]:
    rows = await tx.fetch(
        f"select {_PARCEL} from trade.parcels p "  # noqa: S608 - the columns are a constant
        "where p.tenant_id = $1 and p.order_id = $2 order by p.shipped_at, p.id",
        tx.tenant_id,
        order_id,
    )
    return [_parcel(row) for row in rows]


async def pieces_of_parcel(tx: Tx, parcel_id: UUID) -> dict[int, int]:
    rows = await tx.fetch(
        "select l.position, l.quantity from trade.parcel_lines l "
        "where l.tenant_id = $1 and l.parcel_id = $2",
        tx.tenant_id,
        parcel_id,
    )
    return {row["position"]: row["quantity"] for row in rows}


async def insert_parcel(
    tx: Tx,
    parcel_id: UUID,
    order_id: UUID,
    *,
    kind: ParcelKind,
    pieces: Mapping[int, int],
    courier: str = "",
    tracking_no: str = "",
    note: str = "",
    staff_id: UUID | None,
    now: datetime,
) -> None:
    """What no courier carries has arrived when it is handed over."""
    state = ParcelState.CREATED if kind == "express" else ParcelState.SIGNED
    await tx.execute(
        """
        with parcel as (
            insert into trade.parcels (tenant_id, id, order_id, kind, courier, tracking_no, state,
                                       state_at, note, shipped_at, staff_id)
            values ($1, $2, $3, $4, $5, $6, $7, $9, $8, $9, $10)
            returning id
        )
        insert into trade.parcel_lines (tenant_id, parcel_id, position, order_id, quantity)
        select $1, parcel.id, x.position, $3, x.quantity
        from parcel, unnest($11::integer[], $12::integer[]) as x(position, quantity)
        """,
        tx.tenant_id,
        parcel_id,
        order_id,
        kind,
        courier,
        tracking_no,
        state,
        note,
        now,
        staff_id,
        list(pieces),
        list(pieces.values()),
    )


async def mark_fulfilment(tx: Tx, order_id: UUID, state: str) -> None:
    """Of an order whose row is ours and that is paid."""
    await tx.execute(
        """
        update trade.orders o set fulfilment_state = $3
        where o.tenant_id = $1 and o.id = $2 and o.state = 'paid'
        """,
        tx.tenant_id,
        order_id,
        state,
    )


async def mark_paid_by(tx: Tx, order_id: UUID, way: str) -> None:
    await tx.execute(
        """
        update trade.orders o set paid_by = $3
        where o.tenant_id = $1 and o.id = $2 and o.paid_by is null
        """,
        tx.tenant_id,
        order_id,
        way,
    )


async def delivery_of(tx: Tx, order_id: UUID) -> Record:
    row = await tx.fetchrow(
        """
        select o.delivery_kind, o.pickup_point_id, o.fulfilment_state, o.address
        from trade.orders o where o.tenant_id = $1 and o.id = $2
        """,
        tx.tenant_id,
        order_id,
    )
    assert row is not None  # noqa: S101 - whoever asks holds the order
    return row


async def correct_parcel(
    tx: Tx,
    parcel: Parcel,
    *,
    correction_id: UUID,
    courier: str,
    tracking_no: str,
    staff_id: UUID | None,
    now: datetime,
) -> None:
    """What was wrong is kept; the new number's journey begins anew."""
    await tx.execute(
        """
        insert into trade.parcel_corrections
            (tenant_id, parcel_id, id, courier, tracking_no, staff_id, at)
        values ($1, $2, $3, $4, $5, $6, $7)
        """,
        tx.tenant_id,
        parcel.id,
        correction_id,
        parcel.courier,
        parcel.tracking_no,
        staff_id,
        now,
    )
    await tx.execute(
        """
        update trade.parcels p set courier = $3, tracking_no = $4, state = 'created', state_at = $5
        where p.tenant_id = $1 and p.id = $2
        """,
        tx.tenant_id,
        parcel.id,
        courier,
        tracking_no,
        now,
    )


async def corrections_of(tx: Tx, parcel_ids: Sequence[UUID]) -> list[Record]:
    """Oldest first."""
    return await tx.fetch(
        """
        select c.parcel_id, c.courier, c.tracking_no, c.staff_id, c.at
        from trade.parcel_corrections c
        where c.tenant_id = $1 and c.parcel_id = any($2::uuid[]) order by c.at
        """,
        tx.tenant_id,
        parcel_ids,
    )
