"""The console over HTTP: signing up, in and out, staff, roles, settings, the log."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import httpx
import pytest

from tests.tenancy.builders import PASSWORD, a_colleague, a_shop, unique
from tests.tenancy.web import Hands, bearer, console
from weike.kernel import Database, uuid7
from weike.tenancy import PERMISSIONS


@pytest.fixture
def clock(now: datetime) -> Hands:
    return Hands(now)


@pytest.fixture
async def client(database: Database, clock: Hands) -> AsyncIterator[httpx.AsyncClient]:
    async with console(database, clock) as client:
        yield client


def sign_up_body(now: datetime, **changes: str) -> dict[str, str]:
    return {
        "id": str(uuid7(now)),
        "shop_name": "山月茶铺",
        "slug": unique(),
        "owner_name": "林山月",
        "login": unique("owner"),
        "password": PASSWORD,
        **changes,
    }


async def sign_in(client: httpx.AsyncClient, login: str, password: str = PASSWORD) -> str:
    answer = await client.post("/api/console/sign-in", json={"login": login, "password": password})
    assert answer.status_code == 200, answer.text
    token: str = answer.json()["token"]
    return token


async def test_a_merchant_signs_up_and_looks_around(
    client: httpx.AsyncClient, now: datetime
) -> None:
    body = sign_up_body(now)
    answer = await client.post("/api/console/sign-up", json=body)
    assert answer.status_code == 201, answer.text
    opened = answer.json()
    assert opened["tenant_id"] == body["id"]
    assert opened["shop_slug"] == body["slug"]
    me = (await client.get("/api/console/me", headers=bearer(opened["token"]))).json()
    assert me == {
        "staff_id": opened["staff_id"],
        "name": "林山月",
        "login": body["login"],
        "roles": ["owner"],
        "permissions": sorted(PERMISSIONS),
        "shop": {
            "tenant_id": body["id"],
            "slug": body["slug"],
            "name": "山月茶铺",
            "currency": "CNY",
            "time_zone": "Asia/Shanghai",
            "logo_url": None,
        },
    }
    profile = await client.get("/api/shop/profile", headers={"x-shop": body["slug"]})
    assert profile.json()["name"] == "山月茶铺"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"slug": "API"}, 422, "tenancy.bad_slug"),
        ({"login": "a b"}, 422, "tenancy.bad_login"),
        ({"password": "12345678"}, 422, "tenancy.password_too_weak"),
        ({"shop_name": ""}, 422, "kernel.invalid"),
        ({"id": "00000000-0000-0000-0000-000000000000"}, 422, "kernel.invalid"),
        ({"surprise": "yes"}, 422, "kernel.invalid"),
    ],
)
async def test_what_cannot_be_is_refused_with_its_code(
    client: httpx.AsyncClient, now: datetime, change: dict[str, str], status: int, code: str
) -> None:
    answer = await client.post("/api/console/sign-up", json=sign_up_body(now, **change))
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def test_nothing_tells_an_unknown_login_from_a_wrong_password(
    client: httpx.AsyncClient, database: Database, now: datetime
) -> None:
    shop = await a_shop(database, now)
    answers = [
        await client.post("/api/console/sign-in", json={"login": login, "password": "no such one"})
        for login in (shop.login, unique("nobody"), "not a login at all")
    ]
    assert {answer.status_code for answer in answers} == {401}
    told = [
        {key: value for key, value in answer.json().items() if key != "request_id"}
        for answer in answers
    ]
    assert told[0] == told[1] == told[2]
    assert told[0]["detail"] == "账号或密码不正确"


async def test_guessing_is_slowed_down_whether_the_login_exists_or_not(
    client: httpx.AsyncClient, database: Database, now: datetime
) -> None:
    shop = await a_shop(database, now)
    for login in (shop.login, unique("nobody")):
        statuses = [
            (
                await client.post(
                    "/api/console/sign-in", json={"login": login, "password": f"guess {n}"}
                )
            ).status_code
            for n in range(9)
        ]
        assert statuses == [401] * 8 + [429]
    right = await client.post(
        "/api/console/sign-in", json={"login": shop.login, "password": PASSWORD}
    )
    assert right.status_code == 429
    assert int(right.headers["retry-after"]) > 0


async def test_the_right_password_forgets_the_wrong_ones(
    client: httpx.AsyncClient, database: Database, now: datetime
) -> None:
    shop = await a_shop(database, now)
    for _ in range(3):
        for _ in range(5):
            await client.post(
                "/api/console/sign-in", json={"login": shop.login, "password": "a wrong one"}
            )
        await sign_in(client, shop.login)


async def test_a_session_ends_with_signing_out(
    client: httpx.AsyncClient, database: Database, now: datetime
) -> None:
    shop = await a_shop(database, now)
    first, second = await sign_in(client, shop.login), await sign_in(client, shop.login)
    answer = await client.post("/api/console/sign-out", headers=bearer(first))
    assert answer.status_code == 204
    assert (await client.get("/api/console/me", headers=bearer(first))).status_code == 401
    assert (await client.get("/api/console/me", headers=bearer(second))).status_code == 200


async def test_a_session_slides_while_used_and_ends_when_idle(
    client: httpx.AsyncClient, database: Database, clock: Hands, now: datetime
) -> None:
    shop = await a_shop(database, now)
    for hours in (11, 22, 33):
        with clock.later(timedelta(hours=hours)):
            me = await client.get("/api/console/me", headers=bearer(shop.token))
            assert me.status_code == 200
    with clock.later(timedelta(hours=46)):
        me = await client.get("/api/console/me", headers=bearer(shop.token))
        assert me.status_code == 401


async def test_a_session_in_use_ends_after_a_week(
    client: httpx.AsyncClient, database: Database, clock: Hands, now: datetime
) -> None:
    shop = await a_shop(database, now)
    for hours in range(0, 7 * 24, 6):
        with clock.later(timedelta(hours=hours)):
            await client.get("/api/console/me", headers=bearer(shop.token))
    with clock.later(timedelta(days=7)):
        me = await client.get("/api/console/me", headers=bearer(shop.token))
        assert me.status_code == 401


@pytest.mark.parametrize("token", ["", "s_", "s_abc", "m_" + "a" * 54, "s_" + "é" * 54])
async def test_what_is_no_token_opens_nothing(client: httpx.AsyncClient, token: str) -> None:
    headers = {b"authorization": f"Bearer {token}".encode()}
    assert (await client.get("/api/console/me", headers=headers)).status_code == 401


async def test_staff_are_added_changed_and_signed_out(
    client: httpx.AsyncClient, database: Database, now: datetime
) -> None:
    shop = await a_shop(database, now)
    body = {
        "id": str(uuid7(now)),
        "name": "周小满",
        "login": unique("staff"),
        "password": PASSWORD,
        "roles": ["customer_service"],
    }
    added = await client.post("/api/console/staff", json=body, headers=bearer(shop.token))
    assert added.status_code == 201, added.text
    again = await client.post("/api/console/staff", json=body, headers=bearer(shop.token))
    assert again.json() == added.json()
    other = await client.post(
        "/api/console/staff", json={**body, "name": "别人"}, headers=bearer(shop.token)
    )
    assert other.json()["code"] == "kernel.id_taken"

    theirs = await sign_in(client, body["login"])  # type: ignore[arg-type]
    assert (await client.get("/api/console/staff", headers=bearer(theirs))).status_code == 403
    changed = await client.put(
        f"/api/console/staff/{body['id']}",
        json={"name": "周小满", "roles": ["auditor", "finance"], "state": "active"},
        headers=bearer(shop.token),
    )
    assert changed.json()["roles"] == ["auditor", "finance"]
    # Without a new sign-in: what somebody may do is read at every call.
    assert (await client.get("/api/console/staff", headers=bearer(theirs))).status_code == 200

    ended = await client.post(
        f"/api/console/staff/{body['id']}/end-sessions", headers=bearer(shop.token)
    )
    assert ended.json() == {"ended": 1}
    assert (await client.get("/api/console/me", headers=bearer(theirs))).status_code == 401


async def test_a_disabled_person_is_out_at_once_and_stays_out(
    client: httpx.AsyncClient, database: Database, now: datetime
) -> None:
    shop, login = await a_shop(database, now), unique("staff")
    person = await a_colleague(database, shop, now, roles=("operator",), login=login)
    token = await sign_in(client, login)
    await client.put(
        f"/api/console/staff/{person.id}",
        json={"name": "周小满", "roles": ["operator"], "state": "disabled"},
        headers=bearer(shop.token),
    )
    assert (await client.get("/api/console/me", headers=bearer(token))).status_code == 401
    answer = await client.post("/api/console/sign-in", json={"login": login, "password": PASSWORD})
    assert answer.json()["code"] == "tenancy.sign_in_refused"


async def test_another_shops_staff_do_not_exist(
    client: httpx.AsyncClient, database: Database, now: datetime
) -> None:
    mine, theirs = await a_shop(database, now), await a_shop(database, now)
    person = await a_colleague(database, theirs, now, roles=("operator",))
    change = {"name": "改名", "roles": ["operator"], "state": "disabled"}
    put = await client.put(
        f"/api/console/staff/{person.id}", json=change, headers=bearer(mine.token)
    )
    end = await client.post(
        f"/api/console/staff/{person.id}/end-sessions", headers=bearer(mine.token)
    )
    assert {put.status_code, end.status_code} == {404}
    listed = (await client.get("/api/console/staff", headers=bearer(mine.token))).json()["items"]
    assert [item["login"] for item in listed] == [mine.login]


async def test_roles_are_named_in_the_readers_language(
    client: httpx.AsyncClient, database: Database, now: datetime
) -> None:
    shop = await a_shop(database, now)
    zh = (await client.get("/api/console/roles", headers=bearer(shop.token))).json()
    english = {**bearer(shop.token), "accept-language": "en"}
    en = (await client.get("/api/console/roles", headers=english)).json()
    assert [item["key"] for item in zh["permissions"]] == list(PERMISSIONS)
    assert zh["permissions"][4] == {"key": "orders.ship", "name": "发货"}
    assert en["permissions"][4] == {"key": "orders.ship", "name": "Ship orders"}


async def test_a_role_is_made_and_changed(
    client: httpx.AsyncClient, database: Database, now: datetime
) -> None:
    shop = await a_shop(database, now)
    for permissions in (["orders.ship", "orders.read"], ["orders.read"]):
        put = await client.put(
            "/api/console/roles/warehouse",
            json={"name": "仓库", "permissions": permissions},
            headers=bearer(shop.token),
        )
        assert put.json() == {
            "key": "warehouse",
            "name": "仓库",
            "permissions": sorted(permissions),
        }
    listed = (await client.get("/api/console/roles", headers=bearer(shop.token))).json()["items"]
    assert [item["key"] for item in listed][-1] == "warehouse"


@pytest.mark.parametrize(
    ("key", "permissions", "code"),
    [
        ("owner", ["orders.read"], "tenancy.role_is_fixed"),
        ("warehouse", ["orders.steal"], "tenancy.unknown_permission"),
        ("Ware House", ["orders.read"], "kernel.invalid"),
    ],
)
async def test_some_roles_cannot_be(
    client: httpx.AsyncClient,
    database: Database,
    now: datetime,
    key: str,
    permissions: list[str],
    code: str,
) -> None:
    shop = await a_shop(database, now)
    put = await client.put(
        f"/api/console/roles/{key}",
        json={"name": "角色", "permissions": permissions},
        headers=bearer(shop.token),
    )
    assert put.json()["code"] == code


async def test_settings_are_changed_one_by_one_and_written_down(
    client: httpx.AsyncClient, database: Database, now: datetime
) -> None:
    shop = await a_shop(database, now)
    before = (await client.get("/api/console/shop", headers=bearer(shop.token))).json()
    put = await client.put(
        "/api/console/shop",
        json={"name": "山月茶业", "intro": "高山上的茶", "channel_fee_bp": 38},
        headers=bearer(shop.token),
    )
    assert put.json() == {
        **before,
        "name": "山月茶业",
        "intro": "高山上的茶",
        "channel_fee_bp": 38,
    }
    log = (await client.get("/api/console/audit?limit=1", headers=bearer(shop.token))).json()
    (record,) = log["items"]
    assert record["action"] == "shop.changed"
    assert record["actor_name"] == "林山月"
    assert record["detail"] == {"changed": ["channel_fee_bp", "intro", "name"]}
    bad = await client.put(
        "/api/console/shop",
        json={"name": "山月", "after_sale_days": 3},
        headers=bearer(shop.token),
    )
    assert bad.status_code == 422


async def test_the_log_is_read_page_by_page_and_verified(
    client: httpx.AsyncClient, database: Database, now: datetime
) -> None:
    shop = await a_shop(database, now)
    for _ in range(4):
        await sign_in(client, shop.login)
    seen: list[str] = []
    cursor = ""
    while True:
        page = (
            await client.get(f"/api/console/audit?limit=2{cursor}", headers=bearer(shop.token))
        ).json()
        seen += [item["action"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == ["staff.signed_in"] * 4 + ["shop.opened"]
    verdict = await client.get("/api/console/audit/verify", headers=bearer(shop.token))
    assert verdict.json() == {"ok": True, "records": 5, "broken_at": None}


@pytest.mark.parametrize(
    "question", ["limit=0", "limit=101", "limit=x", "cursor=abc", "cursor=W10"]
)
async def test_a_page_that_cannot_be_is_refused(
    client: httpx.AsyncClient, database: Database, now: datetime, question: str
) -> None:
    shop = await a_shop(database, now)
    answer = await client.get(f"/api/console/audit?{question}", headers=bearer(shop.token))
    assert answer.status_code == 422, answer.text


async def test_a_new_password_ends_the_other_sessions(
    client: httpx.AsyncClient, database: Database, now: datetime
) -> None:
    shop = await a_shop(database, now)
    other = await sign_in(client, shop.login)
    url, fresh = "/api/console/me/password", "a much better one"
    wrong = await client.post(
        url, json={"current": "not it", "password": fresh}, headers=bearer(shop.token)
    )
    assert wrong.json()["code"] == "tenancy.wrong_password"
    right = await client.post(
        url, json={"current": PASSWORD, "password": fresh}, headers=bearer(shop.token)
    )
    assert right.status_code == 204
    assert (await client.get("/api/console/me", headers=bearer(other))).status_code == 401
    assert (await client.get("/api/console/me", headers=bearer(shop.token))).status_code == 200
    await sign_in(client, shop.login, fresh)
