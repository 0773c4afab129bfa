"""Lists of products, one row per card: for the shop, for promoters and for the console.

A list goes on after the last key seen. Rows that do not change meanwhile are neither skipped nor
shown twice; a row that moves (more pieces sold) may be met at its new place.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from weike.catalog.model import ProductOrder, ProductState
from weike.catalog.search import ranges_of
from weike.kernel import Page, Record, Tx, decode_cursor, page_of

LIMIT = 100


class ShelfCard(msgspec.Struct, frozen=True, gc=False):
    """What a list shows of a product, in the order of `_COLUMNS`. `cover` is a picture name
    (`picture_url`)."""

    id: UUID
    title: str
    title_en: str
    subtitle: str
    cover: str | None
    state: str
    category_id: UUID | None
    min_price_minor: int
    max_price_minor: int
    market_price_minor: int | None
    currency: str
    commission_rate_bp: int | None
    sold_count: int
    tags: list[str]
    sku_ids: list[UUID]
    updated_at: datetime
    review_count: int
    score_sum: int


class Shelf(StrEnum):
    """Which products are in reach of a list at all."""

    SHOP = "shop"
    """On sale: what buyers see."""
    CONSOLE = "console"
    """Everything that was not archived."""


class ShelfQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """`text` is what was typed; `category_ids` and `ids` narrow, None does not."""

    shelf: Shelf = Shelf.SHOP
    order: ProductOrder = ProductOrder.DEFAULT
    text: str | None = None
    state: ProductState | None = None
    category_ids: Sequence[UUID] | None = None
    ids: Sequence[UUID] | None = None


_Key = tuple[str, bool | int | datetime, UUID]
_Int = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]

# column, its cast, whether it ascends, and what a cursor of this order looks like. The id (newer
# first) settles what the column leaves open.
_ORDERS: dict[str, tuple[str, str, bool, Any]] = {
    "default": ("p.position", "bigint", True, tuple[Literal["default"], _Int, UUID]),
    "sales": ("p.sold_count", "bigint", False, tuple[Literal["sales"], _Int, UUID]),
    "price_asc": ("p.min_price_minor", "bigint", True, tuple[Literal["price_asc"], _Int, UUID]),
    "price_desc": ("p.min_price_minor", "bigint", False, tuple[Literal["price_desc"], _Int, UUID]),
    "newest": ("p.created_at", "timestamptz", False, tuple[Literal["newest"], datetime, UUID]),
    "updated": ("p.updated_at", "timestamptz", False, tuple[Literal["updated"], datetime, UUID]),
    # Hits in the title are lifted above any number of pieces sold.
    "hits": (
        "(p.sold_count + case when hit.in_title then 4000000000000000000 else 0 end)",
        "bigint",
        False,
        tuple[Literal["hits"], _Int, UUID],
    ),
}

_HITS = """
    with hit as (
        select w.product_id, bit_or(case when w.in_title then w.bit else 0 end) = $4 as in_title
        from (
            select x.product_id, x.in_title, 1 << (q.place::integer - 1) as bit
            from unnest($2::text[], $3::text[]) with ordinality as q(low, high, place)
            -- OFFSET 0 keeps one index scan per word; flattened, the planner reads all words.
            cross join lateral (
                select s.product_id, s.in_title from catalog.search_words s
                where s.tenant_id = $1 and s.word >= q.low and s.word < q.high
                offset 0
            ) as x
        ) as w
        group by w.product_id
        having bit_or(w.bit) = $4
    )
"""


async def shelf(
    tx: Tx, question: ShelfQuestion, *, cursor: str | None, limit: int
) -> Page[ShelfCard]:
    """One statement. Refuses with BadCursor."""
    ranges = ranges_of(question.text) if question.text else None
    if ranges == []:
        return Page([], None)  # Something was typed, but nothing that words are made of.
    order: str = question.order
    if question.order is ProductOrder.DEFAULT and question.shelf is Shelf.CONSOLE:
        order = "updated"
    elif question.order is ProductOrder.DEFAULT and ranges:
        order = "hits"
    after = decode_cursor(cursor, _ORDERS[order][3])
    args: list[object] = [tx.tenant_id]
    if ranges:
        lows, highs = zip(*ranges, strict=True)
        args += [lows, highs, (1 << len(ranges)) - 1]
    narrowed = []
    for name, value in (
        ("p.state = {}", question.state),
        ("p.category_id = any({})", question.category_ids),
        ("p.id = any({})", question.ids),
    ):
        if value is not None:
            args.append(value)
            narrowed.append(name.format(f"${len(args)}"))
    if after is not None:
        args += after[1:]
    limit = max(1, min(limit, LIMIT))
    sql = _statement(
        question.shelf, order, bool(ranges), tuple(narrowed), after is not None, limit + 1
    )
    rows = await tx.fetch(sql, *args)
    return page_of(rows, limit=limit, item=_card, key=lambda row: (order, row["key"], row["id"]))


@lru_cache(maxsize=256)
def _statement(
    reach: Shelf,
    order: str,
    searched: bool,
    narrowed: tuple[str, ...],
    follows: bool,
    rows: int,
) -> str:
    column, cast, ascends, _ = _ORDERS[order]
    place = (4 if searched else 1) + len(narrowed)
    conditions = ["p.tenant_id = $1"]
    conditions.append("p.state = 'on_sale'" if reach is Shelf.SHOP else "p.archived_at is null")
    conditions += narrowed
    if follows:
        value, id, beyond = f"${place + 1}::{cast}", f"${place + 2}", ">" if ascends else "<"
        # The first comparison alone bounds the index scan; the second cuts its edge.
        conditions.append(f"{column} {beyond}= {value}")
        conditions.append(f"({column} {beyond} {value} or p.id < {id})")
    hits = _HITS if searched else ""
    join = "join hit on hit.product_id = p.id" if searched else ""
    direction = "asc" if ascends else "desc"
    # Every part is one of the constants above; values travel as parameters. Only the number of
    # rows is written out: as a parameter it would make PostgreSQL plan anew every time.
    return f"""
        {hits}
        select {_COLUMNS}, {column} as key
        from catalog.products p {join}
        where {" and ".join(conditions)}
        order by {column} {direction}, p.id desc
        limit {rows}
    """  # noqa: S608


_COLUMNS = """
    p.id, p.title, p.title_en, p.subtitle, p.cover, p.state, p.category_id,
    p.min_price_minor, p.max_price_minor, p.market_price_minor, p.currency,
    p.commission_rate_bp, p.sold_count, p.tags, p.sku_ids, p.updated_at,
    p.review_count, p.score_sum
"""
_WIDTH = len(ShelfCard.__struct_fields__)


async def product_cards(tx: Tx, product_ids: Sequence[UUID]) -> dict[UUID, ShelfCard]:
    """Cards of these products in any state, also archived ones; unknown ids are absent."""
    if not product_ids:
        return {}
    rows = await tx.fetch(
        f"select {_COLUMNS} from catalog.products p where p.tenant_id = $1 and p.id = any($2)",  # noqa: S608 - constants only
        tx.tenant_id,
        product_ids,
    )
    return {row["id"]: _card(row) for row in rows}


def _card(row: Record) -> ShelfCard:
    return ShelfCard(*tuple(row)[:_WIDTH])


class ProductCounts(msgspec.Struct, frozen=True):
    """How many products stand in which state; archived ones are not counted."""

    all: int
    on_sale: int
    off_sale: int
    draft: int


async def product_counts(tx: Tx) -> ProductCounts:
    rows = await tx.fetch(
        "select p.state, count(*) as number from catalog.products p "
        "where p.tenant_id = $1 and p.archived_at is null group by p.state",
        tx.tenant_id,
    )
    numbers = {row["state"]: row["number"] for row in rows}
    return ProductCounts(
        all=sum(numbers.values()),
        on_sale=numbers.get("on_sale", 0),
        off_sale=numbers.get("off_sale", 0),
        draft=numbers.get("draft", 0),
    )


async def skus_on_sale(tx: Tx) -> dict[UUID, list[UUID]]:
    """The SKUs of every product on sale: to ask which products are sold out."""
    rows = await tx.fetch(
        "select p.id, p.sku_ids from catalog.products p "
        "where p.tenant_id = $1 and p.state = 'on_sale'",
        tx.tenant_id,
    )
    return {row["id"]: row["sku_ids"] for row in rows}


async def hot_words(tx: Tx, *, limit: int) -> list[str]:
    """What to look for: tags of what sells best, then names of categories with goods."""
    rows = await tx.fetch(
        """
        select word from (
            select t.tag as word, 0 as source, sum(p.sold_count) as weight
            from catalog.products p cross join lateral unnest(p.tags) as t(tag)
            where p.tenant_id = $1 and p.state = 'on_sale'
            group by t.tag
            union all
            select c.name, 1, sum(p.sold_count)
            from catalog.categories c
            join catalog.products p on p.tenant_id = c.tenant_id and p.category_id = c.id
            where c.tenant_id = $1 and p.state = 'on_sale'
            group by c.id, c.name
        ) as words
        group by word
        order by min(source), max(weight) desc, word
        limit $2
        """,
        tx.tenant_id,
        limit,
    )
    return [row["word"] for row in rows]
