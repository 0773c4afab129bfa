"""The shop's people over HTTP: signing in and out, the profile, the merchant's list."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import httpx
import pytest

from tests.members.builders import a_member, a_phone, an_address, seal
from tests.members.web import World, shop_client
from tests.tenancy.builders import Shop, a_shop
from tests.tenancy.web import Hands, bearer
from weike.kernel import Database, Tx, uuid7
from weike.members import Figures, LastOrder, RelationSpan, Story, open_member_session, put_address


class SomeFigures:
    """What trade and distribution would say."""

    async def figures(self, tx: Tx, member_ids: Sequence[UUID]) -> Mapping[UUID, Figures]:
        return {
            member_id: Figures(
                orders_count=2, paid_minor=5980, is_promoter=True, promoter_state="active"
            )
            for member_id in member_ids
        }

    async def story(self, tx: Tx, member_id: UUID) -> Story:
        at = datetime.fromisoformat("2026-11-01T00:00:00Z")
        return Story(
            relations=[
                RelationSpan(
                    promoter_id=member_id,
                    promoter_nickname="阿岚",
                    since=at,
                    until=None,
                    reason="click",
                )
            ],
            last_orders=[
                LastOrder(id=member_id, number="W1", state="paid", payable_minor=5980, placed_at=at)
            ],
        )


@pytest.fixture
def clock(now: datetime) -> Hands:
    return Hands(now)


@pytest.fixture
def world() -> World:
    return World(figures=SomeFigures())


@pytest.fixture
async def client(
    database: Database, clock: Hands, world: World
) -> AsyncIterator[httpx.AsyncClient]:
    async with shop_client(database, clock, world) as client:
        yield client


@pytest.fixture
async def shop(database: Database, now: datetime) -> Shop:
    return await a_shop(database, now)


async def signed_in(client: httpx.AsyncClient, world: World, shop: Shop) -> dict[str, str]:
    """The headers of somebody new who signed in by phone."""
    phone, headers = a_phone(), {"x-shop": shop.slug}
    asked = await client.post("/api/shop/sign-in/code", json={"phone": phone}, headers=headers)
    assert asked.json() == {"retry_after": 60}, asked.text
    found = re.search(r"\d{6}", world.sms.sent[-1][1])
    assert found
    done = await client.post(
        "/api/shop/sign-in/phone",
        json={"phone": phone, "code": found.group(), "share_code": "Ab9"},
        headers=headers,
    )
    assert done.status_code == 200, done.text
    assert done.json()["is_new"] is True
    return {**headers, **bearer(done.json()["token"])}


async def test_somebody_signs_in_and_out(
    client: httpx.AsyncClient, world: World, shop: Shop
) -> None:
    me = await signed_in(client, world, shop)
    profile = (await client.get("/api/shop/me", headers=me)).json()
    assert profile["phone_tail"] == world.sms.sent[-1][0][-4:]
    assert (profile["is_promoter"], profile["promoter_state"]) == (True, "active")
    assert profile["profiling_allowed"] is True
    assert (await client.post("/api/shop/sign-out", headers=me)).status_code == 204
    assert (await client.get("/api/shop/me", headers=me)).status_code == 401


async def test_a_session_ended_elsewhere_lasts_five_seconds_here(
    client: httpx.AsyncClient, world: World, shop: Shop, database: Database, clock: Hands
) -> None:
    me = await signed_in(client, world, shop)
    await client.get("/api/shop/me", headers=me)

    async def end(tx: Tx) -> None:
        await tx.execute(
            "update members.sessions set ended_at = $2 where tenant_id = $1",
            tx.tenant_id,
            clock.now,
        )

    await database.run(shop.tenant_id, end)
    with clock.later(timedelta(seconds=5)):
        assert (await client.get("/api/shop/me", headers=me)).status_code == 401


async def test_a_session_slides_and_ends_after_thirty_idle_days(
    client: httpx.AsyncClient, world: World, shop: Shop, clock: Hands
) -> None:
    me = await signed_in(client, world, shop)
    for days in (29, 58):
        with clock.later(timedelta(days=days)):
            assert (await client.get("/api/shop/me", headers=me)).status_code == 200
    with clock.later(timedelta(days=88, seconds=1)):
        assert (await client.get("/api/shop/me", headers=me)).status_code == 401


async def test_a_token_of_one_shop_is_nobody_in_another(
    client: httpx.AsyncClient, world: World, shop: Shop, database: Database, now: datetime
) -> None:
    me, other = await signed_in(client, world, shop), await a_shop(database, now)
    answer = await client.get("/api/shop/me", headers={**me, "x-shop": other.slug})
    assert answer.status_code == 401


async def test_name_and_profiling_are_the_members_own(
    client: httpx.AsyncClient, world: World, shop: Shop
) -> None:
    me = await signed_in(client, world, shop)
    put = await client.put(
        "/api/shop/me",
        json={"nickname": "  小\u202e 棠 ", "profiling_allowed": False},
        headers=me,
    )
    assert (put.json()["nickname"], put.json()["profiling_allowed"]) == ("小 棠", False)
    put = await client.put("/api/shop/me", json={"nickname": "\u200b"}, headers=me)
    assert put.json()["nickname"] == "小 棠"
    read = (await client.get("/api/shop/me", headers=me)).json()
    assert (read["nickname"], read["profiling_allowed"]) == ("小 棠", False)
    wrong = await client.put("/api/shop/me", json={"is_promoter": True}, headers=me)
    assert wrong.status_code == 422


async def test_the_answer_to_an_unknown_number_is_the_answer_to_a_known_one(
    client: httpx.AsyncClient, world: World, shop: Shop, database: Database, now: datetime
) -> None:
    known, headers = a_phone(), {"x-shop": shop.slug}
    await a_member(database, shop.tenant_id, now, phone=known)
    for phone in (known, a_phone()):
        asked = await client.post("/api/shop/sign-in/code", json={"phone": phone}, headers=headers)
        assert (asked.status_code, asked.json()) == (200, {"retry_after": 60})
        wrong = await client.post(
            "/api/shop/sign-in/phone", json={"phone": phone, "code": "000000"}, headers=headers
        )
        if wrong.status_code != 200:
            assert wrong.json()["code"] == "members.code_wrong"
    assert len(world.sms.sent) == 2


async def test_the_merchant_finds_members(
    client: httpx.AsyncClient, shop: Shop, database: Database, now: datetime
) -> None:
    phone = "13712345678"
    wanted = await a_member(database, shop.tenant_id, now, phone=phone, nickname="山下_桃")
    for place in range(4):
        at = now - timedelta(minutes=place + 1)
        await a_member(database, shop.tenant_id, at, nickname=f"路人{place}")
    staff = bearer(shop.token)
    for question in ("下_桃", "13712345678", "+86 13712345678", "5678"):
        found = await client.get("/api/console/members", params={"q": question}, headers=staff)
        assert [item["id"] for item in found.json()["items"]] == [str(wanted)], question
    assert (await client.get("/api/console/members?q=%25", headers=staff)).json()["items"] == []

    seen: list[str] = []
    params: dict[str, str] = {"limit": "2"}
    while True:
        page = (await client.get("/api/console/members", params=params, headers=staff)).json()
        seen += [item["nickname"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert seen == ["山下_桃", "路人0", "路人1", "路人2", "路人3"]


async def test_the_list_leaves_as_a_file_without_formulas_and_is_written_down(
    client: httpx.AsyncClient, shop: Shop, database: Database, now: datetime
) -> None:
    await a_member(database, shop.tenant_id, now, nickname="=1+1", phone="13700004321")
    await a_member(database, shop.tenant_id, now, nickname="桃桃")
    staff = bearer(shop.token)

    answer = await client.get("/api/console/members/export?form=csv&q=4321", headers=staff)

    heading, *rows = answer.text.removeprefix("\ufeff").splitlines()
    assert heading.startswith("会员编号,昵称,手机尾号,注册时间,等级,成长值,积分")
    assert len(rows) == 1
    assert ",'=1+1,4321," in rows[0]
    assert "13700004321" not in answer.text
    written = await database.run(
        shop.tenant_id,
        lambda tx: tx.fetchval(
            "select count(*) from tenancy.audit a where a.tenant_id = $1 "
            "and a.action = 'members.exported'",
            tx.tenant_id,
        ),
    )
    assert written == 1


async def test_a_member_in_detail_shows_no_whole_number(
    client: httpx.AsyncClient, shop: Shop, database: Database, now: datetime
) -> None:
    member_id = await a_member(database, shop.tenant_id, now, nickname="桃桃")
    await database.run(
        shop.tenant_id,
        lambda tx: put_address(
            tx,
            seal,
            member_id=member_id,
            address_id=uuid7(now),
            address=an_address(),
            is_default=False,
            now=now,
        ),
    )
    answer = await client.get(f"/api/console/members/{member_id}", headers=bearer(shop.token))
    detail = answer.json()
    assert detail["addresses"][0]["name"] == "陈**"
    assert detail["addresses"][0]["phone_tail"] == "8000"
    assert "13800138000" not in answer.text
    assert "龙井路" not in answer.text
    assert (detail["orders_count"], detail["paid_minor"]) == (2, 5980)
    assert detail["last_orders"][0]["number"] == "W1"
    assert detail["relations"][0]["promoter_nickname"] == "阿岚"


async def test_another_shops_members_do_not_exist(
    client: httpx.AsyncClient, shop: Shop, database: Database, now: datetime
) -> None:
    other = await a_shop(database, now)
    member_id = await a_member(database, other.tenant_id, now)
    answer = await client.get(f"/api/console/members/{member_id}", headers=bearer(shop.token))
    assert answer.status_code == 404
    listed = await client.get("/api/console/members", headers=bearer(shop.token))
    assert listed.json()["items"] == []


async def test_a_members_token_opens_no_console_and_the_other_way_round(
    client: httpx.AsyncClient, shop: Shop, database: Database, now: datetime
) -> None:
    member_id = await a_member(database, shop.tenant_id, now)
    token = await database.run(
        shop.tenant_id, lambda tx: open_member_session(tx, member_id, now=now)
    )
    assert (await client.get("/api/console/members", headers=bearer(token))).status_code == 401
    mine = {**bearer(shop.token), "x-shop": shop.slug}
    assert (await client.get("/api/shop/me", headers=mine)).status_code == 401
