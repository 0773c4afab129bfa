"""The merchant's Alipay settings: checked, sealed, tried out, and never brought back by mistake."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from tests.payment.test_settings import entered, staff
from tests.payment.tills import Till, alipay_set_up
from tests.tenancy.builders import a_shop
from tests.web import OpenDoors, web_client
from weike import payment
from weike.payment.errors import CredentialsIncomplete, CredentialsUnusable, SettingsChanged
from weike.payment.providers.alipay import load_alipay_credentials
from weike.payment.routes import ROUTES
from weike.payment.way_queries import write_ways
from weike.payment.ways import WaysOffered

PATH = "/api/console/payment/alipay"


def asked(folder: Path, **changed: Any) -> dict[str, Any]:
    set_up = alipay_set_up(folder)
    return {
        "app_id": set_up.app_id,
        "seller_id": set_up.seller_id,
        "private_key_pem": set_up.private_key_pem,
        "alipay_public_key_pem": set_up.alipay_public_key_pem,
    } | changed


async def test_settings_are_shown_without_secrets(till: Till, tmp_path: Path) -> None:
    answer = await till.web.get(PATH, headers=staff(till, "settings.read"))
    shown = answer.json()
    assert (shown["is_set_up"], shown["mode"], shown["version"]) == (True, "public_key", 1)
    assert shown["seller_id"].startswith("2088")
    assert shown["notify_url"].endswith(f"/hooks/alipay/{till.alipay.id}")
    assert "PRIVATE" not in answer.text
    assert asked(tmp_path)["private_key_pem"][40:80] not in answer.text
    assert b"PRIVATE" not in till.alipay.credentials_cipher


async def test_only_staff_who_may_do_it(till: Till, tmp_path: Path) -> None:
    for headers, status in (({}, 401), (staff(till, "orders.read"), 403)):
        assert (await till.web.get(PATH, headers=headers)).status_code == status
        assert (await till.web.put(PATH, headers=headers, json={})).status_code == status
    reader = staff(till, "settings.read")
    refused = await till.web.put(PATH, headers=reader, json=asked(tmp_path))
    assert refused.status_code == 403


async def test_trying_the_keys_says_whether_they_work(till: Till) -> None:
    headers = staff(till, "settings.write")
    good = (await till.web.post(f"{PATH}/test", headers=headers)).json()
    assert (good["ok"], good["code"]) == (True, "ACQ.TRADE_NOT_EXIST")
    await till.shop.control("faults", target="alipay_query", kind="bad_signature")
    bad = (await till.web.post(f"{PATH}/test", headers=headers)).json()
    assert (bad["ok"], bad["code"]) == (False, "UNKNOWN")


async def test_a_key_of_somebody_else_is_noticed_by_the_test(till: Till, tmp_path: Path) -> None:
    other = alipay_set_up(tmp_path, 1)
    mixed = msgspec.structs.replace(alipay_set_up(tmp_path), private_key_pem=other.private_key_pem)
    await till.run(lambda tx: payment.set_up_alipay(tx, till.gateways, mixed, now=till.now))
    headers = staff(till, "settings.write")
    tested = (await till.web.post(f"{PATH}/test", headers=headers)).json()
    assert (tested["ok"], tested["code"]) == (False, "isv.invalid-signature")


async def test_two_who_save_at_once_bring_back_no_old_key(till: Till, tmp_path: Path) -> None:
    """One replaces the key, the other one has opened the page before and only switches it off."""
    known = alipay_set_up(tmp_path)
    new_key = msgspec.structs.replace(known, seen_version=1)
    keeps = msgspec.structs.replace(
        known, private_key_pem=None, alipay_public_key_pem=None, state="off", seen_version=1
    )

    async def save(set_up: payment.AlipaySetUp) -> object:
        return await till.run(
            lambda tx: payment.set_up_alipay(tx, till.gateways, set_up, now=till.now)
        )

    answers = await asyncio.gather(save(new_key), save(keeps), return_exceptions=True)
    refused = [one for one in answers if isinstance(one, SettingsChanged)]
    assert len(refused) == 1, answers
    with pytest.raises(SettingsChanged):
        await save(keeps)
    # WeChat Pay's settings keep to the same rule.
    headers = staff(till, "settings.write")
    stale = entered(till, version=7)
    answer = await till.web.put("/api/console/payment/wechat", headers=headers, json=stale)
    assert (answer.status_code, answer.json()["code"]) == (409, "payment.settings_changed")


async def test_keys_that_are_left_out_stay_and_a_mode_replaces_the_other(
    till: Till, tmp_path: Path
) -> None:
    bare = alipay_set_up(tmp_path)
    nothing = msgspec.structs.replace(bare, private_key_pem=None, alipay_public_key_pem=None)
    kept = await till.run(
        lambda tx: payment.set_up_alipay(tx, till.gateways, nothing, now=till.now)
    )
    assert till.gateways.open_alipay(kept) == till.gateways.open_alipay(till.alipay)
    certificates = msgspec.structs.replace(
        alipay_set_up(tmp_path, certificates=True), private_key_pem=None
    )
    changed = await till.run(
        lambda tx: payment.set_up_alipay(tx, till.gateways, certificates, now=till.now)
    )
    secrets = till.gateways.open_alipay(changed)
    assert secrets.alipay_public_key_pem is None
    assert secrets.app_certificate_pem is not None
    other = msgspec.structs.replace(
        certificates,
        app_certificate_pem=alipay_set_up(tmp_path, 1, certificates=True).app_certificate_pem,
    )
    with pytest.raises(CredentialsUnusable):
        await till.run(lambda tx: payment.set_up_alipay(tx, till.gateways, other, now=till.now))


async def test_another_app_leaves_the_old_one_listening(till: Till, tmp_path: Path) -> None:
    intent = await till.asked_at_alipay()
    config = await till.run(
        lambda tx: payment.set_up_alipay(
            tx, till.gateways, alipay_set_up(tmp_path, 1), now=till.now
        )
    )
    assert config.id != till.alipay.id
    await till.pays_at_alipay(intent)
    assert await till.state(intent) == "paid"
    without = msgspec.structs.replace(
        alipay_set_up(tmp_path), seller_id="2088000000000003", private_key_pem=None
    )
    with pytest.raises(CredentialsIncomplete):
        await till.run(lambda tx: payment.set_up_alipay(tx, till.gateways, without, now=till.now))


async def test_setting_up_and_offering_are_audited(till: Till, tmp_path: Path) -> None:
    shop = await a_shop(till.database, till.now)
    doors, needs = OpenDoors(shop.tenant_id), {"gateways": till.gateways}
    async with web_client(
        ROUTES, till.database, doors, dependencies=needs, clock=till.shop.clock
    ) as web:
        headers = staff(till, "settings.write")
        await _put(web, PATH, headers, asked(tmp_path))
        ways = {"in_browser": ["alipay"], "in_wechat": ["wechat"], "version": 0}
        shown = await _put(web, "/api/console/payment/ways", headers, ways)
        assert (shown["in_browser"], shown["version"]) == (["alipay"], 1)
        again = await web.put("/api/console/payment/ways", headers=headers, json=ways)
        assert again.json()["code"] == "payment.settings_changed"
        wrong = {**ways, "in_wechat": ["alipay"], "version": 1}
        refused = await web.put("/api/console/payment/ways", headers=headers, json=wrong)
        assert refused.status_code == 422

    async def read(tx: Any) -> list[str]:
        rows = await tx.fetch(
            "select a.action || a.detail::text as said from tenancy.audit a where a.tenant_id = $1",
            tx.tenant_id,
        )
        return [row["said"] for row in rows]

    said = "".join(await till.database.run(shop.tenant_id, read))
    assert "payment.alipay_set_up" in said
    assert "payment.ways_offered" in said
    assert "PRIVATE" not in said


async def test_a_way_that_is_not_offered_cannot_be_asked_for(till: Till) -> None:
    headers = staff(till, "settings.write", "settings.read")
    path = "/api/console/payment/ways"
    shown = (await till.web.get(path, headers=headers)).json()
    assert shown["set_up"] == ["alipay", "wechat"]

    async def offer(tx: Any) -> None:
        only = WaysOffered(in_browser=("wechat",), in_wechat=("balance",), version=1)
        assert await write_ways(tx, only, now=till.now)

    await till.run(offer)
    for method in ("alipay_wap", "alipay_page", "mini"):
        with pytest.raises(payment.WayNotOffered):
            await till.opened(method=method)
    assert (await till.opened(method="h5", payer_openid=None)).method == "h5"


def test_keys_may_come_as_the_vendor_s_tool_prints_them(tmp_path: Path, made_keys: Path) -> None:
    """Bare Base64, without the lines around it."""
    known = alipay_set_up(made_keys)

    def bare(pem: str | None) -> str:
        return "".join((pem or "").splitlines()[1:-1])

    loaded = load_alipay_credentials(
        app_id=known.app_id,
        seller_id=known.seller_id,
        private_key_pem=bare(known.private_key_pem),
        alipay_public_key_pem=bare(known.alipay_public_key_pem),
    )
    assert "PRIVATE" not in repr(loaded)


async def _put(
    web: httpx.AsyncClient, path: str, headers: dict[str, str], body: dict[str, Any]
) -> Any:
    answer = await web.put(path, headers=headers, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()
