"""Two shops in one house, with things of their own, for trying routes with the wrong people.

`tea` owns a product, members, an address and an order; `toys` has people who must see none of it.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from litestar.handlers import HTTPRouteHandler

from tests.databases import Urls
from weike import members
from weike.entry.installation import Urls as HouseUrls
from weike.entry.installation import installation
from weike.entry.settings import read_settings
from weike.entry.web import web_of
from weike.entry.wiring import House, open_house
from weike.kernel import TenantId, Tx, uuid7
from weike.kernel.clock import utc_now


def new_id() -> str:
    return str(uuid7(utc_now()))


@dataclass(kw_only=True)
class Shop:
    """Tokens of its people, ids of its things by the name of the path parameter, and words that
    nobody else may read."""

    slug: str
    tenant_id: TenantId
    owner: str
    newcomer: str
    buyer: str
    other_buyer: str
    ids: dict[str, str]
    secrets: dict[str, str]


@dataclass(kw_only=True)
class TwoShops:
    house: House
    client: httpx.AsyncClient
    tea: Shop
    toys: Shop

    async def call(
        self, handler: HTTPRouteHandler, *, token: str | None = None, shop: str | None = None
    ) -> httpx.Response:
        """The route with the tea shop's ids in its path and an empty body."""
        path = next(iter(handler.paths))
        for name, value in self.tea.ids.items():
            for kind in ("uuid", "str"):
                path = path.replace(f"{{{name}:{kind}}}", value)
        # What the tea shop has none of is asked for by an id that nobody has.
        path = re.sub(r"\{\w+:uuid\}", lambda _: new_id(), path)
        headers = {"x-shop": shop} if shop else {}
        if token:
            headers["authorization"] = f"Bearer {token}"
        [method] = handler.http_methods - {"HEAD", "OPTIONS"}
        body: Any = {} if method in ("POST", "PUT") else None
        return await self.client.request(method, path, headers=headers, json=body)

    async def tea_is_whole(self) -> bool:
        """Nobody who tried has taken anything away."""
        shop = self.tea

        async def work(tx: Tx) -> bool:
            product = await tx.fetchval(
                "select p.state from catalog.products p where p.tenant_id = $1 and p.id = $2",
                *(tx.tenant_id, UUID(shop.ids["product_id"])),
            )
            order = await tx.fetchval(
                "select o.state from trade.orders o where o.tenant_id = $1 and o.id = $2",
                *(tx.tenant_id, UUID(shop.ids["order_id"])),
            )
            address = await tx.fetchval(
                "select count(*) from members.addresses a where a.tenant_id = $1 and a.id = $2",
                *(tx.tenant_id, UUID(shop.ids["address_id"])),
            )
            return (product, order, address) == ("on_sale", "placed", 1)

        return await self.house.database.run(shop.tenant_id, work)


@asynccontextmanager
async def open_two_shops(folder: Path, urls: Urls) -> AsyncIterator[TwoShops]:
    environment = {"WEIKE_DATA": str(folder), "WEIKE_RATE_FACTOR": "100000"}
    here = installation(read_settings(environment), environment)
    async with open_house(here, HouseUrls(urls.owner, urls.app, urls.report)) as house:
        transport: Any = httpx.ASGITransport(app=web_of(house).application)
        async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
            yield TwoShops(
                house=house,
                client=client,
                tea=await _open(house, client, "tea"),
                toys=await _open(house, client, "toys"),
            )


async def _open(house: House, client: httpx.AsyncClient, name: str) -> Shop:
    signed_up = await _ask(
        client,
        "POST",
        "/api/console/sign-up",
        {
            "id": new_id(),
            "shop_name": f"secret shop {name}",
            "slug": f"{name}-{new_id()[-8:]}",
            "owner_name": "Owner",
            "login": f"{name}-{new_id()[-8:]}",
            "password": "a long password of the tests",
        },
    )
    tenant_id, owner = TenantId(UUID(signed_up["tenant_id"])), signed_up["token"]
    newcomer = await _newcomer(client, owner)
    ids = {"staff_id": signed_up["staff_id"], "key": "nothing", "code": "nothing"}
    secrets = {what: f"secret {what} of {name}" for what in ("product", "address", "member")}
    buyer_id, buyer = await _member(house, tenant_id, 1, secrets["member"])
    _, other_buyer = await _member(house, tenant_id, 2, "somebody else")
    ids |= {"member_id": str(buyer_id), "outbox_id": new_id(), "config_id": new_id()}
    nothing = ("review_id", "appeal_id", "invoice_id", "request_id")
    ids |= {name: new_id() for name in nothing}
    ids |= await _things(client, owner=owner, buyer=buyer, secrets=secrets)
    return Shop(
        slug=signed_up["shop_slug"],
        tenant_id=tenant_id,
        owner=owner,
        newcomer=newcomer,
        buyer=buyer,
        other_buyer=other_buyer,
        ids=ids,
        secrets=secrets | {"shop": f"secret shop {name}"},
    )


async def _newcomer(client: httpx.AsyncClient, owner: str) -> str:
    """Staff whose only role grants nothing."""
    nothing = {"name": "nothing", "permissions": []}
    await _ask(client, "PUT", "/api/console/roles/nothing", nothing, token=owner)
    login = f"newcomer-{new_id()[-8:]}"
    person = {"id": new_id(), "name": "Newcomer", "login": login, "roles": ["nothing"]}
    password = {"password": "a long password of the tests"}
    await _ask(client, "POST", "/api/console/staff", {**person, **password}, token=owner)
    signed_in = await _ask(client, "POST", "/api/console/sign-in", {"login": login, **password})
    return str(signed_in["token"])


async def _member(
    house: House, tenant_id: TenantId, number: int, nickname: str
) -> tuple[UUID, str]:
    now = utc_now()

    async def work(tx: Tx) -> tuple[UUID, str]:
        ensured = await members.ensure_member(
            tx,
            house.members.phone_seal,
            member_id=uuid7(now),
            phone=f"1380013800{number}",
            nickname=nickname,
            now=now,
        )
        return ensured.member_id, await members.open_member_session(tx, ensured.member_id, now=now)

    return await house.database.run(tenant_id, work)


async def _things(
    client: httpx.AsyncClient, *, owner: str, buyer: str, secrets: dict[str, str]
) -> dict[str, str]:
    names = ("category_id", "product_id", "sku_id", "address_id", "order_id")
    ids = {name: new_id() for name in names}
    category = {"name": secrets["product"][:20], "position": 0}
    await _ask(
        client, "PUT", f"/api/console/categories/{ids['category_id']}", category, token=owner
    )
    sku = {"id": ids["sku_id"], "code": "one", "spec_values": [], "price_minor": 990, "stock": 9}
    await _ask(
        client,
        "PUT",
        f"/api/console/products/{ids['product_id']}",
        {"title": secrets["product"], "state": "on_sale", "skus": [sku]},
        token=owner,
    )
    address = {
        "id": ids["address_id"],
        "name": secrets["address"][:20],
        "phone": "13800138001",
        "province": "浙江省",
        "city": "杭州市",
        "district": "西湖区",
        "street": secrets["address"],
        "region_code": "330106",
        "is_default": True,
    }
    await _ask(client, "PUT", f"/api/shop/addresses/{ids['address_id']}", address, token=buyer)
    order = {
        "id": ids["order_id"],
        "lines": [{"sku_id": ids["sku_id"], "quantity": 1}],
        "address_id": ids["address_id"],
    }
    await _ask(client, "POST", "/api/shop/orders", order, token=buyer)
    title = {"kind": "personal", "title": secrets["address"]}
    ids["title_id"] = new_id()
    await _ask(client, "PUT", f"/api/shop/invoice-titles/{ids['title_id']}", title, token=buyer)
    return ids


async def _ask(
    client: httpx.AsyncClient, method: str, path: str, body: Any, *, token: str | None = None
) -> Any:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    answer = await client.request(method, path, json=body, headers=headers)
    assert answer.is_success, f"{method} {path}: {answer.text}"
    return answer.json() if answer.content else None
