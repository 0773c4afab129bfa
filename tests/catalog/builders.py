"""Products and pictures for tests."""

from __future__ import annotations

import io
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

import msgspec
from PIL import Image

from weike import catalog
from weike.kernel import Tx, uuid7

_numbers = count(1)


def a_sku(now: datetime, *, code: str | None = None, **changes: object) -> catalog.SkuDraft:
    fields = {"id": uuid7(now), "code": code or f"SKU-{next(_numbers)}", "price_minor": 12800}
    return msgspec.convert(fields | changes, catalog.SkuDraft)


def a_draft(now: datetime, **changes: object) -> catalog.ProductDraft:
    """Longjing tea, one SKU, on sale."""
    fields: dict[str, object] = {
        "title": "明前龙井特级",
        "subtitle": "狮峰山头采",
        "state": catalog.ProductState.ON_SALE,
        "skus": (a_sku(now),),
    }
    return msgspec.convert(fields | changes, catalog.ProductDraft)


async def a_product(tx: Tx, now: datetime, **changes: object) -> catalog.Product:
    return await catalog.create_product(
        tx, product_id=uuid7(now), draft=a_draft(now, **changes), now=now
    )


def three_sizes_of_tea(now: datetime) -> dict[str, Any]:
    """Specs and SKUs of a product with three weights."""
    weights = ("50g", "100g", "250g")
    return {
        "specs": (catalog.Spec(name="净含量", values=weights),),
        "skus": tuple(
            a_sku(now, spec_values=(weight,), price_minor=4800 * (i + 1))
            for i, weight in enumerate(weights)
        ),
    }


def a_picture(
    width: int = 400, height: int = 300, *, kind: str = "PNG", colour: str = "olive"
) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, kind)
    return buffer.getvalue()


def sku_ids(product: catalog.Product) -> list[UUID]:
    return [sku.id for sku in product.draft.skus]
