"""The built fronts, one installation and one browser for all stories; fresh people for each.

WEIKE_TEST_FRONTS names a folder of fronts that are built already (`console/dist` and
`mobile/dist/build/h5` below it), to be tried as they are.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e.browsing import Desk, Phone, Screen, chromium, desk, phone
from tests.running import Running, running

ROOT = Path(__file__).parents[2]
FRONTS = (
    ("console", "build", "dist/index.html"),
    ("mobile", "build:h5", "dist/build/h5/index.html"),
)


@pytest.fixture(scope="session")
def fronts() -> Path:
    """Builds what has changed, as `make build` does."""
    if given := os.environ.get("WEIKE_TEST_FRONTS"):
        return Path(given)
    for front, script, out in FRONTS:
        subprocess.run(  # noqa: S603 - our own script
            [str(ROOT / "scripts" / "front"), front, script, out], check=True, cwd=ROOT
        )
    return ROOT / "web"


@pytest.fixture(scope="package")
def shop(fronts: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("e2e"), fronts=fronts) as shop:
        yield shop


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def screens() -> Iterator[list[Screen]]:
    """Whatever was opened; the test fails here for what its pages did wrong."""
    opened: list[Screen] = []
    yield opened
    wrong = [fault for screen in opened for fault in screen.close()]
    assert wrong == []


@pytest.fixture
def a_phone(browser: Browser, shop: Running, screens: list[Screen]) -> Callable[..., Phone]:
    def open_one(**more: Any) -> Phone:
        screens.append(one := phone(browser, shop.web_url, **more))
        return one

    return open_one


@pytest.fixture
def a_desk(browser: Browser, shop: Running, screens: list[Screen]) -> Callable[..., Desk]:
    def open_one(**more: Any) -> Desk:
        screens.append(one := desk(browser, shop.web_url, **more))
        return one

    return open_one
