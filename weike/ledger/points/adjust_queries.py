"""SQL of adjustments by hand."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike.kernel import Record, Tx

_COLUMNS = "a.id, a.member_id, a.points, a.reason, a.state, a.asked_by, a.asked_at, a.decided_at"


async def insert(
    tx: Tx,
    id: UUID,
    member_id: UUID,
    *,
    points: int,
    reason: str,
    state: str,
    by: UUID,
    now: datetime,
) -> None:
    await tx.execute(
        "insert into ledger.points_adjustments "
        "(tenant_id, id, member_id, points, reason, state, asked_by, asked_at) "
        "values ($1, $2, $3, $4, $5, $6, $7, $8)",
        tx.tenant_id,
        id,
        member_id,
        points,
        reason,
        state,
        by,
        now,
    )


async def adjustment(tx: Tx, id: UUID) -> Record | None:
    return await tx.fetchrow(
        f"select {_COLUMNS} from ledger.points_adjustments a "  # noqa: S608 - columns of ours
        "where a.tenant_id = $1 and a.id = $2",
        tx.tenant_id,
        id,
    )


async def decide(tx: Tx, id: UUID, *, state: str, by: UUID, now: datetime) -> bool:
    """False when it does not wait any more."""
    return bool(
        await tx.execute(
            "update ledger.points_adjustments set state = $3, decided_by = $4, decided_at = $5 "
            "where tenant_id = $1 and id = $2 and state = 'waiting'",
            tx.tenant_id,
            id,
            state,
            by,
            now,
        )
    )


async def newest(
    tx: Tx,
    *,
    state: str | None,
    member_id: UUID | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Record]:
    return await tx.fetch(
        f"select {_COLUMNS} from ledger.points_adjustments a "  # noqa: S608 - columns of ours
        "where a.tenant_id = $1 and ($2::text is null or a.state = $2) "
        "and ($3::uuid is null or a.member_id = $3) "
        "and ($4::timestamptz is null or (a.asked_at, a.id) < ($4, $5)) "
        "order by a.asked_at desc, a.id desc limit $6",
        tx.tenant_id,
        state,
        member_id,
        after[0] if after else None,
        after[1] if after else None,
        limit,
    )
