"""The simulated WeChat Pay accepts our bytes and no others."""

import re

import httpx
import pytest

from tests.sandbox.shops import Shop
from weike.payment.providers.wechat_pay.signing import authorization

TARGET = "/v3/pay/transactions/out-trade-no/order-0001?mchid=1900000001"


def signed(shop: Shop, *, target: str = TARGET, body: bytes = b"", method: str = "GET") -> str:
    return authorization(
        shop.keys(), method=method, target=target, body=body, now=shop.clock(), nonce="n" * 32
    )


async def ask(shop: Shop, header: str | None, target: str = TARGET) -> httpx.Response:
    headers = {"Accept": "application/json", "User-Agent": "test"}
    if header is not None:
        headers["Authorization"] = header
    return await shop.http.get(target, headers=headers)


async def test_a_right_signature_is_accepted(shop: Shop) -> None:
    await shop.announce()
    assert (await ask(shop, signed(shop))).status_code == 200


@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [
        (r'signature="..', 'signature="AA'),
        (r'nonce_str="n', 'nonce_str="m'),
        (r'mchid="1900000001"', 'mchid="1900000002"'),
        (r'mchid="1900000001"', 'mchid="1900000003"'),
        (r'serial_no="."?', 'serial_no="0'),
        (r"^WECHATPAY2-SHA256-RSA2048", "WECHATPAY2-SM2-WITH-SM3"),
        (r'timestamp="\d+"', 'timestamp="0"'),
        (r'timestamp="\d+",', ""),
    ],
)
async def test_a_wrong_one_is_answered_with_401(shop: Shop, pattern: str, replacement: str) -> None:
    await shop.announce()
    header = re.sub(pattern, replacement, signed(shop), count=1)
    assert header != signed(shop)
    answer = await ask(shop, header)
    assert (answer.status_code, answer.json()["code"]) == (401, "SIGN_ERROR")


async def test_no_signature_is_answered_with_401(shop: Shop) -> None:
    assert (await ask(shop, None)).status_code == 401


async def test_the_query_and_the_body_are_signed_too(shop: Shop) -> None:
    other = TARGET.replace("0001?", "0002?")
    assert (await ask(shop, signed(shop), other)).status_code == 401
    path = "/v3/pay/transactions/out-trade-no/order-0001/close"
    header = signed(shop, target=path, method="POST", body=b'{"mchid":"1900000001"}')
    answer = await shop.http.post(
        path,
        content=b'{"mchid": "1900000001"}',
        headers={"Authorization": header, "Accept": "*/*", "User-Agent": "test"},
    )
    assert answer.status_code == 401


async def test_a_signature_of_yesterday_is_stale(shop: Shop) -> None:
    await shop.announce()
    header = signed(shop)
    shop.clock.pass_by(seconds=301)
    assert (await ask(shop, header)).status_code == 401
