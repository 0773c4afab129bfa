"""The watch over every page sees what it is there for: each fault planted once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.e2e.browsing import Phone, phone

HERE = "http://127.0.0.1:9/page"


@pytest.fixture
def watched(browser: Browser) -> Iterator[Phone]:
    """Every address answers 200 with nothing in it, until the test says otherwise."""
    screen = phone(browser, HERE)
    screen.context.route("**", lambda route: route.fulfill(body=""))
    yield screen
    screen.context.close()


def planted(screen: Phone, html: str, **headers: str) -> list[str]:
    screen.page.route(
        HERE, lambda route: route.fulfill(body=html, content_type="text/html", headers=headers)
    )
    screen.page.goto(HERE)
    screen.page.wait_for_load_state("networkidle")
    screen.page.wait_for_timeout(200)
    return screen.watch.wrong


def test_a_page_without_fault_is_let_pass(watched: Phone) -> None:
    assert planted(watched, "<p>hello</p><script>console.log('fine')</script>") == []


def test_a_page_that_throws_is_noticed(watched: Phone) -> None:
    (fault,) = planted(watched, "<script>throw new Error('planted')</script>")
    assert "planted" in fault


def test_a_logged_error_is_noticed(watched: Phone) -> None:
    (fault,) = planted(watched, "<script>console.error('planted')</script>")
    assert "planted" in fault


def test_another_host_is_noticed(watched: Phone) -> None:
    (fault,) = planted(watched, "<img src='http://elsewhere.test/pixel.png'>")
    assert "elsewhere.test" in fault


def test_a_broken_content_policy_is_noticed(watched: Phone) -> None:
    html = "<script>document.title = 'ran'</script>"
    faults = planted(watched, html, **{"content-security-policy": "script-src 'none'"})
    assert any("Content Security Policy" in fault for fault in faults)


def test_a_server_error_is_noticed(watched: Phone) -> None:
    watched.context.route("**/broken", lambda route: route.fulfill(status=503, body="planted"))
    faults = planted(watched, "<script>fetch('/broken')</script>")
    assert any(fault.startswith("503") and "planted" in fault for fault in faults)
