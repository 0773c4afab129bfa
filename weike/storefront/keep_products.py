"""Goods as merchants keep them: with stock, and with a line in the audit log for each change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from weike import catalog, inventory, tenancy
from weike.catalog import (
    BasisPoints,
    Cost,
    DeliveryNote,
    Description,
    Line,
    Position,
    Price,
    Product,
    ProductDraft,
    ProductKind,
    ProductOrder,
    ProductState,
    Shelf,
    ShelfQuestion,
    SkuCode,
    Title,
    TitleInEnglish,
    Weight,
    Word,
    WordInEnglish,
)
from weike.kernel import Page, Tx
from weike.kernel.edge import Caller
from weike.kernel.words import Words
from weike.storefront.errors import StockFollowsKeys
from weike.storefront.model import Image, image_of

Pieces = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]
ListState = Literal["all", "on_sale", "off_sale", "draft", "sold_out"]


class KeptRow(msgspec.Struct, frozen=True, kw_only=True):
    """A product in the console's list. `stock` counts what lies on the shelf, promised or not."""

    id: UUID
    title: str
    image_url: str | None
    category_name: str | None
    state: str
    price_minor: int
    max_price_minor: int
    stock: int
    sold_count: int
    skus_count: int
    commission_rate_bp: int | None
    updated_at: datetime


class KeptCounts(msgspec.Struct, frozen=True):
    """`sold_out`: on sale, but nothing of it can be bought."""

    all: int
    on_sale: int
    off_sale: int
    draft: int
    sold_out: int


class SpecShape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A way in which SKUs differ, with the values it takes. `values_en` is empty or has one for
    each value, "" where there is none."""

    name: Word
    values: Annotated[list[Word], msgspec.Meta(min_length=1, max_length=100)]
    name_en: WordInEnglish = ""
    values_en: Annotated[list[WordInEnglish], msgspec.Meta(max_length=100)] = []


class PutSku(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Leave `stock` out where it was not edited: a number typed before the last sale would bring
    sold pieces back."""

    id: UUID
    code: SkuCode
    spec_values: Annotated[list[Word], msgspec.Meta(max_length=3)] = []
    price_minor: Price
    market_price_minor: Price | None = None
    cost_minor: Cost | None = None
    weight_g: Weight | None = None
    media_id: UUID | None = None
    stock: Pieces | None = None


class PutProduct(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`version` is the one that was read before editing; none for a new product."""

    title: Title
    title_en: TitleInEnglish = ""
    subtitle: Line = ""
    description: Description = ""
    category_id: UUID | None = None
    state: ProductState = ProductState.DRAFT
    position: Position = 0
    specs: Annotated[list[SpecShape], msgspec.Meta(max_length=3)] = []
    media_ids: Annotated[list[UUID], msgspec.Meta(max_length=20)] = []
    tags: Annotated[list[Word], msgspec.Meta(max_length=10)] = []
    commission_rate_bp: BasisPoints | None = None
    kind: ProductKind = ProductKind.PHYSICAL
    delivery_note: DeliveryNote = ""
    freight_template_id: UUID | None = None
    skus: Annotated[list[PutSku], msgspec.Meta(min_length=1, max_length=200)]
    version: int | None = None


class KeptSku(msgspec.Struct, frozen=True, kw_only=True):
    """`stock` lies on the shelf, `available` of it is not promised to an order."""

    id: UUID
    code: str
    spec_values: list[str]
    price_minor: int
    market_price_minor: int | None
    cost_minor: int | None
    weight_g: int | None
    media_id: UUID | None
    stock: int
    available: int
    image_url: str | None


class MediaView(Image, frozen=True, kw_only=True):
    id: UUID


class KeptProduct(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the console edits, and what it only shows."""

    id: UUID
    title: str
    title_en: str
    subtitle: str
    description: str
    category_id: UUID | None
    state: ProductState
    position: int
    specs: list[SpecShape]
    media_ids: list[UUID]
    tags: list[str]
    commission_rate_bp: int | None
    kind: ProductKind
    delivery_note: str
    freight_template_id: UUID | None
    skus: list[KeptSku]
    media: list[MediaView]
    sold_count: int
    version: int
    is_archived: bool
    created_at: datetime
    updated_at: datetime


async def kept_list(
    tx: Tx,
    *,
    state: ListState,
    text: str | None,
    category_id: UUID | None,
    order: ProductOrder,
    cursor: str | None,
    limit: int,
    words: Words,
) -> Page[KeptRow]:
    """Refuses with UnknownCategory or BadCursor."""
    within = None if category_id is None else await catalog.category_and_below(tx, category_id)
    question = ShelfQuestion(
        shelf=Shelf.CONSOLE,
        order=order,
        text=text,
        state=None if state in ("all", "sold_out") else ProductState(state),
        category_ids=within,
        ids=await _sold_out(tx) if state == "sold_out" else None,
    )
    page = await catalog.shelf(tx, question, cursor=cursor, limit=limit)
    stock = await inventory.on_hand(tx, [id for card in page.items for id in card.sku_ids])
    names = await catalog.category_names(
        tx, list({card.category_id for card in page.items if card.category_id})
    )
    rows = [
        KeptRow(
            id=card.id,
            title=words.of(card.title, card.title_en),
            image_url=catalog.picture_url(tx.tenant_id, card.cover, "s") if card.cover else None,
            category_name=words.of(*names[card.category_id]) if card.category_id else None,
            state=card.state,
            price_minor=card.min_price_minor,
            max_price_minor=card.max_price_minor,
            stock=sum(stock[id] for id in card.sku_ids),
            sold_count=card.sold_count,
            skus_count=len(card.sku_ids),
            commission_rate_bp=card.commission_rate_bp,
            updated_at=card.updated_at,
        )
        for card in page.items
    ]
    return Page(rows, page.next_cursor)


async def kept_counts(tx: Tx) -> KeptCounts:
    counts = await catalog.product_counts(tx)
    return KeptCounts(**msgspec.structs.asdict(counts), sold_out=len(await _sold_out(tx)))


async def out_of_stock_count(tx: Tx) -> int:
    """How many products are on sale with nothing left of them."""
    return len(await _sold_out(tx))


async def kept_product(tx: Tx, *, product_id: UUID) -> KeptProduct:
    """Refuses with UnknownProduct."""
    found = await catalog.products_by_id(tx, [product_id])
    if not found:
        raise catalog.UnknownProduct()
    return await _shown(tx, found[0])


async def keep_product(
    tx: Tx, *, product_id: UUID, asked: PutProduct, caller: Caller, now: datetime
) -> KeptProduct:
    """Refuses as `catalog.put_product` does, and with BelowReserved or StockFollowsKeys."""
    product = await catalog.put_product(
        tx,
        product_id=product_id,
        draft=msgspec.convert(asked, ProductDraft, from_attributes=True),
        version=asked.version,
        now=now,
    )
    stock = {sku.id: sku.stock for sku in asked.skus if sku.stock is not None}
    if stock and asked.kind is ProductKind.CARD_KEY:
        raise StockFollowsKeys(field="skus")
    await set_stock(tx, stock, caller=caller, now=now)
    if product.updated_at == now:  # Sent again unchanged, there is nothing to record.
        await tenancy.record_audit(
            tx,
            actor=caller,
            action="product.created" if product.version == 1 else "product.changed",
            subject_type="product",
            subject_id=product_id,
            detail={
                "version": product.version,
                "state": str(product.draft.state),
                "prices_minor": [sku.price_minor for sku in product.draft.skus],
                "commission_rate_bp": product.draft.commission_rate_bp,
            },
            now=now,
        )
    return await _shown(tx, product)


async def set_stock(tx: Tx, stock: Mapping[UUID, int], *, caller: Caller, now: datetime) -> None:
    if stock:
        await inventory.set_on_hand(
            tx, stock, reason="counted", actor_kind="staff", actor_id=caller.id, now=now
        )
        tx.public_changed()


async def change_states(
    tx: Tx, *, ids: Sequence[UUID], state: ProductState, caller: Caller, now: datetime
) -> int:
    """How many changed; ids of other shops and archived goods are passed over."""
    changed = await catalog.set_state(tx, product_ids=ids, state=state, now=now)
    if changed:
        await tenancy.record_audit(
            tx,
            actor=caller,
            action="products.state_changed",
            subject_type="products",
            subject_id=str(ids[0]) if len(ids) == 1 else "several",
            detail={"state": str(state), "changed": changed},
            now=now,
        )
    return changed


async def archive(tx: Tx, *, product_id: UUID, caller: Caller, now: datetime) -> None:
    """Refuses with UnknownProduct."""
    await catalog.archive_product(tx, product_id=product_id, now=now)
    await tenancy.record_audit(
        tx,
        actor=caller,
        action="product.archived",
        subject_type="product",
        subject_id=product_id,
        detail={},
        now=now,
    )


async def _sold_out(tx: Tx) -> list[UUID]:
    on_sale = await catalog.skus_on_sale(tx)
    available = await inventory.available(tx, [id for skus in on_sale.values() for id in skus])
    return [id for id, skus in on_sale.items() if not any(available[sku] > 0 for sku in skus)]


async def _shown(tx: Tx, product: Product) -> KeptProduct:
    draft = product.draft
    sku_ids = [sku.id for sku in draft.skus]
    media_ids = {*draft.media_ids, *(sku.media_id for sku in draft.skus if sku.media_id)}
    pictures = await catalog.pictures_by_id(tx, list(media_ids))
    on_hand = await inventory.on_hand(tx, sku_ids)
    available = await inventory.available(tx, sku_ids)
    skus = [
        KeptSku(
            **msgspec.to_builtins(sku, builtin_types=(UUID,)),
            stock=on_hand[sku.id],
            available=available[sku.id],
            image_url=(
                catalog.picture_url(tx.tenant_id, pictures[sku.media_id].name, "s")
                if sku.media_id
                else None
            ),
        )
        for sku in draft.skus
    ]
    return KeptProduct(
        title=draft.title,
        title_en=draft.title_en,
        subtitle=draft.subtitle,
        description=draft.description,
        category_id=draft.category_id,
        state=draft.state,
        position=draft.position,
        specs=[
            SpecShape(spec.name, [*spec.values], spec.name_en, [*spec.values_en])
            for spec in draft.specs
        ],
        media_ids=[*draft.media_ids],
        tags=[*draft.tags],
        commission_rate_bp=draft.commission_rate_bp,
        kind=draft.kind,
        delivery_note=draft.delivery_note,
        freight_template_id=draft.freight_template_id,
        skus=skus,
        id=product.id,
        media=[
            MediaView(id=id, **msgspec.structs.asdict(image_of(tx.tenant_id, pictures[id])))
            for id in draft.media_ids
        ],
        sold_count=product.sold_count,
        version=product.version,
        is_archived=product.archived_at is not None,
        created_at=product.created_at,
        updated_at=product.updated_at,
    )
