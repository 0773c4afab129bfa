"""A merchant signs up: a shop, its roles and its owner, in one transaction."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from weike.kernel import Database, IdTakenByOther, Invalid, TenantId, Tx, derived_id
from weike.tenancy import queries
from weike.tenancy.audit import record_audit
from weike.tenancy.errors import LoginTaken, SlugTaken
from weike.tenancy.events import ShopOpened
from weike.tenancy.limits import PLATFORM, count_attempt
from weike.tenancy.model import check_password, login_of, slug_of
from weike.tenancy.passwords import Passwords
from weike.tenancy.permissions import OWNER, PRESET_ROLES
from weike.tenancy.sessions import open_staff_session
from weike.tenancy.sign_in import limits_of_login
from weike.tenancy.wording import role_name


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp:
    """`shop_id` is made by the asker and becomes the tenant's id."""

    shop_id: UUID
    shop_name: str
    slug: str
    owner_name: str
    login: str
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedUp:
    token: str
    staff_id: UUID
    tenant_id: TenantId
    slug: str


async def sign_up(
    database: Database, passwords: Passwords, asked: SignUp, *, ip: str, agent: str, now: datetime
) -> SignedUp:
    """Asked again with the same words and password it signs the owner in.

    Refuses with BadSlug, BadLogin, PasswordTooWeak, SlugTaken, LoginTaken, IdTakenByOther,
    TooMany.
    """
    if asked.shop_id.version != 7:
        raise Invalid(field="id")
    login, slug = login_of(asked.login), slug_of(asked.slug)
    check_password(asked.password, login=login)
    tenant_id = TenantId(asked.shop_id)
    # The id is only a claim. Whoever names a shop that exists must be its owner, or nothing of
    # that shop may be read or written on their behalf.
    owner_id = derived_id(tenant_id, "owner")
    if await database.run(tenant_id, queries.tenant) is None:
        # Outside the transaction: hashing takes long, and nobody should wait for it.
        password_hash = await passwords.hash(asked.password)
        try:
            await database.run(
                tenant_id,
                lambda tx: open_shop(
                    tx,
                    name=asked.shop_name,
                    slug=slug,
                    owner_id=owner_id,
                    owner_name=asked.owner_name,
                    login=login,
                    password_hash=password_hash,
                    now=now,
                ),
            )
        except IdTakenByOther:
            # The same sign-up arrived twice at once and this one came second.
            await _check_same_owner(
                database, passwords, asked, login=login, slug=slug, ip=ip, now=now
            )
    else:
        await _check_same_owner(database, passwords, asked, login=login, slug=slug, ip=ip, now=now)

    token = await database.run(
        tenant_id,
        lambda tx: open_staff_session(tx, staff_id=owner_id, ip=ip, agent=agent, now=now),
    )
    return SignedUp(token=token, staff_id=owner_id, tenant_id=tenant_id, slug=slug)


async def open_shop(
    tx: Tx,
    *,
    name: str,
    slug: str,
    owner_id: UUID,
    owner_name: str,
    login: str,
    password_hash: str,
    now: datetime,
) -> None:
    """Refuses with IdTakenByOther, SlugTaken, LoginTaken."""
    if await queries.tenant(tx) is not None:
        raise IdTakenByOther(field="id")
    # Random rather than counted: sign-ups do not queue for a number, and a share code does not
    # tell how many shops there are. A number met twice runs the transaction again.
    shop_no = 1 + secrets.randbelow(2**31 - 1)
    if not await queries.insert_directory(tx, slug=slug, shop_no=shop_no):
        # Whoever had it first may have been this very sign-up, a moment ago.
        if await queries.tenant(tx) is not None:
            raise IdTakenByOther(field="id")
        raise SlugTaken(field="slug", slug=slug)
    if not await queries.insert_login(tx, login=login, staff_id=owner_id):
        raise LoginTaken(field="login")
    await queries.insert_tenant(tx, slug=slug, shop_no=shop_no, name=name, now=now)
    await queries.insert_staff(
        tx,
        staff_id=owner_id,
        login=login,
        name=owner_name,
        password_hash=password_hash,
        now=now,
    )
    presets = [(key, role_name(key, "zh"), grants) for key, grants in PRESET_ROLES.items()]
    await queries.upsert_roles(tx, presets, first_position=0)
    await queries.replace_staff_roles(tx, owner_id, [OWNER])
    tx.announce(ShopOpened(tenant_id=tx.tenant_id, slug=slug, at=now))
    await record_audit(
        tx,
        actor="sign-up",
        action="shop.opened",
        subject_type="shop",
        subject_id=tx.tenant_id,
        detail={"slug": slug, "owner_id": owner_id},
        now=now,
    )


async def _check_same_owner(
    database: Database,
    passwords: Passwords,
    asked: SignUp,
    *,
    login: str,
    slug: str,
    ip: str,
    now: datetime,
) -> None:
    """Refuses with IdTakenByOther, also for an owner who was disabled meanwhile."""
    # This is a sign-in by another name, so it is counted as one.
    await count_attempt(database, PLATFORM, limits_of_login(login, ip), now=now)
    tenant_id = TenantId(asked.shop_id)
    owner_id = derived_id(tenant_id, "owner")
    shop = await database.run(tenant_id, queries.tenant)
    owner = await database.run(tenant_id, lambda tx: queries.staff_member(tx, owner_id))
    known = owner and shop and owner["login"] == login and shop["slug"] == slug
    kept = owner["password_hash"] if owner and known and owner["state"] == "active" else None
    if not await passwords.matches(kept, asked.password):
        raise IdTakenByOther(field="id")
