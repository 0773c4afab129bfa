"""What trade knows about a person: carts, orders with all that belongs to them, reviews, invoices.

Orders are kept for three years and more, as the law asks, without the name and the place they went
to. Reviews stay, because others rely on them, anonymous and without pictures.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from weike import members, payment
from weike.kernel import Tx
from weike.kernel.personal import Holding, Obstacle, PersonalData

_OF_ORDER = (
    "exists (select 1 from trade.orders o where o.tenant_id = $1 and o.id = t.order_id "
    "and o.member_id = $2)"
)
_OF_REVIEW = (
    "exists (select 1 from trade.reviews r where r.tenant_id = $1 and r.id = t.review_id "
    "and r.member_id = $2)"
)
_OF_CASE = (
    "exists (select 1 from trade.after_sales a where a.tenant_id = $1 "
    "and a.id = t.after_sale_id and a.member_id = $2)"
)

HOLDINGS = (
    Holding("cart", "trade.cart_lines"),
    Holding(
        "orders",
        "trade.orders",
        without=("address", "attribution", "content_hash", "price_notes", "settled_minor"),
        is_kept=True,
    ),
    Holding(
        "order_lines",
        "trade.order_lines",
        of=_OF_ORDER,
        without=("cost_minor", "commission_rate_bp"),
        is_kept=True,
    ),
    Holding("order_events", "trade.order_events", of=_OF_ORDER, is_kept=True),
    Holding("parcels", "trade.parcels", of=_OF_ORDER, without=("staff_id",), is_kept=True),
    Holding("refunds", "trade.refunds", of=_OF_ORDER, is_kept=True),
    Holding("after_sales", "trade.after_sales", without=("content_hash",), is_kept=True),
    Holding("after_sale_events", "trade.after_sale_events", of=_OF_CASE, is_kept=True),
    Holding("points_earned", "trade.points_earned", is_kept=True),
    Holding(
        "reviews",
        "trade.reviews",
        without=("device_hash", "address_hash", "suspicion", "reasons", "substance", "rank"),
        is_kept=True,
    ),
    Holding(
        "review_texts",
        "trade.review_parts",
        of=_OF_REVIEW,
        without=("fingerprint",),
        is_kept=True,
    ),
    Holding("review_votes", "trade.review_votes", is_kept=True),
    Holding("invoice_titles", "trade.invoice_titles"),
    Holding("invoices", "trade.invoices", without=("file_name",), is_kept=True),
)


def personal_data(seal: members.PhoneSeal) -> PersonalData:
    async def in_clear(tx: Tx, member_id: UUID) -> dict[str, object]:
        """Where each order went, with the number that was called."""
        rows = await tx.fetch(
            "select o.number, o.address from trade.orders o "
            "where o.tenant_id = $1 and o.member_id = $2 order by o.placed_at",
            tx.tenant_id,
            member_id,
        )
        told = []
        for row in rows:
            kept = msgspec.convert(row["address"], members.AddressSnapshot)
            address = seal.open_address(tx.tenant_id, kept)
            told.append({"number": row["number"], **msgspec.structs.asdict(address)})
        return {"order_addresses": told}

    return PersonalData("trade", HOLDINGS, more=in_clear, erase=_erase, obstacles=_obstacles)


async def _obstacles(tx: Tx, member_id: UUID) -> list[Obstacle]:
    orders = await tx.fetchval(
        "select count(*) from trade.orders o where o.tenant_id = $1 and o.member_id = $2 "
        "and o.state in ('placed', 'paid', 'shipped', 'received')",
        tx.tenant_id,
        member_id,
    )
    cases = await tx.fetchval(
        "select count(*) from trade.after_sales a "
        "where a.tenant_id = $1 and a.member_id = $2 and a.is_open",
        tx.tenant_id,
        member_id,
    )
    found = []
    if orders:
        found.append(Obstacle("trade.obstacle.orders", {"number": orders}))
    if cases:
        found.append(Obstacle("trade.obstacle.after_sales", {"number": cases}))
    return found


_NOBODY = {"name": "**", "phone_cipher": "", "phone_tail": "", "street": ""}


async def _erase(tx: Tx, member_id: UUID, now: datetime) -> None:
    await tx.execute(
        "delete from trade.cart_lines c where c.tenant_id = $1 and c.member_id = $2",
        tx.tenant_id,
        member_id,
    )
    rows = await tx.fetch(
        "update trade.orders o set address = o.address || $3::jsonb, remark = '' "
        "where o.tenant_id = $1 and o.member_id = $2 returning o.id",
        tx.tenant_id,
        member_id,
        _NOBODY,
    )
    await payment.forget_payers(tx, [row["id"] for row in rows])
    await _erase_reviews(tx, member_id)
    await _erase_invoices(tx, member_id, now)


async def _erase_reviews(tx: Tx, member_id: UUID) -> None:
    await tx.execute(
        "update trade.reviews r set is_anonymous = true, device_hash = null, address_hash = null "
        "where r.tenant_id = $1 and r.member_id = $2",
        tx.tenant_id,
        member_id,
    )
    await tx.execute(
        "update trade.review_parts p set pictures = '{}' from trade.reviews r "
        "where p.tenant_id = $1 and r.tenant_id = $1 and r.id = p.review_id "
        "and r.member_id = $2 and p.pictures <> '{}'",
        tx.tenant_id,
        member_id,
    )


async def _erase_invoices(tx: Tx, member_id: UUID, now: datetime) -> None:
    """What was not issued will not be; what was issued keeps a company's title, which is no
    person's, and loses a person's."""
    await tx.execute(
        "delete from trade.invoice_titles t where t.tenant_id = $1 and t.member_id = $2",
        tx.tenant_id,
        member_id,
    )
    await tx.execute(
        """
        update trade.invoices i set email = '',
            title = case when i.kind = 'personal' then '**' else i.title end,
            state = case when i.state = 'requested' then 'refused' else i.state end,
            ended_at = case when i.state = 'requested' then $3 else i.ended_at end
        where i.tenant_id = $1 and i.member_id = $2
        """,
        tx.tenant_id,
        member_id,
        now,
    )
