"""The house as it is composed: its jobs, its listeners, its description, its command line."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.databases import Urls
from weike.entry import cli
from weike.entry.api_file import api_description, router_without_a_house, write_api_file
from weike.entry.installation import Installation, installation
from weike.entry.installation import Urls as HouseUrls
from weike.entry.settings import read_settings
from weike.entry.wiring import open_house
from weike.entry.worker import work
from weike.kernel import Errand, Subscriber
from weike.kernel.clock import utc_now
from weike.kernel.jobs import JobRunner


def _here(folder: Path) -> Installation:
    environment = {"WEIKE_DATA": str(folder)}
    return installation(read_settings(environment), environment)


def _house_urls(urls: Urls) -> HouseUrls:
    return HouseUrls(urls.owner, urls.app, urls.report)


async def test_every_job_asks_a_question_the_database_understands(
    urls: Urls, tmp_path: Path
) -> None:
    async with open_house(_here(tmp_path), _house_urls(urls)) as house:
        names = [job.name for job in house.jobs]
        assert len(names) == len(set(names))
        assert {"trade.expire_orders", "distribution.release", "ledger.reconcile"} <= set(names)
        for job in house.jobs:
            await house.reports.fetch(job.due_tenants.replace("$1", "$1::timestamptz"), utc_now())


async def test_every_listener_has_a_name_of_its_context(urls: Urls, tmp_path: Path) -> None:
    async with open_house(_here(tmp_path), _house_urls(urls)) as house:
        names = [listener.name for listener in house.listeners]
        assert len(names) == len(set(names))
        assert all("." in name for name in names)
        assert all(isinstance(listener, Subscriber | Errand) for listener in house.listeners)


async def test_a_worker_starts_works_and_stops(fresh_urls: Urls, tmp_path: Path) -> None:
    stop = asyncio.Event()
    async with open_house(_here(tmp_path), _house_urls(fresh_urls)) as house:
        working = asyncio.create_task(work(house, stop))
        await asyncio.sleep(1.5)
        connection = await asyncpg.connect(fresh_urls.report)
        runs = await connection.fetchval(
            "select count(*) from kernel.job_runs where next_at > now()"
        )
        await connection.close()
        assert runs == len(house.jobs)
        stop.set()
        await asyncio.wait_for(working, 10)


async def test_one_broken_job_does_not_stop_the_others(fresh_urls: Urls, tmp_path: Path) -> None:
    from dataclasses import replace

    async with open_house(_here(tmp_path), _house_urls(fresh_urls)) as house:
        broken = replace(house.jobs[0], name="test.broken", due_tenants="select nonsense")
        runner = JobRunner(house.database, house.reports, (broken, *house.jobs), clock=utc_now)
        await runner.register()
        assert await runner.run_due() == 0


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return api_description(router_without_a_house())


def test_the_description_is_openapi_with_a_name_for_everything(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1")
    names = [
        operation["operationId"]
        for path in described["paths"].values()
        for operation in path.values()
    ]
    assert len(names) == len(set(names)) > 80
    assert "place_order" in names


def test_what_we_send_always_has_all_its_fields(described: dict[str, Any]) -> None:
    schema = described["components"]["schemas"]["OutboxRow"]
    assert set(schema["required"]) == set(schema["properties"])


def test_what_we_take_may_leave_out_what_has_a_default(described: dict[str, Any]) -> None:
    schema = described["components"]["schemas"]["PutProduct"]
    assert "title" in schema["required"]
    assert "subtitle" not in schema["required"]


def test_the_description_is_written_the_same_every_time(tmp_path: Path) -> None:
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    write_api_file(first)
    write_api_file(second)
    assert first.read_bytes() == second.read_bytes()
    assert json.loads(first.read_bytes())["info"]["title"] == "Weike"


@pytest.mark.parametrize(
    "command",
    ["serve", "worker", "demo", "migrate", "import", "export", "backup", "restore", "sandbox",
     "doctor", "openapi", "stop"],
)  # fmt: skip
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main([command, "--help"])
    assert left.value.code == 0
    assert command in capsys.readouterr().out


def test_a_bad_setting_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WEIKE_PORT", "eighty")
    assert cli.main(["migrate"]) == 1
    assert capsys.readouterr().err == "weike: WEIKE_PORT=eighty: expected 1 to 65535\n"
