"""Cases as the merchant's people read them, with the buyer and who of the staff did what."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from weike import members, tenancy
from weike.kernel import Database, Page, Record, TenantId, Tx, page_of
from weike.kernel.edge.sheets import Row, rows_by_page, yuan
from weike.kernel.words import Words
from weike.trade.after_sale import reading_queries as queries
from weike.trade.after_sale.errors import UnknownAfterSale
from weike.trade.after_sale.reading_queries import DeskQuestion
from weike.trade.after_sale.show_cases import (
    CaseCard,
    CaseDetail,
    detail_of,
    plain_of,
    staff_actions,
)

_EXPORT_PAGE = 500


class CaseBuyer(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    nickname: str
    avatar_url: str | None
    phone_tail: str | None


class DeskRow(CaseCard, frozen=True, kw_only=True):
    member: CaseBuyer
    reason_text: str


class DeskCase(CaseDetail, frozen=True, kw_only=True):
    member: CaseBuyer
    order_state: str


async def desk_cases(
    tx: Tx, question: DeskQuestion, *, after: queries.AfterKey | None, limit: int, words: Words
) -> Page[DeskRow]:
    rows = await queries.cases_of_shop(tx, question, after=after, limit=limit + 1)
    shown = await _rows(tx, rows[:limit], words)
    by_id = {row.id: row for row in shown}
    return page_of(
        rows,
        limit=limit,
        item=lambda row: by_id[row["id"]],
        key=lambda row: (row["sorted_at"], row["id"]),
    )


async def desk_case(tx: Tx, *, case_id: UUID, words: Words, now: datetime) -> DeskCase:
    """Refuses with UnknownAfterSale."""
    row = await queries.case_by_id(tx, case_id, member_id=None)
    if row is None:
        raise UnknownAfterSale()
    cards = await members.member_cards(tx, [row["member_id"]])
    names = await tenancy.staff_names(tx)
    return DeskCase(
        **await detail_of(tx, row, words, names=names, now=now),
        member=_buyer(row["member_id"], cards),
        order_state=row["order_state"],
        actions=staff_actions(row),
    )


async def _rows(tx: Tx, rows: list[Record], words: Words) -> list[DeskRow]:
    lines = await queries.lines_of_cases(tx, [row["id"] for row in rows])
    cards = await members.member_cards(tx, sorted({row["member_id"] for row in rows}))
    return [
        DeskRow(
            **plain_of(row, lines[row["id"]], words),
            member=_buyer(row["member_id"], cards),
            reason_text=words(f"trade.after_sale.reason.{row['reason_code']}"),
            actions=staff_actions(row),
        )
        for row in rows
    ]


def _buyer(member_id: UUID, cards: Mapping[UUID, members.MemberCard]) -> CaseBuyer:
    card = cards.get(member_id)
    return CaseBuyer(
        id=member_id,
        nickname=card.nickname if card else "",
        avatar_url=card.avatar_url if card else None,
        phone_tail=card.phone_tail if card else None,
    )


def export_columns(words: Words) -> list[str]:
    return [words(f"trade.after_sale.column.{name}") for name in _COLUMNS]


_COLUMNS = (
    *("number", "order_number", "buyer", "kind", "state", "reason", "goods", "asked", "amount"),
    *("opened_at", "deadline_at", "closed_at", "return_parcel"),
)


def export_rows(
    database: Database, tenant_id: TenantId, question: DeskQuestion, *, words: Words
) -> AsyncIterator[Row]:
    """Every case the question finds, page by page."""

    async def page(
        tx: Tx, after: queries.AfterKey | None
    ) -> tuple[list[Row], queries.AfterKey | None]:
        rows = await queries.cases_of_shop(tx, question, after=after, limit=_EXPORT_PAGE)
        shown = await _rows(tx, rows, words)
        cells = [_cells(row, raw) for row, raw in zip(shown, rows, strict=True)]
        last = rows[-1] if len(rows) == _EXPORT_PAGE else None
        return cells, (last["sorted_at"], last["id"]) if last else None

    return rows_by_page(database, tenant_id, page)


def _cells(row: DeskRow, raw: Record) -> Row:
    def time(value: object) -> str:
        return value.isoformat(timespec="seconds") if isinstance(value, datetime) else ""

    return (
        row.number,
        row.order_number,
        row.member.nickname,
        row.kind_text,
        row.state_text,
        row.reason_text,
        "；".join(f"{line.title} {line.spec_text} ×{line.quantity}" for line in row.lines),
        yuan(raw["asked_minor"]),
        yuan(row.amount_minor),
        time(row.opened_at),
        time(row.deadline_at),
        time(raw["closed_at"]),
        str(raw["return_tracking_no"] or ""),
    )
