"""The tree of categories."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

import pytest

from tests.catalog.builders import a_product
from weike import catalog
from weike.catalog import errors
from weike.kernel import Database, TenantId, Tx, uuid7


async def a_category(
    tx: Tx, now: datetime, name: str, parent: UUID | None = None, position: int = 0
) -> UUID:
    draft = catalog.CategoryDraft(name=name, parent_id=parent, position=position)
    return (await catalog.put_category(tx, category_id=uuid7(now), draft=draft, now=now)).id


async def test_goods_are_counted_with_those_below(tx: Tx, now: datetime) -> None:
    tea = await a_category(tx, now, "茶叶")
    green = await a_category(tx, now, "绿茶", tea)
    await a_product(tx, now, category_id=tea)
    await a_product(tx, now, category_id=green)
    await a_product(tx, now, category_id=green, state=catalog.ProductState.DRAFT)
    on_sale = await catalog.categories(tx, on_sale_only=True)
    assert catalog.counts_with_descendants(on_sale) == {tea: 2, green: 1}
    everything = await catalog.categories(tx, on_sale_only=False)
    assert catalog.counts_with_descendants(everything) == {tea: 3, green: 2}
    assert catalog.category_paths(everything)[green] == ("茶叶", "绿茶")
    assert set(await catalog.category_and_below(tx, tea)) == {tea, green}


async def test_a_category_cannot_lie_below_itself(tx: Tx, now: datetime) -> None:
    tea = await a_category(tx, now, "茶叶")
    green = await a_category(tx, now, "绿茶", tea)
    for parent in (green, tea):
        with pytest.raises(errors.CategoryCycle):
            await catalog.put_category(
                tx,
                category_id=tea,
                draft=catalog.CategoryDraft(name="茶叶", parent_id=parent),
                now=now,
            )


async def test_a_fourth_level_is_refused_also_by_moving_a_branch(tx: Tx, now: datetime) -> None:
    one = await a_category(tx, now, "一")
    two = await a_category(tx, now, "二", one)
    three = await a_category(tx, now, "三", two)
    with pytest.raises(errors.CategoryTooDeep):
        await a_category(tx, now, "四", three)
    root = await a_category(tx, now, "根")
    with pytest.raises(errors.CategoryTooDeep):
        await catalog.put_category(
            tx,
            category_id=one,
            draft=catalog.CategoryDraft(name="一", parent_id=root),
            now=now,
        )


async def test_only_an_empty_category_is_deleted(tx: Tx, now: datetime) -> None:
    tea = await a_category(tx, now, "茶叶")
    green = await a_category(tx, now, "绿茶", tea)
    product = await a_product(tx, now, category_id=green)
    for category, facts in ((tea, (0, 1)), (green, (1, 0))):
        with pytest.raises(errors.CategoryNotEmpty) as refused:
            await catalog.delete_category(tx, category_id=category)
        assert (refused.value.facts["products"], refused.value.facts["children"]) == facts
    await catalog.archive_product(tx, product_id=product.id, now=now)
    await catalog.delete_category(tx, category_id=green)
    await catalog.delete_category(tx, category_id=green)
    assert [c.id for c in await catalog.categories(tx, on_sale_only=False)] == [tea]


async def test_an_unknown_parent_or_icon_is_refused(tx: Tx, now: datetime) -> None:
    with pytest.raises(errors.CategoryMissing):
        await a_category(tx, now, "茶", uuid4())
    draft = catalog.CategoryDraft(name="茶", icon_media_id=uuid4())
    with pytest.raises(errors.UnknownMedia):
        await catalog.put_category(tx, category_id=uuid7(now), draft=draft, now=now)


async def test_a_neighbour_sees_no_categories(database: Database, now: datetime) -> None:
    mine, theirs = TenantId(uuid7(now)), TenantId(uuid7(now))
    tea = await database.run(mine, lambda tx: a_category(tx, now, "茶叶"))
    assert await database.run(theirs, lambda tx: catalog.categories(tx, on_sale_only=False)) == []
    with pytest.raises(errors.UnknownCategory):
        await database.run(theirs, lambda tx: catalog.category_and_below(tx, tea))
    with pytest.raises(errors.CategoryMissing):
        await database.run(theirs, lambda tx: a_product(tx, now, category_id=tea))
