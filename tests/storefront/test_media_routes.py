"""Uploading pictures and looking at them, over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable
from uuid import uuid4

import httpx
import pytest

from tests.catalog.builders import a_picture
from tests.storefront.builders import OpenShop
from weike.catalog.pictures import UPLOAD_LIMIT_BYTES
from weike.kernel import Tx


async def sent(shop: OpenShop, content: bytes, name: str = "tea.png") -> httpx.Response:
    return await shop.console("POST", "/api/console/media", files={"file": (name, content)})


async def test_an_upload_is_served_in_three_sizes_as_webp_only(shop: OpenShop) -> None:
    # What it calls itself does not matter: a page in disguise would be served as a picture.
    answer = await sent(shop, a_picture(800, 600), name="../../evil.html")
    assert answer.status_code == 200, answer.text
    media = answer.json()
    assert (media["width"], media["height"]) == (800, 600)
    for size in ("s", "m", "l"):
        served = await shop.client.get(media[f"url_{size}"])
        assert served.status_code == 200
        assert served.headers["content-type"] == "image/webp"
        assert served.headers["x-content-type-options"] == "nosniff"
        assert served.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (await sent(shop, a_picture(800, 600))).json() == media


async def test_a_buyer_sends_a_picture_too_and_not_without_end(shop: OpenShop) -> None:
    buyer = {"authorization": f"Bearer m_{uuid4()}"}

    async def send(content: bytes, headers: dict[str, str]) -> httpx.Response:
        files = {"file": ("torn.png", content)}
        return await shop.client.post("/api/shop/media", files=files, headers=headers)

    assert (await send(a_picture(900, 700), {"x-shop": "test"})).status_code == 401
    answer = await send(a_picture(900, 700), buyer)
    assert answer.status_code == 200, answer.text
    for name in ("url", "thumb_url"):
        served = await shop.client.get(answer.json()[name])
        assert served.headers["content-type"] == "image/webp"
    assert (await send(b"<svg>", buyer)).json()["code"] == "catalog.not_a_picture"

    def spend(tx: Tx) -> Awaitable[str]:
        used = "update kernel.limits set used = 100 where tenant_id = $1 and key like 'catalog.%'"
        return tx.execute(used, tx.tenant_id)  # type: ignore[return-value]

    await shop.database.run(shop.shop.tenant_id, spend)
    assert (await send(a_picture(900, 700), buyer)).status_code == 429


async def test_a_bad_upload_is_refused_in_the_readers_language(shop: OpenShop) -> None:
    answer = await sent(shop, b"<svg onload=alert(1)>")
    assert (answer.status_code, answer.json()["code"]) == (422, "catalog.not_a_picture")
    assert "JPG" in answer.json()["detail"]
    too_large = await sent(shop, b"\0" * (UPLOAD_LIMIT_BYTES + 1))
    assert (too_large.status_code, too_large.json()["code"]) == (422, "catalog.picture_too_large")
    far_too_large = await sent(shop, b"\0" * (UPLOAD_LIMIT_BYTES + 100_000))
    assert far_too_large.status_code == 413


@pytest.mark.parametrize("body", [{}, {"json": {}}, {"data": {"file": "text"}}, {"content": b"x"}])
async def test_an_upload_without_a_file_is_refused(shop: OpenShop, body: dict[str, object]) -> None:
    for path in ("/api/console/media", "/api/console/products/import"):
        answer = await shop.console("POST", path, **body)
        assert answer.status_code in (400, 415, 422), answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/media/{tenant}/" + "a" * 22 + "-m.webp",
        "/media/{tenant}/" + "a" * 22 + "-x.webp",
        "/media/{tenant}/..%2f..%2fsecrets.json",
        "/media/%2e%2e/secrets.json",
        "/media/{tenant}/.hidden",
        "/media/x/y",
    ],
)
async def test_only_pictures_can_be_reached(shop: OpenShop, path: str) -> None:
    tenant = shop.shop.tenant_id.hex
    assert (await shop.client.get(path.format(tenant=tenant))).status_code == 404


async def test_a_picture_of_a_neighbour_cannot_be_put_on_goods(
    shop: OpenShop, neighbour: OpenShop
) -> None:
    media = (await sent(neighbour, a_picture())).json()
    body = {
        "title": "龙井",
        "media_ids": [media["id"]],
        "skus": [{"id": str(uuid4()), "code": "A", "price_minor": 1}],
    }
    answer = await shop.console("PUT", f"/api/console/products/{uuid4()}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "catalog.unknown_media")
    category = {"name": "茶", "icon_media_id": media["id"]}
    answer = await shop.console("PUT", f"/api/console/categories/{uuid4()}", json=category)
    assert answer.json()["code"] == "catalog.unknown_media"
