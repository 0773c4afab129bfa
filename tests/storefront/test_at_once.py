"""Two at the same moment, with real commits."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import UUID

import msgspec
import pytest

from tests.catalog.builders import a_draft, a_product
from tests.tenancy.builders import a_shop
from weike import catalog
from weike.catalog import errors
from weike.catalog.categories import CategoryDraft, categories, delete_category, put_category
from weike.kernel import Database, TenantId, Tx, uuid7
from weike.storefront import import_products

FILE = (
    "商品名称,分类,SKU编码,售价(元),库存\n"
    + "".join(f"茶{i},茶叶/第{i % 3}类,T-{i},{i + 1},5\n" for i in range(60))
).encode()


async def test_one_file_sent_twice_at_once_is_imported_once(
    database: Database, now: datetime
) -> None:
    shop = await a_shop(database, now)
    reports = await asyncio.gather(
        *(
            import_products(
                database, shop.tenant_id, upload=FILE, dry_run=False, actor="test", now=now
            )
            for _ in range(4)
        )
    )
    assert sorted(report.created for report in reports) == [0, 0, 0, 60]
    assert {report.updated for report in reports} == {0}
    found = await database.run(shop.tenant_id, lambda tx: categories(tx, on_sale_only=False))
    assert sorted(category.name for category in found) == ["第0类", "第1类", "第2类", "茶叶"]


async def test_one_of_two_edits_of_the_same_version_wins(database: Database, now: datetime) -> None:
    tenant_id = TenantId(uuid7(now))
    product = await database.run(tenant_id, lambda tx: a_product(tx, now))

    async def edit(title: str) -> catalog.Product | Exception:
        draft = msgspec.structs.replace(product.draft, title=title)
        try:
            return await database.run(
                tenant_id,
                lambda tx: catalog.put_product(
                    tx, product_id=product.id, draft=draft, version=1, now=now
                ),
            )
        except errors.VersionConflict as refusal:
            return refusal

    done = await asyncio.gather(*(edit(f"龙井{i}") for i in range(6)))
    assert sum(isinstance(result, catalog.Product) for result in done) == 1


async def test_one_code_goes_to_one_of_many_products(database: Database, now: datetime) -> None:
    tenant_id = TenantId(uuid7(now))
    drafts = [a_draft(now, skus=(msgspec.structs.replace(a_draft(now).skus[0], code="ONE"),))
              for _ in range(6)]  # fmt: skip

    async def make(draft: catalog.ProductDraft) -> bool:
        try:
            await database.run(
                tenant_id,
                lambda tx: catalog.create_product(tx, product_id=uuid7(now), draft=draft, now=now),
            )
        except errors.CodeTaken:
            return False
        return True

    assert sum(await asyncio.gather(*(make(draft) for draft in drafts))) == 1


@pytest.mark.parametrize("repeat", range(5))
async def test_goods_never_lie_in_a_deleted_category(
    database: Database, now: datetime, repeat: int
) -> None:
    tenant_id, id = TenantId(uuid7(now)), uuid7(now)
    draft = CategoryDraft(name="茶")
    await database.run(tenant_id, lambda tx: put_category(tx, category_id=id, draft=draft, now=now))
    outcomes = await asyncio.gather(
        database.run(tenant_id, lambda tx: delete_category(tx, category_id=id)),
        database.run(tenant_id, lambda tx: a_product(tx, now, category_id=id)),
        return_exceptions=True,
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert len(refused) == 1
    assert isinstance(refused[0], errors.CategoryNotEmpty | errors.CategoryMissing)


@pytest.mark.parametrize("repeat", range(3))
async def test_two_moves_never_make_a_circle(
    database: Database, now: datetime, repeat: int
) -> None:
    tenant_id = TenantId(uuid7(now))
    one, two = uuid7(now), uuid7(now)

    async def both(tx: Tx) -> None:
        for id, name in ((one, "一"), (two, "二")):
            await put_category(tx, category_id=id, draft=CategoryDraft(name=name), now=now)

    await database.run(tenant_id, both)

    async def move(id: UUID, parent_id: UUID) -> bool:
        draft = CategoryDraft(name="x", parent_id=parent_id)
        try:
            await database.run(
                tenant_id, lambda tx: put_category(tx, category_id=id, draft=draft, now=now)
            )
        except errors.CategoryCycle:
            return False
        return True

    assert sorted(await asyncio.gather(move(one, two), move(two, one))) == [False, True]
