"""The two shops, opened once for the whole folder."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.architecture.two_shops import TwoShops, open_two_shops
from tests.databases import Urls


@pytest.fixture(scope="session")
async def two_shops(
    urls: Urls, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[TwoShops]:
    async with open_two_shops(tmp_path_factory.mktemp("two-shops"), urls) as shops:
        yield shops
