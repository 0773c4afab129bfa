"""Freight over HTTP: a merchant keeps templates, a buyer's preview explains them; and what became
of the one fee that shops had before."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import msgspec
import pytest

from tests.databases import Urls
from tests.members.builders import seal
from tests.tenancy.builders import Shop, a_shop
from tests.trade.builders import Stall, stock_stall
from tests.trade.fulfilling import a_kit
from tests.web import OpenDoors, web_client
from weike import trade
from weike.kernel import Database, uuid7
from weike.payment.providers.fake import FakeGateways
from weike.trade.freight import queries
from weike.trade.freight.rules import FreightRules, Zone
from weike.trade.routes import ROUTES

RULES: dict[str, Any] = {
    "measure": "piece",
    "elsewhere": {"first_fee_minor": 1200},
    "zones": [
        {
            "regions": ["33"],
            "first_fee_minor": 600,
            "step_units": 1,
            "step_fee_minor": 200,
            "free_from_minor": 30000,
        }
    ],
    "not_delivered": ["54"],
}


@dataclass
class Desk:
    shop: Shop
    stall: Stall
    client: httpx.AsyncClient

    async def console(
        self, verb: str, path: str, *, rights: str = "settings.write products.read", **body: Any
    ) -> httpx.Response:
        return await self.client.request(
            verb,
            f"/api/console/freight-templates{path}",
            json=body or None,
            headers={"authorization": f"Bearer s_{self.shop.owner.id} {rights}"},
        )

    async def preview(self, language: str = "zh", **more: Any) -> httpx.Response:
        headers = {
            "authorization": f"Bearer m_{self.stall.buyer.member_id}",
            "x-shop": "test",
            "accept-language": language,
        }
        lines = [{"sku_id": str(self.stall.skus[0]), "quantity": 2}]
        return await self.client.post(
            "/api/shop/orders/preview", json={"lines": lines, **more}, headers=headers
        )


@pytest.fixture
async def desk(database: Database, now: datetime) -> AsyncIterator[Desk]:
    shop = await a_shop(database, now)
    stall = await database.run(shop.tenant_id, lambda tx: stock_stall(tx, now))
    ports = trade.Ports()
    async with web_client(
        ROUTES,
        database,
        OpenDoors(shop.tenant_id),
        dependencies={
            "order_batcher": trade.order_batcher(database, ports, clock=lambda: now),
            "trade_ports": ports,
            "gateways": FakeGateways(),
            "phone_seal": seal,
            "public_url": "https://shop.test",
            "fulfilment": a_kit()[0],
        },
        clock=lambda: now,
    ) as client:
        yield Desk(shop, stall, client)


async def test_a_template_is_kept_tried_and_removed(desk: Desk, now: datetime) -> None:
    first, second = uuid7(now), uuid7(now)
    kept = await desk.console("PUT", f"/{first}", name="茶叶", rules=RULES)
    assert kept.status_code == 200, kept.text
    (template,) = kept.json()["items"]
    assert (template["is_default"], template["products_count"]) == (True, 2)
    await desk.console("PUT", f"/{second}", name="大件", rules={})

    tried = await desk.console("POST", "/example", rules=RULES, region_code="330106", pieces=3)
    assert tried.json() == {
        "fee_minor": 1000,
        "text": "首 1 件 ¥6.00，每加 1 件 ¥2.00，满 ¥300.00 包邮",
    }
    nowhere = await desk.console("POST", "/example", rules=RULES, region_code="540102")
    assert nowhere.json()["fee_minor"] is None

    stays = await desk.console("DELETE", f"/{first}")
    assert (stays.status_code, stays.json()["code"]) == (409, "trade.default_template")
    assert (await desk.console("DELETE", f"/{second}")).status_code == 204
    assert (await desk.console("DELETE", f"/{second}")).status_code == 404


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"not_delivered": ["33"]}, "trade.region_twice"),
        ({"not_delivered": ["3"]}, "kernel.invalid"),
        ({"measure": "volume"}, "kernel.invalid"),
        ({"elsewhere": {"first_fee_minor": -1}}, "kernel.invalid"),
        ({"elsewhere": {"first_units": 0}}, "kernel.invalid"),
        ({"surcharge": 1}, "kernel.invalid"),
    ],
)
async def test_what_is_no_template_is_refused(
    desk: Desk, now: datetime, change: dict[str, Any], code: str
) -> None:
    answer = await desk.console("PUT", f"/{uuid7(now)}", name="茶叶", rules=RULES | change)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_who_may_not_change_settings_only_looks(desk: Desk, now: datetime) -> None:
    rights = "products.read"
    assert (await desk.console("GET", "", rights=rights)).status_code == 200
    put = await desk.console("PUT", f"/{uuid7(now)}", rights=rights, name="茶叶", rules=RULES)
    assert put.status_code == 403


async def test_a_preview_explains_the_freight_in_both_languages(desk: Desk, now: datetime) -> None:
    await desk.console("PUT", f"/{uuid7(now)}", name="茶叶", rules=RULES)
    unknown = (await desk.preview()).json()
    assert (unknown["freight_minor"], unknown["problems"]) == (1200, [])

    delivery = {"kind": "express", "address_id": str(desk.stall.buyer.address_id)}
    here = (await desk.preview("en", delivery=delivery)).json()
    assert here["freight"] == [
        {
            "text": "First 1 pc ¥6.00, each further 1 pc ¥2.00, free from ¥300.00",
            "fee_minor": 800,
            "positions": [0],
            "free_gap_minor": 30000 - 25600,
        }
    ]
    assert here["payable_minor"] == 25600 + 800
    fetched = (await desk.preview(delivery={"kind": "pickup"})).json()
    assert (fetched["delivery_kind"], fetched["freight_minor"]) == ("pickup", 0)
    nothing = await desk.preview(delivery={"kind": "none"})
    assert (nothing.status_code, nothing.json()["code"]) == (422, "trade.delivery_does_not_fit")
    strange = await desk.preview(delivery={"kind": "express", "address_id": str(uuid7(now))})
    assert (strange.status_code, strange.json()["code"]) == (422, "trade.unknown_address")


async def test_where_nothing_goes_the_preview_says_so_and_still_adds_up(
    desk: Desk, now: datetime
) -> None:
    await desk.console(
        "PUT", f"/{uuid7(now)}", name="茶叶", rules=RULES | {"zones": [], "not_delivered": ["33"]}
    )
    delivery = {"kind": "express", "address_id": str(desk.stall.buyer.address_id)}
    preview = (await desk.preview(delivery=delivery)).json()
    assert [problem["code"] for problem in preview["problems"]] == ["trade.not_delivered_there"]
    assert preview["lines"][0]["refused"] == "该地区不配送"
    assert (preview["freight_minor"], preview["payable_minor"]) == (0, 25600)


async def test_the_one_fee_of_a_shop_became_its_default_template(
    fresh_database: Database, fresh_urls: Urls, now: datetime
) -> None:
    shop, free = await a_shop(fresh_database, now), await a_shop(fresh_database, now)
    sql = files("weike.trade").joinpath("migrations", "0002_freight.sql").read_text("utf-8")
    owner = await asyncpg.connect(fresh_urls.owner)
    try:
        await owner.execute("begin")
        await owner.execute(f"set local app.tenant_id = '{shop.tenant_id}'")
        await owner.execute(
            "update tenancy.tenants set settings = settings "
            '|| \'{"freight_fee_minor": 800, "freight_free_from_minor": 9900}\' '
            "where tenant_id = $1",
            shop.tenant_id,
        )
        await owner.execute(sql[sql.index("do\n$$") :])
        await owner.execute("commit")
    finally:
        await owner.close()

    async def rules_of(tenant: Shop) -> FreightRules:
        (template,) = await fresh_database.run(tenant.tenant_id, queries.templates)
        assert template.is_default
        assert isinstance(template.id, UUID)
        return template.rules

    assert await rules_of(shop) == FreightRules(
        elsewhere=Zone(first_fee_minor=800, free_from_minor=9900)
    )
    assert msgspec.structs.asdict((await rules_of(free)).elsewhere)["first_fee_minor"] == 0
