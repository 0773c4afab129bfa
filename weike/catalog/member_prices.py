"""What a product says about member prices. Who gets them is members' and trade's business."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from weike.catalog.errors import MemberPriceTooHigh, UnknownProduct
from weike.catalog.model import Price
from weike.kernel import Tx

MemberPricing = Literal["level", "fixed", "none"]
"""By the discount of the level; by the SKU's own member price; list price for everybody."""


class SkuMemberPrice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    sku_id: UUID
    member_price_minor: Price | None


class MemberPrices(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A SKU without a member price of its own takes the level's."""

    member_pricing: MemberPricing
    skus: Annotated[tuple[SkuMemberPrice, ...], msgspec.Meta(max_length=200)] = ()


class PricedSku(msgspec.Struct, frozen=True, kw_only=True):
    """What a member price is computed from."""

    sku_id: UUID
    product_id: UUID
    price_minor: int
    member_pricing: str
    member_price_minor: int | None


async def member_prices(tx: Tx, product_id: UUID) -> MemberPrices:
    """Refuses with UnknownProduct."""
    priced = (await skus_with_member_prices(tx, [product_id])).get(product_id)
    if not priced:
        raise UnknownProduct()
    return MemberPrices(
        member_pricing=priced[0].member_pricing,  # type: ignore[arg-type] # the table checks it
        skus=tuple(
            SkuMemberPrice(sku_id=sku.sku_id, member_price_minor=sku.member_price_minor)
            for sku in priced
        ),
    )


async def put_member_prices(tx: Tx, product_id: UUID, prices: MemberPrices) -> MemberPrices:
    """SKUs that are not named lose theirs. Refuses with UnknownProduct, MemberPriceTooHigh."""
    priced = (await skus_with_member_prices(tx, [product_id])).get(product_id)
    if not priced:
        raise UnknownProduct()
    wanted = {one.sku_id: one.member_price_minor for one in prices.skus}
    for sku in priced:
        own = wanted.get(sku.sku_id)
        if own is not None and own > sku.price_minor:
            raise MemberPriceTooHigh(field="skus")
    await tx.execute(
        "update catalog.products set member_pricing = $3 where tenant_id = $1 and id = $2",
        tx.tenant_id,
        product_id,
        prices.member_pricing,
    )
    await tx.execute(
        """
        update catalog.skus s set member_price_minor = w.price
        from unnest($3::uuid[], $4::bigint[]) as w(id, price)
        where s.tenant_id = $1 and s.product_id = $2 and s.id = w.id
        """,
        tx.tenant_id,
        product_id,
        [sku.sku_id for sku in priced],
        [wanted.get(sku.sku_id) for sku in priced],
    )
    return await member_prices(tx, product_id)


async def skus_with_member_prices(
    tx: Tx, product_ids: Sequence[UUID]
) -> Mapping[UUID, list[PricedSku]]:
    """The active SKUs of these products, by product; one statement."""
    rows = await tx.fetch(
        """
        select s.id as sku_id, s.product_id, s.price_minor, p.member_pricing, s.member_price_minor
        from catalog.skus s
        join catalog.products p on p.tenant_id = $1 and p.id = s.product_id
        where s.tenant_id = $1 and s.product_id = any($2) and s.is_active
          and p.archived_at is null
        """,
        tx.tenant_id,
        list(product_ids),
    )
    found: dict[UUID, list[PricedSku]] = {}
    for row in rows:
        found.setdefault(row["product_id"], []).append(PricedSku(**dict(row)))
    return found
