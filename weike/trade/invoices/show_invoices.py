"""Invoices as buyers and as the merchant's people read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from weike import members
from weike.kernel import Page, Record, Tx, page_of
from weike.kernel.edge.sheets import Cell, yuan
from weike.kernel.words import Words
from weike.trade.errors import UnknownOrder
from weike.trade.invoices import queries
from weike.trade.invoices.errors import UnknownInvoice
from weike.trade.invoices.request_invoice import PAID_STATES
from weike.trade.invoices.rules import TRANSITIONS

InvoiceList = Literal["all", "requested", "issued", "sent", "refused", "red", "red_needed"]

EXPORT_COLUMNS = (
    *("number", "order_number", "buyer", "kind", "title", "tax_no", "email", "amount"),
    *("red_amount", "state", "invoice_no", "red_no", "requested_at", "issued_at", "reason"),
)
"""`trade.invoice_column.<name>` in the texts."""


class InvoiceView(msgspec.Struct, frozen=True, kw_only=True):
    """`red_minor` is what was given back since it was issued and has to be reversed."""

    id: UUID
    number: str
    order_id: UUID
    order_number: str
    kind: str
    title: str
    tax_no: str
    email: str
    currency: str
    amount_minor: int
    red_minor: int
    state: str
    state_text: str
    invoice_no: str
    red_no: str
    has_file: bool
    link: str | None
    reason: str
    requested_at: datetime
    issued_at: datetime | None
    sent_at: datetime | None
    ended_at: datetime | None


class ShopInvoice(InvoiceView, frozen=True, kw_only=True):
    nickname: str
    phone_tail: str | None
    actions: list[str]


class OrderInvoice(msgspec.Struct, frozen=True, kw_only=True):
    """`invoice` is the one that lives; without one, `can_request` says whether to ask."""

    order_id: UUID
    order_number: str
    amount_minor: int
    can_request: bool
    invoice: InvoiceView | None


class InvoiceCounts(msgspec.Struct, frozen=True, kw_only=True):
    all: int
    requested: int
    issued: int
    sent: int
    refused: int
    red: int
    red_needed: int


async def my_invoices(
    tx: Tx,
    *,
    member_id: UUID,
    after: queries.AfterKey | None,
    limit: int,
    words: Words,
) -> Page[InvoiceView]:
    """The newest first."""
    rows = await queries.of_member(tx, member_id, after=after, limit=limit + 1)
    return page_of(
        rows,
        limit=limit,
        item=lambda row: InvoiceView(**_facts(row, words)),
        key=lambda row: (row["requested_at"], row["id"]),
    )


async def my_invoice(tx: Tx, *, invoice_id: UUID, member_id: UUID, words: Words) -> InvoiceView:
    """Refuses with UnknownInvoice."""
    row = await queries.invoice(tx, invoice_id, member_id=member_id)
    if row is None:
        raise UnknownInvoice()
    return InvoiceView(**_facts(row, words))


async def order_invoice(tx: Tx, *, order_id: UUID, member_id: UUID, words: Words) -> OrderInvoice:
    """Refuses with UnknownOrder."""
    order = await queries.order_of(tx, order_id, member_id=member_id, lock=False)
    if order is None:
        raise UnknownOrder()
    living = await queries.living_of_order(tx, order_id)
    whole = await queries.invoice(tx, living["id"]) if living else None
    amount = await queries.left_of(tx, order_id)
    return OrderInvoice(
        order_id=order_id,
        order_number=order["number"],
        amount_minor=amount,
        can_request=whole is None and order["state"] in PAID_STATES and amount > 0,
        invoice=InvoiceView(**_facts(whole, words)) if whole else None,
    )


async def shop_invoices(
    tx: Tx,
    *,
    state: InvoiceList,
    wanted: str | None,
    after: queries.AfterKey | None,
    limit: int,
    words: Words,
) -> Page[ShopInvoice]:
    """The newest first."""
    rows = await _found(tx, state, wanted, after=after, limit=limit + 1)
    cards = await members.member_cards(tx, [row["member_id"] for row in rows])
    return page_of(
        rows,
        limit=limit,
        item=lambda row: _shop_view(row, cards, words),
        key=lambda row: (row["requested_at"], row["id"]),
    )


async def shop_invoice(tx: Tx, *, invoice_id: UUID, words: Words) -> ShopInvoice:
    """Refuses with UnknownInvoice."""
    row = await queries.invoice(tx, invoice_id)
    if row is None:
        raise UnknownInvoice()
    return _shop_view(row, await members.member_cards(tx, [row["member_id"]]), words)


async def invoice_counts(tx: Tx) -> InvoiceCounts:
    return InvoiceCounts(**await queries.counts(tx))


async def export_page(
    tx: Tx,
    state: InvoiceList,
    wanted: str | None,
    *,
    after: queries.AfterKey | None,
    limit: int,
    words: Words,
) -> tuple[Iterable[Sequence[Cell]], queries.AfterKey | None]:
    """A page of rows for a file, and where the next one begins."""
    rows = await _found(tx, state, wanted, after=after, limit=limit)
    cards = await members.member_cards(tx, [row["member_id"] for row in rows])
    end = (rows[-1]["requested_at"], rows[-1]["id"]) if len(rows) == limit else None
    return [_export_row(_shop_view(row, cards, words), words) for row in rows], end


async def _found(
    tx: Tx,
    state: InvoiceList,
    wanted: str | None,
    *,
    after: queries.AfterKey | None,
    limit: int,
) -> list[Record]:
    plain = wanted.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") if wanted else ""
    return await queries.of_shop(
        tx,
        state=state,
        wanted=wanted,
        title_like=f"%{plain}%" if wanted else None,
        member_ids=await members.members_named(tx, wanted) if wanted else None,
        after=after,
        limit=limit,
    )


_ACTIONS = {"issued": "issue", "refused": "refuse", "sent": "send", "red": "reverse"}


def _shop_view(row: Record, cards: Mapping[UUID, members.MemberCard], words: Words) -> ShopInvoice:
    card = cards.get(row["member_id"])
    following = TRANSITIONS[row["state"]]
    return ShopInvoice(
        **_facts(row, words),
        nickname=card.nickname if card else "",
        phone_tail=card.phone_tail if card else None,
        actions=[action for state, action in _ACTIONS.items() if state in following],
    )


_MADE = {"state_text", "has_file", "reason"}
_PLAIN = tuple(name for name in InvoiceView.__struct_fields__ if name not in _MADE)


def _facts(row: Record, words: Words) -> dict[str, Any]:
    reason = row["reason"]
    return {
        **{name: row[name] for name in _PLAIN},
        "state_text": words(f"trade.invoice_state.{row['state']}"),
        "has_file": row["file_name"] is not None,
        "reason": words("trade.invoice_reason.refunded") if reason == "refunded" else reason,
    }


def _export_row(view: ShopInvoice, words: Words) -> Sequence[Cell]:
    return (
        view.number,
        view.order_number,
        view.nickname,
        words(f"trade.invoice_kind.{view.kind}"),
        view.title,
        view.tax_no,
        view.email,
        yuan(view.amount_minor),
        yuan(view.red_minor),
        view.state_text,
        view.invoice_no,
        view.red_no,
        view.requested_at.isoformat(timespec="seconds"),
        view.issued_at.isoformat(timespec="seconds") if view.issued_at else None,
        view.reason,
    )
