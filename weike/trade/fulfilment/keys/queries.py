"""SQL of card keys. A sealed key leaves this file only on its way to its buyer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from weike.kernel import Record, Tx


@dataclass(frozen=True, slots=True)
class NewKey:
    id: UUID
    key_hash: bytes
    key_cipher: bytes


async def insert_keys(
    tx: Tx, sku_id: UUID, batch_id: UUID, keys: Sequence[NewKey], *, now: datetime
) -> int:
    """How many were new: a key that was ever uploaded for this SKU is passed over."""
    rows = await tx.fetch(
        """
        insert into trade.card_keys
            (tenant_id, id, sku_id, batch_id, key_hash, key_cipher, uploaded_at)
        select $1, k.id, $2, $3, k.key_hash, k.key_cipher, $7
        from unnest($4::uuid[], $5::bytea[], $6::bytea[]) as k(id, key_hash, key_cipher)
        on conflict (tenant_id, sku_id, key_hash) do nothing
        returning id
        """,
        tx.tenant_id,
        sku_id,
        batch_id,
        [key.id for key in keys],
        [key.key_hash for key in keys],
        [key.key_cipher for key in keys],
        now,
    )
    return len(rows)


async def give_free_keys(
    tx: Tx, sku_id: UUID, *, wanted: int, order_id: UUID, position: int, now: datetime
) -> int:
    """How many were given. Keys that another order is taking at this moment are passed over."""
    rows = await tx.fetch(
        """
        with free as (
            select k.id from trade.card_keys k
            where k.tenant_id = $1 and k.sku_id = $2 and k.state = 'free'
            order by k.id limit $3
            for update skip locked
        )
        update trade.card_keys k
        set state = 'given', order_id = $4, position = $5, given_at = $6
        from free where k.tenant_id = $1 and k.id = free.id and k.state = 'free'
        returning k.id
        """,
        tx.tenant_id,
        sku_id,
        wanted,
        order_id,
        position,
        now,
    )
    return len(rows)


async def withdraw_free_keys(tx: Tx, sku_id: UUID, batch_id: UUID) -> int:
    return await tx.execute(
        """
        update trade.card_keys k set state = 'withdrawn'
        where k.tenant_id = $1 and k.sku_id = $2 and k.batch_id = $3 and k.state = 'free'
        """,
        tx.tenant_id,
        sku_id,
        batch_id,
    )


async def keys_of_order(tx: Tx, order_id: UUID) -> list[Record]:
    return await tx.fetch(
        """
        select k.position, k.key_cipher, k.given_at from trade.card_keys k
        where k.tenant_id = $1 and k.order_id = $2 order by k.position, k.id
        """,
        tx.tenant_id,
        order_id,
    )


async def batches_of_sku(tx: Tx, sku_ids: Sequence[UUID]) -> list[Record]:
    """Newest first."""
    return await tx.fetch(
        """
        select k.sku_id, k.batch_id, min(k.uploaded_at) as uploaded_at,
               count(*) filter (where k.state = 'free')::integer as free,
               count(*) filter (where k.state = 'given')::integer as given,
               count(*) filter (where k.state = 'withdrawn')::integer as withdrawn
        from trade.card_keys k
        where k.tenant_id = $1 and k.sku_id = any($2::uuid[])
        group by k.sku_id, k.batch_id order by 3 desc, 2
        """,
        tx.tenant_id,
        sku_ids,
    )
