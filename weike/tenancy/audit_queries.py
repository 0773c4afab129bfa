"""The SQL of the log and its chain."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike.kernel import Record, Tx


async def lock_head(tx: Tx) -> Record:
    """The end of the chain; whoever writes next waits until this transaction is over."""
    row = await tx.fetchrow(
        "select seq, hash from tenancy.audit_heads where tenant_id = $1 for update", tx.tenant_id
    )
    if row is None:
        # Two first writers: the key lets one through, and the update makes the other wait for it.
        row = await tx.fetchrow(
            "insert into tenancy.audit_heads as h (tenant_id, seq, hash) values ($1, 0, $2) "
            "on conflict (tenant_id) do update set seq = h.seq returning seq, hash",
            tx.tenant_id,
            b"",
        )
        assert row is not None  # noqa: S101 - an upsert always returns its row.
    return row


async def head(tx: Tx) -> Record | None:
    return await tx.fetchrow(
        "select seq, hash from tenancy.audit_heads where tenant_id = $1", tx.tenant_id
    )


async def append(
    tx: Tx,
    *,
    record_id: UUID,
    at: datetime,
    seq: int,
    actor_kind: str,
    actor_id: UUID | None,
    actor_name: str | None,
    action: str,
    subject_type: str,
    subject_id: str,
    detail: dict[str, object],
    previous_hash: bytes,
    hash_: bytes,
) -> None:
    """One statement: the record and the new end of the chain."""
    await tx.execute(
        """
        with written as (
            insert into tenancy.audit (tenant_id, at, seq, id, actor_kind, actor_id, actor_name,
                action, subject_type, subject_id, detail, previous_hash, hash)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        )
        update tenancy.audit_heads set seq = $3, hash = $13 where tenant_id = $1
        """,
        tx.tenant_id,
        at,
        seq,
        record_id,
        actor_kind,
        actor_id,
        actor_name,
        action,
        subject_type,
        subject_id,
        detail,
        previous_hash,
        hash_,
    )


async def records_after(tx: Tx, seq: int, *, limit: int) -> list[Record]:
    """In the order they were written; rows that share a number come together."""
    return await tx.fetch(
        """
        select seq, id, at, actor_kind, actor_id, actor_name, action, subject_type, subject_id,
               detail, previous_hash, hash
        from tenancy.audit where tenant_id = $1 and seq > $2
        order by seq, id limit $3
        """,
        tx.tenant_id,
        seq,
        limit,
    )


async def newest_records(tx: Tx, *, before: int | None, limit: int) -> list[Record]:
    return await tx.fetch(
        """
        select a.seq, a.id, a.at, coalesce(s.name, a.actor_name) as actor_name, a.actor_kind,
               a.action, a.subject_type, a.subject_id, a.detail
        from tenancy.audit a
        left join tenancy.staff s on s.tenant_id = a.tenant_id and s.id = a.actor_id
        where a.tenant_id = $1 and ($2::bigint is null or a.seq < $2)
        order by a.seq desc limit $3
        """,
        tx.tenant_id,
        before,
        limit,
    )
