"""`weike backup` and `weike restore`: everything an installation is, in one file.

The file holds a dump of the database, the pictures and the secrets without which sealed phone
numbers and payment keys cannot be read; it is written for its owner's eyes only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import asyncpg

from weike.entry.contexts import contexts
from weike.entry.installation import Installation
from weike.entry.progress import ProgressBar
from weike.kernel.clock import utc_now
from weike.kernel.embedded import EmbeddedDatabase, tool
from weike.kernel.migrate import ensure_roles

_DUMP, _SECRETS, _MEDIA = "database.dump", "secrets.json", "media"


class BackupRefused(Exception):
    """Nothing was changed; the message says why."""


async def backup(here: Installation, file: Path) -> None:
    """Refuses with BackupRefused."""
    if file.exists():
        raise BackupRefused(f"{file} exists already")
    data, bar = here.settings.data, ProgressBar()
    fresh = file.with_name(f".{file.name}.part")
    with here.database() as urls, tempfile.TemporaryDirectory(dir=file.parent) as folder:
        dump = Path(folder) / _DUMP
        bar("database", 0.0)
        _run("pg_dump", "--format=custom", "--no-owner", f"--file={dump}", owner_url=urls.owner)
        bar("database", 1.0)
        pictures = [p for p in (data / _MEDIA).rglob("*") if p.is_file()]
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as out, tarfile.open(fileobj=out, mode="w") as archive:
            archive.add(dump, _DUMP)
            archive.add(data / _SECRETS, _SECRETS)
            for number, picture in enumerate(pictures, start=1):
                archive.add(picture, f"{_MEDIA}/{picture.relative_to(data / _MEDIA)}")
                bar("pictures", number / len(pictures))
    fresh.replace(file)
    bar.close()


async def restore(here: Installation, file: Path, *, replace: bool) -> None:
    """Into an empty installation, or over an existing one with `replace`. Refuses with
    BackupRefused before anything is changed."""
    data, bar = here.settings.data, ProgressBar()
    if (data / _SECRETS).exists() and not replace:
        raise BackupRefused(
            f"{data} holds an installation already; stop it and say --replace to lose it"
        )
    if here.settings.database.url is None and EmbeddedDatabase(data, password="").is_running():
        raise BackupRefused(f"the database in {data} is in use; stop what uses it first")
    data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data) as folder:
        unpacked = Path(folder)
        bar("unpacking", 0.0)
        try:
            with tarfile.open(file) as archive:
                archive.extractall(unpacked, filter="data")
        except (tarfile.TarError, OSError) as error:
            raise BackupRefused(f"{file} is not a whole backup: {error}") from error
        if not (unpacked / _DUMP).is_file() or not (unpacked / _SECRETS).is_file():
            raise BackupRefused(f"{file} is not a backup of Weike")
        # The embedded cluster was made with the old secrets; the dump fills a new one.
        if here.settings.database.url is None:
            shutil.rmtree(data / "postgres", ignore_errors=True)
        (unpacked / _SECRETS).replace(data / _SECRETS)
        (data / _SECRETS).chmod(0o600)
        bar("database", 0.0)
        with here.database() as urls:
            await ensure_roles(
                urls.owner,
                app_password=here.vault.secret("database.app"),
                report_password=here.vault.secret("database.report"),
            )
            await _empty(urls.owner)
            _run(
                *("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction"),
                str(unpacked / _DUMP),
                owner_url=urls.owner,
            )
            await here.migrate(urls, now=utc_now())
        bar("pictures", 0.0)
        if (unpacked / _MEDIA).exists():
            shutil.rmtree(data / _MEDIA, ignore_errors=True)
            (unpacked / _MEDIA).replace(data / _MEDIA)
    bar("restored", 1.0)
    bar.close()


async def _empty(owner_url: str) -> None:
    connection = await asyncpg.connect(owner_url)
    try:
        for context in contexts():
            await connection.execute(f'drop schema if exists "{context}" cascade')
    finally:
        await connection.close()


def without_password(url: str) -> tuple[str, dict[str, str]]:
    """The address to name in a command, and the environment that holds its password: everybody on
    the machine may read the arguments of a process, only its owner its environment."""
    parts = urlsplit(url)
    who, at, where = parts.netloc.rpartition("@")
    user, _, password = who.partition(":")
    if not password:
        return url, {}
    bare = urlunsplit((parts.scheme, f"{user}{at}{where}", parts.path, parts.query, ""))
    return bare, {"PGPASSWORD": unquote(password)}


def _run(program: str, *args: str, owner_url: str) -> None:
    address, secret = without_password(owner_url)
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own tools with our own arguments
        [str(tool(program)), f"--dbname={address}", *args],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **secret},
    )
    if done.returncode != 0:
        raise BackupRefused(f"{program} failed:\n{done.stderr.strip()}")
