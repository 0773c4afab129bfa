"""Look at a review's behaviour when it is posted, and again at those it resembles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import msgspec

from weike import sharing
from weike.kernel import Record, Tx
from weike.trade.reviews.flags import SUSPECTED_FROM, Behaviour, Reason, reasons_of, suspicion_of

_ALIKE_LIMIT = 50
_MONTH = timedelta(days=30)
_HOUR = timedelta(hours=1)


async def flag_reviews(tx: Tx, review_id: UUID) -> None:
    """May be called twice. What a person has judged stays judged; the figures are renewed."""
    ids = await _alike(tx, review_id)
    behaviours = await behaviours_of(tx, ids)
    for id, behaviour in behaviours.items():
        await _write(tx, id, reasons_of(behaviour))


async def _alike(tx: Tx, review_id: UUID) -> list[UUID]:
    rows = await tx.fetch(
        """
        with new as (
            select r.id, r.device_hash, r.address_hash, r.posted_at from trade.reviews r
            where r.tenant_id = $1 and r.id = $2
        )
        select n.id from new n
        union
        (select o.id from new n join trade.reviews o on o.device_hash = n.device_hash
         where o.tenant_id = $1 and o.posted_at > n.posted_at - $3::interval limit $4)
        union
        (select o.id from new n join trade.reviews o on o.address_hash = n.address_hash
         where o.tenant_id = $1 limit $4)
        union
        (select q.review_id from trade.review_parts p
         join trade.review_parts q
            on q.tenant_id = p.tenant_id and q.fingerprint = p.fingerprint
         where p.tenant_id = $1 and q.tenant_id = $1 and p.review_id = $2 limit $4)
        """,
        tx.tenant_id,
        review_id,
        _MONTH,
        _ALIKE_LIMIT,
    )
    return [row["id"] for row in rows]


async def behaviours_of(tx: Tx, review_ids: Sequence[UUID]) -> dict[UUID, Behaviour]:
    """Two statements for all of them."""
    rows = await tx.fetch(
        """
        select r.id, r.member_id, r.product_id,
            (select count(distinct d.member_id) from trade.reviews d
             where d.tenant_id = $1 and d.device_hash = r.device_hash
               and d.posted_at between r.posted_at - $3::interval and r.posted_at + $3::interval)
                as members_on_device,
            (select count(distinct d.member_id) from trade.reviews d
             where d.tenant_id = $1 and d.address_hash = r.address_hash) as members_at_address,
            (select count(*) from trade.reviews d
             where d.tenant_id = $1 and d.product_id = r.product_id
               and d.posted_at between r.posted_at - $4::interval and r.posted_at)
                as reviews_in_hour,
            (select count(*) from trade.reviews d
             where d.tenant_id = $1 and d.product_id = r.product_id
               and d.posted_at between r.posted_at - $3::interval and r.posted_at)
                as reviews_in_month,
            (select count(distinct d.member_id) from trade.review_parts p
             join trade.review_parts q
                on q.tenant_id = p.tenant_id and q.fingerprint = p.fingerprint
             join trade.reviews d on d.tenant_id = q.tenant_id and d.id = q.review_id
             where p.tenant_id = $1 and q.tenant_id = $1 and d.tenant_id = $1
               and p.review_id = r.id and d.member_id <> r.member_id) as others_with_same_text,
            (select count(*) from trade.orders m
             where m.tenant_id = $1 and m.member_id = r.member_id and m.received_at is not null)
                as orders_received,
            (select count(*) from trade.orders m
             where m.tenant_id = $1 and m.member_id = r.member_id and m.received_at is not null
               and m.refund_state = 'all') as orders_refunded,
            (o.attribution ->> 'promoter_id')::uuid = r.member_id as is_own_promotion
        from trade.reviews r
        join trade.orders o on o.tenant_id = r.tenant_id and o.id = r.order_id
        where r.tenant_id = $1 and o.tenant_id = $1 and r.id = any($2::uuid[])
        """,
        tx.tenant_id,
        list(review_ids),
        _MONTH,
        _HOUR,
    )
    sharers = await sharing.sharers_of(tx, [(row["member_id"], row["product_id"]) for row in rows])
    return {
        row["id"]: _behaviour(row, (row["member_id"], row["product_id"]) in sharers) for row in rows
    }


def _behaviour(row: Record, is_sharer: bool) -> Behaviour:
    return Behaviour(
        members_on_device=row["members_on_device"],
        members_at_address=row["members_at_address"],
        reviews_in_hour=row["reviews_in_hour"],
        reviews_in_month=row["reviews_in_month"],
        others_with_same_text=row["others_with_same_text"],
        orders_received=row["orders_received"],
        orders_refunded=row["orders_refunded"],
        is_sharer=is_sharer,
        is_own_promotion=bool(row["is_own_promotion"]),
    )


async def _write(tx: Tx, review_id: UUID, reasons: Sequence[Reason]) -> None:
    suspicion = suspicion_of(reasons)
    await tx.execute(
        """
        update trade.reviews r set suspicion = $3::integer, reasons = $4,
            flag = case when r.flag in ('confirmed', 'cleared') then r.flag
                        when $3::integer >= $5::integer then 'suspected' else 'none' end
        where r.tenant_id = $1 and r.id = $2
        """,
        tx.tenant_id,
        review_id,
        suspicion,
        [msgspec.to_builtins(reason) for reason in reasons],
        SUSPECTED_FROM,
    )
