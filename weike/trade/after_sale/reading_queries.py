"""SQL of reading cases: lists for buyers and for the desk, one case with all that belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from weike.kernel import Record, Tx

AfterKey = tuple[datetime, UUID]

BuyerList = Literal["all", "open", "closed"]
DeskList = Literal[
    "all", "asked", "agreed", "sent_back", "received", "refunding", "appealed", "done", "closed"
]
DeskOrder = Literal["deadline", "newest"]

_BUYER = {"all": "true", "open": "a.is_open", "closed": "not a.is_open"}
# What waits for the merchant, for the buyer, for the provider, for the platform; what is over.
_DESK = {
    "all": "true",
    "asked": "a.state = 'asked'",
    "agreed": "a.state in ('agreed', 'replaced')",
    "sent_back": "a.state = 'sent_back'",
    "received": "a.state = 'received'",
    "refunding": "a.state = 'refunding'",
    "appealed": "a.state = 'appealed'",
    "done": "a.state = 'done'",
    "closed": "not a.is_open and a.state <> 'done'",
}

_ROW = (
    "a.id, a.number, a.order_id, o.number as order_number, a.member_id, a.kind, a.state, "
    "a.stopped_at, a.in_sale, a.reason_code, a.remark, a.currency, a.asked_minor, a.amount_minor, "
    "a.most_minor, a.deadline_at, a.opened_at, a.closed_at, a.return_to, a.return_courier, "
    "a.return_tracking_no, a.replacement_sku_id, a.replacement_courier, "
    "a.replacement_tracking_no, a.refund_attempts, o.state as order_state"
)
_FROM = (
    "from trade.after_sales a "
    "join trade.orders o on o.tenant_id = a.tenant_id and o.id = a.order_id"
)
# A time that a cursor can say: of 'infinity' the next page would begin anew.
_FAR = "'9999-01-01T00:00:00Z'::timestamptz"


async def cases_of_member(
    tx: Tx,
    member_id: UUID,
    *,
    which: BuyerList,
    order_id: UUID | None,
    after: AfterKey | None,
    limit: int,
) -> list[Record]:
    return await tx.fetch(
        f"""
        select {_ROW} {_FROM}
        where a.tenant_id = $1 and a.member_id = $2 and {_BUYER[which]}
          and ($3::uuid is null or a.order_id = $3)
          and ($4::timestamptz is null or (a.opened_at, a.id) < ($4, $5))
        order by a.opened_at desc, a.id desc
        limit $6
        """,
        tx.tenant_id,
        member_id,
        order_id,
        after[0] if after else None,
        after[1] if after else None,
        limit,
    )


@dataclass(frozen=True, slots=True)
class DeskQuestion:
    """`wanted`: a case's or an order's number or its beginning, or a parcel's number."""

    which: DeskList = "all"
    kind: str | None = None
    reason_code: str | None = None
    wanted: str | None = None
    member_ids: Sequence[UUID] | None = None
    since: datetime | None = None
    until: datetime | None = None
    by: DeskOrder = "newest"


async def cases_of_shop(
    tx: Tx, question: DeskQuestion, *, after: AfterKey | None, limit: int
) -> list[Record]:
    """Newest first, or those whose time is over first, first; what waits for nobody comes last."""
    if question.by == "deadline":
        key = f"case when a.is_open then coalesce(a.deadline_at, {_FAR}) else {_FAR} end"
        beyond, order = f"({key}, a.id) > ($7, $8)", f"{key}, a.id"
    else:
        key = "a.opened_at"
        beyond, order = "(a.opened_at, a.id) < ($7, $8)", "a.opened_at desc, a.id desc"
    return await tx.fetch(
        f"""
        select {_ROW}, {key} as sorted_at {_FROM}
        where a.tenant_id = $1 and {_DESK[question.which]}
          and ($2::text is null or a.kind = $2)
          and ($3::text is null or starts_with(a.number, $3) or starts_with(o.number, $3)
               or a.return_tracking_no = $3 or a.replacement_tracking_no = $3
               or a.member_id = any($4::uuid[]) or o.address ->> 'name' = $3)
          and ($5::timestamptz is null or a.opened_at >= $5)
          and ($6::timestamptz is null or a.opened_at < $6)
          and ($7::timestamptz is null or {beyond})
          and ($9::text is null or a.reason_code = $9)
        order by {order}
        limit $10
        """,
        tx.tenant_id,
        question.kind,
        question.wanted,
        list(question.member_ids or ()),
        question.since,
        question.until,
        after[0] if after else None,
        after[1] if after else None,
        question.reason_code,
        limit,
    )


async def counts_of_shop(tx: Tx) -> dict[str, int]:
    columns = ", ".join(
        f"count(*) filter (where {where}) as {name}" for name, where in _DESK.items()
    )
    row = await tx.fetchrow(
        f"select {columns} from trade.after_sales a where a.tenant_id = $1",  # noqa: S608
        tx.tenant_id,
    )
    return dict(row) if row else {}


async def counts_of_member(tx: Tx, member_id: UUID) -> dict[str, int]:
    row = await tx.fetchrow(
        """
        select count(*) filter (where a.is_open) as open, count(*) as all
        from trade.after_sales a where a.tenant_id = $1 and a.member_id = $2
        """,
        tx.tenant_id,
        member_id,
    )
    return dict(row) if row else {}


async def case_by_id(tx: Tx, case_id: UUID, *, member_id: UUID | None) -> Record | None:
    return await tx.fetchrow(
        f"""
        select {_ROW} {_FROM}
        where a.tenant_id = $1 and a.id = $2 and ($3::uuid is null or a.member_id = $3)
        """,
        tx.tenant_id,
        case_id,
        member_id,
    )


async def lines_of_cases(tx: Tx, case_ids: Sequence[UUID]) -> dict[UUID, list[Record]]:
    rows = await tx.fetch(
        """
        select c.after_sale_id, c.position, c.quantity, c.unshipped_quantity,
               c.resaleable_quantity, l.sku_id, l.product_id, l.title, l.title_en, l.spec_text,
               l.spec_text_en, l.image_url, l.unit_price_minor, l.quantity as ordered_quantity
        from trade.after_sale_lines c
        join trade.order_lines l on l.tenant_id = c.tenant_id and l.order_id = c.order_id
            and l.position = c.position
        where c.tenant_id = $1 and c.after_sale_id = any($2::uuid[])
        order by c.after_sale_id, c.position
        """,
        tx.tenant_id,
        list(case_ids),
    )
    found: dict[UUID, list[Record]] = {case_id: [] for case_id in case_ids}
    for row in rows:
        found[row["after_sale_id"]].append(row)
    return found


async def events_of_case(tx: Tx, case_id: UUID) -> list[Record]:
    """Oldest first."""
    return await tx.fetch(
        """
        select e.nth, e.kind, e.at, e.actor_kind, e.actor_id, e.reason, e.facts, e.media_ids
        from trade.after_sale_events e
        where e.tenant_id = $1 and e.after_sale_id = $2 order by e.nth
        """,
        tx.tenant_id,
        case_id,
    )
