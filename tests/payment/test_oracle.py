"""The vendor's protocol as others speak it: the public SDK `wechatpayv3` against our simulation.

A differential test: the SDK signs, and our simulation must accept; our simulation signs, and the
SDK must verify. What the SDK is known to get wrong is not asked of it: it accepts notifications
of any age, and meets an unknown serial with an outgoing call.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from granian.server.embed import Server

from tests.sandbox.shops import keys_of
from weike.payment.outcome import Ok, Unknown
from weike.payment.providers.wechat_pay import (
    WeChatPayTransport,
    close,
    open_notification,
    pay_call,
    prepay,
    query,
)
from weike.sandbox import CREDENTIALS_FILE, Credentials, serve_sandbox

vendor = pytest.importorskip("wechatpayv3", reason="the oracle is not installed")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:wechatpayv3")


class Served:
    """A sandbox on a real socket, which also tells what it was asked to notify."""

    def __init__(self, folder: Path, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.folder = folder
        self.credentials = msgspec.json.decode(
            (folder / CREDENTIALS_FILE).read_bytes(), type=Credentials
        )

    def vendor(self, *, certificate_mode: bool = False) -> Any:
        merchant = self.credentials.merchants[0]
        public_key_id = next(name for name in merchant.verifier_pems if "PUB_KEY" in name)
        client = vendor.WeChatPay(
            wechatpay_type=vendor.WeChatPayType.JSAPI,
            mchid=merchant.mch_id,
            private_key=merchant.private_key_pem,
            cert_serial_no=merchant.mch_serial,
            apiv3_key=merchant.api_v3_key,
            appid=self.credentials.mini_program.app_id,
            notify_url="https://shop.test/hook",
            public_key=merchant.verifier_pems[public_key_id],
            public_key_id=public_key_id,
            timeout=(2, 5),
        )
        client._core._gate_way = self.url
        if certificate_mode:
            client._core._public_key_id = None
            client._core._update_certificates()
        return client

    def transport(self, http: httpx.AsyncClient) -> WeChatPayTransport:
        return WeChatPayTransport(
            keys_of(self.credentials.merchants[0]),
            http=http,
            clock=lambda: datetime.now(UTC),
            nonce=lambda: "abcdefghijklmnopqrstuvwxyz012345",
            base_url=self.url,
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
async def served(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    logging.getLogger("_granian").setLevel(logging.ERROR)
    folder, port = tmp_path_factory.mktemp("served"), _free_port()
    servers: list[Server] = []
    running = asyncio.create_task(serve_sandbox(folder, port=port, on_server=servers.append))
    async with httpx.AsyncClient() as http:
        for _ in range(100):
            try:
                await http.get(f"http://127.0.0.1:{port}/sms.json")
                break
            except httpx.TransportError:
                await asyncio.sleep(0.05)
    yield Served(folder, port)
    servers[0].stop()  # type: ignore[no-untyped-call]  # granian says nothing of it
    await running


async def _ask(call: Any, **given: Any) -> tuple[int, Any]:
    """The SDK is synchronous and raises when an answer does not verify."""
    status, text = await asyncio.to_thread(lambda: call(**given))
    return status, msgspec.json.decode(text) if text else None


async def test_the_vendor_s_client_pays_closes_and_refunds_here(served: Served) -> None:
    client = served.vendor()
    status, prepaid = await _ask(
        client.pay,
        description='"明前龙井" & 茶',
        out_trade_no="vendor-0001",
        amount={"total": 1234, "currency": "CNY"},
        payer={"openid": "o-buyer"},
    )
    assert (status, set(prepaid)) == (200, {"prepay_id"})
    status, seen = await _ask(client.query, out_trade_no="vendor-0001")
    assert (status, seen["trade_state"]) == (200, "NOTPAY")
    async with httpx.AsyncClient() as http:
        paid = await http.post(
            f"{served.url}/_ctl/pay", json={"out_trade_no": "vendor-0001", "notify": False}
        )
    assert paid.status_code == 200
    status, refunded = await _ask(
        client.refund,
        out_trade_no="vendor-0001",
        out_refund_no="vendor-R1",
        amount={"refund": 34, "total": 1234, "currency": "CNY"},
    )
    assert (status, refunded["status"]) == (200, "PROCESSING")
    status, again = await _ask(client.query_refund, out_refund_no="vendor-R1")
    assert (status, again["status"]) == (200, "SUCCESS")
    status, refused = await _ask(client.close, out_trade_no="vendor-0001")
    assert (status, refused["code"]) == (400, "ORDERPAID")


async def test_the_vendor_s_client_verifies_an_empty_answer(served: Served) -> None:
    client = served.vendor()
    await _ask(
        client.pay,
        description="x",
        out_trade_no="vendor-0002",
        amount={"total": 1},
        payer={"openid": "o"},
    )
    status, _ = await _ask(client.close, out_trade_no="vendor-0002")
    assert status == 204


async def test_the_vendor_s_client_notices_our_wrong_signatures(served: Served) -> None:
    client = served.vendor()
    async with httpx.AsyncClient() as http:
        await http.post(f"{served.url}/_ctl/faults", json={"target": "query", "kind": "tamper"})
        await _ask(
            client.pay,
            description="x",
            out_trade_no="vendor-0003",
            amount={"total": 1},
            payer={"openid": "o"},
        )
        with pytest.raises(Exception, match="failed to verify"):
            await _ask(client.query, out_trade_no="vendor-0003")


async def test_certificate_mode_of_the_vendor_works_here(served: Served) -> None:
    client = await asyncio.to_thread(lambda: served.vendor(certificate_mode=True))
    assert len(client._core._certificates) == 1
    serial = format(client._core._certificates[0].serial_number, "X")
    assert serial in served.credentials.merchants[0].verifier_pems


async def test_both_sign_the_same_pay_call(served: Served) -> None:
    client = served.vendor()
    ours = pay_call(
        keys_of(served.credentials.merchants[0]),
        app_id="wx1",
        prepay_id="wx2",
        now=datetime(2026, 11, 11, tzinfo=UTC),
        nonce="n",
    )
    assert ours.pay_sign == client.sign(["wx1", ours.time_stamp, "n", "prepay_id=wx2"])


async def test_a_notification_is_read_alike_by_both(served: Served) -> None:
    told: list[tuple[dict[str, str], bytes]] = []

    async def hook(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
        length = next(int(v) for k, v in headers.items() if k.lower() == "content-length")
        told.append((headers, await reader.readexactly(length)))
        writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(hook, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, httpx.AsyncClient() as http:
        transport = served.transport(http)
        await prepay(
            transport,
            "native",
            app_id=served.credentials.official_account.app_id,
            out_trade_no="told-0001",
            amount_minor=88,
            currency="CNY",
            description="白茶",
            expires_at=datetime(2099, 1, 1, tzinfo=UTC),
            notify_url=f"http://127.0.0.1:{port}/hook",
        )
        await http.post(f"{served.url}/_ctl/pay", json={"out_trade_no": "told-0001"})
    (headers, raw) = told[0]
    theirs = served.vendor().callback(headers={k.lower(): v for k, v in headers.items()}, body=raw)
    ours = open_notification(
        keys_of(served.credentials.merchants[0]), headers, raw, now=datetime.now(UTC)
    )
    assert theirs["resource"] == msgspec.json.decode(ours.plain)
    assert theirs["id"] == ours.id


@pytest.mark.parametrize("kind", ["cut_before", "cut_after"])
async def test_a_cut_on_a_real_socket_is_unknown_at_once(served: Served, kind: str) -> None:
    async with httpx.AsyncClient(timeout=3) as http:
        transport = served.transport(http)
        await http.post(f"{served.url}/_ctl/faults", json={"target": "close", "kind": kind})
        number = f"cut-order-{kind}"
        await prepay(
            transport,
            "native",
            app_id=served.credentials.official_account.app_id,
            out_trade_no=number,
            amount_minor=1,
            currency="CNY",
            description="x",
            expires_at=datetime(2099, 1, 1, tzinfo=UTC),
            notify_url="http://127.0.0.1:9/hook",
        )
        assert await close(transport, number) == Unknown("RemoteProtocolError")
        seen = await query(transport, number)
        assert isinstance(seen, Ok)
        assert seen.value.trade_state == ("CLOSED" if kind == "cut_after" else "NOTPAY")
