"""A real Chromium that forgives nothing, and the two ways people hold it: a phone and a desk.

A page that throws, logs an error, breaks its own content policy, asks another host for anything,
or is answered by a 5xx has failed, whatever it shows.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Response,
    expect,
    sync_playwright,
)

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 20_000
"""Long enough for a busy machine; a quiet one never waits for it."""

PHONE_AGENT = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Mobile Safari/537.36"
)
Look = Literal["light", "dark"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium when there is one, else the one Playwright brought."""
    path = os.environ.get("WEIKE_TEST_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        expect.set_options(timeout=PATIENCE_MS)
        yield browser
        browser.close()


@dataclass
class Watch:
    """What went wrong in a context, in the order it happened."""

    wrong: list[str] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)
    """Statuses of 4xx that the test provokes; the browser logs them as errors."""

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._said)
        context.on("weberror", lambda error: self.wrong.append(f"page error: {error.error}"))
        context.on("response", self._answered)
        context.on("request", lambda request: self._asked(request.url))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        provoked = re.search(r"the server responded with a status of (\d+)", message.text)
        if provoked and int(provoked.group(1)) in self.refused:
            return
        where = message.location.get("url", "")
        self.wrong.append(f"console: {message.text} ({where}) on {_address(message)}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.wrong.append(f"{response.status} from {response.url}: {_body(response)}")

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
            self.wrong.append(f"asked a foreign host: {url}")


def _address(message: ConsoleMessage) -> str:
    return message.page.url if message.page else "a closed page"


def _body(response: Response) -> str:
    # The page may have gone on before its answer was read.
    try:
        return response.text()[:500]
    except Exception as gone:
        return f"({gone})"


@dataclass
class Screen:
    """One person's browser: its own cookies and storage, one page at a time."""

    base: str
    context: BrowserContext
    page: Page
    watch: Watch

    def text(self, words: str, *, exact: bool = True) -> Locator:
        return self.page.get_by_text(words, exact=exact).first

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True).first

    def sees(self, *words: str) -> None:
        for one in words:
            expect(self.page.get_by_text(one).first).to_be_visible()

    def close(self) -> list[str]:
        self.context.close()
        return self.watch.wrong


class Phone(Screen):
    """The mobile shop, 375 px wide, under a thumb."""

    def open(self, address: str) -> None:
        """A page of the shop, or any address of ours."""
        self.page.goto(address if address.startswith("http") else self.base + address)

    def go(self, page: str, shop: str) -> None:
        """A page by its address inside the app, as a fresh start of it."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.base}/m/?shop={shop}#{page}")

    def tap(self, name: str) -> None:
        self.button(name).tap()

    def input(self, label: str) -> Locator:
        """The place to write in below the label that is read aloud."""
        return self.page.locator(f"[aria-label='{label}']").locator("input, textarea").first

    def price(self, amount: str) -> Locator:
        """A price is drawn in three sizes; its label says it whole."""
        return self.page.get_by_label(f"{amount} 元", exact=True).first

    def shows_price(self, amount: str) -> None:
        expect(self.price(amount)).to_be_visible()


class Desk(Screen):
    """The merchant's console at 1440 × 900."""

    def open(self, path: str) -> None:
        self.page.goto(f"{self.base}/console{path}")

    def sign_in(self, login: str, password: str) -> None:
        self.open("/sign-in")
        self.page.locator("#login").fill(login)
        self.page.locator("#password").fill(password)
        self.page.locator("button[type=submit]").click()
        self.page.wait_for_url(re.compile(r"/console/(?!sign-in)"))


def phone(
    browser: Browser, base: str, *, language: str = "zh-CN", look: Look = "light", sharp: int = 2
) -> Phone:
    context = browser.new_context(
        viewport={"width": 375, "height": 812},
        device_scale_factor=sharp,
        is_mobile=True,
        has_touch=True,
        user_agent=PHONE_AGENT,
        locale=language,
        color_scheme=look,
        timezone_id="Asia/Shanghai",
    )
    watch = Watch()
    watch.over(context)
    return Phone(base, context, _page(context), watch)


def desk(browser: Browser, base: str, *, language: str = "zh-CN", look: Look = "light") -> Desk:
    context = browser.new_context(
        viewport={"width": 1440, "height": 900},
        locale=language,
        color_scheme=look,
        timezone_id="Asia/Shanghai",
    )
    watch = Watch()
    watch.over(context)
    return Desk(base, context, _page(context), watch)


def _page(context: BrowserContext) -> Page:
    context.set_default_timeout(PATIENCE_MS)
    return context.new_page()
