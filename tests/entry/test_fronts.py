"""The built fronts: pages fresh, files for a year, no script that the build did not bring."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from weike import payment
from weike.entry.fronts import Fronts

SCRIPT = "window.brand = 'orange'"
PAGE = f"<!doctype html><script>{SCRIPT}</script><script src='/m/assets/app.js'></script>"


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    built = tmp_path / "mobile/dist/build/h5"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text(PAGE)
    (built / "assets/index-Cu9Ytbdz.js").write_text("console.log('tea')" * 100)
    (tmp_path / "secret.txt").write_text("not yours")
    transport: Any = httpx.ASGITransport(app=Fronts(tmp_path))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        yield client


async def test_every_address_inside_is_the_page(client: httpx.AsyncClient) -> None:
    for path in ("/m/", "/m/pages/product/index?id=1"):
        answer = await client.get(path)
        assert (answer.status_code, answer.text) == (200, PAGE)
        assert answer.headers["cache-control"] == "no-cache"
    again = await client.get("/m/", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_file_with_a_hash_is_kept_for_a_year(client: httpx.AsyncClient) -> None:
    answer = await client.get("/m/assets/index-Cu9Ytbdz.js")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.text.startswith("console.log('tea')")


async def test_only_scripts_of_the_build_may_run(client: httpx.AsyncClient) -> None:
    policy = (await client.get("/m/")).headers["content-security-policy"]
    known = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{known}'" in policy
    assert "unsafe-eval" not in policy


async def test_nothing_outside_the_build_is_served(client: httpx.AsyncClient) -> None:
    for path in ("/m/..%2f..%2f..%2f..%2fsecret.txt", "/m/%2e%2e/%2e%2e/secret.txt"):
        assert "not yours" not in (await client.get(path)).text


async def test_the_root_leads_into_the_shop(client: httpx.AsyncClient) -> None:
    answer = await client.get("/?shop=tea")
    assert (answer.status_code, answer.headers["location"]) == (307, "/m/?shop=tea")


async def test_a_front_that_was_not_built_says_so(client: httpx.AsyncClient) -> None:
    answer = await client.get("/console/")
    assert answer.status_code == 503
    assert "make build" in answer.text


@pytest.mark.parametrize("path", ["/m/%00", "/m/" + "a" * 300])
async def test_an_address_no_file_can_have_is_the_page_too(
    client: httpx.AsyncClient, path: str
) -> None:
    assert (await client.get(path)).text == PAGE


async def test_a_form_may_be_sent_only_where_the_operator_configured(tmp_path: Path) -> None:
    built = tmp_path / "mobile/dist/build/h5"
    built.mkdir(parents=True)
    (built / "index.html").write_text(PAGE)
    official = payment.form_origins("https://openapi.alipay.com/gateway.do")
    here = payment.form_origins("http://127.0.0.1:8087/alipay/gateway.do")
    assert official == ("https://openapi.alipay.com", "https://*.alipay.com")
    for origins, rule in (
        ((), "form-action 'self';"),
        (here, "form-action 'self' http://127.0.0.1:8087;"),
        (official, "form-action 'self' https://openapi.alipay.com https://*.alipay.com;"),
    ):
        transport: Any = httpx.ASGITransport(app=Fronts(tmp_path, forms_to=origins))
        async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
            policy = (await client.get("/m/")).headers["content-security-policy"]
        assert rule in policy
