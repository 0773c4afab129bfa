"""Secrets: fresh, kept, for their owner's eyes only."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from weike.kernel.vault import Vault


def test_a_secret_is_made_once_and_kept(tmp_path: Path) -> None:
    first = Vault(tmp_path, environment={}).secret("app.password")
    assert len(first) >= 32
    assert Vault(tmp_path, environment={}).secret("app.password") == first
    assert Vault(tmp_path, environment={}).secret("other") != first


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    Vault(tmp_path, environment={}).secret("app.password")
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_the_environment_goes_first(tmp_path: Path) -> None:
    given = {"WEIKE_SECRET_APP_PASSWORD": "from outside"}
    assert Vault(tmp_path, environment=given).secret("app.password") == "from outside"
    assert not (tmp_path / "secrets.json").exists()


def test_many_that_ask_at_once_are_told_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        told = list(
            pool.map(lambda _: Vault(tmp_path, environment={}).secret("app.password"), range(32))
        )
    assert len(set(told)) == 1
