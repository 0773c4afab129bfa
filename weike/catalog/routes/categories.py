"""Categories in the console."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import delete, get, put
from litestar.handlers import HTTPRouteHandler

from weike.catalog.addresses import picture_url
from weike.catalog.categories import (
    Category,
    CategoryDraft,
    categories,
    counts_with_descendants,
    delete_category,
    put_category,
)
from weike.catalog.errors import UnknownCategory
from weike.kernel import Database, Tx
from weike.kernel.edge import Caller, staff


class ConsoleCategory(msgspec.Struct, frozen=True, kw_only=True):
    """`products_count` includes goods of sub-categories and goods that are not on sale."""

    id: UUID
    parent_id: UUID | None
    name: str
    name_en: str
    icon_media_id: UUID | None
    icon_url: str | None
    position: int
    products_count: int


class ConsoleCategories(msgspec.Struct, frozen=True):
    items: list[ConsoleCategory]


@get("/api/console/categories", opt=staff("products.read"), operation_id="console_categories")
async def list_categories(caller: Caller, database: Database) -> ConsoleCategories:
    return ConsoleCategories(await database.run(caller.tenant_id, _all))


@get(
    "/api/console/categories/{category_id:uuid}",
    opt=staff("products.read"),
    operation_id="console_category",
)
async def one_category(caller: Caller, database: Database, category_id: UUID) -> ConsoleCategory:
    """Refuses with UnknownCategory."""
    return await database.run(caller.tenant_id, lambda tx: _one(tx, category_id))


@put(
    "/api/console/categories/{category_id:uuid}",
    opt=staff("products.write"),
    operation_id="put_category",
)
async def save_category(
    caller: Caller, database: Database, now: datetime, category_id: UUID, data: CategoryDraft
) -> ConsoleCategory:
    async def work(tx: Tx) -> ConsoleCategory:
        await put_category(tx, category_id=category_id, draft=data, now=now)
        return await _one(tx, category_id)

    return await database.run(caller.tenant_id, work)


@delete(
    "/api/console/categories/{category_id:uuid}",
    opt=staff("products.write"),
    operation_id="delete_category",
)
async def remove_category(caller: Caller, database: Database, category_id: UUID) -> None:
    await database.run(caller.tenant_id, lambda tx: delete_category(tx, category_id=category_id))


async def _all(tx: Tx) -> list[ConsoleCategory]:
    found = await categories(tx, on_sale_only=False)
    counts = counts_with_descendants(found)
    return [_shown(category, counts[category.id], tx.tenant_id) for category in found]


async def _one(tx: Tx, category_id: UUID) -> ConsoleCategory:
    for category in await _all(tx):
        if category.id == category_id:
            return category
    raise UnknownCategory()


def _shown(category: Category, products_count: int, tenant_id: UUID) -> ConsoleCategory:
    return ConsoleCategory(
        id=category.id,
        parent_id=category.parent_id,
        name=category.name,
        name_en=category.name_en,
        icon_media_id=category.icon_media_id,
        icon_url=picture_url(tenant_id, category.icon, "s") if category.icon else None,
        position=category.position,
        products_count=products_count,
    )


ROUTES: tuple[HTTPRouteHandler, ...] = (
    list_categories,
    one_category,
    save_category,
    remove_category,
)
