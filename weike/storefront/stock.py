"""How many pieces lie on the shelf, for merchants who count them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from weike import inventory
from weike.kernel import Tx


async def on_shelf(tx: Tx, sku_ids: Sequence[UUID]) -> dict[UUID, int]:
    return await inventory.available(tx, sku_ids)
