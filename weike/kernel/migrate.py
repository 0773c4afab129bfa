"""Migrations: SQL files of every context, applied once, in order, each in its own transaction.

The first statement of the product's life makes the roles: the owner migrates; `weike_app` serves
requests, owns nothing and cannot bypass row-level security; `weike_report` only reads, across
tenants. A changed file that was already applied is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

import asyncpg

MIGRATION_LOCK = 0x77656B


class MigrationRefused(Exception):
    """The database cannot be brought to this version; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Migration:
    context: str
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations_of(contexts: Sequence[str]) -> list[Migration]:
    """SQL files of `weike/<context>/migrations/`: contexts as given, files by name."""
    found = []
    for context in contexts:
        folder = files("weike").joinpath(*context.split("."), "migrations")
        if not folder.is_dir():
            continue
        for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if file.name.endswith(".sql"):
                found.append(Migration(context, file.name, file.read_text("utf-8")))
    return found


async def migrate(
    owner_url: str,
    migrations: Sequence[Migration],
    *,
    app_password: str,
    report_password: str,
    now: datetime,
    progress: Callable[[Migration], None] = lambda _: None,
) -> int:
    """Applies what is missing and returns how many. Refuses with MigrationRefused."""
    connection = await asyncpg.connect(owner_url)
    try:
        # Two starting processes migrate one after the other.
        await connection.execute("select pg_advisory_lock($1)", MIGRATION_LOCK)
        await _make_roles(connection, app_password=app_password, report_password=report_password)
        await connection.execute(
            """
            create schema if not exists kernel;
            grant usage on schema kernel to weike_app, weike_report;
            create table if not exists kernel.migrations (
                context text not null,
                name text not null,
                sha256 text not null,
                applied_at timestamptz not null,
                primary key (context, name)
            )
            """
        )
        applied = {
            (row["context"], row["name"]): row["sha256"]
            for row in await connection.fetch("select context, name, sha256 from kernel.migrations")
        }
        done = 0
        for migration in migrations:
            known = applied.get((migration.context, migration.name))
            if known is not None:
                if known != migration.sha256:
                    raise MigrationRefused(
                        f"{migration.context}/{migration.name} was applied with other content; "
                        "write a new migration instead of changing an old one"
                    )
                continue
            progress(migration)
            await _apply(connection, migration, now=now)
            done += 1
        return done
    finally:
        await connection.close()


async def _apply(
    connection: asyncpg.Connection[asyncpg.Record], migration: Migration, *, now: datetime
) -> None:
    schema = migration.context.split(".")[0]
    async with connection.transaction():
        # A migration that cannot get its lock soon gives up instead of stopping the shop.
        await connection.execute("set local lock_timeout = '5s'")
        await connection.execute(
            f"create schema if not exists {schema}; "
            f"grant usage on schema {schema} to weike_app, weike_report"
        )
        await connection.execute(migration.sql)
        await connection.execute(
            "insert into kernel.migrations (context, name, sha256, applied_at) "
            "values ($1, $2, $3, $4)",
            migration.context,
            migration.name,
            migration.sha256,
            now,
        )


async def ensure_roles(owner_url: str, *, app_password: str, report_password: str) -> None:
    """The roles alone, for a dump that will grant to them. Refuses with MigrationRefused."""
    connection = await asyncpg.connect(owner_url)
    try:
        await _make_roles(connection, app_password=app_password, report_password=report_password)
    finally:
        await connection.close()


async def _make_roles(
    connection: asyncpg.Connection[asyncpg.Record], *, app_password: str, report_password: str
) -> None:
    try:
        for role, extra, password in (
            ("weike_app", "nobypassrls", app_password),
            ("weike_report", "bypassrls", report_password),
        ):
            exists = await connection.fetchval("select 1 from pg_roles where rolname = $1", role)
            verb = "alter" if exists else "create"
            secret = password.replace("'", "''")
            await connection.execute(
                f"{verb} role {role} login nosuperuser nocreatedb nocreaterole {extra} "
                f"password '{secret}'"
            )
            await connection.execute(
                f"alter role {role} set statement_timeout = '30s'; "
                f"alter role {role} set idle_in_transaction_session_timeout = '60s'; "
                f"alter role {role} set lock_timeout = '5s'"
            )
        await connection.execute("alter role weike_report set default_transaction_read_only = on")
    except asyncpg.InsufficientPrivilegeError as error:
        raise MigrationRefused(
            "the database user of WEIKE_DATABASE_URL may not create the roles weike_app and "
            "weike_report (it needs CREATEROLE and the right to grant BYPASSRLS)"
        ) from error
