"""An open shop for every test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.storefront.builders import OpenShop, open_shop
from weike.kernel import Database


@pytest.fixture
async def shop(database: Database, now: datetime, tmp_path: Path) -> AsyncIterator[OpenShop]:
    async with open_shop(database, now, tmp_path) as opened:
        yield opened


@pytest.fixture
async def neighbour(database: Database, now: datetime, tmp_path: Path) -> AsyncIterator[OpenShop]:
    """Another shop in the same database."""
    async with open_shop(database, now, tmp_path / "neighbour") as opened:
        yield opened
