import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.sandbox.shops import Shop, open_shop
from weike.sandbox.alipay_keys import ALIPAY_CREDENTIALS_FILE, ALIPAY_PLATFORM_FILE
from weike.sandbox.keys import CREDENTIALS_FILE, PLATFORM_FILE, load_or_make_keys

KEY_FILES = (
    CREDENTIALS_FILE,
    PLATFORM_FILE,
    ALIPAY_CREDENTIALS_FILE,
    ALIPAY_PLATFORM_FILE,
)


@pytest.fixture(scope="session")
def made_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once: eight RSA keys cost half a second."""
    folder = tmp_path_factory.mktemp("keys")
    load_or_make_keys(folder, now=datetime(2026, 11, 1, tzinfo=UTC))
    return folder


@pytest.fixture
async def shop(tmp_path: Path, made_keys: Path) -> AsyncIterator[Shop]:
    for file in KEY_FILES:
        shutil.copy(made_keys / file, tmp_path / file)
    async with open_shop(tmp_path) as opened:
        yield opened
