"""A buyer asks for the invoice of an order: what was paid for it and not given back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from weike import tenancy
from weike.kernel import IdTakenByOther, Invalid, Tx, is_chosen
from weike.trade.errors import UnknownOrder
from weike.trade.events import OrderRefunded
from weike.trade.invoices import queries
from weike.trade.invoices.errors import InvoiceAskedBefore, NothingToInvoice
from weike.trade.invoices.rules import InvoiceTitle, checked

PAID_STATES = ("paid", "shipped", "received", "settled")


async def request_invoice(
    tx: Tx,
    *,
    invoice_id: UUID,
    order_id: UUID,
    member_id: UUID,
    title: InvoiceTitle,
    now: datetime,
) -> UUID:
    """The same id again is the same request.

    Refuses with UnknownOrder, BadTaxNumber, NothingToInvoice, InvoiceAskedBefore, IdTakenByOther.
    """
    if not is_chosen(invoice_id):
        raise Invalid(field="id")
    fit = checked(title)
    order = await queries.order_of(tx, order_id, member_id=member_id, lock=True)
    if order is None:
        raise UnknownOrder()
    if earlier := await queries.invoice(tx, invoice_id):
        if earlier["order_id"] != order_id:
            raise IdTakenByOther(field="id")
        return invoice_id
    if await queries.living_of_order(tx, order_id):
        raise InvoiceAskedBefore(number=order["number"])
    amount = await queries.left_of(tx, order_id)
    if order["state"] not in PAID_STATES or amount == 0:
        raise NothingToInvoice(number=order["number"])
    await queries.insert_invoice(
        tx,
        invoice_id=invoice_id,
        number=await _next_number(tx, now),
        order=order,
        member_id=member_id,
        title=fit,
        amount_minor=amount,
        now=now,
    )
    return invoice_id


async def after_refund(tx: Tx, event: OrderRefunded, now: datetime) -> None:
    """A request follows what is left of the order; what was issued needs its reversal. May be
    called twice."""
    row = await queries.living_of_order(tx, event.order_id, lock=True)
    if row is None:
        return
    left = await queries.left_of(tx, event.order_id)
    if row["state"] == "requested":
        if left == 0:
            await queries.mark_refused(tx, row["id"], reason="refunded", now=now)
            return
        await queries.set_amounts(tx, row["id"], amount_minor=left, red_minor=0)
        return
    await queries.set_amounts(
        tx,
        row["id"],
        amount_minor=row["amount_minor"],
        red_minor=max(0, row["amount_minor"] - left),
    )


async def _next_number(tx: Tx, now: datetime) -> str:
    """「F261122000017」: the shop's day and the count."""
    settings = await tenancy.shop_settings(tx)
    day = now.astimezone(ZoneInfo(settings.time_zone)).strftime("%y%m%d")
    count: int = await tx.fetchval(
        """
        insert into kernel.counters as c (tenant_id, kind, value) values ($1, 'trade.invoice', 1)
        on conflict (tenant_id, kind) do update set value = c.value + 1 returning c.value
        """,
        tx.tenant_id,
    )
    return f"F{day}{count:06d}"
