"""Signing in through WeChat: who somebody is comes from WeChat, to the browser that set out."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from tests.members.builders import wechat_setup
from tests.tenancy.builders import Shop, a_shop
from weike.kernel import Database, Tx, uuid7
from weike.members import MemberDoor, WeChatPerson, WeChatSignIn, put_wechat_app, wechat_open_id
from weike.members.ensure_member import ensure_wechat_member
from weike.members.errors import (
    ReturnNotAllowed,
    StateUnknown,
    WeChatNotSetUp,
    WeChatRefused,
    WeChatUnreachable,
)
from weike.members.events import Channel
from weike.members.model import return_address
from weike.members.ports import Unknown
from weike.members.sign_in_by_phone import MemberSignedIn
from weike.members.sign_in_by_wechat import (
    AppKind,
    WayThere,
    sign_in_from_wechat,
    sign_in_in_mini_program,
    way_to_wechat,
)
from weike.members.wechat_apps import remove_wechat_app, wechat_apps, wechat_login

TAO = WeChatPerson(open_id="o-tao-mini", union_id="u-tao")
TAO_ON_A_PAGE = WeChatPerson(
    open_id="o-tao-page", union_id="u-tao", nickname="桃桃", avatar_url="https://pic.example/1"
)
LIN = WeChatPerson(open_id="o-lin")


async def a_shop_with_apps(database: Database, setup: WeChatSignIn, now: datetime) -> Shop:
    shop = await a_shop(database, now)
    kinds: tuple[AppKind, ...] = ("mini", "official")
    for kind in kinds:
        await database.run(
            shop.tenant_id,
            lambda tx, kind=kind: put_wechat_app(  # type: ignore[misc]
                tx,
                setup.secrets,
                actor=shop.owner,
                kind=kind,
                app_id=f"wx{kind}",
                secret=f"secret of {kind}",
                now=now,
            ),
        )
    return shop


async def in_mini_program(
    database: Database, setup: WeChatSignIn, shop: Shop, code: str, now: datetime
) -> MemberSignedIn:
    return await sign_in_in_mini_program(
        database, setup, tenant_id=shop.tenant_id, code=code, share_code=None, ip="", now=now
    )


async def set_out(
    database: Database, setup: WeChatSignIn, shop: Shop, now: datetime
) -> tuple[WayThere, str]:
    way = await way_to_wechat(
        database, setup, tenant_id=shop.tenant_id, return_to="/m/#/me", now=now
    )
    query = parse_qs(urlsplit(way.url).query)
    assert query["redirect_uri"] == ["https://shop.example/m/#/me"]
    return way, query["state"][0]


async def come_back(
    database: Database,
    setup: WeChatSignIn,
    shop: Shop,
    now: datetime,
    *,
    code: str,
    state: str,
    browser: str,
) -> MemberSignedIn:
    return await sign_in_from_wechat(
        database,
        setup,
        tenant_id=shop.tenant_id,
        code=code,
        state=state,
        browser=browser,
        share_code=None,
        ip="",
        now=now,
    )


async def test_the_same_person_is_the_same_member(database: Database, now: datetime) -> None:
    setup, _ = wechat_setup(first=TAO, second=TAO, third=LIN)
    shop = await a_shop_with_apps(database, setup, now)
    first, second, third = [
        await in_mini_program(database, setup, shop, code, now)
        for code in ("first", "second", "third")
    ]
    assert (first.is_new, second.is_new, third.is_new) == (True, False, True)
    assert first.member_id == second.member_id != third.member_id
    caller = await MemberDoor(database, clock=lambda: now).member(first.token)
    assert caller is not None
    assert caller.id == first.member_id


async def test_one_person_in_two_apps_of_one_owner_is_one_member(
    database: Database, now: datetime
) -> None:
    setup, _ = wechat_setup(mini=TAO, page=TAO_ON_A_PAGE)
    shop = await a_shop_with_apps(database, setup, now)
    first = await in_mini_program(database, setup, shop, "mini", now)
    way, state = await set_out(database, setup, shop, now)
    second = await come_back(
        database, setup, shop, now, code="page", state=state, browser=way.browser
    )
    assert first.member_id == second.member_id

    async def open_ids(tx: Tx) -> list[str | None]:
        return [
            await wechat_open_id(tx, first.member_id, kind=kind) for kind in ("mini", "official")
        ]

    assert await database.run(shop.tenant_id, open_ids) == ["o-tao-mini", "o-tao-page"]


async def test_first_sign_ins_at_the_same_moment_make_one_member(
    fresh_database: Database, now: datetime
) -> None:
    codes = [f"code{place}" for place in range(6)]
    setup, _ = wechat_setup(**dict.fromkeys(codes, TAO))
    shop = await a_shop_with_apps(fresh_database, setup, now)
    done = await asyncio.gather(
        *(in_mini_program(fresh_database, setup, shop, code, now) for code in codes)
    )
    assert len({one.member_id for one in done}) == 1
    assert sum(one.is_new for one in done) == 1


async def test_a_person_known_to_one_shop_is_new_to_another(
    database: Database, now: datetime
) -> None:
    setup, _ = wechat_setup(first=TAO, second=TAO)
    one, other = [await a_shop_with_apps(database, setup, now) for _ in range(2)]
    first = await in_mini_program(database, setup, one, "first", now)
    second = await in_mini_program(database, setup, other, "second", now)
    assert second.is_new
    assert first.member_id != second.member_id


async def test_the_three_ends_of_an_exchange(database: Database, now: datetime) -> None:
    setup, wechat = wechat_setup(good=TAO)
    shop = await a_shop_with_apps(database, setup, now)
    with pytest.raises(WeChatRefused):
        await in_mini_program(database, setup, shop, "never given", now)
    wechat.outage = Unknown("ReadTimeout")
    with pytest.raises(WeChatUnreachable):
        await in_mini_program(database, setup, shop, "good", now)
    wechat.outage = None
    assert (await in_mini_program(database, setup, shop, "good", now)).is_new
    with pytest.raises(WeChatRefused):
        await in_mini_program(database, setup, shop, "good", now)


async def test_the_way_back_is_for_the_browser_that_set_out_and_once(
    database: Database, now: datetime
) -> None:
    setup, wechat = wechat_setup(code=TAO_ON_A_PAGE)
    shop = await a_shop_with_apps(database, setup, now)
    other_shop = await a_shop_with_apps(database, setup, now)
    way, state = await set_out(database, setup, shop, now)
    attackers, _ = await set_out(database, setup, shop, now)
    for where, wrong_state, wrong_browser in (
        (shop, state, attackers.browser),
        (shop, state, ""),
        (shop, "made-up", way.browser),
        (other_shop, state, way.browser),
    ):
        with pytest.raises(StateUnknown):
            await come_back(
                database, setup, where, now, code="code", state=wrong_state, browser=wrong_browser
            )
    with pytest.raises(StateUnknown):
        await come_back(
            database,
            setup,
            shop,
            now + timedelta(minutes=10),
            code="code",
            state=state,
            browser=way.browser,
        )
    # None of these came as far as WeChat.
    assert wechat.asked == []
    done = await come_back(
        database, setup, shop, now, code="code", state=state, browser=way.browser
    )
    assert done.is_new
    with pytest.raises(StateUnknown):
        await come_back(database, setup, shop, now, code="code", state=state, browser=way.browser)


async def test_of_two_who_come_back_with_one_state_one_signs_in(
    fresh_database: Database, now: datetime
) -> None:
    setup, _ = wechat_setup(a=TAO_ON_A_PAGE, b=TAO_ON_A_PAGE)
    shop = await a_shop_with_apps(fresh_database, setup, now)
    way, state = await set_out(fresh_database, setup, shop, now)
    results = await asyncio.gather(
        *(
            come_back(fresh_database, setup, shop, now, code=code, state=state, browser=way.browser)
            for code in ("a", "b")
        ),
        return_exceptions=True,
    )
    assert {type(result) for result in results} == {MemberSignedIn, StateUnknown}


async def test_a_shop_without_apps_says_so(database: Database, now: datetime) -> None:
    setup, _ = wechat_setup(code=TAO)
    shop = await a_shop(database, now)
    assert not await database.run(shop.tenant_id, wechat_login)
    with pytest.raises(WeChatNotSetUp):
        await in_mini_program(database, setup, shop, "code", now)
    with pytest.raises(WeChatNotSetUp):
        await set_out(database, setup, shop, now)


async def test_the_apps_secret_is_sealed_and_stays_until_changed(
    database: Database, now: datetime
) -> None:
    setup, wechat = wechat_setup(one=LIN, two=LIN)
    shop = await a_shop_with_apps(database, setup, now)

    async def again(tx: Tx) -> str:
        await put_wechat_app(
            tx, setup.secrets, actor="tests", kind="mini", app_id="wxmini", secret=None, now=now
        )
        rows = await tx.fetch(
            "select * from members.wechat_apps where tenant_id = $1", tx.tenant_id
        )
        return repr([dict(row) for row in rows])

    assert "secret of mini" not in await database.run(shop.tenant_id, again)
    await in_mini_program(database, setup, shop, "one", now)
    assert wechat.asked == [{"app_id": "wxmini", "secret": "secret of mini"}]

    async def other_app_without_secret(tx: Tx) -> None:
        await put_wechat_app(
            tx, setup.secrets, actor="tests", kind="mini", app_id="wxother", secret=None, now=now
        )

    with pytest.raises(WeChatNotSetUp):
        await database.run(shop.tenant_id, other_app_without_secret)

    async def remove(tx: Tx) -> list[str]:
        await remove_wechat_app(tx, actor="tests", kind="mini", now=now)
        return list(await wechat_apps(tx))

    assert await database.run(shop.tenant_id, remove) == ["official"]


ORIGINS = ("https://shop.example", "http://127.0.0.1:8080")


@pytest.mark.parametrize(
    ("return_to", "address"),
    [
        ("/m/?shop=tea#/me", "https://shop.example/m/?shop=tea#/me"),
        ("https://shop.example/m/", "https://shop.example/m/"),
        ("HTTPS://SHOP.example/m/", "HTTPS://SHOP.example/m/"),
        ("http://127.0.0.1:8080/m/", "http://127.0.0.1:8080/m/"),
    ],
)
def test_one_comes_back_to_this_installation(return_to: str, address: str) -> None:
    assert return_address(return_to, ORIGINS) == address


@pytest.mark.parametrize(
    "return_to",
    [
        "",
        "m/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "https://evil.example/m/",
        "http://shop.example/m/",
        "https://shop.example.evil.example/",
        "https://shop.example@evil.example/",
        "https://evil.example@shop.example/",
        "https://shop.example:8443/",
        "https://shop.example:x/",
        "https://[shop.example/",
        "javascript:alert(1)",
        "data:text/html,hi",
        "https:/shop.example",
        "https://shop.example\nevil",
    ],
)
def test_and_to_nowhere_else(return_to: str) -> None:
    with pytest.raises(ReturnNotAllowed):
        return_address(return_to, ORIGINS)


async def test_who_became_two_members_before_the_apps_were_joined_can_still_sign_in(
    tx: Tx, now: datetime
) -> None:
    async def enter(provider: Channel, person: WeChatPerson) -> UUID:
        ensured = await ensure_wechat_member(
            tx, member_id=uuid7(now), provider=provider, app_id=provider, person=person, now=now
        )
        return ensured.member_id

    in_mini = await enter("wechat_mini", WeChatPerson(open_id="o-tao-mini"))
    on_page = await enter("wechat_official", TAO_ON_A_PAGE)
    # From now on WeChat tells the mini-program, too, who "u-tao" is.
    assert await enter("wechat_mini", TAO) == in_mini != on_page
    assert await enter("wechat_official", TAO_ON_A_PAGE) == on_page
