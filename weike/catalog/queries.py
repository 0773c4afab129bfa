"""SQL of products and SKUs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from weike.catalog.model import Picture, Product, ProductDraft, ProductKind, SkuDraft, Spec
from weike.kernel import Record, Tx


class ProductWrite(msgspec.Struct, frozen=True, kw_only=True):
    """One product on its way into the tables, with what was looked up for it.

    `pictures` maps media ids to names; `words` are those of `put_product.product_words`.
    """

    id: UUID
    draft: ProductDraft
    currency: str
    pictures: Mapping[UUID, str]
    words: Mapping[str, bool]


async def products_by_id(tx: Tx, ids: Sequence[UUID], *, lock: bool = False) -> list[Product]:
    """Whole products with their active SKUs. With `lock` they are held in id order."""
    rows = await tx.fetch(
        f"""
        select p.id, p.title, p.title_en, p.subtitle, p.description, p.category_id, p.state,
               p.position, p.specs, p.media_ids, p.tags, p.commission_rate_bp, p.currency,
               p.kind, p.delivery_note, p.freight_template_id,
               p.sold_count, p.version, p.created_at, p.updated_at, p.archived_at
        from catalog.products p
        where p.tenant_id = $1 and p.id = any($2)
        order by p.id {"for update" if lock else ""}
        """,  # noqa: S608 - no value enters the text
        tx.tenant_id,
        ids,
    )
    if not rows:
        return []
    skus: dict[UUID, list[SkuDraft]] = {row["id"]: [] for row in rows}
    for row in await tx.fetch(
        """
        select s.product_id, s.id, s.code, s.spec_values, s.price_minor, s.market_price_minor,
               s.cost_minor, s.weight_g, s.media_id
        from catalog.skus s
        where s.tenant_id = $1 and s.product_id = any($2) and s.is_active
        order by s.product_id, s.position
        """,
        tx.tenant_id,
        list(skus),
    ):
        skus[row["product_id"]].append(
            SkuDraft(
                id=row["id"],
                code=row["code"],
                spec_values=tuple(row["spec_values"]),
                price_minor=row["price_minor"],
                market_price_minor=row["market_price_minor"],
                cost_minor=row["cost_minor"],
                weight_g=row["weight_g"],
                media_id=row["media_id"],
            )
        )
    return [_product(row, tuple(skus[row["id"]])) for row in rows]


def _product(row: Record, skus: tuple[SkuDraft, ...]) -> Product:
    return Product(
        id=row["id"],
        draft=ProductDraft(
            title=row["title"],
            title_en=row["title_en"],
            subtitle=row["subtitle"],
            description=row["description"],
            category_id=row["category_id"],
            state=row["state"],
            position=row["position"],
            specs=msgspec.convert(row["specs"], tuple[Spec, ...]),
            media_ids=tuple(row["media_ids"]),
            tags=tuple(row["tags"]),
            commission_rate_bp=row["commission_rate_bp"],
            kind=ProductKind(row["kind"]),
            delivery_note=row["delivery_note"],
            freight_template_id=row["freight_template_id"],
            skus=skus,
        ),
        currency=row["currency"],
        sold_count=row["sold_count"],
        version=row["version"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        archived_at=row["archived_at"],
    )


async def sku_owners(
    tx: Tx, *, ids: Sequence[UUID], codes: Sequence[str]
) -> list[tuple[UUID, UUID, str, bool]]:
    """(sku, product, code, active) of SKUs with one of these ids or actively one of these codes."""
    rows = await tx.fetch(
        """
        select s.id, s.product_id, s.code, s.is_active
        from catalog.skus s
        where s.tenant_id = $1 and (s.id = any($2) or (s.is_active and s.code = any($3)))
        """,
        tx.tenant_id,
        ids,
        codes,
    )
    return [(row["id"], row["product_id"], row["code"], row["is_active"]) for row in rows]


async def pictures_by_id(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Picture]:
    if not ids:
        return {}
    rows = await tx.fetch(
        """
        select m.id, m.name, m.width, m.height
        from catalog.media m
        where m.tenant_id = $1 and m.id = any($2)
        """,
        tx.tenant_id,
        ids,
    )
    return {row["id"]: Picture(row["id"], row["name"], row["width"], row["height"]) for row in rows}


async def write_products(tx: Tx, writes: Sequence[ProductWrite], *, now: datetime) -> None:
    """Inserts or replaces products with their SKUs and words: five statements for any number.

    Whoever calls holds the rows that exist already (`products_by_id(lock=True)`).
    """
    ids = [write.id for write in writes]
    await tx.execute(_WRITE_PRODUCTS, tx.tenant_id, [_product_record(w) for w in writes], now)
    # First all SKUs of these products let go of their codes, so that two may exchange theirs.
    await tx.execute(
        "update catalog.skus s set is_active = false "
        "where s.tenant_id = $1 and s.product_id = any($2) and s.is_active",
        tx.tenant_id,
        ids,
    )
    await tx.execute(
        _WRITE_SKUS, tx.tenant_id, [record for w in writes for record in _sku_records(w)]
    )
    await write_words(tx, {write.id: write.words for write in writes})
    tx.public_changed()


_WRITE_PRODUCTS = """
    insert into catalog.products as p (
        tenant_id, id, title, title_en, subtitle, description, category_id, state, position,
        specs, media_ids, tags, commission_rate_bp, cover, sku_ids, min_price_minor,
        max_price_minor, market_price_minor, currency, created_at, updated_at, kind, delivery_note,
        freight_template_id
    )
    select $1, x.id, x.title, x.title_en, x.subtitle, x.description, x.category_id, x.state,
           x.position, x.specs, x.media_ids, x.tags, x.commission_rate_bp, x.cover, x.sku_ids,
           x.min_price_minor, x.max_price_minor, x.market_price_minor, x.currency, $3, $3,
           x.kind, x.delivery_note, x.freight_template_id
    from jsonb_to_recordset($2::jsonb) as x(
        id uuid, title text, title_en text, subtitle text, description text, category_id uuid,
        state text, position integer, specs jsonb, media_ids uuid[], tags text[],
        commission_rate_bp integer, cover text, sku_ids uuid[], min_price_minor bigint,
        max_price_minor bigint, market_price_minor bigint, currency text, kind text,
        delivery_note text, freight_template_id uuid
    )
    on conflict (tenant_id, id) do update set
        title = excluded.title, title_en = excluded.title_en, subtitle = excluded.subtitle,
        description = excluded.description, category_id = excluded.category_id,
        state = excluded.state, position = excluded.position, specs = excluded.specs,
        media_ids = excluded.media_ids, tags = excluded.tags,
        commission_rate_bp = excluded.commission_rate_bp, cover = excluded.cover,
        sku_ids = excluded.sku_ids, min_price_minor = excluded.min_price_minor,
        max_price_minor = excluded.max_price_minor,
        market_price_minor = excluded.market_price_minor, archived_at = null,
        delivery_note = excluded.delivery_note,
        freight_template_id = excluded.freight_template_id,
        updated_at = excluded.updated_at, version = p.version + 1
    where p.tenant_id = $1
"""


def _product_record(write: ProductWrite) -> dict[str, Any]:
    draft = write.draft
    cheapest = min(draft.skus, key=lambda sku: sku.price_minor)
    return {
        "id": write.id,
        "title": draft.title,
        "title_en": draft.title_en,
        "subtitle": draft.subtitle,
        "description": draft.description,
        "category_id": draft.category_id,
        "state": draft.state,
        "position": draft.position,
        "specs": draft.specs,
        "media_ids": draft.media_ids,
        "tags": draft.tags,
        "commission_rate_bp": draft.commission_rate_bp,
        "cover": write.pictures[draft.media_ids[0]] if draft.media_ids else None,
        "sku_ids": [sku.id for sku in draft.skus],
        "min_price_minor": cheapest.price_minor,
        "max_price_minor": max(sku.price_minor for sku in draft.skus),
        "market_price_minor": cheapest.market_price_minor,
        "currency": write.currency,
        "kind": draft.kind,
        "delivery_note": draft.delivery_note,
        "freight_template_id": draft.freight_template_id,
    }


_WRITE_SKUS = """
    insert into catalog.skus as s (
        tenant_id, id, product_id, code, spec_values, price_minor, market_price_minor, cost_minor,
        currency, weight_g, media_id, picture, position, is_active
    )
    select $1, x.id, x.product_id, x.code, x.spec_values, x.price_minor, x.market_price_minor,
           x.cost_minor, x.currency, x.weight_g, x.media_id, x.picture, x.position, true
    from jsonb_to_recordset($2::jsonb) as x(
        id uuid, product_id uuid, code text, spec_values text[], price_minor bigint,
        market_price_minor bigint, cost_minor bigint, currency text, weight_g integer,
        media_id uuid, picture text, position integer
    )
    on conflict (tenant_id, id) do update set
        code = excluded.code, spec_values = excluded.spec_values,
        price_minor = excluded.price_minor, market_price_minor = excluded.market_price_minor,
        cost_minor = excluded.cost_minor, weight_g = excluded.weight_g,
        media_id = excluded.media_id, picture = excluded.picture, position = excluded.position,
        is_active = true
    where s.tenant_id = $1 and s.product_id = excluded.product_id
"""


def _sku_records(write: ProductWrite) -> list[dict[str, Any]]:
    return [
        {
            "id": sku.id,
            "product_id": write.id,
            "code": sku.code,
            "spec_values": sku.spec_values,
            "price_minor": sku.price_minor,
            "market_price_minor": sku.market_price_minor,
            "cost_minor": sku.cost_minor,
            "currency": write.currency,
            "weight_g": sku.weight_g,
            "media_id": sku.media_id,
            "picture": write.pictures[sku.media_id] if sku.media_id else None,
            "position": position,
        }
        for position, sku in enumerate(write.draft.skus)
    ]


async def write_words(tx: Tx, words: Mapping[UUID, Mapping[str, bool]]) -> None:
    """Replaces the words these products are found by (True: a word of the title)."""
    await tx.execute(
        "delete from catalog.search_words w where w.tenant_id = $1 and w.product_id = any($2)",
        tx.tenant_id,
        list(words),
    )
    rows = [(word, id, in_title) for id, found in words.items() for word, in_title in found.items()]
    if rows:
        await tx.execute(
            """
            insert into catalog.search_words (tenant_id, word, product_id, in_title)
            select $1, x.word, x.product_id, x.in_title
            from unnest($2::text[], $3::uuid[], $4::bool[]) as x(word, product_id, in_title)
            """,
            tx.tenant_id,
            *(list(column) for column in zip(*rows, strict=True)),
        )


class CategoryName(NamedTuple):
    name: str
    name_en: str


async def category_names(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, CategoryName]:
    """The names of these categories, which cannot be deleted until the transaction ends."""
    if not ids:
        return {}
    rows = await tx.fetch(
        "select c.id, c.name, c.name_en from catalog.categories c "
        "where c.tenant_id = $1 and c.id = any($2) order by c.id for key share",
        tx.tenant_id,
        ids,
    )
    return {row["id"]: CategoryName(row["name"], row["name_en"]) for row in rows}


async def set_state(tx: Tx, ids: Sequence[UUID], state: str, *, now: datetime) -> int:
    tx.public_changed()
    return await tx.execute(
        """
        update catalog.products p
        set state = $3, updated_at = $4, version = p.version + 1
        from (
            select x.id from catalog.products x
            where x.tenant_id = $1 and x.id = any($2) and x.archived_at is null and x.state <> $3
            order by x.id for no key update
        ) as chosen
        where p.tenant_id = $1 and p.id = chosen.id
        """,
        tx.tenant_id,
        ids,
        state,
        now,
    )


async def archive(tx: Tx, product_id: UUID, *, now: datetime) -> bool:
    """False when there is no such product."""
    found = await tx.execute(
        """
        update catalog.products p
        set state = 'off_sale', archived_at = coalesce(p.archived_at, $3),
            updated_at = case when p.archived_at is null then $3 else p.updated_at end,
            version = p.version + case when p.archived_at is null then 1 else 0 end
        where p.tenant_id = $1 and p.id = $2
        """,
        tx.tenant_id,
        product_id,
        now,
    )
    if not found:
        return False
    await tx.execute(
        "update catalog.skus s set is_active = false "
        "where s.tenant_id = $1 and s.product_id = $2 and s.is_active",
        tx.tenant_id,
        product_id,
    )
    await write_words(tx, {product_id: {}})
    tx.public_changed()
    return True


async def products_after(tx: Tx, product_id: UUID | None, *, limit: int) -> list[Product]:
    """Products that were not archived in the order of their ids, for walking through all."""
    rows = await tx.fetch(
        """
        select p.id from catalog.products p
        where p.tenant_id = $1 and p.archived_at is null and ($2::uuid is null or p.id > $2)
        order by p.id
        limit $3
        """,
        tx.tenant_id,
        product_id,
        limit,
    )
    return await products_by_id(tx, [row["id"] for row in rows])
