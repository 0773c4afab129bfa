"""Create a product, or replace what the merchant decides about one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from weike.catalog import queries
from weike.catalog.description import safe_description
from weike.catalog.errors import (
    CategoryMissing,
    CodeTaken,
    KindFixed,
    UnknownMedia,
    UnknownProduct,
    VersionConflict,
)
from weike.catalog.model import Product, ProductDraft, ProductState, check_draft
from weike.catalog.queries import ProductWrite
from weike.catalog.search import words_of
from weike.kernel import IdTakenByOther, Tx

CURRENCY = "CNY"


async def create_product(
    tx: Tx, *, product_id: UUID, draft: ProductDraft, now: datetime, currency: str = CURRENCY
) -> Product:
    """The same id with the same content again gives the first product.

    Refuses as `put_product` does.
    """
    return await put_product(
        tx, product_id=product_id, draft=draft, version=None, now=now, currency=currency
    )


async def put_product(
    tx: Tx,
    *,
    product_id: UUID,
    draft: ProductDraft,
    version: int | None,
    now: datetime,
    currency: str = CURRENCY,
) -> Product:
    """`version` is the one that was read before editing, None for a new product.

    SKUs that the draft leaves out are withdrawn. Refuses with VersionConflict, UnknownProduct,
    KindFixed, CodeTaken, IdTakenByOther, CategoryMissing, UnknownMedia and what `check_draft`
    refuses.
    """
    draft = msgspec.structs.replace(
        draft,
        description=safe_description(draft.description),
        tags=tuple(dict.fromkeys(draft.tags)),
    )
    check_draft(draft)
    existing = await queries.products_by_id(tx, [product_id], lock=True)
    if existing:
        present = existing[0]
        if present.draft == draft and present.archived_at is None:
            return present
        if version != present.version:
            raise VersionConflict(version=present.version)
        if draft.kind != present.draft.kind:
            raise KindFixed(field="kind", kind=str(present.draft.kind))
    elif version is not None:
        raise UnknownProduct()

    await _check_skus(tx, product_id, draft)
    write = (await prepare_writes(tx, [(product_id, draft)], currency=currency))[0]
    await queries.write_products(tx, [write], now=now)
    return (await queries.products_by_id(tx, [product_id]))[0]


async def prepare_writes(
    tx: Tx, drafts: Sequence[tuple[UUID, ProductDraft]], *, currency: str
) -> list[ProductWrite]:
    """Looks up pictures and category names once for all drafts."""
    media_ids = {id for _, draft in drafts for id in _media_of(draft)}
    pictures = await queries.pictures_by_id(tx, list(media_ids))
    category_ids = {draft.category_id for _, draft in drafts if draft.category_id}
    categories = await queries.category_names(tx, list(category_ids))
    writes = []
    for product_id, draft in drafts:
        if any(id not in pictures for id in _media_of(draft)):
            raise UnknownMedia(field="media_ids")
        if draft.category_id is not None and draft.category_id not in categories:
            raise CategoryMissing(field="category_id")
        words = product_words(draft, categories[draft.category_id] if draft.category_id else ())
        names = {id: pictures[id].name for id in _media_of(draft)}
        writes.append(
            ProductWrite(id=product_id, draft=draft, currency=currency, pictures=names, words=words)
        )
    return writes


def product_words(draft: ProductDraft, category: Sequence[str]) -> dict[str, bool]:
    """The words a product is found by; True for those of its titles. `category` is what its
    category is called, in each language."""
    others = [draft.subtitle, *category, *draft.tags]
    others += [value for spec in draft.specs for value in (*spec.values, *spec.values_en)]
    others += [sku.code for sku in draft.skus]
    words = dict.fromkeys(words_of(others), False)
    words.update(dict.fromkeys(words_of([draft.title, draft.title_en]), True))
    return words


async def set_state(
    tx: Tx, *, product_ids: Sequence[UUID], state: ProductState, now: datetime
) -> int:
    """Puts products on or off sale and returns how many changed; unknown ids are passed over."""
    return await queries.set_state(tx, sorted(set(product_ids)), state, now=now)


async def archive_product(tx: Tx, *, product_id: UUID, now: datetime) -> None:
    """Takes a product out of all lists and frees its SKU codes; old orders still show it.

    Refuses with UnknownProduct. Asking twice is fine.
    """
    if not await queries.archive(tx, product_id, now=now):
        raise UnknownProduct()


async def _check_skus(tx: Tx, product_id: UUID, draft: ProductDraft) -> None:
    ids = [sku.id for sku in draft.skus]
    index_of_code = {sku.code: index for index, sku in enumerate(draft.skus)}
    if len(set(ids)) < len(ids):
        raise IdTakenByOther(field="skus")
    for sku_id, owner, code, active in await queries.sku_owners(
        tx, ids=ids, codes=list(index_of_code)
    ):
        if owner == product_id:
            continue
        if active and code in index_of_code:
            raise CodeTaken(field=f"skus[{index_of_code[code]}].code", sku_code=code)
        if sku_id in ids:
            raise IdTakenByOther(field=f"skus[{ids.index(sku_id)}].id")


def _media_of(draft: ProductDraft) -> list[UUID]:
    return [*draft.media_ids, *(sku.media_id for sku in draft.skus if sku.media_id)]
