"""SQL of the merchant's commission rules: versions, never changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike.distribution.model import DEFAULT_PROGRAMME, Programme
from weike.kernel import Tx

_COLUMNS = (
    "p.version, p.rate_bp, p.cap_bp, p.hold_days, p.click_window_days, "
    "p.protect_days, p.validity_days"
)


async def programme_at(tx: Tx, now: datetime) -> Programme:
    """The version in force; the default when the merchant has set none."""
    row = await tx.fetchrow(
        f"select {_COLUMNS} from distribution.programmes p "  # noqa: S608 - constant columns
        "where p.tenant_id = $1 and p.effective_at <= $2 order by p.version desc limit 1",
        tx.tenant_id,
        now,
    )
    return DEFAULT_PROGRAMME if row is None else Programme(**dict(row))


async def programme_of_version(tx: Tx, version: int) -> Programme:
    row = await tx.fetchrow(
        f"select {_COLUMNS} from distribution.programmes p "  # noqa: S608 - constant columns
        "where p.tenant_id = $1 and p.version = $2",
        tx.tenant_id,
        version,
    )
    return DEFAULT_PROGRAMME if row is None else Programme(**dict(row))


async def insert_programme(
    tx: Tx, programme: Programme, *, effective_at: datetime, created_by: UUID | None
) -> None:
    await tx.execute(
        """
        insert into distribution.programmes
            (tenant_id, version, effective_at, rate_bp, cap_bp, hold_days, click_window_days,
             protect_days, validity_days, created_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """,
        tx.tenant_id,
        programme.version,
        effective_at,
        programme.rate_bp,
        programme.cap_bp,
        programme.hold_days,
        programme.click_window_days,
        programme.protect_days,
        programme.validity_days,
        created_by,
    )


async def latest_version(tx: Tx) -> tuple[int, datetime | None]:
    """The newest version and when it takes effect; 0 when there is none."""
    row = await tx.fetchrow(
        "select p.version, p.effective_at from distribution.programmes p "
        "where p.tenant_id = $1 order by p.version desc limit 1",
        tx.tenant_id,
    )
    return (0, None) if row is None else (row["version"], row["effective_at"])
