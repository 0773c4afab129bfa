"""SQL of bills and their lines: one function per question or write. `$1` is always the tenant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from weike.kernel import Record, Tx, derived_id
from weike.payment.reconciliation.model import BadLine, BillLine


class Bill(Struct, frozen=True, kw_only=True):
    """A row of `payment.bills`."""

    id: UUID
    config_id: UUID
    provider: str
    day: date
    state: str
    version: int
    attempts: int
    next_at: datetime | None
    last_code: str | None
    payments: int
    paid_minor: int
    refunds: int
    refunded_minor: int
    fee_minor: int
    fee_booked_minor: int
    ours_paid_minor: int
    ours_refunded_minor: int
    ledger_in_minor: int
    ledger_out_minor: int
    taken_at: datetime | None
    compared_at: datetime | None

    @property
    def is_taken(self) -> bool:
        return self.state in ("taken", "compared")


_BILL = ", ".join(f"b.{name}" for name in Bill.__struct_fields__)


def bill_id_of(config_id: UUID, day: date) -> UUID:
    return derived_id(config_id, f"payment.bill.{day.isoformat()}")


async def bill_by_id(tx: Tx, bill_id: UUID) -> Bill | None:
    row = await tx.fetchrow(
        f"select {_BILL} from payment.bills b where b.tenant_id = $1 and b.id = $2",  # noqa: S608
        tx.tenant_id,
        bill_id,
    )
    return msgspec.convert(dict(row), type=Bill) if row else None


async def bills_between(tx: Tx, first: date, last: date) -> list[Bill]:
    rows = await tx.fetch(
        f"select {_BILL} from payment.bills b where b.tenant_id = $1"  # noqa: S608
        " and b.day between $2 and $3 order by b.day, b.provider, b.id",
        tx.tenant_id,
        first,
        last,
    )
    return [msgspec.convert(dict(row), type=Bill) for row in rows]


async def ask_for(
    tx: Tx, bill_id: UUID, *, config_id: UUID, provider: str, day: date, next_at: datetime
) -> None:
    """Written and committed before the call: whoever dies during it is followed by the next."""
    await tx.execute(
        """
        insert into payment.bills
            (tenant_id, id, config_id, provider, day, state, attempts, next_at)
        values ($1, $2, $3, $4, $5, 'waiting', 1, $6)
        on conflict (tenant_id, id) do update
            set attempts = bills.attempts + 1, next_at = excluded.next_at
        """,
        tx.tenant_id,
        bill_id,
        config_id,
        provider,
        day,
        next_at,
    )


async def wait_longer(tx: Tx, bill_id: UUID, *, code: str, next_at: datetime | None) -> None:
    """A bill that is here already stays here; only the asking is noted."""
    await tx.execute(
        "update payment.bills set last_code = $3, next_at = $4 where tenant_id = $1 and id = $2",
        tx.tenant_id,
        bill_id,
        code[:64],
        next_at,
    )


async def drop_lines(tx: Tx, bill_id: UUID, day: date) -> None:
    await tx.execute(
        "delete from payment.bill_lines where tenant_id = $1 and day = $2 and bill_id = $3",
        tx.tenant_id,
        day,
        bill_id,
    )


async def insert_lines(
    tx: Tx, bill_id: UUID, day: date, lines: Sequence[BillLine | BadLine], *, now: datetime
) -> None:
    """What cannot be read is kept as such: a bill with a bad row is still a bill."""
    columns: list[tuple[object, ...]] = [
        (
            line.line_no,
            line.kind,
            line.number,
            line.txn,
            line.out_trade_no,
            line.amount_minor,
            line.fee_minor,
            line.rate_ppm,
            line.is_done,
            line.state,
            line.at,
        )
        if isinstance(line, BillLine)
        else (line.line_no, "unreadable", "", "", "", 0, 0, None, False, line.why, now)
        for line in lines
    ]
    await tx.execute(
        """
        insert into payment.bill_lines (tenant_id, day, bill_id, line_no, kind, number, txn,
            out_trade_no, amount_minor, fee_minor, rate_ppm, is_done, state, at)
        select $1, $2, $3, x.*
        from unnest($4::integer[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[],
                    $10::bigint[], $11::integer[], $12::boolean[], $13::text[],
                    $14::timestamptz[]) as x
        """,
        tx.tenant_id,
        day,
        bill_id,
        *(list(column) for column in zip(*columns, strict=True)),
    )


async def mark_taken(tx: Tx, bill_id: UUID, day: date, *, now: datetime) -> None:
    """Sums are of what moved money."""
    await tx.execute(
        """
        update payment.bills b set state = 'taken', version = b.version + 1, next_at = null,
            last_code = null, taken_at = $4, payments = s.payments, paid_minor = s.paid_minor,
            refunds = s.refunds, refunded_minor = s.refunded_minor, fee_minor = s.fee_minor
        from (
            select count(*) filter (where l.kind = 'payment') as payments,
                   coalesce(sum(l.amount_minor) filter (where l.kind = 'payment'), 0) as paid_minor,
                   count(*) filter (where l.kind = 'refund') as refunds,
                   coalesce(sum(l.amount_minor) filter (where l.kind = 'refund'), 0)
                       as refunded_minor,
                   coalesce(sum(l.fee_minor), 0) as fee_minor
            from payment.bill_lines l
            where l.tenant_id = $1 and l.day = $3 and l.bill_id = $2 and l.is_done
        ) s
        where b.tenant_id = $1 and b.id = $2
        """,
        tx.tenant_id,
        bill_id,
        day,
        now,
    )


async def lock_bill(tx: Tx, bill_id: UUID) -> Bill | None:
    """Whoever compares a bill or books its fees is alone with it."""
    row = await tx.fetchrow(
        f"select {_BILL} from payment.bills b where b.tenant_id = $1 and b.id = $2 for update",  # noqa: S608
        tx.tenant_id,
        bill_id,
    )
    return msgspec.convert(dict(row), type=Bill) if row else None


async def neighbours(tx: Tx, bill: Bill) -> tuple[Bill | None, Bill | None]:
    """The bills of the day before and of the day after, when their lines are here."""
    rows = await tx.fetch(
        f"select {_BILL} from payment.bills b"  # noqa: S608
        " where b.tenant_id = $1 and b.config_id = $2 and b.day in ($3::date - 1, $3::date + 1)"
        " and b.state in ('taken', 'compared')",
        tx.tenant_id,
        bill.config_id,
        bill.day,
    )
    found = {row["day"]: msgspec.convert(dict(row), type=Bill) for row in rows}
    before = next((one for day, one in found.items() if day < bill.day), None)
    after = next((one for day, one in found.items() if day > bill.day), None)
    return before, after


async def mark_compared(
    tx: Tx,
    bill_id: UUID,
    *,
    ours_paid_minor: int,
    ours_refunded_minor: int,
    ledger_in_minor: int,
    ledger_out_minor: int,
    now: datetime,
) -> None:
    await tx.execute(
        "update payment.bills set state = 'compared', compared_at = $3, ours_paid_minor = $4,"
        " ours_refunded_minor = $5, ledger_in_minor = $6, ledger_out_minor = $7"
        " where tenant_id = $1 and id = $2 and state in ('taken', 'compared')",
        tx.tenant_id,
        bill_id,
        now,
        ours_paid_minor,
        ours_refunded_minor,
        ledger_in_minor,
        ledger_out_minor,
    )


async def mark_fee_booked(tx: Tx, bill_id: UUID, fee_minor: int) -> None:
    await tx.execute(
        "update payment.bills set fee_booked_minor = $3 where tenant_id = $1 and id = $2",
        tx.tenant_id,
        bill_id,
        fee_minor,
    )


async def bills_due(tx: Tx, *, now: datetime, limit: int) -> list[Bill]:
    rows = await tx.fetch(
        f"select {_BILL} from payment.bills b"  # noqa: S608
        " where b.tenant_id = $1 and b.next_at <= $2 order by b.next_at limit $3",
        tx.tenant_id,
        now,
        limit,
    )
    return [msgspec.convert(dict(row), type=Bill) for row in rows]


async def configs_with_bills(tx: Tx, providers: Sequence[str]) -> list[Record]:
    """Merchant numbers whose channel writes bills, with the first moment there can be one of.

    A number that was switched off may still have been paid through."""
    return await tx.fetch(
        "select c.id, c.provider, c.created_at, c.updated_at, c.state from payment.configs c"
        " where c.tenant_id = $1 and c.provider = any($2::text[]) order by c.id",
        tx.tenant_id,
        list(providers),
    )


async def days_with_bills(tx: Tx, config_id: UUID, first: date, last: date) -> set[date]:
    rows = await tx.fetch(
        "select b.day from payment.bills b"
        " where b.tenant_id = $1 and b.config_id = $2 and b.day between $3 and $4",
        tx.tenant_id,
        config_id,
        first,
        last,
    )
    return {row["day"] for row in rows}


async def fees_booked(tx: Tx) -> dict[str, int]:
    """By provider: what the books must have taken from the channel's cash as fees."""
    rows = await tx.fetch(
        "select b.provider, sum(b.fee_booked_minor)::bigint as fee_minor from payment.bills b"
        " where b.tenant_id = $1 group by b.provider",
        tx.tenant_id,
    )
    return {row["provider"]: row["fee_minor"] for row in rows}
