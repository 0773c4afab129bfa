"""The embedded PostgreSQL: starts for anybody, is shared, survives kill -9, stops with the last."""

from __future__ import annotations

import asyncio
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import asyncpg
import pytest

from weike.kernel import embedded as embedding
from weike.kernel.embedded import EmbeddedDatabase

PASSWORD = "a/pass?word & 'quotes'"
USER = r"""
import sys
from pathlib import Path
from weike.kernel.embedded import EmbeddedDatabase
with EmbeddedDatabase(Path(sys.argv[1]), password=sys.argv[2], durable=False) as database:
    print(database.url(), flush=True)
    sys.stdin.read()
"""


def _ask(url: str, *statements: str) -> object:
    async def ask() -> object:
        connection = await asyncpg.connect(url)
        try:
            for statement in statements[:-1]:
                await connection.execute(statement)
            return await connection.fetchval(statements[-1])
        finally:
            await connection.close()

    # A loop of its own: these tests start and stop servers beside the run's.
    return asyncio.run(ask())


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "data"
    EmbeddedDatabase(tmp_path / "data", password=PASSWORD).stop()


def _open(folder: Path, *, durable: bool = False) -> EmbeddedDatabase:
    return EmbeddedDatabase(folder, password=PASSWORD, durable=durable)


def _another_process(folder: Path, *, prefix: Sequence[str] = ()) -> subprocess.Popen[str]:
    process = subprocess.Popen(  # noqa: S603 - ourselves
        [*prefix, sys.executable, "-c", USER, str(folder), PASSWORD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(embedding.__file__).parents[2],
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("postgresql://")
    return process


def _is_running(folder: Path) -> bool:
    return _open(folder).is_running()


def test_the_database_speaks_chinese_and_keeps_checksums(folder: Path) -> None:
    with _open(folder) as database:
        url = database.url()
        assert _ask(url, "show data_checksums") == "on"
        assert _ask(url, "show server_encoding") == "UTF8"
        collation = "select datcollate from pg_database where datname = current_database()"
        assert _ask(url, collation) == "C.UTF-8"
        trigrams = "select show_trgm('商品分享') <> '{}'"
        assert _ask(url, "create extension pg_trgm", trigrams) is True


def test_a_wrong_password_is_refused(folder: Path) -> None:
    with _open(folder) as database, pytest.raises(asyncpg.InvalidPasswordError):
        _ask(database.url(password="guessed"), "select 1")


def test_what_was_written_is_there_at_the_next_start(folder: Path) -> None:
    with _open(folder) as database:
        _ask(database.url(), "create table tea (cup int)", "insert into tea values (7)")
    assert not _is_running(folder)
    with _open(folder) as database:
        assert _ask(database.url(), "select cup from tea") == 7


def test_it_stops_with_the_last_of_its_users(folder: Path) -> None:
    with _open(folder):
        other = _another_process(folder)
    assert _is_running(folder)  # The other process still uses it.
    other.communicate("")
    assert not _is_running(folder)


def test_a_killed_user_does_not_keep_it_for_ever(folder: Path) -> None:
    with _open(folder):
        other = _another_process(folder)
        other.kill()
        other.communicate()
    assert not _is_running(folder)


def test_a_killed_server_comes_back_with_every_answered_commit(folder: Path) -> None:
    with _open(folder, durable=True) as database:
        database.keep_running(every_seconds=0.1)
        _ask(database.url(), "create table tea (cup int)", "insert into tea values (7)")
        server = database.process_id
        assert server is not None
        os.kill(server, signal.SIGKILL)
        deadline = time.monotonic() + 20
        while database.process_id == server or not database.is_running():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert _ask(database.url(), "select cup from tea") == 7


def test_a_creation_cut_short_is_begun_again(folder: Path) -> None:
    half = folder / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with _open(folder) as database:
        assert _ask(database.url(), "select 1") == 1


def test_a_deep_folder_gets_its_socket_elsewhere(tmp_path: Path) -> None:
    deep = tmp_path / ("a long name of a folder " * 4)
    with _open(deep) as database:
        assert _ask(database.url(), "select 1") == 1


def _becoming(user: pwd.struct_passwd) -> list[str]:
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _can_run_python(user: pwd.struct_passwd) -> bool:
    tried = [*_becoming(user), sys.executable, "-c", "import weike"]
    return subprocess.run(tried, check=False, capture_output=True).returncode == 0  # noqa: S603


as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@as_root
def test_root_without_namespaces_lets_nobody_run_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding, "_namespaces_work", lambda: False)
    folder.parent.chmod(0o700)  # Nobody may not even look into it.
    with _open(folder) as database:
        assert _ask(database.url(), "select 1") == 1
        assert (folder / "postgres").owner() == "nobody"


@as_root
def test_an_ordinary_user_needs_nothing(tmp_path: Path) -> None:
    user = next((u for u in pwd.getpwall() if 1000 <= u.pw_uid < 60000), None)
    if user is None or not _can_run_python(user):
        pytest.skip("there is no ordinary user here who could run this Python")
    folder = tmp_path / "theirs"
    folder.mkdir()
    for place in (folder, *tmp_path.parents):
        if place.is_relative_to("/tmp"):  # noqa: S108 - pytest's own folder
            place.chmod(place.stat().st_mode | 0o011)
    tmp_path.chmod(0o711)
    os.chown(folder, user.pw_uid, user.pw_gid)
    process = _another_process(folder, prefix=_becoming(user))
    process.communicate("")
    assert process.returncode == 0
    # And root, who comes later, does not take it away from them.
    with _open(folder) as database:
        assert _ask(database.url(), "select 1") == 1
    assert (folder / "postgres").stat().st_uid == user.pw_uid
