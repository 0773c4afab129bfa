"""A member's book of invoice titles."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from weike.kernel import IdTakenByOther, Record, Tx
from weike.trade.invoices import queries
from weike.trade.invoices.errors import TooManyTitles, UnknownTitle
from weike.trade.invoices.rules import TITLES_LIMIT, InvoiceTitle, checked


class KeptTitle(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    kind: str
    title: str
    tax_no: str
    email: str
    is_default: bool


async def my_titles(tx: Tx, *, member_id: UUID) -> list[KeptTitle]:
    """The default one first."""
    return [_kept(row) for row in await queries.titles_of(tx, member_id)]


async def put_title(
    tx: Tx,
    *,
    title_id: UUID,
    member_id: UUID,
    title: InvoiceTitle,
    is_default: bool,
    now: datetime,
) -> KeptTitle:
    """Makes the title or replaces it. Refuses with BadTaxNumber, TooManyTitles, IdTakenByOther."""
    fit = checked(title)
    known = [row["id"] for row in await queries.titles_of(tx, member_id)]
    if title_id not in known and len(known) >= TITLES_LIMIT:
        raise TooManyTitles(limit=TITLES_LIMIT)
    if is_default:
        await queries.clear_default(tx, member_id)
    if not await queries.put_title(
        tx, title_id, fit, member_id=member_id, is_default=is_default, now=now
    ):
        raise IdTakenByOther(field="id")
    return KeptTitle(id=title_id, is_default=is_default, **msgspec.structs.asdict(fit))


async def remove_title(tx: Tx, *, title_id: UUID, member_id: UUID) -> None:
    """Refuses with UnknownTitle."""
    if not await queries.delete_title(tx, title_id, member_id=member_id):
        raise UnknownTitle()


def _kept(row: Record) -> KeptTitle:
    return KeptTitle(**{name: row[name] for name in KeptTitle.__struct_fields__})
