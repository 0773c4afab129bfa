"""Signing in: the same work for everybody, and what happened meanwhile counts."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import datetime, timedelta

import pytest

from tests.tenancy.builders import (
    PASSWORD,
    a_colleague,
    a_shop,
    asked,
    cheap_passwords,
    unique,
)
from weike.kernel import Database, IdTakenByOther, TooMany
from weike.tenancy import Passwords, TenancyDoors, queries, sign_up
from weike.tenancy.errors import SignInRefused, WrongPassword
from weike.tenancy.manage_staff import change_staff
from weike.tenancy.sign_in import SignedIn, change_password, sign_in


class CountedPasswords(Passwords):
    """Counts the hashes it checks; `meanwhile` happens between the check and the sign-in."""

    def __init__(self, *, passes: int = 1) -> None:
        super().__init__(memory_kib=8, passes=passes)
        self.checked = 0
        self.meanwhile: list[Awaitable[object]] = []

    async def matches(self, kept_hash: str | None, password: str) -> bool:
        self.checked += 1
        matched = await super().matches(kept_hash, password)
        for thing in self.meanwhile:
            await thing
        return matched


async def enter(
    database: Database,
    passwords: Passwords,
    login: str,
    now: datetime,
    *,
    password: str = PASSWORD,
    ip: str = "9.9.9.9",
) -> SignedIn:
    return await sign_in(
        database, passwords, login=login, password=password, ip=ip, agent="", now=now
    )


async def test_nobody_costs_as_much_as_somebody(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = await a_shop(database, now)
    passwords, steps = CountedPasswords(), 0
    run = Database.run

    async def counted(*args: object, **kwargs: object) -> object:
        nonlocal steps
        steps += 1
        return await run(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(Database, "run", counted)
    costs = []
    for login in (shop.login, unique("nobody"), "not a login"):
        before = steps, passwords.checked
        with pytest.raises(SignInRefused):
            await enter(database, passwords, login, now, password="a wrong one")
        costs.append((steps - before[0], passwords.checked - before[1]))
    assert costs == [(2, 1)] * 3


async def test_nobodys_hash_matches_nothing() -> None:
    assert not await cheap_passwords.matches(None, "")
    assert not await cheap_passwords.matches("not a hash", "")


async def test_hashes_of_other_parameters_are_renewed(database: Database, now: datetime) -> None:
    shop, stronger = await a_shop(database, now), CountedPasswords(passes=2)
    done = await enter(database, stronger, shop.login, now)
    person = await database.run(shop.tenant_id, lambda tx: queries.staff_member(tx, done.staff_id))
    assert person is not None
    assert not stronger.is_outdated(person["password_hash"])
    await enter(database, stronger, shop.login, now)


async def test_whoever_is_disabled_while_signing_in_stays_out(
    database: Database, now: datetime
) -> None:
    shop, login = await a_shop(database, now), unique("staff")
    person = await a_colleague(database, shop, now, roles=("operator",), login=login)
    passwords = CountedPasswords()
    passwords.meanwhile = [
        database.run(
            shop.tenant_id,
            lambda tx: change_staff(
                tx,
                caller=shop.owner,
                staff_id=person.staff_id,
                name="周小满",
                roles=("operator",),
                state="disabled",
                now=now,
            ),
        )
    ]
    with pytest.raises(SignInRefused):
        await enter(database, passwords, login, now)


async def test_the_old_password_does_not_slip_in_while_it_is_changed(
    database: Database, now: datetime
) -> None:
    shop, passwords = await a_shop(database, now), CountedPasswords()
    me = await TenancyDoors(database, clock=lambda: now).staff(shop.token)
    assert me is not None

    def change(current: str, password: str) -> Awaitable[None]:
        return change_password(
            database,
            cheap_passwords,
            caller=me,
            current=current,
            password=password,
            ip="9.9.9.9",
            now=now,
        )

    passwords.meanwhile = [change(PASSWORD, "a better password")]
    with pytest.raises(SignInRefused):
        await enter(database, passwords, shop.login, now)
    with pytest.raises(WrongPassword):
        await change(PASSWORD, "the best password")


async def test_a_stranger_elsewhere_does_not_lock_the_owner_out(
    database: Database, now: datetime
) -> None:
    shop = await a_shop(database, now)
    for _ in range(8):
        with pytest.raises(SignInRefused):
            await enter(database, cheap_passwords, shop.login, now, password="guess")
    with pytest.raises(TooMany):
        await enter(database, cheap_passwords, shop.login, now)
    assert await enter(database, cheap_passwords, shop.login, now, ip="8.8.8.8")
    later = now + timedelta(minutes=15)
    assert await enter(database, cheap_passwords, shop.login, later)


async def test_guessing_from_many_addresses_ends_too(database: Database, now: datetime) -> None:
    shop = await a_shop(database, now)
    for place in range(60):
        with pytest.raises(SignInRefused):
            await enter(
                database, cheap_passwords, shop.login, now, password="guess", ip=f"10.1.0.{place}"
            )
    with pytest.raises(TooMany):
        await enter(database, cheap_passwords, shop.login, now, ip="10.1.1.1")


async def test_signing_up_again_is_no_way_around_the_count(
    database: Database, now: datetime
) -> None:
    shop = await a_shop(database, now)
    guess = asked(
        now, shop_id=shop.tenant_id, slug=shop.slug, login=shop.login, password="a wrong guess"
    )
    for _ in range(8):
        with pytest.raises(IdTakenByOther):
            await sign_up(database, cheap_passwords, guess, ip="9.9.9.9", agent="", now=now)
    with pytest.raises(TooMany):
        await sign_up(database, cheap_passwords, guess, ip="9.9.9.9", agent="", now=now)
