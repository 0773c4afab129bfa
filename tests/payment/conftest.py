import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.databases import FreshDatabases, Urls
from tests.payment.tills import Till, open_till
from tests.sandbox.conftest import KEY_FILES, made_keys, shop
from weike.kernel import TenantId

__all__ = ["made_keys", "shop", "till"]


@pytest.fixture
async def till(
    tmp_path: Path,
    made_keys: Path,
    fresh_databases: FreshDatabases,
    urls: Urls,
    tenant_id: TenantId,
) -> AsyncIterator[Till]:
    for file in KEY_FILES:
        shutil.copy(made_keys / file, tmp_path / file)
    async with open_till(tmp_path, fresh_databases, urls, tenant_id) as opened:
        yield opened
