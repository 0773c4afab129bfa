"""How many keys are left, as the merchant's people read it; never a key itself."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from weike import catalog
from weike.kernel import Tx
from weike.kernel.words import Words
from weike.trade.errors import NoKeysOfThis
from weike.trade.fulfilment.keys import queries


class KeyBatch(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    uploaded_at: datetime
    free: int
    given: int
    withdrawn: int


class SkuKeys(msgspec.Struct, frozen=True, kw_only=True):
    sku_id: UUID
    code: str
    spec_text: str
    free: int
    given: int
    batches: list[KeyBatch]


async def keys_of_product(tx: Tx, *, product_id: UUID, words: Words) -> list[SkuKeys]:
    """Refuses with NoKeysOfThis, also for what does not exist."""
    found = await catalog.products_by_id(tx, [product_id])
    if not found or found[0].draft.kind is not catalog.ProductKind.CARD_KEY:
        raise NoKeysOfThis()
    specs, skus = found[0].draft.specs, found[0].draft.skus
    batches: dict[UUID, list[KeyBatch]] = {sku.id: [] for sku in skus}
    for row in await queries.batches_of_sku(tx, list(batches)):
        batches[row["sku_id"]].append(
            KeyBatch(
                id=row["batch_id"],
                uploaded_at=row["uploaded_at"],
                free=row["free"],
                given=row["given"],
                withdrawn=row["withdrawn"],
            )
        )
    return [
        SkuKeys(
            sku_id=sku.id,
            code=sku.code,
            spec_text=words.of(
                catalog.spec_text(sku.spec_values),
                catalog.spec_text_in_english(specs, sku.spec_values),
            ),
            free=sum(batch.free for batch in batches[sku.id]),
            given=sum(batch.given for batch in batches[sku.id]),
            batches=batches[sku.id],
        )
        for sku in skus
    ]
