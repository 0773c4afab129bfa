"""A small shop with one product of two kinds, filled over HTTP with a picture of the demo's own."""

from __future__ import annotations

from dataclasses import dataclass

from tests.running import Merchant, Running, new_id
from weike.entry.demo.art import gallery

TITLE = "明前龙井 特级"
FREIGHT_MINOR = 800
RATE_BP = 1000
"""What a new shop starts with."""


@dataclass(frozen=True)
class Tea:
    """250 g at 129.99, 500 g at 239.00, a hundred of each."""

    product_id: str
    small_sku: str
    large_sku: str
    small_minor: int = 129_99
    large_minor: int = 239_00


def upload_picture(merchant: Merchant, name: str = "longjing") -> str:
    answer = merchant.ask(
        "POST",
        "/api/console/media",
        files={"file": (f"{name}.png", gallery.png(name), "image/png")},
    )
    return str(answer["id"])


def put_tea(merchant: Merchant) -> Tea:
    tea = Tea(new_id(), new_id(), new_id())
    kinds = ((tea.small_sku, "250g", tea.small_minor), (tea.large_sku, "500g", tea.large_minor))
    merchant.ask(
        "PUT",
        f"/api/console/products/{tea.product_id}",
        json={
            "title": TITLE,
            "title_en": "Longjing green tea, before Qingming",
            "subtitle": "狮峰山核心产区，清明前手采",
            "description": "西湖龙井群体种。\n\n85 度水，先水后茶。",
            "tags": ["产地直发"],
            "media_ids": [upload_picture(merchant)],
            "specs": [{"name": "净含量", "values": ["250g", "500g"]}],
            "skus": [
                {
                    "id": sku,
                    "code": f"tea-{size}",
                    "spec_values": [size],
                    "price_minor": price,
                    "stock": 100,
                }
                for sku, size, price in kinds
            ],
            "state": "on_sale",
        },
    )
    return tea


def open_tea_shop(shop: Running) -> tuple[Merchant, Tea]:
    """Freight of 8.00 on every order."""
    merchant = Merchant.sign_up(shop)
    rules = {"elsewhere": {"first_fee_minor": FREIGHT_MINOR}}
    merchant.ask(
        "PUT",
        f"/api/console/freight-templates/{new_id()}",
        json={"name": "默认运费", "rules": rules, "is_default": True},
    )
    return merchant, put_tea(merchant)


def commission_of(goods_minor: int, rate_bp: int = RATE_BP) -> int:
    """From the prose: floor(base × rate)."""
    return goods_minor * rate_bp // 10_000


def yuan(minor: int) -> str:
    """As pages write sums."""
    return f"{minor // 100:,}.{minor % 100:02}"
