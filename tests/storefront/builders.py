"""A shop with goods, spoken to over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from tests.catalog.builders import a_product
from tests.tenancy.builders import Shop, a_shop
from tests.web import OpenDoors, web_client
from weike import catalog, inventory
from weike.catalog.media_stores import LocalMediaStore
from weike.catalog.routes import ROUTES as CATALOG_ROUTES
from weike.kernel import Database, Tx
from weike.storefront import ShopFacts
from weike.storefront.console_routes import ROUTES as CONSOLE_ROUTES
from weike.storefront.routes import ROUTES as SHOP_ROUTES

EVERYTHING = "products.read products.write"


async def no_wechat(tx: Tx) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class OpenShop:
    """`staff` are headers of somebody who may do everything with goods."""

    database: Database
    shop: Shop
    client: httpx.AsyncClient
    now: datetime
    staff: dict[str, str]

    async def get(self, path: str, **params: Any) -> Any:
        answer = await self.client.get(path, params=params, headers={"x-shop": "test"})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def console(self, method: str, path: str, **options: Any) -> httpx.Response:
        return await self.client.request(method, path, headers=self.staff, **options)

    async def product(self, *, stock: int | None = 10, **changes: object) -> catalog.Product:
        async def work(tx: Tx) -> catalog.Product:
            product = await a_product(tx, self.now, **changes)
            if stock is not None:
                pieces = {sku.id: stock for sku in product.draft.skus}
                await inventory.set_on_hand(tx, pieces, now=self.now)
            return product

        return await self.database.run(self.shop.tenant_id, work)

    def staff_with(self, permissions: str) -> Mapping[str, str]:
        return {"authorization": f"Bearer s_{self.shop.owner.id} {permissions}"}


@asynccontextmanager
async def open_shop(database: Database, now: datetime, folder: Path) -> AsyncIterator[OpenShop]:
    shop = await a_shop(database, now)
    async with web_client(
        [*CATALOG_ROUTES, *CONSOLE_ROUTES, *SHOP_ROUTES],
        database,
        OpenDoors(shop.tenant_id),
        dependencies={
            "media_store": LocalMediaStore(folder),
            "shop_facts": ShopFacts(wechat_login=no_wechat),
        },
        clock=lambda: now,
    ) as client:
        staff = {"authorization": f"Bearer s_{shop.owner.id} {EVERYTHING}"}
        yield OpenShop(database, shop, client, now, staff)


def codes(product: catalog.Product) -> dict[str, UUID]:
    return {sku.code: sku.id for sku in product.draft.skus}
