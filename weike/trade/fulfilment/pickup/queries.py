"""SQL of pick-up points and codes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from weike.kernel import Record, Tx


class PickupPoint(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    name: str
    region_code: str
    province: str
    city: str
    district: str
    street: str
    hours: str
    phone: str
    is_on: bool
    position: int


_POINT = (
    "p.id, p.name, p.region_code, p.province, p.city, p.district, p.street, p.hours, p.phone, "
    "p.is_on, p.position"
)


async def points(tx: Tx, *, only_on: bool) -> list[PickupPoint]:
    rows = await tx.fetch(
        f"""
        select {_POINT} from trade.pickup_points p
        where p.tenant_id = $1 and (p.is_on or not $2) order by p.position, p.id
        """,  # noqa: S608 - the columns are a constant
        tx.tenant_id,
        only_on,
    )
    return [PickupPoint(**dict(row)) for row in rows]


async def points_by_id(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, PickupPoint]:
    """Also those that are off."""
    rows = await tx.fetch(
        f"select {_POINT} from trade.pickup_points p "  # noqa: S608 - the columns are a constant
        "where p.tenant_id = $1 and p.id = any($2::uuid[])",
        tx.tenant_id,
        ids,
    )
    return {row["id"]: PickupPoint(**dict(row)) for row in rows}


async def put_point(tx: Tx, point: PickupPoint, *, now: datetime) -> None:
    await tx.execute(
        """
        insert into trade.pickup_points as p
            (tenant_id, id, name, region_code, province, city, district, street, hours, phone,
             is_on, position, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        on conflict (tenant_id, id) do update set
            name = excluded.name, region_code = excluded.region_code,
            province = excluded.province, city = excluded.city, district = excluded.district,
            street = excluded.street, hours = excluded.hours, phone = excluded.phone,
            is_on = excluded.is_on, position = excluded.position,
            updated_at = excluded.updated_at
        where p.tenant_id = $1
        """,
        tx.tenant_id,
        *msgspec.structs.astuple(point),
        now,
    )


async def insert_code(
    tx: Tx, order_id: UUID, *, code_hash: bytes, code_cipher: bytes, now: datetime
) -> bool:
    """False when another order of the shop has this code."""
    return bool(
        await tx.execute(
            """
            insert into trade.pickup_codes (tenant_id, order_id, code_hash, code_cipher, ready_at)
            values ($1, $2, $3, $4, $5)
            on conflict (tenant_id, code_hash) do nothing
            """,
            tx.tenant_id,
            order_id,
            code_hash,
            code_cipher,
            now,
        )
    )


async def code_of_order(tx: Tx, order_id: UUID) -> Record | None:
    return await tx.fetchrow(
        """
        select c.code_cipher, c.ready_at, c.used_at from trade.pickup_codes c
        where c.tenant_id = $1 and c.order_id = $2
        """,
        tx.tenant_id,
        order_id,
    )


async def code_by_hash(tx: Tx, code_hash: bytes) -> Record | None:
    return await tx.fetchrow(
        """
        select c.order_id, c.used_at, c.ready_at from trade.pickup_codes c
        where c.tenant_id = $1 and c.code_hash = $2
        """,
        tx.tenant_id,
        code_hash,
    )


async def use_code(tx: Tx, order_id: UUID, *, staff_id: UUID | None, now: datetime) -> bool:
    """True once."""
    return bool(
        await tx.execute(
            """
            update trade.pickup_codes c set used_at = $3, used_by = $4
            where c.tenant_id = $1 and c.order_id = $2 and c.used_at is null
            """,
            tx.tenant_id,
            order_id,
            now,
            staff_id,
        )
    )
