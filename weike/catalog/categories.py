"""The tree of categories: up to three levels, ordered by position among siblings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from weike.catalog import queries
from weike.catalog.errors import (
    CategoryCycle,
    CategoryMissing,
    CategoryNotEmpty,
    CategoryTooDeep,
    UnknownCategory,
    UnknownMedia,
)
from weike.catalog.model import Position
from weike.catalog.put_product import product_words
from weike.kernel import Tx

DEPTH_LIMIT = 3

CategoryName = Annotated[
    str,
    msgspec.Meta(
        min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f/]*[^\s/][^\x00-\x1f\x7f/]*$"
    ),
]


CategoryNameInEnglish = Annotated[str, msgspec.Meta(max_length=60, pattern=r"^[^\x00-\x1f\x7f/]*$")]


class CategoryDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A name has no slash, because slashes separate levels in import files."""

    parent_id: UUID | None = None
    name: CategoryName
    name_en: CategoryNameInEnglish = ""
    icon_media_id: UUID | None = None
    position: Position = 0


class Category(msgspec.Struct, frozen=True, kw_only=True):
    """`icon` is a picture name; `products_count` counts goods of this category alone."""

    id: UUID
    parent_id: UUID | None
    name: str
    name_en: str
    """Empty where the merchant wrote none."""
    icon_media_id: UUID | None
    icon: str | None
    position: int
    products_count: int


async def categories(tx: Tx, *, on_sale_only: bool) -> list[Category]:
    """All categories, siblings together in their order, roots first."""
    rows = await tx.fetch(
        """
        select c.id, c.parent_id, c.name, c.name_en, c.icon_media_id, c.position, m.name as icon,
               coalesce(goods.number, 0) as products_count
        from catalog.categories c
        left join catalog.media m on m.tenant_id = c.tenant_id and m.id = c.icon_media_id
        left join (
            select p.category_id, count(*) as number
            from catalog.products p
            where p.tenant_id = $1 and p.archived_at is null and (p.state = 'on_sale' or not $2)
            group by p.category_id
        ) as goods on goods.category_id = c.id
        where c.tenant_id = $1
        order by c.parent_id nulls first, c.position, c.id
        """,
        tx.tenant_id,
        on_sale_only,
    )
    return [Category(**dict(row)) for row in rows]


def counts_with_descendants(found: Sequence[Category]) -> dict[UUID, int]:
    """How many goods lie in each category or below it."""
    parents = {category.id: category.parent_id for category in found}
    counts = dict.fromkeys(parents, 0)
    for category in found:
        above: UUID | None = category.id
        while above is not None:
            counts[above] += category.products_count
            above = parents[above]
    return counts


async def category_and_below(tx: Tx, category_id: UUID) -> list[UUID]:
    """One statement. Refuses with UnknownCategory."""
    rows = await tx.fetch(
        """
        with recursive below as (
            select c.id from catalog.categories c where c.tenant_id = $1 and c.id = $2
            union
            select c.id from catalog.categories c join below on below.id = c.parent_id
            where c.tenant_id = $1
        )
        select id from below
        """,
        tx.tenant_id,
        category_id,
    )
    if not rows:
        raise UnknownCategory()
    return [row["id"] for row in rows]


async def put_category(
    tx: Tx, *, category_id: UUID, draft: CategoryDraft, now: datetime
) -> Category:
    """Creates or replaces. Refuses with CategoryMissing, CategoryCycle, CategoryTooDeep or
    UnknownMedia."""
    # The whole (small) tree is held, so that two moves cannot make a circle together.
    rows = await tx.fetch(
        "select c.id, c.parent_id, c.name, c.name_en from catalog.categories c "
        "where c.tenant_id = $1 order by c.id for update",
        tx.tenant_id,
    )
    parents: dict[UUID, UUID | None] = {row["id"]: row["parent_id"] for row in rows}
    if draft.parent_id is not None and draft.parent_id not in parents:
        raise CategoryMissing(field="parent_id")
    parents[category_id] = draft.parent_id
    _check_depth(parents, category_id)
    if draft.icon_media_id and not await queries.pictures_by_id(tx, [draft.icon_media_id]):
        raise UnknownMedia(field="icon_media_id")
    await tx.execute(
        """
        insert into catalog.categories as c
            (tenant_id, id, parent_id, name, icon_media_id, position, created_at, updated_at,
             name_en)
        values ($1, $2, $3, $4, $5, $6, $7, $7, $8)
        on conflict (tenant_id, id) do update set
            parent_id = excluded.parent_id, name = excluded.name, name_en = excluded.name_en,
            icon_media_id = excluded.icon_media_id, position = excluded.position,
            updated_at = excluded.updated_at
        where c.tenant_id = $1
        """,
        tx.tenant_id,
        category_id,
        draft.parent_id,
        draft.name,
        draft.icon_media_id,
        draft.position,
        now,
        draft.name_en,
    )
    tx.public_changed()
    names = (draft.name, draft.name_en)
    if any(row["id"] == category_id and (row["name"], row["name_en"]) != names for row in rows):
        await _find_products_by_new_name(tx, category_id, names)
    return next(c for c in await categories(tx, on_sale_only=False) if c.id == category_id)


async def create_categories(
    tx: Tx, paths: Mapping[tuple[str, ...], UUID], *, now: datetime
) -> dict[tuple[str, ...], UUID]:
    """Makes categories that are missing, by path of names; the given ids serve new ones.

    Returns the ids of all these paths. A path has at most three names.
    """
    known = {
        path: id for id, path in category_paths(await categories(tx, on_sale_only=False)).items()
    }
    missing = [path for path in sorted(paths, key=len) if path not in known]
    for path in missing:
        known[path] = paths[path]
    if missing:
        await tx.execute(
            """
            insert into catalog.categories (tenant_id, id, parent_id, name, created_at, updated_at)
            select $1, x.id, x.parent_id, x.name, $5, $5
            from unnest($2::uuid[], $3::uuid[], $4::text[]) as x(id, parent_id, name)
            """,
            tx.tenant_id,
            [known[path] for path in missing],
            [known[path[:-1]] if len(path) > 1 else None for path in missing],
            [path[-1] for path in missing],
            now,
        )
    return {path: known[path] for path in paths}


async def name_in_english(tx: Tx, paths: Mapping[tuple[str, ...], Sequence[str]]) -> None:
    """Categories by path of names, with what each level is called; "" leaves what is there."""
    if not paths:
        return
    ids = {
        path: id for id, path in category_paths(await categories(tx, on_sale_only=False)).items()
    }
    said: dict[UUID, str] = {}
    for path, words in paths.items():
        for depth, word in enumerate(words, start=1):
            if word:
                said[ids[path[:depth]]] = word
    rows = await tx.fetch(
        """
        update catalog.categories c set name_en = x.name_en
        from unnest($2::uuid[], $3::text[]) as x(id, name_en)
        where c.tenant_id = $1 and c.id = x.id and c.name_en <> x.name_en
        returning c.id, c.name, c.name_en
        """,
        tx.tenant_id,
        list(said),
        list(said.values()),
    )
    if rows:
        tx.public_changed()
    for row in rows:
        await _find_products_by_new_name(tx, row["id"], (row["name"], row["name_en"]))


def category_paths(found: Sequence[Category]) -> dict[UUID, tuple[str, ...]]:
    """The names from the root down to each category."""
    return _paths(found, lambda category: category.name)


def category_paths_in_english(found: Sequence[Category]) -> dict[UUID, tuple[str, ...]]:
    """The same with "" where a level has no English name."""
    return _paths(found, lambda category: category.name_en)


def _paths(
    found: Sequence[Category], name: Callable[[Category], str]
) -> dict[UUID, tuple[str, ...]]:
    by_id = {category.id: category for category in found}
    paths: dict[UUID, tuple[str, ...]] = {}
    for category in found:
        names = [name(category)]
        parent = category.parent_id
        while parent is not None:
            names.append(name(by_id[parent]))
            parent = by_id[parent].parent_id
        paths[category.id] = tuple(reversed(names))
    return paths


async def delete_category(tx: Tx, *, category_id: UUID) -> None:
    """Refuses with CategoryNotEmpty. A category that is gone already is fine."""
    # Held first, so that nobody puts goods into it between counting and deleting.
    await tx.fetch(
        "select c.id from catalog.categories c where c.tenant_id = $1 and c.id = $2 for update",
        tx.tenant_id,
        category_id,
    )
    children = await tx.fetchval(
        "select count(*) from catalog.categories c where c.tenant_id = $1 and c.parent_id = $2",
        tx.tenant_id,
        category_id,
    )
    products = await tx.fetchval(
        "select count(*) from catalog.products p "
        "where p.tenant_id = $1 and p.category_id = $2 and p.archived_at is null",
        tx.tenant_id,
        category_id,
    )
    if children or products:
        raise CategoryNotEmpty(products=products, children=children)
    # Archived goods are shown nowhere; they let go of the category.
    await tx.execute(
        "update catalog.products p set category_id = null "
        "where p.tenant_id = $1 and p.category_id = $2 and p.archived_at is not null",
        tx.tenant_id,
        category_id,
    )
    tx.public_changed()
    await tx.execute(
        "delete from catalog.categories c where c.tenant_id = $1 and c.id = $2",
        tx.tenant_id,
        category_id,
    )


async def _find_products_by_new_name(tx: Tx, category_id: UUID, names: tuple[str, str]) -> None:
    rows = await tx.fetch(
        "select p.id from catalog.products p "
        "where p.tenant_id = $1 and p.category_id = $2 and p.archived_at is null",
        tx.tenant_id,
        category_id,
    )
    products = await queries.products_by_id(tx, [row["id"] for row in rows])
    await queries.write_words(tx, {p.id: product_words(p.draft, names) for p in products})


def _check_depth(parents: Mapping[UUID, UUID | None], moved: UUID) -> None:
    for start in parents:
        seen: list[UUID] = []
        at: UUID | None = start
        while at is not None:
            if at in seen:
                raise CategoryCycle(field="parent_id")
            seen.append(at)
            at = parents[at]
        if len(seen) > DEPTH_LIMIT and moved in seen:
            raise CategoryTooDeep(field="parent_id", limit=DEPTH_LIMIT)


async def categories_count(tx: Tx) -> int:
    """How many categories have goods on sale of their own."""
    count: int = await tx.fetchval(
        """
        select count(*) from catalog.categories c
        where c.tenant_id = $1 and exists (
            select from catalog.products p
            where p.tenant_id = $1 and p.category_id = c.id and p.state = 'on_sale'
        )
        """,
        tx.tenant_id,
    )
    return count
