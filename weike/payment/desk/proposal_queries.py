"""SQL of proposals: one function per question or write. `$1` is always the tenant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from weike.kernel import Tx
from weike.payment.desk.proposal_model import Proposal

_NAMES = Proposal.__struct_fields__
_COLUMNS = ", ".join(f"p.{name}" for name in _NAMES)


async def insert(tx: Tx, proposal: Proposal) -> None:
    await tx.execute(
        f"insert into payment.proposals (tenant_id, {', '.join(_NAMES)})"  # noqa: S608
        f" values ($1, {', '.join(f'${n}' for n in range(2, len(_NAMES) + 2))})",
        tx.tenant_id,
        *(getattr(proposal, name) for name in _NAMES),
    )


async def by_id(tx: Tx, proposal_id: UUID, *, lock: bool = False) -> Proposal | None:
    row = await tx.fetchrow(
        f"select {_COLUMNS} from payment.proposals p"  # noqa: S608
        " where p.tenant_id = $1 and p.id = $2" + (" for update" if lock else ""),
        tx.tenant_id,
        proposal_id,
    )
    return msgspec.convert(dict(row), type=Proposal) if row else None


async def has_open(tx: Tx, subject_id: UUID) -> bool:
    return bool(
        await tx.fetchval(
            "select exists (select 1 from payment.proposals p where p.tenant_id = $1"
            " and p.subject_id = $2 and p.state = 'proposed')",
            tx.tenant_id,
            subject_id,
        )
    )


async def of_subjects(tx: Tx, subject_ids: Sequence[UUID]) -> dict[UUID, list[Proposal]]:
    """Oldest first."""
    rows = await tx.fetch(
        f"select {_COLUMNS} from payment.proposals p where p.tenant_id = $1"  # noqa: S608
        " and p.subject_id = any($2::uuid[]) order by p.proposed_at, p.id",
        tx.tenant_id,
        list(subject_ids),
    )
    found: dict[UUID, list[Proposal]] = {}
    for row in rows:
        found.setdefault(row["subject_id"], []).append(msgspec.convert(dict(row), type=Proposal))
    return found


async def mark_decided(
    tx: Tx,
    proposal_id: UUID,
    *,
    state: str,
    by: UUID,
    name: str,
    alone: bool,
    now: datetime,
) -> bool:
    return 1 == await tx.execute(
        "update payment.proposals set state = $3, decided_by = $4, decided_name = $5,"
        " decided_at = $6, alone = $7 where tenant_id = $1 and id = $2 and state = 'proposed'",
        tx.tenant_id,
        proposal_id,
        state,
        by,
        name,
        now,
        alone,
    )
