"""Shops and people for tests, made by the deeds the product uses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from weike.kernel import Database, TenantId, Tx, uuid7
from weike.kernel.edge import Caller, CallerKind
from weike.tenancy import PERMISSIONS, Passwords, SignedUp, SignUp, add_staff, sign_up
from weike.tenancy.sign_up import open_shop

PASSWORD = "correct horse battery"

cheap_passwords = Passwords(memory_kib=8, passes=1)
"""Quick: tests are about what is asked, not about how long a hash takes."""


@dataclass(frozen=True, slots=True)
class Shop:
    tenant_id: TenantId
    slug: str
    login: str
    token: str
    owner: Caller


def unique(prefix: str = "shop") -> str:
    """A slug or login nobody else in this run has."""
    return f"{prefix}-{uuid4().hex[:12]}"


def asked(now: datetime, **changes: str | UUID) -> SignUp:
    values: dict[str, str | UUID] = {
        "shop_id": uuid7(now),
        "shop_name": "山月茶铺",
        "slug": unique(),
        "owner_name": "林山月",
        "login": unique("owner"),
        "password": PASSWORD,
    }
    return SignUp(**{**values, **changes})  # type: ignore[arg-type]


async def a_shop(database: Database, now: datetime, **changes: str | UUID) -> Shop:
    """Committed: a shop with its owner signed in."""
    wish = asked(now, **changes)
    done: SignedUp = await sign_up(
        database, cheap_passwords, wish, ip="10.0.0.1", agent="tests", now=now
    )
    return Shop(
        done.tenant_id, done.slug, wish.login, done.token, owner_of(done.tenant_id, done.staff_id)
    )


def owner_of(tenant_id: TenantId, staff_id: UUID) -> Caller:
    return Caller(CallerKind.STAFF, tenant_id, id=staff_id, permissions=frozenset(PERMISSIONS))


async def put_shop(tx: Tx, now: datetime) -> str:
    """Within a test's own transaction: only the rows of a shop. Answers its slug."""
    slug = unique()
    await open_shop(
        tx,
        name="山月茶铺",
        slug=slug,
        owner_id=uuid7(now),
        owner_name="林山月",
        login=unique("owner"),
        password_hash="not a hash",
        now=now,
    )
    return slug


async def a_colleague(
    database: Database, shop: Shop, now: datetime, *, roles: tuple[str, ...], login: str = ""
) -> Caller:
    """Committed: somebody on the staff with these roles, and what they may do."""
    staff_id = uuid7(now)
    await add_staff(
        database,
        cheap_passwords,
        caller=shop.owner,
        staff_id=staff_id,
        name="周小满",
        login=login or unique("staff"),
        password=PASSWORD,
        roles=roles,
        now=now,
    )
    granted = await database.run(shop.tenant_id, lambda tx: _granted(tx, staff_id))
    return Caller(CallerKind.STAFF, shop.tenant_id, id=staff_id, permissions=granted)


async def _granted(tx: Tx, staff_id: UUID) -> frozenset[str]:
    rows = await tx.fetch(
        "select unnest(r.permissions) as permission from tenancy.staff_roles g "
        "join tenancy.roles r on r.tenant_id = g.tenant_id and r.key = g.role_key "
        "where g.tenant_id = $1 and g.staff_id = $2",
        tx.tenant_id,
        staff_id,
    )
    return frozenset(row["permission"] for row in rows)
