"""Pictures of the pages as they are, from the demo shop: `python -m tests.e2e.gallery screenshots`.

For people to look at before a release. Opens a demo shop of its own; WEIKE_TEST_DEMO names a data
folder to keep it in between runs. Fails like a test on pages that throw, but takes all pictures
first.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, expect

from tests.e2e.browsing import Phone, Screen, chromium, desk, phone
from tests.e2e.people import be
from tests.running import Member, Running

OPENING_SECONDS = 900


@dataclass(frozen=True)
class Demo:
    """Where the demo runs, and who may come in."""

    shop: Running
    slug: str
    staff: tuple[str, str]
    buyer: str
    promoter: str


@contextmanager
def demo_shop(folder: Path) -> Iterator[Demo]:
    """`weike demo` on free ports, until its pictures are taken."""
    built = os.environ.get("WEIKE_TEST_FRONTS")
    shop = Running(folder, fronts=Path(built) if built else None)
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "demo.log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "weike.entry.cli", "demo"],
            env=shop.environment,
            stdout=out,
            stderr=out,
        )
    try:
        ends_at = time.monotonic() + OPENING_SECONDS
        while not is_open(shop):
            if process.poll() is not None or time.monotonic() > ends_at:
                raise AssertionError(f"the demo did not open:\n{log.read_text()[-4000:]}")
            time.sleep(0.5)
        yield read_demo(shop)
    finally:
        process.terminate()
        process.wait(60)


def is_open(shop: Running) -> bool:
    try:
        return httpx.get(f"{shop.web_url}/readyz", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def read_demo(shop: Running) -> Demo:
    access: dict[str, Any] = json.loads((shop.data / "demo.json").read_text())
    owner = access["staff"][0]
    return Demo(
        shop,
        access["slug"],
        (owner["login"], owner["password"]),
        access["buyer"]["phone"],
        access["promoter"]["phone"],
    )


class Album:
    """Takes one picture after another and remembers what went wrong meanwhile."""

    def __init__(self, folder: Path, only: str) -> None:
        self._folder = folder
        self._only = re.compile(only)
        self.taken: list[str] = []
        self.wrong: list[str] = []
        folder.mkdir(parents=True, exist_ok=True)

    def take_all(self, screen: Screen, go: Callable[[str], None], pages: dict[str, str]) -> None:
        """The name of each picture with the page it shows."""
        for name, page in pages.items():
            self.take(name, screen, partial(go, page))

    def take(self, name: str, screen: Screen, go: Callable[[], None]) -> None:
        if not self._only.search(name):
            return
        try:
            go()
            rest(screen)
        except Exception as failed:
            self.wrong.append(f"{name}: {failed}")
        screen.page.screenshot(path=self._folder / f"{name}.png")
        self.taken.append(name)
        wrong, screen.watch.wrong = screen.watch.wrong, []
        self.wrong += [f"{name}: {fault}" for fault in wrong]


def rest(screen: Screen) -> None:
    """Until nothing is loading, every picture is there and what moves has arrived."""
    screen.page.wait_for_load_state("networkidle")
    screen.page.wait_for_function(
        "[...document.images].every((i) => i.complete || i.loading === 'lazy')"
    )
    screen.page.wait_for_timeout(700)


@dataclass(frozen=True)
class Goods:
    """What the pictures show."""

    product_id: str
    sku_id: str
    order_id: str

    @property
    def page(self) -> str:
        return f"/pages/product/index?id={self.product_id}"

    @property
    def order_page(self) -> str:
        return f"/buy/order/index?id={self.order_id}"


def prepare(buyer: Member) -> Goods:
    """A product with choices, a filled cart, and an order under way."""
    page = buyer.ask("GET", "/api/shop/products", params={"sort": "sales", "limit": 20})
    products = [
        buyer.ask("GET", f"/api/shop/products/{item['id']}")
        for item in page["items"]
        if not item["is_sold_out"]
    ]
    choices = [one for one in products if len(one["skus"]) > 2] or products
    for one in products[1:4]:
        sku = next(sku for sku in one["skus"] if sku["available"] > 2)
        buyer.ask("PUT", f"/api/shop/cart/{sku['id']}", json={"quantity": 2})
    if not buyer.ask("GET", "/api/shop/addresses")["items"]:
        buyer.put_address()
    orders = buyer.ask("GET", "/api/shop/orders")["items"]
    shipped = [one for one in orders if one["state"] == "shipped"] or orders
    sku = next(sku for sku in choices[0]["skus"] if sku["available"] > 1)
    return Goods(choices[0]["id"], sku["id"], shipped[0]["id"])


@dataclass(frozen=True)
class Pocket:
    """Phones that are in the demo shop already."""

    browser: Browser
    demo: Demo

    def phone(self, member: Member | None, **more: Any) -> Phone:
        taken = phone(self.browser, self.demo.shop.web_url, **more)
        if member:
            be(taken, member, self.demo.slug)
        return taken

    def take_all(self, album: Album, of: Phone, pages: dict[str, str]) -> None:
        album.take_all(of, lambda page: of.go(page, self.demo.slug), pages)


def buyer_pages(album: Album, pocket: Pocket, buyer: Member, goods: Goods) -> None:
    mine = pocket.phone(buyer)
    pocket.take_all(
        album,
        mine,
        {
            "mobile-home": "/pages/home/index",
            "mobile-category": "/pages/category/index",
            "mobile-search": "/pages/search/index?q=茶",
            "mobile-product": goods.page,
            "mobile-cart": "/pages/cart/index",
            "mobile-checkout": f"/buy/checkout/index?sku={goods.sku_id}&n=2",
            "mobile-orders": "/buy/orders/index",
            "mobile-order": goods.order_page,
            "mobile-me": "/pages/me/index",
            "mobile-settings": "/pages/settings/index",
            "mobile-join": "/promo/join/index",
        },
    )

    def choose() -> None:
        mine.go(goods.page, pocket.demo.slug)
        mine.tap("立即购买")
        expect(mine.page.get_by_role("dialog")).to_be_visible()

    album.take("mobile-sku", mine, choose)
    mine.close()

    visitor = pocket.phone(None)
    pocket.take_all(album, visitor, {"mobile-sign-in": "/pages/sign-in/index"})
    visitor.close()


def promoter_pages(album: Album, pocket: Pocket, promoter: Member, goods: Goods) -> None:
    hers = pocket.phone(promoter)
    pocket.take_all(
        album,
        hers,
        {
            "mobile-promoter": "/promo/home/index",
            "mobile-income": "/promo/income/index",
            "mobile-shares": "/promo/shares/index",
            "mobile-product-promoter": goods.page,
            "mobile-poster": f"/promo/poster/index?id={goods.product_id}",
            "mobile-poster-shop": "/promo/poster/index",
        },
    )
    hers.close()


def other_looks(album: Album, pocket: Pocket, buyer: Member, goods: Goods) -> None:
    dark = pocket.phone(buyer, look="dark")
    english = pocket.phone(buyer, language="en")
    large = pocket.phone(buyer)
    large.context.add_init_script(
        """if (location.protocol === 'http:') localStorage['weike.prefs'] = JSON.stringify({
          type: 'object', data: { language: 'zh-CN', brightness: 'light', large: true } })"""
    )
    for name, screen in {"dark": dark, "en": english, "large": large}.items():
        pocket.take_all(
            album,
            screen,
            {
                f"mobile-{name}-home": "/pages/home/index",
                f"mobile-{name}-product": goods.page,
                f"mobile-{name}-checkout": f"/buy/checkout/index?sku={goods.sku_id}&n=2",
                f"mobile-{name}-order": goods.order_page,
            },
        )
        screen.close()


def console_pages(album: Album, browser: Browser, demo: Demo) -> None:
    boss = desk(browser, demo.shop.web_url)
    album.take_all(boss, boss.open, {"console-sign-in": "/sign-in"})
    boss.sign_in(*demo.staff)
    album.take_all(
        boss,
        boss.open,
        {
            "console-overview": "/",
            "console-guide": "/guide",
            "console-products": "/products",
            "console-import": "/products-import",
            "console-orders": "/orders",
            "console-members": "/members",
            "console-promoters": "/promoters",
            "console-commissions": "/commissions",
            "console-programme": "/programme",
            "console-ledger": "/ledger",
            "console-payment": "/payment",
            "console-shop": "/shop",
            "console-staff": "/staff",
            "console-audit": "/audit",
            "console-system": "/system",
        },
    )

    def opened(page: str, row: str) -> None:
        boss.open(page)
        boss.page.locator(f"tbody {row}").first.click()

    def edit(step: int) -> None:
        boss.open("/products")
        boss.page.get_by_role("button", name=re.compile("编辑")).or_(
            boss.page.get_by_role("link", name=re.compile("编辑"))
        ).first.click()
        boss.page.locator("nav.steps button").nth(step).click()

    album.take("console-order", boss, partial(opened, "/orders?state=shipped", ".name"))
    album.take("console-promoter", boss, partial(opened, "/promoters", ".person button"))
    album.take("console-product-edit", boss, partial(edit, 1))
    album.take("console-product-story", boss, partial(edit, 2))
    boss.close()

    night = desk(browser, demo.shop.web_url, language="en", look="dark")
    night.sign_in(*demo.staff)
    album.take_all(
        night,
        night.open,
        {"console-en-dark-overview": "/", "console-en-dark-orders": "/orders"},
    )
    night.close()


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("folder", type=Path)
    reader.add_argument("--only", default="", help="a pattern that names of pictures match")
    given = reader.parse_args()
    album = Album(given.folder, given.only)
    kept = os.environ.get("WEIKE_TEST_DEMO")
    with tempfile.TemporaryDirectory() as fresh, demo_shop(Path(kept or fresh)) as demo:
        buyer = Member.sign_in(demo.shop, demo.slug, demo.buyer)
        promoter = Member.sign_in(demo.shop, demo.slug, demo.promoter)
        with chromium() as browser:
            goods, pocket = prepare(buyer), Pocket(browser, demo)
            buyer_pages(album, pocket, buyer, goods)
            promoter_pages(album, pocket, promoter, goods)
            other_looks(album, pocket, buyer, goods)
            console_pages(album, browser, demo)
    print(f"{len(album.taken)} pictures in {given.folder}")
    for fault in album.wrong:
        print(f"WRONG {fault}")
    sys.exit(1 if album.wrong else 0)


if __name__ == "__main__":
    main()
