"""Merchants sign up, staff sign in and out, and ask who they are."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import HeaderParameter
from msgspec import Meta

from weike.kernel import Database, Tx
from weike.kernel.edge import ANYONE, Caller, Policy, limited
from weike.tenancy import queries, sessions
from weike.tenancy.errors import StaffNotFound
from weike.tenancy.limits import PLATFORM, Limit, count_attempt
from weike.tenancy.passwords import Passwords
from weike.tenancy.ports import ShopFacts
from weike.tenancy.shop import logo_url, tenant_of
from weike.tenancy.sign_in import change_password, sign_in
from weike.tenancy.sign_up import SignUp, sign_up

Agent = Annotated[str, HeaderParameter(name="user-agent")]

ANY_STAFF = {"policy": Policy("staff")}
"""Whoever is signed in, whatever they may do otherwise."""

Name = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^\S(.*\S)?$")]
Login = Annotated[str, Meta(min_length=1, max_length=100)]
Password = Annotated[str, Meta(min_length=1, max_length=256)]
"""Its rules are in `model.check_password`; here only what nobody's password is."""


class SignUpInput(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    id: UUID
    shop_name: Name
    slug: Annotated[str, Meta(min_length=1, max_length=64)]
    owner_name: Name
    login: Login
    password: Password


class SignUpOutput(msgspec.Struct, kw_only=True):
    token: str
    staff_id: UUID
    tenant_id: UUID
    shop_slug: str


class SignInInput(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    login: Login
    password: Password


class SignInOutput(msgspec.Struct, kw_only=True):
    token: str
    staff_id: UUID
    shop_slug: str


class PasswordInput(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    current: Password
    password: Password


class MyShop(msgspec.Struct, kw_only=True):
    tenant_id: UUID
    slug: str
    name: str
    currency: str
    time_zone: str
    logo_url: str | None


class Me(msgspec.Struct, kw_only=True):
    staff_id: UUID
    name: str
    login: str
    roles: list[str]
    permissions: list[str]
    shop: MyShop


@post(
    "/api/console/sign-up",
    opt=limited(ANYONE, per_minute=60),
    operation_id="sign_up",
    tags=["console"],
)
async def sign_up_route(
    database: Database,
    passwords: Passwords,
    data: SignUpInput,
    now: datetime,
    client_address: str,
    agent: Agent = "",
) -> SignUpOutput:
    """A merchant opens a shop and is its owner."""
    await count_attempt(
        database, PLATFORM, [Limit("sign-up ip", client_address, 60, timedelta(hours=1))], now=now
    )
    asked = SignUp(
        shop_id=data.id,
        shop_name=data.shop_name,
        slug=data.slug,
        owner_name=data.owner_name,
        login=data.login,
        password=data.password,
    )
    done = await sign_up(database, passwords, asked, ip=client_address, agent=agent, now=now)
    return SignUpOutput(
        token=done.token, staff_id=done.staff_id, tenant_id=done.tenant_id, shop_slug=done.slug
    )


@post(
    "/api/console/sign-in",
    opt=limited(ANYONE, per_minute=60),
    operation_id="staff_sign_in",
    tags=["console"],
    status_code=200,
)
async def sign_in_route(
    database: Database,
    passwords: Passwords,
    data: SignInInput,
    now: datetime,
    client_address: str,
    agent: Agent = "",
) -> SignInOutput:
    """Staff sign in; a wrong login and a wrong password are told apart by nothing."""
    done = await sign_in(
        database,
        passwords,
        login=data.login,
        password=data.password,
        ip=client_address,
        agent=agent,
        now=now,
    )
    return SignInOutput(token=done.token, staff_id=done.staff_id, shop_slug=done.slug)


@post(
    "/api/console/sign-out",
    opt=ANY_STAFF,
    operation_id="staff_sign_out",
    tags=["console"],
    status_code=204,
)
async def sign_out_route(caller: Caller, database: Database, now: datetime) -> None:
    """Ends the session of the token."""
    await database.run(caller.tenant_id, lambda tx: sessions.sign_out(tx, caller=caller, now=now))


@post(
    "/api/console/me/password",
    opt=ANY_STAFF,
    operation_id="change_password",
    tags=["console"],
    status_code=204,
)
async def change_password_route(
    caller: Caller,
    database: Database,
    passwords: Passwords,
    data: PasswordInput,
    now: datetime,
    client_address: str,
) -> None:
    """A new password; all other sessions of this person end."""
    await change_password(
        database,
        passwords,
        caller=caller,
        current=data.current,
        password=data.password,
        ip=client_address,
        now=now,
    )


@get("/api/console/me", opt=ANY_STAFF, operation_id="staff_me", tags=["console"])
async def me_route(caller: Caller, database: Database, shop_facts: ShopFacts) -> Me:
    """Who is signed in, what they may do, and in which shop."""

    async def read(tx: Tx) -> Me:
        person = await queries.staff_member(tx, caller.staff_id)
        if person is None:
            raise StaffNotFound()
        shop = await tenant_of(tx)
        return Me(
            staff_id=person["id"],
            name=person["name"],
            login=person["login"],
            roles=list(person["roles"]),
            permissions=sorted(person["permissions"]),
            shop=MyShop(
                tenant_id=shop.tenant_id,
                slug=shop.slug,
                name=shop.name,
                currency=shop.currency,
                time_zone=shop.time_zone,
                logo_url=await logo_url(tx, shop_facts, shop),
            ),
        )

    return await database.run(caller.tenant_id, read)


SIGN_IN_ROUTES: tuple[HTTPRouteHandler, ...] = (
    sign_up_route,
    sign_in_route,
    sign_out_route,
    change_password_route,
    me_route,
)
