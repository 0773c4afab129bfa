"""Commissions as people read them: what, how much, and by which formula."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from weike import catalog, members
from weike.distribution.model import CommissionState
from weike.distribution.queries import commissions
from weike.distribution.withdrawals import queries as withdrawals
from weike.kernel import BASIS_POINTS, Page, Record, Tx, decode_cursor, page_of
from weike.kernel.words import Words


class IncomeRow(msgspec.Struct, kw_only=True):
    """`buyer_nickname` is masked for promoters. `formula` is one sentence with every figure."""

    commission_id: UUID
    order_id: UUID
    order_number: str
    promoter_id: UUID
    promoter_nickname: str
    buyer_nickname: str
    at: datetime
    state: CommissionState
    product_id: UUID
    product_title: str
    base_minor: int
    rate_bp: int
    amount_minor: int
    reversed_minor: int
    hold_until: datetime | None
    formula: str


async def income_page(
    tx: Tx,
    *,
    words: Words,
    masked: bool,
    promoter_id: UUID | None = None,
    order_id: UUID | None = None,
    state: CommissionState | None = None,
    number: str | None = None,
    cursor: str | None = None,
    limit: int = 20,
) -> Page[IncomeRow]:
    """Newest first. Refuses with BadCursor."""
    rows = await commissions.income(
        tx,
        promoter_id=promoter_id,
        order_id=order_id,
        state=state,
        number=number,
        before=decode_cursor(cursor, tuple[datetime, UUID]),
        limit=limit + 1,
    )
    people = await members.member_cards(
        tx, list({row["buyer_id"] for row in rows} | {row["promoter_id"] for row in rows})
    )
    cards = await catalog.product_cards(tx, list({row["product_id"] for row in rows}))

    def item(row: Record) -> IncomeRow:
        card = cards.get(row["product_id"])
        buyer = people[row["buyer_id"]].nickname
        return IncomeRow(
            commission_id=row["id"],
            order_id=row["order_id"],
            order_number=row["order_number"],
            promoter_id=row["promoter_id"],
            promoter_nickname=people[row["promoter_id"]].nickname,
            buyer_nickname=members.masked_nickname(buyer) if masked else buyer,
            at=row["paid_at"],
            state=CommissionState(row["state"]),
            product_id=row["product_id"],
            # As it was called when it was sold; only its English name is looked up.
            product_title=words.of(row["product_title"], card.title_en if card else None),
            base_minor=row["base_minor"],
            rate_bp=row["rate_bp"],
            amount_minor=row["amount_minor"],
            reversed_minor=row["reversed_minor"],
            hold_until=row["hold_until"],
            formula=formula(
                base_minor=row["base_minor"],
                rate_bp=row["rate_bp"],
                amount_minor=row["amount_minor"],
                reversed_minor=row["reversed_minor"],
                words=words,
            ),
        )

    return page_of(rows, limit=limit, item=item, key=lambda row: (row["paid_at"], row["id"]))


def formula(
    *, base_minor: int, rate_bp: int, amount_minor: int, reversed_minor: int, words: Words
) -> str:
    """The amount explained in one sentence."""
    capped = amount_minor != base_minor * rate_bp // BASIS_POINTS
    text = words(
        "distribution.formula_capped" if capped else "distribution.formula",
        base=base_minor,
        rate=f"{rate_bp / 100:g}",
        amount=amount_minor,
    )
    if reversed_minor:
        text += words(
            "distribution.formula_reversed",
            reversed=reversed_minor,
            left=amount_minor - reversed_minor,
        )
    return text


class Totals(msgspec.Struct, kw_only=True):
    """What is left of a promoter's commissions, by state."""

    estimated_minor: int
    pending_minor: int
    available_minor: int
    paid_minor: int


async def totals_of(tx: Tx, promoter_id: UUID) -> Totals:
    """States without commissions are zero. Available is what is not in a withdrawal, never below
    zero; paid is before tax."""
    rows = await commissions.totals_by_state(tx, promoter_id)
    left = {CommissionState(row["state"]): int(row["amount_minor"]) for row in rows}
    return Totals(
        estimated_minor=left.get(CommissionState.ESTIMATED, 0),
        pending_minor=left.get(CommissionState.PENDING, 0),
        available_minor=max(0, await commissions.not_withdrawn_minor(tx, promoter_id)),
        paid_minor=await withdrawals.paid_minor(tx, promoter_id),
    )
