"""The shop itself: what it is called, what it promises, how it is found by number."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from weakref import WeakKeyDictionary

import msgspec

from weike.kernel import Database, Record, TenantId, Tx
from weike.kernel.edge import Caller
from weike.tenancy import queries
from weike.tenancy.audit import record_audit
from weike.tenancy.errors import ShopNotFound
from weike.tenancy.model import ShopSettings, Tenant
from weike.tenancy.ports import ShopFacts

_OF_THE_TABLE = ("currency", "time_zone")
"""Settings that are columns of their own."""


class ShopProfile(msgspec.Struct, frozen=True, kw_only=True):
    """What a visitor may know about a shop, the licence included, as the law asks."""

    slug: str
    name: str
    intro: str
    logo_url: str | None
    contact_phone: str
    licence_name: str
    licence_no: str
    currency: str
    categories_count: int
    wechat_login: bool
    server_time: datetime


_REMEMBERED = 10_000
_SHOPS_BY_NO: WeakKeyDictionary[Database, dict[int, tuple[TenantId, str]]] = WeakKeyDictionary()
"""Per database, so that two databases in one process (as in tests) do not mix."""


async def tenant_of(tx: Tx) -> Tenant:
    """Refuses with ShopNotFound."""
    row = await queries.tenant(tx)
    if row is None:
        raise ShopNotFound()
    return _tenant(row)


async def shop_settings(tx: Tx) -> ShopSettings:
    """One statement. Refuses with ShopNotFound."""
    return (await tenant_of(tx)).settings


async def shop_no(tx: Tx) -> int:
    """The short number inside share codes. Refuses with ShopNotFound."""
    return (await tenant_of(tx)).shop_no


async def tenant_by_shop_no(database: Database, number: int) -> tuple[TenantId, str] | None:
    """The shop and its slug. Remembered for the life of the process: numbers never change."""
    remembered = _SHOPS_BY_NO.setdefault(database, {})
    if number not in remembered:
        row = await queries.directory_by_shop_no(database, number)
        if row is None:
            return None
        if len(remembered) >= _REMEMBERED:
            remembered.clear()
        remembered[number] = (TenantId(row["tenant_id"]), row["slug"])
    return remembered[number]


async def shop_profile(tx: Tx, facts: ShopFacts, *, now: datetime) -> ShopProfile:
    """Refuses with ShopNotFound."""
    tenant = await tenant_of(tx)
    return ShopProfile(
        slug=tenant.slug,
        name=tenant.name,
        intro=tenant.settings.intro,
        logo_url=await logo_url(tx, facts, tenant),
        contact_phone=tenant.settings.contact_phone,
        licence_name=tenant.settings.licence_name,
        licence_no=tenant.settings.licence_no,
        currency=tenant.currency,
        categories_count=await facts.categories_count(tx),
        wechat_login=await facts.wechat_login(tx),
        server_time=now,
    )


async def logo_url(tx: Tx, facts: ShopFacts, tenant: Tenant) -> str | None:
    return await facts.logo_url(tx, tenant.logo_media_id) if tenant.logo_media_id else None


async def change_shop(
    tx: Tx,
    *,
    caller: Caller,
    name: str,
    logo_media_id: UUID | None,
    changes: dict[str, object],
    now: datetime,
) -> Tenant:
    """`changes` are settings by name; those not named stay as they are."""
    before = await tenant_of(tx)
    settings = msgspec.structs.replace(before.settings, **changes)
    kept = {
        key: value
        for key, value in msgspec.structs.asdict(settings).items()
        if key not in _OF_THE_TABLE
    }
    await queries.update_shop(tx, name=name, logo_media_id=logo_media_id, settings=kept)
    changed = sorted(key for key in kept if getattr(before.settings, key) != getattr(settings, key))
    if name != before.name:
        changed.append("name")
    if logo_media_id != before.logo_media_id:
        changed.append("logo_media_id")
    if changed:
        tx.public_changed()
        await record_audit(
            tx,
            actor=caller,
            action="shop.changed",
            subject_type="shop",
            subject_id=tx.tenant_id,
            detail={"changed": changed},
            now=now,
        )
    return msgspec.structs.replace(
        before, name=name, logo_media_id=logo_media_id, settings=settings
    )


def _tenant(row: Record) -> Tenant:
    stored = {**row["settings"], **{key: row[key] for key in _OF_THE_TABLE}}
    return Tenant(
        tenant_id=TenantId(row["tenant_id"]),
        slug=row["slug"],
        shop_no=row["shop_no"],
        name=row["name"],
        currency=row["currency"],
        time_zone=row["time_zone"],
        logo_media_id=row["logo_media_id"],
        state=row["state"],
        settings=msgspec.convert(stored, ShopSettings),
        created_at=row["created_at"],
    )
