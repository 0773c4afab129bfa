import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.sandbox.shops import Shop, open_shop
from weike.sandbox.keys import CREDENTIALS_FILE, PLATFORM_FILE, load_or_make_keys


@pytest.fixture(scope="session")
def made_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once: four RSA keys cost a third of a second."""
    folder = tmp_path_factory.mktemp("keys")
    load_or_make_keys(folder, now=datetime(2026, 11, 1, tzinfo=UTC))
    return folder


@pytest.fixture
async def shop(tmp_path: Path, made_keys: Path) -> AsyncIterator[Shop]:
    for file in (CREDENTIALS_FILE, PLATFORM_FILE):
        shutil.copy(made_keys / file, tmp_path / file)
    async with open_shop(tmp_path) as opened:
        yield opened
