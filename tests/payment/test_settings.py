"""The merchant's WeChat Pay settings: checked, sealed, shown without secrets, tried out."""

from __future__ import annotations

from typing import Any

import asyncpg
import httpx
import pytest
from cryptography.exceptions import InvalidTag

from tests.databases import Urls
from tests.payment.tills import Till
from tests.tenancy.builders import a_shop
from tests.web import OpenDoors, web_client
from weike import payment
from weike.kernel import Tx, uuid7
from weike.payment.gateways import ProviderGateways
from weike.payment.routes import ROUTES
from weike.payment.sealing import Sealer

PATH = "/api/console/payment/wechat"


def staff(till: Till, *permissions: str) -> dict[str, str]:
    return {"authorization": " ".join((f"Bearer s_{uuid7(till.now)}", *permissions))}


def entered(till: Till, merchant: int = 0, **changed: Any) -> dict[str, Any]:
    keys = till.shop.credentials.merchants[merchant]
    return {
        "mch_id": keys.mch_id,
        "app_id_mini": till.shop.credentials.mini_program.app_id,
        "app_id_official": till.shop.credentials.official_account.app_id,
        "merchant_serial": keys.mch_serial,
        "private_key_pem": keys.private_key_pem,
        "apiv3_key": keys.api_v3_key,
        "verifiers": [{"id": id, "pem": pem} for id, pem in keys.verifier_pems.items()],
    } | changed


async def test_settings_are_shown_without_secrets(till: Till) -> None:
    answer = await till.web.get(PATH, headers=staff(till, "settings.read"))
    shown = answer.json()
    assert shown["is_set_up"] is True
    assert shown["mch_id"] == "1900000001"
    assert (shown["has_private_key"], shown["has_apiv3_key"]) == (True, True)
    assert shown["notify_url"].endswith(f"/hooks/wechat/{till.config.id}")
    assert "PRIVATE" not in answer.text
    assert till.shop.credentials.merchants[0].api_v3_key not in answer.text


async def test_only_staff_who_may_do_it(till: Till) -> None:
    for headers, status in (({}, 401), (staff(till, "orders.read"), 403)):
        assert (await till.web.get(PATH, headers=headers)).status_code == status
        assert (await till.web.put(PATH, headers=headers, json={})).status_code == status
    reader = staff(till, "settings.read")
    assert (await till.web.put(PATH, headers=reader, json=entered(till))).status_code == 403


async def test_keys_that_are_left_out_stay(till: Till) -> None:
    set_up = payment.WeChatSetUp(
        mch_id="1900000001",
        app_id_mini=None,
        app_id_official=till.config.app_id_official,
        mch_serial=till.shop.credentials.merchants[0].mch_serial,
        private_key_pem=None,
        api_v3_key=None,
        verifier_pems=till.shop.credentials.merchants[0].verifier_pems,
        state="active",
    )
    config = await till.run(
        lambda tx: payment.set_up_wechat(tx, till.gateways, set_up, now=till.now)
    )
    assert (config.id, config.version) == (till.config.id, 2)
    assert (
        till.gateways.open_wechat(config).api_v3_key
        == till.gateways.open_wechat(till.config).api_v3_key
    )
    with pytest.raises(payment.PaymentNotSetUp):
        await till.opened(method="mini")


async def test_setting_up_is_audited_without_the_secrets(till: Till) -> None:
    shop = await a_shop(till.database, till.now)
    doors, needs = OpenDoors(shop.tenant_id), {"gateways": till.gateways}
    async with web_client(
        ROUTES, till.database, doors, dependencies=needs, clock=till.shop.clock
    ) as web:
        headers = staff(till, "settings.write")
        answer = await web.put(PATH, headers=headers, json=entered(till, merchant=1))
    assert answer.status_code == 200, answer.text

    async def read(tx: Tx) -> list[str]:
        rows = await tx.fetch(
            "select a.detail::text as detail from tenancy.audit a where a.tenant_id = $1"
            " and a.action = 'payment.wechat_set_up'",
            tx.tenant_id,
        )
        return [row["detail"] for row in rows]

    (detail,) = await till.database.run(shop.tenant_id, read)
    assert "1900000002" in detail
    assert "PRIVATE" not in detail
    assert till.shop.credentials.merchants[1].api_v3_key not in detail


async def test_unusable_keys_are_refused_by_name(till: Till) -> None:
    wrong = entered(till, private_key_pem="x" * 100)
    answer = await till.web.put(PATH, headers=staff(till, "settings.write"), json=wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "payment.credentials_unusable")


async def test_a_first_set_up_needs_the_secrets(till: Till) -> None:
    missing = entered(till, merchant=1, apiv3_key=None)
    answer = await till.web.put(PATH, headers=staff(till, "settings.write"), json=missing)
    assert (answer.status_code, answer.json()["code"]) == (422, "payment.credentials_incomplete")


async def test_another_merchant_number_leaves_the_old_one_listening(till: Till) -> None:
    intent = await till.asked()
    keys = till.shop.credentials.merchants[1]
    set_up = payment.WeChatSetUp(
        mch_id=keys.mch_id,
        app_id_mini=till.config.app_id_mini,
        app_id_official=None,
        mch_serial=keys.mch_serial,
        private_key_pem=keys.private_key_pem,
        api_v3_key=keys.api_v3_key,
        verifier_pems=keys.verifier_pems,
        state="active",
    )
    config = await till.run(
        lambda tx: payment.set_up_wechat(tx, till.gateways, set_up, now=till.now)
    )
    assert config.id != till.config.id
    await till.pays(intent)
    assert await till.state(intent) == "paid"


async def test_trying_the_keys_says_whether_they_work(till: Till) -> None:
    headers = staff(till, "settings.write")
    good = (await till.web.post(f"{PATH}/test", headers=headers)).json()
    assert (good["ok"], good["code"]) == (True, "ORDER_NOT_EXIST")
    await till.shop.control("faults", target="query", kind="bad_signature")
    bad = (await till.web.post(f"{PATH}/test", headers=headers)).json()
    assert (bad["ok"], bad["code"]) == (False, "UNKNOWN")


async def test_the_database_alone_does_not_hold_the_keys(till: Till) -> None:
    sealed = till.config.credentials_cipher
    keys = till.shop.credentials.merchants[0]
    assert keys.api_v3_key.encode() not in sealed
    assert b"PRIVATE" not in sealed
    other_house = ProviderGateways(
        http=httpx.AsyncClient(),
        sealer=Sealer("another installation"),
        places=till.gateways.places,
        clock=till.shop.clock,
        nonce=lambda: "n",
    )
    with pytest.raises(InvalidTag):
        other_house.of(till.config)


def test_a_secret_opens_only_in_its_own_place() -> None:
    sealer = Sealer("a secret")
    sealed = sealer.seal(b"keys", place="config 1")
    assert sealer.open(sealed, place="config 1") == b"keys"
    with pytest.raises(InvalidTag):
        sealer.open(sealed, place="config 2")
    with pytest.raises(InvalidTag):
        sealer.open(sealed[:-1] + bytes([sealed[-1] ^ 1]), place="config 1")
    assert sealer.seal(b"keys", place="config 1") != sealed


async def test_the_jobs_find_the_shops_that_have_something_to_do(till: Till, urls: Urls) -> None:
    intent = await till.asked()
    reports = await asyncpg.connect(urls.report)
    query, send, *_ = payment.jobs(till.gateways)
    try:
        for job, expected in ((query, True), (send, False)):
            later = till.now.replace(year=2027)
            due = [row["tenant_id"] for row in await reports.fetch(job.due_tenants, later)]
            assert (till.tenant_id in due) is expected
        await till.pays(intent)
        await till.refund(intent.order_id, 1)
        later = till.now.replace(year=2027)
        due = [row["tenant_id"] for row in await reports.fetch(query.due_tenants, later)]
        assert till.tenant_id not in due
        due = [row["tenant_id"] for row in await reports.fetch(send.due_tenants, later)]
        assert till.tenant_id in due
    finally:
        await reports.close()
