"""SQL of differences: one function per question or write. `$1` is always the tenant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from weike.kernel import Record, Tx


class Difference(Struct, frozen=True, kw_only=True):
    """A row of `payment.differences`."""

    id: UUID
    bill_id: UUID
    day: date
    provider: str
    class_: str = msgspec.field(name="class")
    kind: str
    number: str
    txn: str
    out_trade_no: str
    order_id: UUID | None = None
    intent_id: UUID | None = None
    refund_id: UUID | None = None
    line_no: int | None = None
    theirs_minor: int | None = None
    theirs_state: str | None = None
    theirs_at: datetime | None = None
    ours_minor: int | None = None
    ours_state: str | None = None
    ours_at: datetime | None = None
    ledger_minor: int | None = None
    fee_minor: int | None = None
    state: str = "open"
    resolution: str | None = None
    reason: str | None = None
    resolved_by: UUID | None = None
    resolved_at: datetime | None = None
    first_seen_at: datetime
    last_seen_at: datetime


_COLUMNS = tuple(msgspec.structs.fields(Difference))
_NAMES = tuple(column.encode_name for column in _COLUMNS)
_DIFFERENCE = ", ".join(f"d.{name}" for name in _NAMES)
_REFRESHED = ", ".join(
    f"{name} = excluded.{name}"
    for name in _NAMES
    if name not in ("id", "bill_id", "state", "resolution", "reason", "resolved_by")
    and name not in ("resolved_at", "first_seen_at")
)
_TYPES = {
    UUID: "uuid",
    UUID | None: "uuid",
    date: "date",
    int | None: "bigint",
    datetime: "timestamptz",
    datetime | None: "timestamptz",
}
_ARRAYS = ", ".join(
    f"${place}::{_TYPES.get(column.type, 'text')}[]"
    for place, column in enumerate(_COLUMNS, start=2)
)


async def write_found(tx: Tx, found: Sequence[Difference]) -> None:
    """Known ones are refreshed. What was explained stays so while its class is the same; what had
    repaired itself and is wrong again is open again."""
    if not found:
        return
    await tx.execute(
        f"""
        insert into payment.differences as d (tenant_id, {", ".join(_NAMES)})
        select $1, x.* from unnest({_ARRAYS}) as x
        on conflict (tenant_id, id) do update set {_REFRESHED},
            state = case when d.state = 'explained' and d.class = excluded.class
                         then d.state else excluded.state end,
            resolution = case when d.state = 'explained' and d.class = excluded.class
                              then d.resolution else excluded.resolution end,
            resolved_at = case when d.state = 'explained' and d.class = excluded.class
                               then d.resolved_at else excluded.resolved_at end
        """,  # noqa: S608 - columns are constants
        tx.tenant_id,
        *([getattr(one, column.name) for one in found] for column in _COLUMNS),
    )


async def mark_gone(tx: Tx, bill_id: UUID, *, still: Sequence[UUID], now: datetime) -> int:
    """Open ones that were not found any more are repaired: the facts did it."""
    return await tx.execute(
        "update payment.differences set state = 'repaired', resolution = 'gone',"
        " resolved_at = $4 where tenant_id = $1 and bill_id = $2 and state = 'open'"
        " and not (id = any($3::uuid[]))",
        tx.tenant_id,
        bill_id,
        list(still),
        now,
    )


async def difference_by_id(tx: Tx, difference_id: UUID, *, lock: bool = False) -> Difference | None:
    row = await tx.fetchrow(
        f"select {_DIFFERENCE} from payment.differences d"  # noqa: S608
        " where d.tenant_id = $1 and d.id = $2" + (" for update" if lock else ""),
        tx.tenant_id,
        difference_id,
    )
    return _difference(row) if row else None


async def explain(
    tx: Tx, difference_id: UUID, *, resolution: str, reason: str, by: UUID | None, now: datetime
) -> bool:
    return 1 == await tx.execute(
        "update payment.differences set state = 'explained', resolution = $3, reason = $4,"
        " resolved_by = $5, resolved_at = $6 where tenant_id = $1 and id = $2 and state = 'open'",
        tx.tenant_id,
        difference_id,
        resolution,
        reason,
        by,
        now,
    )


async def differences(
    tx: Tx,
    *,
    first: date | None,
    last: date | None,
    provider: str | None,
    class_: str | None,
    state: str | None,
    number: str | None,
    after: tuple[date, UUID] | None,
    limit: int,
) -> list[Difference]:
    """Newest day first; `number` is the whole or the beginning of one."""
    rows = await tx.fetch(
        f"""
        select {_DIFFERENCE} from payment.differences d
        where d.tenant_id = $1
          and ($2::date is null or d.day >= $2) and ($3::date is null or d.day <= $3)
          and ($4::text is null or d.provider = $4)
          and ($5::text is null or d.class = $5)
          and ($6::text is null or d.state = $6)
          and ($7::text is null or starts_with(d.number, $7) or starts_with(d.out_trade_no, $7))
          and ($8::date is null or (d.day, d.id) < ($8, $9))
        order by d.day desc, d.id desc
        limit $10
        """,  # noqa: S608 - columns are constants
        tx.tenant_id,
        first,
        last,
        provider,
        class_,
        state,
        number,
        after[0] if after else None,
        after[1] if after else None,
        limit,
    )
    return [_difference(row) for row in rows]


async def counts_of_bills(tx: Tx, first: date, last: date) -> list[Record]:
    return await tx.fetch(
        """
        select d.bill_id, count(*) filter (where d.state = 'open') as open,
               count(*) filter (where d.state = 'open' and d.class = 'date_edge') as waiting,
               count(*) as all
        from payment.differences d
        where d.tenant_id = $1 and d.day between $2 and $3
        group by d.bill_id
        """,
        tx.tenant_id,
        first,
        last,
    )


async def open_count(tx: Tx) -> int:
    """Without those that only wait for the neighbouring day."""
    return int(
        await tx.fetchval(
            "select count(*) from payment.differences d where d.tenant_id = $1"
            " and d.state = 'open' and d.class <> 'date_edge'",
            tx.tenant_id,
        )
    )


async def bills_that_wait(tx: Tx, *, now: datetime, limit: int) -> list[UUID]:
    """Bills with a date edge whose time of grace is over and that were not compared since."""
    rows = await tx.fetch(
        """
        select distinct d.bill_id from payment.differences d
        join payment.bills b on b.tenant_id = $1 and b.id = d.bill_id
        where d.tenant_id = $1 and d.state = 'open' and d.class = 'date_edge'
          and (d.day + 1)::timestamp at time zone 'Asia/Shanghai' + interval '48 hours' <= $2
          and b.compared_at < $2::timestamptz - interval '1 hour'
        limit $3
        """,
        tx.tenant_id,
        now,
        limit,
    )
    return [row["bill_id"] for row in rows]


def _difference(row: Record) -> Difference:
    return msgspec.convert(dict(row), type=Difference)
