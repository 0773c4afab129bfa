"""SQL of the merchant's commission rules: versions, never changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike.distribution.model import (
    DEFAULT_PROGRAMME,
    Audience,
    BindingRules,
    Conflict,
    CustomerJoins,
    Happening,
    Programme,
    Renewal,
)
from weike.kernel import Record, Tx

_BINDING = (
    *("trigger", "audience", "new_member_hours", "protect_days", "validity_days", "renew_on"),
    *("renew_days", "conflict", "idle_days", "employees_take_over", "customer_joins"),
)
_COLUMNS = ", ".join(
    f"p.{name}"
    for name in ("version", "rate_bp", "cap_bp", "hold_days", "click_window_days", *_BINDING)
)


def _programme(row: Record | None) -> Programme:
    """The default when the merchant has set none."""
    if row is None:
        return DEFAULT_PROGRAMME
    return Programme(
        version=row["version"],
        rate_bp=row["rate_bp"],
        cap_bp=row["cap_bp"],
        hold_days=row["hold_days"],
        click_window_days=row["click_window_days"],
        binding=BindingRules(
            trigger=Happening(row["trigger"]),
            audience=Audience(row["audience"]),
            new_member_hours=row["new_member_hours"],
            protect_days=row["protect_days"],
            validity_days=row["validity_days"],
            renew_on=Renewal(row["renew_on"]),
            renew_days=row["renew_days"],
            conflict=Conflict(row["conflict"]),
            idle_days=row["idle_days"],
            employees_take_over=row["employees_take_over"],
            customer_joins=CustomerJoins(row["customer_joins"]),
        ),
    )


async def programme_at(tx: Tx, now: datetime) -> Programme:
    """The version in force; the default when the merchant has set none."""
    row = await tx.fetchrow(
        f"select {_COLUMNS} from distribution.programmes p "  # noqa: S608 - constant columns
        "where p.tenant_id = $1 and p.effective_at <= $2 order by p.version desc limit 1",
        tx.tenant_id,
        now,
    )
    return _programme(row)


async def programme_of_version(tx: Tx, version: int) -> Programme:
    row = await tx.fetchrow(
        f"select {_COLUMNS} from distribution.programmes p "  # noqa: S608 - constant columns
        "where p.tenant_id = $1 and p.version = $2",
        tx.tenant_id,
        version,
    )
    return _programme(row)


async def insert_programme(
    tx: Tx, programme: Programme, *, effective_at: datetime, created_by: UUID | None
) -> None:
    rules = programme.binding
    await tx.execute(
        f"""
        insert into distribution.programmes
            (tenant_id, version, effective_at, rate_bp, cap_bp, hold_days, click_window_days,
             created_by, {", ".join(_BINDING)})
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
                $19)
        """,  # noqa: S608 - constant columns
        tx.tenant_id,
        programme.version,
        effective_at,
        programme.rate_bp,
        programme.cap_bp,
        programme.hold_days,
        programme.click_window_days,
        created_by,
        *(getattr(rules, name) for name in _BINDING),
    )


async def latest_version(tx: Tx) -> tuple[int, datetime | None]:
    """The newest version and when it takes effect; 0 when there is none."""
    row = await tx.fetchrow(
        "select p.version, p.effective_at from distribution.programmes p "
        "where p.tenant_id = $1 order by p.version desc limit 1",
        tx.tenant_id,
    )
    return (0, None) if row is None else (row["version"], row["effective_at"])
