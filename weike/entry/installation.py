"""An installation: settings, secrets, and a database that answers, whoever provides it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from weike.entry.contexts import contexts
from weike.entry.settings import Settings
from weike.kernel.database import DATABASE_AWAY
from weike.kernel.embedded import EmbeddedDatabase
from weike.kernel.migrate import Migration, migrate, migrations_of
from weike.kernel.vault import Vault

APP, REPORT = "weike_app", "weike_report"


class DatabaseUnreachable(Exception):
    """Nobody answers at the address, or not to us; the message says what was heard."""


@dataclass(frozen=True, slots=True)
class Urls:
    """The same database for three roles: the owner, the application, the reports."""

    owner: str
    app: str
    report: str


@dataclass(frozen=True, slots=True)
class Installation:
    settings: Settings
    vault: Vault

    @contextmanager
    def database(self) -> Iterator[Urls]:
        """The addresses, while the database is in use here. The embedded server runs meanwhile and
        is started again if it is killed. Refuses with EmbeddedDatabaseFailed."""
        if self.settings.database.url is not None:
            yield self._urls(self.settings.database.url)
            return
        password = self.vault.secret("database.owner")
        with EmbeddedDatabase(self.settings.data, password=password) as embedded:
            embedded.keep_running()
            yield self._urls(embedded.url())

    async def migrate(
        self, urls: Urls, *, now: datetime, progress: Callable[[Migration], None] = lambda _: None
    ) -> int:
        """Brings the database to this version; returns how many steps it took.

        Refuses with DatabaseUnreachable, or with MigrationRefused."""
        try:
            return await migrate(
                urls.owner,
                migrations_of(contexts()),
                app_password=self.vault.secret("database.app"),
                report_password=self.vault.secret("database.report"),
                now=now,
                progress=progress,
            )
        except (OSError, *DATABASE_AWAY, asyncpg.InvalidAuthorizationSpecificationError) as away:
            raise DatabaseUnreachable(
                f"the database of WEIKE_DATABASE_URL does not let us in: {away}"
            ) from away

    def _urls(self, owner: str) -> Urls:
        return Urls(
            owner,
            _as_user(owner, APP, self.vault.secret("database.app")),
            _as_user(owner, REPORT, self.vault.secret("database.report")),
        )


def installation(settings: Settings, environment: Mapping[str, str]) -> Installation:
    return Installation(settings, Vault(settings.data, environment=environment))


def _as_user(url: str, user: str, password: str) -> str:
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    secret = quote(password, safe="")
    return urlunsplit((parts.scheme, f"{user}:{secret}@{place}", parts.path, parts.query, ""))
