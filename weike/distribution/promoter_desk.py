"""What the merchant reads about promoters: a list with results, and one promoter in detail."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from weike import members, sharing
from weike.distribution.errors import PromoterUnknown
from weike.distribution.income import IncomeRow, Totals, income_page, totals_of
from weike.distribution.model import PromoterState
from weike.distribution.promoter_pages import (
    Customer,
    SharedThing,
    customers_page,
    shared_things,
)
from weike.distribution.queries import promoters
from weike.kernel import Page, Record, Tx, decode_cursor, page_of
from weike.kernel.words import Words


class PromoterRow(msgspec.Struct, kw_only=True):
    """`sales_minor` is what buyers paid for goods, freight not included."""

    member_id: UUID
    nickname: str
    avatar_url: str | None
    state: PromoterState
    joined_at: datetime
    shares: int
    customers: int
    orders: int
    sales_minor: int
    commission_minor: int


class PromoterDetail(msgspec.Struct, kw_only=True):
    """`invited_by` is a nickname, `invited` a head count: nobody is paid for either."""

    member_id: UUID
    nickname: str
    avatar_url: str | None
    state: PromoterState
    state_reason: str | None
    state_at: datetime
    joined_at: datetime
    agreement_version: str
    invited_by: str | None
    invited: int
    totals: Totals
    shares: list[SharedThing]
    customers: list[Customer]
    commissions: list[IncomeRow]


async def promoters_page(
    tx: Tx, *, query: str | None, state: PromoterState | None, cursor: str | None, limit: int
) -> Page[PromoterRow]:
    """Newest first; `query` is part of a nickname. Refuses with BadCursor."""
    ids = None if query is None else await members.members_named(tx, query)
    rows = await promoters.promoters_with_results(
        tx,
        ids=ids,
        state=state,
        before=decode_cursor(cursor, tuple[datetime, UUID]),
        limit=limit + 1,
    )
    people = await members.member_cards(tx, [row["member_id"] for row in rows])
    shares = await sharing.count_shares(tx, [row["member_id"] for row in rows])

    def item(row: Record) -> PromoterRow:
        card = people[row["member_id"]]
        return PromoterRow(
            member_id=row["member_id"],
            nickname=card.nickname,
            avatar_url=card.avatar_url,
            state=PromoterState(row["state"]),
            joined_at=row["joined_at"],
            shares=shares.get(row["member_id"], 0),
            customers=row["customers"],
            orders=row["orders"],
            sales_minor=row["sales_minor"],
            commission_minor=row["commission_minor"],
        )

    return page_of(
        rows, limit=limit, item=item, key=lambda row: (row["joined_at"], row["member_id"])
    )


async def promoter_detail(
    tx: Tx, codes: sharing.ShareCodes, member_id: UUID, *, words: Words
) -> PromoterDetail:
    """Refuses with PromoterUnknown."""
    row = await promoters.promoter_by_id(tx, member_id)
    if row is None:
        raise PromoterUnknown()
    inviter_id = await promoters.inviter_of(tx, member_id)
    cards = await members.member_cards(tx, [one for one in (member_id, inviter_id) if one])
    card = cards[member_id]
    return PromoterDetail(
        member_id=member_id,
        nickname=card.nickname,
        avatar_url=card.avatar_url,
        state=PromoterState(row["state"]),
        state_reason=row["state_reason"],
        state_at=row["state_at"],
        joined_at=row["joined_at"],
        agreement_version=row["agreement_version"],
        invited_by=cards[inviter_id].nickname if inviter_id else None,
        invited=await promoters.count_invited(tx, member_id),
        totals=await totals_of(tx, member_id),
        shares=(
            await shared_things(tx, codes, member_id, words=words, cursor=None, limit=10)
        ).items,
        customers=(await customers_page(tx, member_id, cursor=None, limit=10)).items,
        commissions=(
            await income_page(tx, words=words, masked=False, promoter_id=member_id, limit=10)
        ).items,
    )
