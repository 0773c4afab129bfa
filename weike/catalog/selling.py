"""What orders ask of the catalogue: prices as of now, and a count of what was sold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from weike.catalog.addresses import picture_url
from weike.catalog.model import (
    ProductKind,
    SkuForSale,
    Spec,
    spec_text,
    spec_text_in_english,
)
from weike.kernel import Money, Record, Tx


async def add_sold(tx: Tx, sold: Mapping[UUID, int]) -> None:
    """Adds to the counts of pieces sold; negative for refunds, never below zero."""
    if not sold:
        return
    ids = sorted(sold)
    # Held in id order, so that two batches never wait for each other in a circle.
    await tx.fetch(
        "select p.id from catalog.products p where p.tenant_id = $1 and p.id = any($2) "
        "order by p.id for no key update",
        tx.tenant_id,
        ids,
    )
    await tx.execute(
        """
        update catalog.products p set sold_count = greatest(0, p.sold_count + x.pieces)
        from unnest($2::uuid[], $3::bigint[]) as x(id, pieces)
        where p.tenant_id = $1 and p.id = x.id
        """,
        tx.tenant_id,
        ids,
        [sold[id] for id in ids],
    )


async def skus_for_sale(tx: Tx, sku_ids: Sequence[UUID]) -> dict[UUID, SkuForSale]:
    """What orders and carts need of these SKUs, also of withdrawn ones; unknown ids are absent."""
    if not sku_ids:
        return {}
    rows = await tx.fetch(
        """
        select s.id, s.product_id, s.spec_values, p.specs, s.price_minor, s.cost_minor, s.currency,
               s.weight_g, coalesce(s.picture, p.cover) as picture, p.title, p.title_en,
               p.category_id, p.kind, p.freight_template_id,
               p.member_pricing, s.member_price_minor,
               p.commission_rate_bp, s.is_active and p.state = 'on_sale' as is_on_sale
        from catalog.skus s
        join catalog.products p on p.tenant_id = s.tenant_id and p.id = s.product_id
        where s.tenant_id = $1 and s.id = any($2)
        """,
        tx.tenant_id,
        sku_ids,
    )
    return {row["id"]: _sku_for_sale(tx.tenant_id, row) for row in rows}


def _sku_for_sale(tenant_id: UUID, row: Record) -> SkuForSale:
    picture, cost_minor, currency = row["picture"], row["cost_minor"], row["currency"]
    return SkuForSale(
        sku_id=row["id"],
        product_id=row["product_id"],
        title=row["title"],
        title_en=row["title_en"],
        spec_text=spec_text(row["spec_values"]),
        spec_text_en=spec_text_in_english(
            msgspec.convert(row["specs"], tuple[Spec, ...]), row["spec_values"]
        ),
        media_url=picture_url(tenant_id, picture, "s") if picture else None,
        price=Money(row["price_minor"], currency),
        cost=None if cost_minor is None else Money(cost_minor, currency),
        is_on_sale=row["is_on_sale"],
        commission_rate_bp=row["commission_rate_bp"],
        category_id=row["category_id"],
        weight_g=row["weight_g"],
        kind=ProductKind(row["kind"]),
        member_pricing=row["member_pricing"],
        member_price_minor=row["member_price_minor"],
        freight_template_id=row["freight_template_id"],
    )


async def products_by_freight_template(tx: Tx) -> dict[UUID | None, int]:
    """How many products that are not archived name each template; None: the shop's default."""
    rows = await tx.fetch(
        """
        select p.freight_template_id as id, count(*) as products from catalog.products p
        where p.tenant_id = $1 and p.archived_at is null and p.kind = 'physical'
        group by p.freight_template_id
        """,
        tx.tenant_id,
    )
    return {row["id"]: row["products"] for row in rows}


async def count_review(tx: Tx, product_id: UUID, *, reviews: int, score: int) -> None:
    """One review more (1, its score) or less (-1, minus its score), as cards show it."""
    await tx.execute(
        "update catalog.products p set review_count = p.review_count + $3, "
        "score_sum = p.score_sum + $4 where p.tenant_id = $1 and p.id = $2",
        tx.tenant_id,
        product_id,
        reviews,
        score,
    )
    tx.public_changed()


class HandOver(msgspec.Struct, frozen=True):
    """How a product reaches its buyer once it is paid."""

    kind: ProductKind
    note: str


async def hand_overs(tx: Tx, product_ids: Sequence[UUID]) -> dict[UUID, HandOver]:
    """Also of archived products, which old orders still have to deliver."""
    rows = await tx.fetch(
        """
        select p.id, p.kind, p.delivery_note from catalog.products p
        where p.tenant_id = $1 and p.id = any($2)
        """,
        tx.tenant_id,
        product_ids,
    )
    return {row["id"]: HandOver(ProductKind(row["kind"]), row["delivery_note"]) for row in rows}


async def sku_ids_of_kind(tx: Tx, sku_ids: Sequence[UUID], kind: ProductKind) -> set[UUID]:
    """Those of these SKUs whose product is of this kind, withdrawn ones included."""
    rows = await tx.fetch(
        """
        select s.id from catalog.skus s
        join catalog.products p on p.tenant_id = s.tenant_id and p.id = s.product_id
        where s.tenant_id = $1 and s.id = any($2) and p.kind = $3
        """,
        tx.tenant_id,
        sku_ids,
        kind,
    )
    return {row["id"] for row in rows}
