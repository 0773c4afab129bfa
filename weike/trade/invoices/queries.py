"""SQL of invoices and their titles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from weike.kernel import Record, Tx
from weike.trade.invoices.rules import InvoiceTitle

AfterKey = tuple[datetime, UUID]

_LISTS = {
    "all": "true",
    "requested": "i.state = 'requested'",
    "issued": "i.state = 'issued'",
    "sent": "i.state = 'sent'",
    "refused": "i.state = 'refused'",
    "red": "i.state = 'red'",
    "red_needed": "i.state in ('issued', 'sent') and i.red_minor > 0",
}
LISTS = tuple(_LISTS)


async def titles_of(tx: Tx, member_id: UUID) -> list[Record]:
    return await tx.fetch(
        "select t.* from trade.invoice_titles t where t.tenant_id = $1 and t.member_id = $2 "
        "order by t.is_default desc, t.updated_at desc, t.id",
        tx.tenant_id,
        member_id,
    )


async def put_title(
    tx: Tx,
    title_id: UUID,
    title: InvoiceTitle,
    *,
    member_id: UUID,
    is_default: bool,
    now: datetime,
) -> bool:
    """False when the id is another member's."""
    return bool(
        await tx.execute(
            """
            insert into trade.invoice_titles as t
                (tenant_id, id, member_id, kind, title, tax_no, email, is_default, updated_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            on conflict (tenant_id, id) do update set kind = excluded.kind,
                title = excluded.title, tax_no = excluded.tax_no, email = excluded.email,
                is_default = excluded.is_default, updated_at = excluded.updated_at
            where t.member_id = excluded.member_id
            """,
            tx.tenant_id,
            title_id,
            member_id,
            title.kind,
            title.title,
            title.tax_no,
            title.email,
            is_default,
            now,
        )
    )


async def clear_default(tx: Tx, member_id: UUID) -> None:
    await tx.execute(
        "update trade.invoice_titles t set is_default = false "
        "where t.tenant_id = $1 and t.member_id = $2 and t.is_default",
        tx.tenant_id,
        member_id,
    )


async def delete_title(tx: Tx, title_id: UUID, *, member_id: UUID) -> bool:
    return bool(
        await tx.execute(
            "delete from trade.invoice_titles t "
            "where t.tenant_id = $1 and t.id = $2 and t.member_id = $3",
            tx.tenant_id,
            title_id,
            member_id,
        )
    )


async def order_of(tx: Tx, order_id: UUID, *, member_id: UUID, lock: bool) -> Record | None:
    sql = (
        "select o.id, o.number, o.state, o.pay_state, o.currency from trade.orders o "
        "where o.tenant_id = $1 and o.id = $2 and o.member_id = $3"
    )
    return await tx.fetchrow(
        f"{sql} for no key update" if lock else sql, tx.tenant_id, order_id, member_id
    )


async def left_of(tx: Tx, order_id: UUID) -> int:
    """What was paid for the lines and not given back, freight included."""
    left: int = await tx.fetchval(
        "select coalesce(sum(l.paid_minor - l.refunded_minor), 0)::bigint "
        "from trade.order_lines l where l.tenant_id = $1 and l.order_id = $2",
        tx.tenant_id,
        order_id,
    )
    return left


async def living_of_order(tx: Tx, order_id: UUID, *, lock: bool = False) -> Record | None:
    sql = (
        "select i.* from trade.invoices i where i.tenant_id = $1 and i.order_id = $2 "
        "and i.state in ('requested', 'issued', 'sent')"
    )
    return await tx.fetchrow(f"{sql} for no key update" if lock else sql, tx.tenant_id, order_id)


async def invoice(tx: Tx, invoice_id: UUID, *, member_id: UUID | None = None) -> Record | None:
    return await tx.fetchrow(
        "select i.*, o.number as order_number from trade.invoices i "
        "join trade.orders o on o.tenant_id = i.tenant_id and o.id = i.order_id "
        "where i.tenant_id = $1 and o.tenant_id = $1 and i.id = $2 "
        "and ($3::uuid is null or i.member_id = $3)",
        tx.tenant_id,
        invoice_id,
        member_id,
    )


async def insert_invoice(
    tx: Tx,
    *,
    invoice_id: UUID,
    number: str,
    order: Record,
    member_id: UUID,
    title: InvoiceTitle,
    amount_minor: int,
    now: datetime,
) -> None:
    await tx.execute(
        """
        insert into trade.invoices (tenant_id, id, number, order_id, member_id, kind, title,
            tax_no, email, currency, amount_minor, state, requested_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'requested', $12)
        """,
        tx.tenant_id,
        invoice_id,
        number,
        order["id"],
        member_id,
        title.kind,
        title.title,
        title.tax_no,
        title.email,
        order["currency"],
        amount_minor,
        now,
    )


async def mark_issued(
    tx: Tx, invoice_id: UUID, *, invoice_no: str, link: str | None, now: datetime
) -> bool:
    return bool(
        await tx.execute(
            "update trade.invoices i set state = 'issued', invoice_no = $3, link = $4, "
            "issued_at = $5 where i.tenant_id = $1 and i.id = $2 and i.state = 'requested'",
            tx.tenant_id,
            invoice_id,
            invoice_no,
            link,
            now,
        )
    )


async def mark_sent(tx: Tx, invoice_id: UUID, *, now: datetime) -> bool:
    return bool(
        await tx.execute(
            "update trade.invoices i set state = 'sent', sent_at = $3 "
            "where i.tenant_id = $1 and i.id = $2 and i.state = 'issued'",
            tx.tenant_id,
            invoice_id,
            now,
        )
    )


async def mark_refused(tx: Tx, invoice_id: UUID, *, reason: str, now: datetime) -> bool:
    return bool(
        await tx.execute(
            "update trade.invoices i set state = 'refused', reason = $3, ended_at = $4 "
            "where i.tenant_id = $1 and i.id = $2 and i.state = 'requested'",
            tx.tenant_id,
            invoice_id,
            reason,
            now,
        )
    )


async def mark_red(tx: Tx, invoice_id: UUID, *, red_no: str, reason: str, now: datetime) -> bool:
    return bool(
        await tx.execute(
            "update trade.invoices i set state = 'red', red_no = $3, reason = $4, ended_at = $5 "
            "where i.tenant_id = $1 and i.id = $2 and i.state in ('issued', 'sent')",
            tx.tenant_id,
            invoice_id,
            red_no,
            reason,
            now,
        )
    )


async def set_amounts(tx: Tx, invoice_id: UUID, *, amount_minor: int, red_minor: int) -> None:
    await tx.execute(
        "update trade.invoices i set amount_minor = $3, red_minor = $4 "
        "where i.tenant_id = $1 and i.id = $2",
        tx.tenant_id,
        invoice_id,
        amount_minor,
        red_minor,
    )


async def set_file(tx: Tx, invoice_id: UUID, *, file_name: str) -> bool:
    return bool(
        await tx.execute(
            "update trade.invoices i set file_name = $3 where i.tenant_id = $1 and i.id = $2 "
            "and i.state in ('requested', 'issued', 'sent')",
            tx.tenant_id,
            invoice_id,
            file_name,
        )
    )


async def of_member(tx: Tx, member_id: UUID, *, after: AfterKey | None, limit: int) -> list[Record]:
    return await tx.fetch(
        """
        select i.*, o.number as order_number
        from trade.invoices i
        join trade.orders o on o.tenant_id = i.tenant_id and o.id = i.order_id
        where i.tenant_id = $1 and o.tenant_id = $1 and i.member_id = $2
          and ($3::timestamptz is null or (i.requested_at, i.id) < ($3, $4::uuid))
        order by i.requested_at desc, i.id desc limit $5
        """,
        tx.tenant_id,
        member_id,
        after[0] if after else None,
        after[1] if after else None,
        limit,
    )


async def of_shop(
    tx: Tx,
    *,
    state: str,
    wanted: str | None,
    title_like: str | None,
    member_ids: Sequence[UUID] | None,
    after: AfterKey | None,
    limit: int,
) -> list[Record]:
    """`wanted`: the beginning of an order's, request's or invoice's number, or a tax number."""
    return await tx.fetch(
        f"""
        select i.*, o.number as order_number
        from trade.invoices i
        join trade.orders o on o.tenant_id = i.tenant_id and o.id = i.order_id
        where i.tenant_id = $1 and o.tenant_id = $1 and {_LISTS[state]}
          and ($2::text is null or starts_with(o.number, $2) or starts_with(i.number, $2)
               or starts_with(i.invoice_no, $2) or i.tax_no = upper($2) or i.title ilike $3
               or i.member_id = any($4::uuid[]))
          and ($5::timestamptz is null or (i.requested_at, i.id) < ($5, $6::uuid))
        order by i.requested_at desc, i.id desc limit $7
        """,  # noqa: S608 - constants of this file
        tx.tenant_id,
        wanted,
        title_like,
        list(member_ids) if member_ids is not None else None,
        after[0] if after else None,
        after[1] if after else None,
        limit,
    )


async def counts(tx: Tx) -> dict[str, int]:
    columns = ", ".join(
        f"count(*) filter (where {where}) as {name}" for name, where in _LISTS.items()
    )
    row = await tx.fetchrow(
        f"select {columns} from trade.invoices i where i.tenant_id = $1",  # noqa: S608
        tx.tenant_id,
    )
    return dict(row) if row else {}
