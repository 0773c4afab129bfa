"""A merchant signs up: one shop per slug, one person per login, whoever asks at the same time."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import UUID

import pytest

from tests.tenancy.builders import PASSWORD, a_shop, asked, cheap_passwords, put_shop, unique
from weike import tenancy
from weike.kernel import Database, IdTakenByOther, Tx, uuid7
from weike.tenancy.errors import BadLogin, BadSlug, LoginTaken, PasswordTooWeak, SlugTaken
from weike.tenancy.manage_roles import role_list
from weike.tenancy.model import slug_of


async def test_a_new_shop_has_an_owner_roles_and_settings(
    database: Database, now: datetime
) -> None:
    shop = await a_shop(database, now)
    tenant = await database.run(shop.tenant_id, tenancy.tenant_of)
    assert (tenant.slug, tenant.currency, tenant.time_zone) == (shop.slug, "CNY", "Asia/Shanghai")
    assert (tenant.settings.order_expire_minutes, tenant.settings.after_sale_days) == (30, 7)
    roles = await database.run(shop.tenant_id, role_list)
    assert [role.key for role in roles] == list(tenancy.PRESET_ROLES)
    assert roles[0].name == "店主"
    door = tenancy.TenancyDoors(database, clock=lambda: now)
    caller = await door.staff(shop.token)
    assert caller is not None
    assert caller.permissions == frozenset(tenancy.PERMISSIONS)


async def test_asking_twice_signs_the_owner_in_again(database: Database, now: datetime) -> None:
    wish = asked(now)
    first, second = [
        await tenancy.sign_up(database, cheap_passwords, wish, ip="", agent="", now=now)
        for _ in range(2)
    ]
    assert (first.tenant_id, first.staff_id) == (second.tenant_id, second.staff_id)
    assert first.token != second.token


@pytest.mark.parametrize(
    "change", [{"password": "another password"}, {"login": "somebody-else"}, {"slug": "other-slug"}]
)
async def test_the_id_of_a_shop_opens_nothing_to_a_stranger(
    database: Database, now: datetime, change: dict[str, str]
) -> None:
    shop = await a_shop(database, now)
    known: dict[str, str | UUID] = {"slug": shop.slug, "login": shop.login}
    stranger = asked(now, shop_id=shop.tenant_id, **{**known, **change})
    with pytest.raises(IdTakenByOther):
        await tenancy.sign_up(database, cheap_passwords, stranger, ip="", agent="", now=now)


async def test_a_slug_and_a_login_are_given_once(database: Database, now: datetime) -> None:
    shop = await a_shop(database, now)
    with pytest.raises(SlugTaken):
        await a_shop(database, now, slug=shop.slug)
    with pytest.raises(LoginTaken):
        await a_shop(database, now, login=shop.login.upper())


async def test_of_two_sign_ups_with_one_slug_one_succeeds(
    fresh_database: Database, now: datetime
) -> None:
    slug = unique()
    results = await asyncio.gather(
        *(a_shop(fresh_database, now, slug=slug) for _ in range(6)), return_exceptions=True
    )
    refused = [result for result in results if isinstance(result, SlugTaken)]
    assert len(refused) == 5
    rows = await fresh_database.reference("select tenant_id from tenancy.directory")
    assert len(rows) == 1


async def test_the_same_sign_up_at_the_same_moment_makes_one_shop(
    fresh_database: Database, now: datetime
) -> None:
    wish = asked(now)
    done = await asyncio.gather(
        *(
            tenancy.sign_up(fresh_database, cheap_passwords, wish, ip="", agent="", now=now)
            for _ in range(4)
        )
    )
    assert len({one.staff_id for one in done}) == 1
    rows = await fresh_database.reference("select tenant_id from tenancy.directory")
    assert [row["tenant_id"] for row in rows] == [wish.shop_id]


@pytest.mark.parametrize("slug", ["ab", "-tea", "tea-", "te a", "茶铺", "api", "Admin", "a" * 33])
def test_a_bad_slug_is_refused(slug: str) -> None:
    with pytest.raises(BadSlug):
        slug_of(slug)


@pytest.mark.parametrize("login", ["ab", "two words", "林", "-x-", "a" * 65])
async def test_a_bad_login_is_refused(database: Database, now: datetime, login: str) -> None:
    with pytest.raises(BadLogin):
        await a_shop(database, now, login=login)


@pytest.mark.parametrize("password", ["short", "88888888", "Password1", "ababababab", "x" * 129])
async def test_a_password_everybody_would_try_is_refused(
    database: Database, now: datetime, password: str
) -> None:
    with pytest.raises(PasswordTooWeak):
        await a_shop(database, now, password=password)


async def test_a_password_is_not_the_login(database: Database, now: datetime) -> None:
    with pytest.raises(PasswordTooWeak):
        await a_shop(database, now, login="shanyue-2026", password="Shanyue-2026")


async def test_the_password_is_kept_as_argon2id(database: Database, now: datetime) -> None:
    shop = await a_shop(database, now)

    async def kept(tx: Tx) -> str:
        value: str = await tx.fetchval(
            "select password_hash from tenancy.staff where tenant_id = $1", tx.tenant_id
        )
        return value

    kept_hash = await database.run(shop.tenant_id, kept)
    assert kept_hash.startswith("$argon2id$")
    assert PASSWORD not in kept_hash


async def test_a_shop_is_found_by_slug_and_by_number(database: Database, now: datetime) -> None:
    shop = await a_shop(database, now)
    door = tenancy.TenancyDoors(database, clock=lambda: now)
    assert await door.shop(slug=shop.slug.upper(), host="") == shop.tenant_id
    assert await door.shop(slug="nobody-has-this", host="") is None
    number = await database.run(shop.tenant_id, tenancy.shop_no)
    assert await tenancy.tenant_by_shop_no(database, number) == (shop.tenant_id, shop.slug)
    assert await tenancy.tenant_by_shop_no(database, 0) is None


async def test_opening_a_shop_is_announced(tx: Tx, now: datetime) -> None:
    slug = await put_shop(tx, now)
    (event,) = tx.announced()
    assert event == tenancy.ShopOpened(tenant_id=tx.tenant_id, slug=slug, at=now)
    assert uuid7(now) != tx.tenant_id
