"""A shop that hands goods over in every way, spoken to over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx

from tests.catalog.builders import a_product, a_sku, sku_ids
from tests.members.builders import seal
from tests.tenancy.builders import Shop, a_shop
from tests.trade.builders import Buyer, Stall, deliver, pay_at_provider, placed, stock_stall
from tests.web import OpenDoors, web_client
from weike import catalog, inventory, members, trade
from weike.kernel import Database, Tx, uuid7
from weike.kernel.sealing import TenantBox, TenantHash
from weike.payment.providers.fake import FakeGateways
from weike.trade.fulfilment.building import FulfilmentKit
from weike.trade.fulfilment.keys.keep_keys import KeySeal
from weike.trade.fulfilment.pickup.codes import CodeSeal
from weike.trade.fulfilment.tracking.fake import FakeTracking
from weike.trade.fulfilment.tracking.follow import Follower
from weike.trade.fulfilment.tracking.ports import (
    Account,
    Journey,
    Ok,
    Refused,
    Tracked,
    TrackingService,
    Unknown,
)
from weike.trade.fulfilment.wechat.fake import FakeShippingAPI
from weike.trade.fulfilment.wechat.pushes import PushKeys
from weike.trade.fulfilment.wechat.reports import Reporter
from weike.trade.model import Actor, Delivery, Placed, PlaceOrder
from weike.trade.routes import ROUTES

SECRET = "a secret of the tests"
CLERK = "orders.read orders.ship orders.write_off products.read products.write settings.write"
STAFF = Actor("staff", UUID(int=7))


@dataclass
class Switch:
    """A tracking service that can be another one from now on."""

    to: TrackingService

    async def subscribe(
        self, account: Account, parcel: Tracked, *, callback_url: str, salt: str
    ) -> Ok[None] | Refused | Unknown:
        return await self.to.subscribe(account, parcel, callback_url=callback_url, salt=salt)

    async def query(self, account: Account, parcel: Tracked) -> Ok[Journey] | Refused | Unknown:
        return await self.to.query(account, parcel)


def a_kit() -> tuple[FulfilmentKit, FakeTracking, FakeShippingAPI]:
    tracking, wechat = FakeTracking(), FakeShippingAPI()
    kit = FulfilmentKit(
        keys=KeySeal(SECRET),
        codes=CodeSeal(SECRET),
        follower=Follower(
            service=Switch(tracking),
            accounts=TenantBox(SECRET, "tracking account"),
            salts=TenantHash(SECRET, "tracking salt"),
            public_url="https://shop.test",
        ),
        reporter=Reporter(api=wechat, secrets=TenantBox(SECRET, "wechat app")),
        pushes=PushKeys(SECRET),
    )
    return kit, tracking, wechat


async def a_sku_of(
    tx: Tx, now: datetime, kind: catalog.ProductKind, *, stock: int | None = None, note: str = ""
) -> UUID:
    product = await a_product(
        tx,
        now,
        title=f"一件{kind}",
        kind=kind,
        delivery_note=note,
        skus=(a_sku(now, price_minor=5000),),
    )
    (sku_id,) = sku_ids(product)
    if stock is not None:
        await inventory.set_on_hand(tx, {sku_id: stock}, now=now)
    return sku_id


async def bought(
    tx: Tx, stall: Stall, now: datetime, lines: dict[UUID, int], **delivery: Any
) -> Placed:
    """Placed, paid, and heard of by everybody."""
    if delivery:
        ask = PlaceOrder(
            order_id=uuid7(now),
            member_id=stall.buyer.member_id,
            lines=tuple(trade.AskedLine(sku, count) for sku, count in lines.items()),
            delivery=Delivery(**delivery),
        )
        ports = trade.Ports(pickup=trade.PickupPlaces(seal))
        order = await trade.place_order(tx, ports, ask, now=now)
    else:
        order = await placed(tx, stall, now, lines=lines)
    await pay_at_provider(tx, stall, order, now)
    await deliver(tx, stall, now)
    return order


@dataclass
class House:
    """`console` as somebody of the shop, `as_buyer` as its buyer."""

    database: Database
    shop: Shop
    stall: Stall
    client: httpx.AsyncClient
    kit: FulfilmentKit
    tracking: FakeTracking
    wechat: FakeShippingAPI
    now: datetime
    permissions: str = CLERK
    extra: dict[str, Any] = field(default_factory=dict)

    async def run(self, work: Any) -> Any:
        return await self.database.run(self.shop.tenant_id, work)

    async def buy(self, lines: dict[UUID, int], **delivery: Any) -> Placed:
        async def work(tx: Tx) -> Placed:
            self.stall.delivered = 0
            return await bought(tx, self.stall, self.now, lines, **delivery)

        order: Placed = await self.run(work)
        return order

    async def as_buyer(
        self, verb: str, path: str, buyer: Buyer | None = None, **body: Any
    ) -> httpx.Response:
        token = f"Bearer m_{(buyer or self.stall.buyer).member_id}"
        headers = {"authorization": token, "x-shop": "test"}
        return await self.client.request(
            verb, f"/api/shop{path}", json=body or None, headers=headers
        )

    async def console(
        self, verb: str, path: str, *, params: Any = None, files: Any = None, **body: Any
    ) -> httpx.Response:
        headers = {"authorization": f"Bearer s_{self.shop.owner.id} {self.permissions}"}
        return await self.client.request(
            verb,
            f"/api/console{path}",
            params=params,
            files=files,
            json=body or None,
            headers=headers,
        )

    async def ship(self, order: Placed, number: str, pieces: dict[int, int] | None = None) -> Any:
        lines = [{"position": p, "quantity": n} for p, n in (pieces or {}).items()] or None
        return await self.console(
            "POST",
            f"/orders/{order.id}/ship",
            id=str(uuid7(self.now)),
            courier="sf",
            tracking_no=number,
            **({"lines": lines} if lines else {}),
        )

    async def order(self, order: Placed) -> Any:
        answer = await self.as_buyer("GET", f"/orders/{order.id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def a_point(self, **changes: Any) -> str:
        point_id = str(uuid7(self.now))
        body = {
            "name": "西湖门店",
            "region_code": "330106",
            "province": "浙江省",
            "city": "杭州市",
            "district": "西湖区",
            "street": "龙井路 1 号",
            "hours": "10:00-21:00",
            "phone": "0571-88888888",
        }
        answer = await self.console("PUT", f"/pickup-points/{point_id}", **(body | changes))
        assert answer.status_code == 200, answer.text
        return point_id


@asynccontextmanager
async def open_house(database: Database, now: datetime) -> AsyncIterator[House]:
    shop = await a_shop(database, now)
    stall = await database.run(shop.tenant_id, lambda tx: stock_stall(tx, now, buyers=2))
    kit, tracking, wechat = a_kit()
    ports = trade.Ports(pickup=trade.PickupPlaces(seal))
    async with web_client(
        ROUTES,
        database,
        OpenDoors(shop.tenant_id),
        dependencies={
            "fulfilment": kit,
            "gateways": FakeGateways(),
            "order_batcher": trade.order_batcher(database, ports, clock=lambda: now),
            "trade_ports": ports,
            "phone_seal": seal,
            "public_url": "https://shop.test",
        },
        clock=lambda: now,
    ) as client:
        yield House(database, shop, stall, client, kit, tracking, wechat, now)


async def mini_program(tx: Tx, now: datetime) -> None:
    """The shop has a mini-program, with its secret sealed as the kit opens it."""
    await members.put_wechat_app(
        tx,
        TenantBox(SECRET, "wechat app"),
        actor="test",
        kind="mini",
        app_id="wx-mini",
        secret="a secret of the app",
        now=now,
    )
