"""What the merchant does with a request: issue, hand over, refuse, reverse. All of it is in the
audit log."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from weike import catalog, tenancy
from weike.kernel import Database, Record, TenantId, Tx
from weike.kernel.edge import Caller
from weike.trade.invoices import queries
from weike.trade.invoices.errors import (
    InvoiceFileTooLarge,
    InvoiceNotThere,
    NoInvoiceFile,
    NotAnInvoiceFile,
    UnknownInvoice,
)
from weike.trade.invoices.rules import FILE_LIMIT_BYTES, file_ending

MEDIA_TYPES = {"pdf": "application/pdf", "ofd": "application/ofd"}


async def issue_invoice(
    tx: Tx,
    *,
    invoice_id: UUID,
    invoice_no: str,
    link: str | None,
    actor: Caller,
    now: datetime,
) -> None:
    """Refuses with UnknownInvoice, InvoiceNotThere."""
    row = await _known(tx, invoice_id)
    done = await queries.mark_issued(tx, invoice_id, invoice_no=invoice_no, link=link, now=now)
    await _moved(tx, row, done, "invoices.issued", {"invoice_no": invoice_no}, actor, now=now)


async def send_invoice(tx: Tx, *, invoice_id: UUID, actor: Caller, now: datetime) -> None:
    """The merchant says that the buyer has it. Refuses with UnknownInvoice, InvoiceNotThere."""
    row = await _known(tx, invoice_id)
    done = await queries.mark_sent(tx, invoice_id, now=now)
    await _moved(tx, row, done, "invoices.sent", {}, actor, now=now)


async def refuse_invoice(
    tx: Tx, *, invoice_id: UUID, reason: str, actor: Caller, now: datetime
) -> None:
    """Refuses with UnknownInvoice, InvoiceNotThere."""
    row = await _known(tx, invoice_id)
    done = await queries.mark_refused(tx, invoice_id, reason=reason, now=now)
    await _moved(tx, row, done, "invoices.refused", {}, actor, now=now)


async def reverse_invoice(
    tx: Tx, *, invoice_id: UUID, red_no: str, reason: str, actor: Caller, now: datetime
) -> None:
    """A red-letter invoice was issued for it; the buyer may ask for another one.

    Refuses with UnknownInvoice, InvoiceNotThere.
    """
    row = await _known(tx, invoice_id)
    done = await queries.mark_red(tx, invoice_id, red_no=red_no, reason=reason, now=now)
    await _moved(tx, row, done, "invoices.reversed", {"red_no": red_no}, actor, now=now)


async def keep_file(
    database: Database,
    store: catalog.MediaStore,
    *,
    invoice_id: UUID,
    content: bytes,
    actor: Caller,
    now: datetime,
) -> None:
    """Stored first, outside any transaction, under a name that nobody can guess.

    Refuses with NotAnInvoiceFile, InvoiceFileTooLarge, UnknownInvoice, InvoiceNotThere.
    """
    ending = file_ending(content)
    if len(content) > FILE_LIMIT_BYTES:
        raise InvoiceFileTooLarge(field="file", megabytes=FILE_LIMIT_BYTES // 2**20)
    if ending is None:
        raise NotAnInvoiceFile(field="file")
    tenant_id = actor.tenant_id
    row = await database.run(tenant_id, lambda tx: _known(tx, invoice_id))
    name = f"{secrets.token_urlsafe(16)}.{ending}"
    await store.put(_key(tenant_id, name), content, content_type=MEDIA_TYPES[ending])

    async def remember(tx: Tx) -> None:
        done = await queries.set_file(tx, invoice_id, file_name=name)
        await _moved(tx, row, done, "invoices.file_kept", {}, actor, now=now)

    await database.run(tenant_id, remember)


async def file_of(
    store: catalog.MediaStore, tenant_id: TenantId, row: Record | None
) -> tuple[bytes, str]:
    """The file and its ending. Refuses with UnknownInvoice, NoInvoiceFile."""
    if row is None:
        raise UnknownInvoice()
    name: str | None = row["file_name"]
    content = await store.get(_key(tenant_id, name)) if name else None
    if content is None or name is None:
        raise NoInvoiceFile()
    return content, name.rpartition(".")[2]


def _key(tenant_id: TenantId, name: str) -> str:
    return f"{tenant_id.hex}/invoices/{name}"


async def _known(tx: Tx, invoice_id: UUID) -> Record:
    row = await queries.invoice(tx, invoice_id)
    if row is None:
        raise UnknownInvoice()
    return row


async def _moved(
    tx: Tx,
    row: Record,
    done: bool,
    action: str,
    detail: dict[str, object],
    actor: Caller,
    *,
    now: datetime,
) -> None:
    if not done:
        raise InvoiceNotThere(number=row["number"])
    await tenancy.record_audit(
        tx,
        actor=actor,
        action=action,
        subject_type="invoice",
        subject_id=row["id"],
        detail={"number": row["number"], **detail},
        now=now,
    )
