"""Two thousand real baskets, bought again over HTTP: every total is the file's, to the cent.

A tenth arrives through share links, a twentieth is refunded before shipping, and the commissions
equal a computation that knows only the file and the prose of docs/algorithms/commission.md.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.running import Member, Merchant, Running, new_id, running, until
from tests.stories.retail import (
    Basket,
    Retail,
    catalogue_csv,
    code_of,
    rate_bp_of,
    read_retail,
)

BASKETS = int(os.environ.get("WEIKE_TEST_BASKETS", "2000"))
THROUGH_SHARES, REFUNDED = 10, 20
"""Every tenth through a share, every twentieth refunded (and of those, half were shared)."""

PROGRAMME_BP, CAP_BP = 1000, 3000
"""What a new shop starts with (docs/algorithms/commission.md)."""


@pytest.fixture(scope="module")
def retail() -> Retail:
    return read_retail(baskets=BASKETS)


@pytest.fixture(scope="module")
def shop(retail: Retail, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("real-baskets")) as shop:
        yield shop


@dataclass
class Buyer:
    member: Member
    address_id: str


@dataclass
class Bought:
    basket: Basket
    order: dict[str, Any]
    shared: bool
    refunded: bool = False


def test_real_baskets_cost_what_the_file_says(
    shop: Running, retail: Retail, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(retail.goods) >= 3000
    assert len(retail.baskets) == BASKETS
    merchant = Merchant.sign_up(shop, name="Real Retail")
    skus = import_goods(shop, merchant, retail, tmp_path)
    titles = {code: title for title in retail.goods for code in codes_of(retail, title)}

    promoter = Member.sign_in(shop, merchant.slug, "13900000000")
    code = become_promoter(promoter)
    # Whoever orders through a link is the promoter's customer from then on: a customer of the file
    # who does both is two people here, so that the file alone says whose sale it was.
    asked = [(basket, number % THROUGH_SHARES == 0) for number, basket in enumerate(retail.baskets)]
    people = sorted({(basket.customer, shared) for basket, shared in asked})
    with ThreadPoolExecutor(12) as pool:
        made = pool.map(
            lambda who: a_buyer(shop, merchant.slug, f"13{8 if who[1] else 7}{who[0]:08d}"), people
        )
        buyers = dict(zip(people, made, strict=True))
        bought = list(
            pool.map(
                lambda one: buy(
                    buyers[one[0].customer, one[1]],
                    one[0],
                    skus,
                    share_code=code if one[1] else None,
                ),
                asked,
            )
        )
        wrong = [
            (one.order["number"], one.order["payable_minor"], one.basket.file_total_minor)
            for one in bought
            if one.order["payable_minor"] != one.basket.file_total_minor
        ]
        assert wrong == []

        list(pool.map(lambda one: pay(buyers, one), bought))
        until(lambda: paid_orders(merchant) == BASKETS, seconds=120, what="every order is paid")
        refunds = bought[::REFUNDED]
        list(pool.map(lambda one: refund(buyers, one), refunds))
        until(
            lambda: (
                truth(shop)["refunded_minor"] == sum(one.basket.file_total_minor for one in refunds)
            ),
            seconds=120,
            what="every refund has arrived",
        )

    expected = sum(
        commission(line.unit_minor * line.quantity, titles[line.code])
        for one in bought
        if one.shared and not one.refunded
        for line in one.basket.lines
    )
    until(
        lambda: estimated(merchant) == expected,
        seconds=60,
        what=f"estimated commission is {expected}",
    )
    until(lambda: unsound(merchant) == [], seconds=60, what="the ledger agrees with every state")
    assert truth(shop)["paid_minor"] == sum(one.basket.file_total_minor for one in bought)
    with capsys.disabled():
        print(
            f"\n{len(retail.goods)} real goods, {len(bought)} real baskets, "
            f"{sum(len(one.basket.lines) for one in bought)} lines, "
            f"{sum(one.basket.file_total_minor for one in bought) / 100:,.2f} paid, "
            f"{sum(one.shared for one in bought)} through shares, {len(refunds)} refunded, "
            f"{expected / 100:,.2f} commission: 0 differences"
        )


def import_goods(shop: Running, merchant: Merchant, retail: Retail, folder: Path) -> dict[str, str]:
    """SKU ids by code, after `weike import`."""
    file = folder / "catalogue.csv"
    file.write_bytes(catalogue_csv(retail, stock=100_000_000))
    done = shop.run("import", "--shop", merchant.slug, str(file))
    assert done.returncode == 0, done.stdout + done.stderr
    return sku_ids(merchant)


def sku_ids(merchant: Merchant) -> dict[str, str]:
    found: dict[str, str] = {}
    cursor = None
    while True:
        page = merchant.ask(
            "GET",
            "/api/console/products",
            params={"limit": 100, **({"cursor": cursor} if cursor else {})},
        )
        with ThreadPoolExecutor(8) as pool:
            for product in pool.map(
                lambda item: merchant.ask("GET", f"/api/console/products/{item['id']}"),
                page["items"],
            ):
                found |= {sku["code"]: sku["id"] for sku in product["skus"]}
        cursor = page["next_cursor"]
        if cursor is None:
            return found


def codes_of(retail: Retail, title: str) -> list[str]:
    return [code_of(title, unit) for unit in retail.goods[title]]


def become_promoter(member: Member) -> str:
    agreement = member.ask("GET", "/api/shop/promoter/agreement")
    member.ask("POST", "/api/shop/promoter", json={"agreement_version": agreement["version"]})
    share = member.ask(
        "POST",
        "/api/shop/shares",
        json={"id": new_id(), "kind": "shop", "channel": "wechat"},
    )
    return str(share["code"])


def a_buyer(shop: Running, slug: str, phone: str) -> Buyer:
    member = Member.sign_in(shop, slug, phone)
    return Buyer(member, member.put_address())


def buy(
    buyer: Buyer, basket: Basket, skus: dict[str, str], *, share_code: str | None = None
) -> Bought:
    if share_code:
        opened = buyer.member.http.get(f"/s/{share_code}")
        assert opened.status_code == 200, opened.text
    order = buyer.member.place(
        [(skus[line.code], line.quantity) for line in basket.lines],
        buyer.address_id,
        share_code=share_code,
    )
    return Bought(basket, order, shared=share_code is not None)


def pay(buyers: dict[tuple[int, bool], Buyer], one: Bought) -> None:
    buyers[one.basket.customer, one.shared].member.pay(one.order["id"])


def refund(buyers: dict[tuple[int, bool], Buyer], one: Bought) -> None:
    buyers[one.basket.customer, one.shared].member.ask(
        "POST",
        f"/api/shop/orders/{one.order['id']}/refund",
        json={"id": new_id(), "reason": "changed my mind"},
    )
    one.refunded = True


def commission(paid_minor: int, title: str) -> int:
    """From the prose, not from the product: floor(base × rate), at most the cap."""
    rate = rate_bp_of(title)
    wanted = paid_minor * (PROGRAMME_BP if rate is None else rate) // 10_000
    return min(wanted, paid_minor * CAP_BP // 10_000)


def paid_orders(merchant: Merchant) -> int:
    counts = merchant.ask("GET", "/api/console/orders/counts")
    return int(counts["paid"])


def estimated(merchant: Merchant) -> int:
    summary = merchant.ask("GET", "/api/console/commissions/summary")
    (row,) = (row for row in summary["by_state"] if row["state"] == "estimated")
    return int(row["amount_minor"])


def unsound(merchant: Merchant) -> list[str]:
    report = merchant.ask("GET", "/api/console/ledger/reconciliation")
    return [json.dumps(check) for check in report["checks"] if not check["ok"]]


def truth(shop: Running) -> dict[str, Any]:
    answer: dict[str, Any] = shop.outside.get("/_ctl/truth").json()
    return answer
