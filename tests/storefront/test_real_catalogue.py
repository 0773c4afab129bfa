"""A real shop's goods: names and prices of the UCI online retail data, through the importer."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from tests.storefront.builders import OpenShop

DATA = Path(__file__).parents[3] / "shared" / "data" / "online_retail.parquet"

pytestmark = pytest.mark.skipif(
    not DATA.exists(), reason="the real data (../shared/data/online_retail.parquet) is not here"
)


def real_goods() -> dict[str, int]:
    """Every name with the price it was sold at most often, in minor units."""
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(DATA, columns=["Description", "UnitPrice", "Quantity"])
    prices: dict[str, dict[int, int]] = {}
    for name, price, quantity in zip(*(c.to_pylist() for c in table.columns), strict=True):
        minor = round((price or 0) * 100)
        if name and quantity > 0 and minor > 0 and name == name.upper():
            seen = prices.setdefault(" ".join(name.split()), {})
            seen[minor] = seen.get(minor, 0) + 1
    return {name: max(seen, key=lambda p: (seen[p], -p)) for name, seen in prices.items()}


def as_file(goods: dict[str, int]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["SKU code", "Title", "Price", "Stock", "State", "Category"])
    for number, (name, minor) in enumerate(goods.items(), start=1):
        category = f"{name.split()[-1].title().replace('/', ' ')[:30]}"
        row = [f"UCI-{number:05}", name, f"{minor / 100:.2f}", 100, "on sale", f"Retail/{category}"]
        writer.writerow(row)
    return buffer.getvalue().encode()


async def taken(shop: OpenShop, file: bytes) -> tuple[dict[str, Any], float]:
    started = perf_counter()
    answer = await shop.console(
        "POST", "/api/console/products/import", files={"file": ("goods.csv", file)}
    )
    assert answer.status_code == 200, answer.text
    return answer.json(), perf_counter() - started


async def test_three_thousand_real_goods_are_imported_found_and_exported(shop: OpenShop) -> None:
    goods = real_goods()
    assert len(goods) >= 3000
    file = as_file(goods)

    report, seconds = await taken(shop, file)
    assert report == {"rows": len(goods), "created": len(goods), "updated": 0, "failed": []}
    again, seconds_again = await taken(shop, file)
    assert again == {"rows": len(goods), "created": 0, "updated": 0, "failed": []}
    print(f"{len(goods)} goods imported in {seconds:.2f} s, again in {seconds_again:.2f} s")

    sold: dict[str, int] = {}
    cursor = None
    while True:
        params = {"limit": 100} | ({"cursor": cursor} if cursor else {})
        page = await shop.get("/api/shop/products", **params)
        sold |= {card["title"]: card["price_minor"] for card in page["items"]}
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sold == goods

    heart_lights = {name for name in goods if _has(name, "HEART") and _has(name, "HOLDER")}
    found = await shop.get("/api/shop/products", q="holder heart", limit=100)
    assert {card["title"] for card in found["items"]} == heart_lights
    assert len(heart_lights) > 5

    export = await shop.client.get("/api/console/products/export", headers=shop.staff)
    rows = list(csv.DictReader(io.StringIO(export.content.decode("utf-8-sig"))))
    assert {row["商品名称"].removeprefix("'"): row["售价(元)"] for row in rows} == {
        name: f"{minor / 100:.2f}" for name, minor in goods.items()
    }


def _has(name: str, start: str) -> bool:
    words = "".join(c if c.isalnum() else " " for c in name).split()
    return any(word.startswith(start) for word in words)
