"""Databases for tests: cloned from one migrated template, dropped when their test is over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg

from weike.kernel import Database, Record, open_pool, utc_now

PASSWORDS = {"weike_app": "app of the tests", "weike_report": "report of the tests"}


@dataclass(frozen=True, slots=True)
class Urls:
    """The same database for three roles: the owner, the application, the reports."""

    owner: str
    app: str
    report: str


class Server:
    """Makes databases from the migrated template, quickly, as often as a test asks."""

    def __init__(self, owner_url: str) -> None:
        self._owner_url = owner_url

    def urls(self, name: str) -> Urls:
        owner = _with(self._owner_url, name=name)
        return Urls(
            owner,
            _with(owner, user="weike_app", password=PASSWORDS["weike_app"]),
            _with(owner, user="weike_report", password=PASSWORDS["weike_report"]),
        )

    async def create(self, name: str, *, template: str) -> Urls:
        await self._command(f'create database "{name}" template "{template}" strategy file_copy')
        return self.urls(name)

    async def drop(self, name: str) -> None:
        await self._command(f'drop database if exists "{name}" with (force)')

    async def _command(self, sql: str) -> None:
        connection = await asyncpg.connect(self._owner_url)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()


def _with(
    url: str, *, name: str | None = None, user: str | None = None, password: str | None = None
) -> str:
    parts = urlsplit(url)
    place = parts.netloc
    if user is not None:
        place = f"{user}:{(password or '').replace(' ', '%20')}@{place.rpartition('@')[2]}"
    path = parts.path if name is None else f"/{name}"
    return urlunsplit((parts.scheme, place, path, parts.query, ""))


class FreshDatabases:
    """Databases of one test, each of its own; `open` gives another kernel Database on one."""

    def __init__(self, server: Server, template: str) -> None:
        self._server = server
        self._template = template
        self._names: list[str] = []
        self._pools: list[asyncpg.Pool[Record]] = []

    async def create(self) -> Urls:
        name = f"weike_fresh_{uuid4().hex[:12]}"
        self._names.append(name)
        return await self._server.create(name, template=self._template)

    async def open(
        self, urls: Urls, *, listeners: Mapping[str, Sequence[str]] | None = None, size: int = 16
    ) -> Database:
        return Database(
            await self.pool(urls.app, size=size), listeners=listeners or {}, clock=utc_now
        )

    async def pool(self, url: str, *, size: int = 4) -> asyncpg.Pool[Record]:
        pool = await open_pool(url, size=size)
        self._pools.append(pool)
        return pool

    async def close(self) -> None:
        for pool in self._pools:
            await pool.close()
        for name in self._names:
            await self._server.drop(name)
