"""The SQL of tenancy, one function per question or write. The log's own is in `audit_queries`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from weike.kernel import Database, Record, Tx

# Finding a shop and a person before their tenant is known (reference tables).


async def directory_by_slug(database: Database, slug: str) -> Record | None:
    return _first(
        await database.reference(
            "select tenant_id, slug, shop_no from tenancy.directory where slug = $1", slug
        )
    )


async def directory_by_host(database: Database, host: str) -> Record | None:
    return _first(
        await database.reference(
            "select tenant_id, slug, shop_no from tenancy.directory where host = $1", host
        )
    )


async def directory_by_shop_no(database: Database, shop_no: int) -> Record | None:
    return _first(
        await database.reference(
            "select tenant_id, slug, shop_no from tenancy.directory where shop_no = $1", shop_no
        )
    )


async def login_by_name(database: Database, login: str) -> Record | None:
    return _first(
        await database.reference(
            "select tenant_id, staff_id from tenancy.logins where login = $1", login
        )
    )


async def insert_directory(tx: Tx, *, slug: str, shop_no: int) -> bool:
    """False when the slug is taken."""
    return bool(
        await tx.execute(
            "insert into tenancy.directory (slug, tenant_id, shop_no) values ($2, $1, $3) "
            "on conflict (slug) do nothing",
            tx.tenant_id,
            slug,
            shop_no,
        )
    )


async def insert_login(tx: Tx, *, login: str, staff_id: UUID) -> bool:
    """False when the login is taken."""
    return bool(
        await tx.execute(
            "insert into tenancy.logins (login, tenant_id, staff_id) values ($2, $1, $3) "
            "on conflict (login) do nothing",
            tx.tenant_id,
            login,
            staff_id,
        )
    )


# Shops.


async def insert_tenant(tx: Tx, *, slug: str, shop_no: int, name: str, now: datetime) -> None:
    await tx.execute(
        "insert into tenancy.tenants (tenant_id, slug, shop_no, name, created_at) "
        "values ($1, $2, $3, $4, $5)",
        tx.tenant_id,
        slug,
        shop_no,
        name,
        now,
    )


async def tenant(tx: Tx) -> Record | None:
    return await tx.fetchrow(
        "select tenant_id, slug, shop_no, name, currency, time_zone, logo_media_id, state, "
        "settings, created_at from tenancy.tenants where tenant_id = $1",
        tx.tenant_id,
    )


async def lock_tenant(tx: Tx) -> None:
    """Changes of who owns the shop wait for each other here."""
    await tx.execute(
        "select 1 from tenancy.tenants where tenant_id = $1 for no key update", tx.tenant_id
    )


async def update_shop(
    tx: Tx, *, name: str, logo_media_id: UUID | None, settings: dict[str, object]
) -> None:
    await tx.execute(
        "update tenancy.tenants set name = $2, logo_media_id = $3, settings = $4 "
        "where tenant_id = $1",
        tx.tenant_id,
        name,
        logo_media_id,
        settings,
    )


# Staff and roles.


async def insert_staff(
    tx: Tx, *, staff_id: UUID, login: str, name: str, password_hash: str, now: datetime
) -> None:
    await tx.execute(
        "insert into tenancy.staff (tenant_id, id, login, name, password_hash, created_at) "
        "values ($1, $2, $3, $4, $5, $6)",
        tx.tenant_id,
        staff_id,
        login,
        name,
        password_hash,
        now,
    )


async def staff_member(tx: Tx, staff_id: UUID) -> Record | None:
    """With the keys of the roles and everything those grant."""
    return await tx.fetchrow(
        """
        select s.id, s.login, s.name, s.state, s.password_hash, s.last_seen_at,
               array(select g.role_key from tenancy.staff_roles g
                     where g.tenant_id = $1 and g.staff_id = s.id order by g.role_key) as roles,
               array(select distinct p from tenancy.staff_roles g
                     join tenancy.roles r on r.tenant_id = g.tenant_id and r.key = g.role_key
                     cross join unnest(r.permissions) as p
                     where g.tenant_id = $1 and g.staff_id = s.id) as permissions
        from tenancy.staff s
        where s.tenant_id = $1 and s.id = $2
        """,
        tx.tenant_id,
        staff_id,
    )


async def all_staff(tx: Tx) -> list[Record]:
    return await tx.fetch(
        """
        select s.id, s.login, s.name, s.state, s.last_seen_at,
               array(select g.role_key from tenancy.staff_roles g
                     where g.tenant_id = $1 and g.staff_id = s.id order by g.role_key) as roles
        from tenancy.staff s
        where s.tenant_id = $1
        order by s.created_at, s.id
        """,
        tx.tenant_id,
    )


async def update_staff(tx: Tx, *, staff_id: UUID, name: str, state: str) -> None:
    await tx.execute(
        "update tenancy.staff set name = $3, state = $4 where tenant_id = $1 and id = $2",
        tx.tenant_id,
        staff_id,
        name,
        state,
    )


async def update_password(tx: Tx, *, staff_id: UUID, password_hash: str, known_hash: str) -> bool:
    """False when the password is no longer the one that was checked."""
    return bool(
        await tx.execute(
            "update tenancy.staff set password_hash = $3 "
            "where tenant_id = $1 and id = $2 and password_hash = $4",
            tx.tenant_id,
            staff_id,
            password_hash,
            known_hash,
        )
    )


async def let_in(tx: Tx, *, staff_id: UUID, known_hash: str, now: datetime) -> bool:
    """False when the person was disabled, or the password changed, since it was checked."""
    return bool(
        await tx.execute(
            "update tenancy.staff set last_seen_at = $4 where tenant_id = $1 and id = $2 "
            "and password_hash = $3 and state = 'active'",
            tx.tenant_id,
            staff_id,
            known_hash,
            now,
        )
    )


async def replace_staff_roles(tx: Tx, staff_id: UUID, roles: Sequence[str]) -> None:
    await tx.execute(
        "delete from tenancy.staff_roles where tenant_id = $1 and staff_id = $2 "
        "and role_key <> all($3::text[])",
        tx.tenant_id,
        staff_id,
        list(roles),
    )
    await tx.execute(
        "insert into tenancy.staff_roles (tenant_id, staff_id, role_key) "
        "select $1, $2, x.key from unnest($3::text[]) as x(key) on conflict do nothing",
        tx.tenant_id,
        staff_id,
        list(roles),
    )


async def active_owners(tx: Tx, owner_role: str) -> frozenset[UUID]:
    rows = await tx.fetch(
        """
        select s.id from tenancy.staff s
        join tenancy.staff_roles g on g.tenant_id = s.tenant_id and g.staff_id = s.id
        where s.tenant_id = $1 and s.state = 'active' and g.role_key = $2
        """,
        tx.tenant_id,
        owner_role,
    )
    return frozenset(row["id"] for row in rows)


async def roles(tx: Tx) -> list[Record]:
    return await tx.fetch(
        "select key, name, permissions from tenancy.roles where tenant_id = $1 "
        "order by position, key",
        tx.tenant_id,
    )


async def upsert_roles(
    tx: Tx, asked: Sequence[tuple[str, str, Sequence[str]]], *, first_position: int
) -> None:
    """Each is key, name, permissions; a role that exists keeps its position."""
    packed = [[key, name, list(permissions)] for key, name, permissions in asked]
    await tx.execute(
        """
        insert into tenancy.roles (tenant_id, key, name, permissions, position)
        select $1, x.role ->> 0, x.role ->> 1,
               array(select jsonb_array_elements_text(x.role -> 2)), $3 + x.place
        from jsonb_array_elements($2::text::jsonb) with ordinality as x(role, place)
        on conflict (tenant_id, key) do update
            set name = excluded.name, permissions = excluded.permissions
        """,
        tx.tenant_id,
        msgspec.json.encode(packed).decode(),
        first_position,
    )


# Sessions.


async def insert_session(
    tx: Tx,
    *,
    session_id: UUID,
    token_hash: bytes,
    staff_id: UUID,
    expires_at: datetime,
    ip: str,
    agent: str,
    now: datetime,
) -> None:
    await tx.execute(
        "insert into tenancy.staff_sessions (tenant_id, id, token_hash, staff_id, created_at, "
        "seen_at, expires_at, ip, agent) values ($1, $2, $3, $4, $5, $5, $6, $7, $8)",
        tx.tenant_id,
        session_id,
        token_hash,
        staff_id,
        now,
        expires_at,
        ip,
        agent,
    )


async def active_staff_who_may(tx: Tx, permission: str) -> list[UUID]:
    rows = await tx.fetch(
        """
        select s.id from tenancy.staff s
        where s.tenant_id = $1 and s.state = 'active' and exists (
            select 1 from tenancy.staff_roles g
            join tenancy.roles r on r.tenant_id = $1 and r.key = g.role_key
            where g.tenant_id = $1 and g.staff_id = s.id and $2 = any(r.permissions))
        order by s.id
        """,
        tx.tenant_id,
        permission,
    )
    return [row["id"] for row in rows]


async def open_session(tx: Tx, token_hash: bytes, *, now: datetime) -> Record | None:
    """The living session of an active person of an active shop, with what they may do now."""
    return await tx.fetchrow(
        """
        select e.id, e.staff_id, e.created_at, e.seen_at,
               array(select distinct p from tenancy.staff_roles g
                     join tenancy.roles r on r.tenant_id = g.tenant_id and r.key = g.role_key
                     cross join unnest(r.permissions) as p
                     where g.tenant_id = $1 and g.staff_id = e.staff_id) as permissions
        from tenancy.staff_sessions e
        join tenancy.staff s on s.tenant_id = e.tenant_id and s.id = e.staff_id
        join tenancy.tenants t on t.tenant_id = e.tenant_id
        where e.tenant_id = $1 and e.token_hash = $2 and e.ended_at is null
          and e.expires_at > $3 and s.state = 'active' and t.state = 'active'
        """,
        tx.tenant_id,
        token_hash,
        now,
    )


async def slide_session(
    tx: Tx, *, session_id: UUID, staff_id: UUID, expires_at: datetime, now: datetime
) -> None:
    await tx.execute(
        "update tenancy.staff_sessions set seen_at = $3, expires_at = $4 "
        "where tenant_id = $1 and id = $2 and ended_at is null",
        tx.tenant_id,
        session_id,
        now,
        expires_at,
    )
    await tx.execute(
        "update tenancy.staff set last_seen_at = $3 where tenant_id = $1 and id = $2",
        tx.tenant_id,
        staff_id,
        now,
    )


async def end_session(tx: Tx, session_id: UUID, *, now: datetime) -> int:
    return await tx.execute(
        "update tenancy.staff_sessions set ended_at = $3 "
        "where tenant_id = $1 and id = $2 and ended_at is null",
        tx.tenant_id,
        session_id,
        now,
    )


async def end_sessions_of(
    tx: Tx, staff_id: UUID, *, now: datetime, except_session: UUID | None = None
) -> int:
    return await tx.execute(
        "update tenancy.staff_sessions set ended_at = $3 where tenant_id = $1 "
        "and staff_id = $2 and ended_at is null and id is distinct from $4",
        tx.tenant_id,
        staff_id,
        now,
        except_session,
    )


async def delete_old_sessions(tx: Tx, *, before: datetime) -> int:
    return await tx.execute(
        "delete from tenancy.staff_sessions where tenant_id = $1 and expires_at < $2",
        tx.tenant_id,
        before,
    )


def _first(rows: list[Record]) -> Record | None:
    return rows[0] if rows else None
