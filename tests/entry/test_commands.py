"""The commands on a whole installation of their own: migrate, import, export, backup, restore."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from weike.entry.commands.backup import without_password

ROOT = Path(__file__).parents[2]
SIGN_UP = """
import asyncio, os
from weike.kernel import uuid7
from weike import tenancy
from weike.entry.installation import installation
from weike.entry.settings import read_settings
from weike.entry.wiring import open_house
from weike.kernel.clock import utc_now

async def main():
    here = installation(read_settings(os.environ), os.environ)
    with here.database() as urls:
        async with open_house(here, urls) as house:
            asked = tenancy.SignUp(shop_id=uuid7(utc_now()), shop_name="茶铺", slug="teashop",
                owner_name="王", login="wang", password="a long password of the tests")
            await tenancy.sign_up(house.database, house.passwords, asked,
                ip="127.0.0.1", agent="test", now=utc_now())

asyncio.run(main())
"""
GOODS = (
    "商品编号,商品名称,状态,SKU编码,售价(元),库存\n"
    "LJ,明前龙井特级,上架,LJ-1,128.00,20\n"
    "BLC,碧螺春,上架,BLC-1,98.00,5\n"
    "BAD,没有价格,上架,BAD-1,many,5\n"
)


class Weike:
    def __init__(self, data: Path, **more: str) -> None:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("WEIKE_")}
        self._environment = {**kept, "WEIKE_DATA": str(data), "PYTHONPATH": str(ROOT), **more}

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self._run("-m", "weike.entry.cli", *arguments)

    def sign_up(self) -> None:
        assert self._run("-c", SIGN_UP).returncode == 0

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - ourselves
            [sys.executable, *arguments],
            env=self._environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("installation")


@pytest.fixture(scope="module")
def weike(folder: Path) -> Iterator[Weike]:
    weike = Weike(folder / "data")
    done = weike("migrate")
    assert done.returncode == 0, done.stderr
    assert "kernel/0001_kernel.sql" in done.stdout
    weike.sign_up()
    yield weike
    weike("stop")


def test_migrating_again_does_nothing(weike: Weike) -> None:
    assert weike("migrate").stdout == "the database is up to date\n"


def test_the_doctor_finds_a_fresh_installation_well(weike: Weike) -> None:
    done = weike("doctor")
    unwell = [line for line in done.stdout.splitlines() if "✗" in line and "front" not in line]
    assert unwell == [], done.stdout + done.stderr
    assert "teashop: audit chain of" in done.stdout


def test_goods_go_in_and_out_and_the_backup_brings_them_back(weike: Weike, folder: Path) -> None:
    goods = folder / "goods.csv"
    goods.write_text(GOODS, "utf-8")
    tried = weike("import", str(goods), "--shop", "teashop", "--dry-run")
    assert "nothing was kept" in tried.stdout, tried.stdout + tried.stderr
    done = weike("import", str(goods), "--shop", "teashop")
    assert done.returncode == 1  # One row was refused, and told by its number.
    assert "2 products created" in done.stdout
    assert "row 4:" in done.stderr

    assert weike("export", str(folder / "out.csv"), "--shop", "teashop").returncode == 0
    assert "明前龙井特级" in (folder / "out.csv").read_text("utf-8-sig")

    saved = weike("backup", str(folder / "all.tar"))
    assert saved.returncode == 0, saved.stderr
    assert (folder / "all.tar").stat().st_mode & 0o077 == 0
    with tarfile.open(folder / "all.tar") as archive:
        assert {"database.dump", "secrets.json"} <= set(archive.getnames())
    assert "exists already" in weike("backup", str(folder / "all.tar")).stderr

    elsewhere = Weike(folder / "elsewhere")
    restored = elsewhere("restore", str(folder / "all.tar"))
    assert restored.returncode == 0, restored.stderr
    assert elsewhere("export", str(folder / "two.csv"), "--shop", "teashop").returncode == 0
    assert (folder / "two.csv").read_bytes() == (folder / "out.csv").read_bytes()
    assert "--replace" in elsewhere("restore", str(folder / "all.tar")).stderr
    assert elsewhere("restore", str(folder / "all.tar"), "--replace").returncode == 0


def test_mistakes_are_told_in_a_sentence(weike: Weike, folder: Path) -> None:
    goods = folder / "none.csv"
    goods.write_text(GOODS, "utf-8")
    assert "no shop named nowhere" in weike("import", str(goods), "--shop", "nowhere").stderr
    assert "must end with" in weike("export", "out.pdf", "--shop", "teashop").stderr
    broken = folder / "broken.tar"
    broken.write_text("not a backup")
    told = Weike(folder / "third")("restore", str(broken)).stderr
    assert "not a whole backup" in told
    assert "Traceback" not in told


def test_a_database_that_is_not_there_is_told_in_a_sentence(
    folder: Path,
) -> None:
    away = Weike(folder / "fourth", WEIKE_DATABASE_URL="postgresql://weike:x@127.0.0.1:1/weike")
    done = away("migrate")
    assert done.returncode == 1
    assert done.stderr.startswith("weike: the database of WEIKE_DATABASE_URL does not let us in")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("url", "bare", "secret"),
    [
        (
            "postgresql://owner:p%40ss%2Fword@db.example:5433/weike?sslmode=require",
            "postgresql://owner@db.example:5433/weike?sslmode=require",
            {"PGPASSWORD": "p@ss/word"},
        ),
        ("postgresql://owner@/weike?host=/run/pg", "postgresql://owner@/weike?host=/run/pg", {}),
        ("postgresql:///weike", "postgresql:///weike", {}),
    ],
)
def test_the_databases_password_is_no_argument_of_a_process(
    url: str, bare: str, secret: dict[str, str]
) -> None:
    assert without_password(url) == (bare, secret)
