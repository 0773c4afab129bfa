"""A sandbox in this process, a merchant's client of it, and the mailbox it notifies."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import httpx
import msgspec
from litestar import Litestar

from weike.payment.providers.wechat_pay import (
    WeChatPayCredentials,
    WeChatPayTransport,
    load_credentials,
    prepay,
)
from weike.sandbox import CREDENTIALS_FILE, Credentials, MerchantCredentials, create_sandbox

SANDBOX = "http://sandbox.test"
HOOK = "http://shop.test/hooks/wechat/1"


@dataclass
class Clock:
    """The time of both sides, moved by hand."""

    at: datetime = datetime(2026, 11, 11, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **kind: float) -> None:
        self.at += timedelta(**kind)


@dataclass
class Mailbox:
    """What the sandbox sent to the shop. `answers` are used up one by one, then 204."""

    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.received.append((dict(request.headers), request.content))
        return httpx.Response(self.answers.pop(0) if self.answers else 204)


@dataclass
class Shop:
    """A merchant of the sandbox with everything in hand."""

    app: Litestar
    http: httpx.AsyncClient
    credentials: Credentials
    clock: Clock
    mailbox: Mailbox

    def keys(self, merchant: int = 0) -> WeChatPayCredentials:
        return keys_of(self.credentials.merchants[merchant])

    def transport(self, merchant: int = 0) -> WeChatPayTransport:
        return WeChatPayTransport(
            self.keys(merchant),
            http=self.http,
            clock=self.clock,
            nonce=lambda: secrets.token_hex(16),
            base_url=SANDBOX,
        )

    async def control(self, path: str, **body: Any) -> Any:
        response = await self.http.post(f"/_ctl/{path}", json=body)
        assert response.status_code < 300, response.text
        return response.json()

    async def truth(self) -> Any:
        return (await self.http.get("/_ctl/truth")).json()

    async def announce(
        self, out_trade_no: str = "order-0001", total: int = 1234, **other: Any
    ) -> Any:
        asked: dict[str, Any] = {
            "app_id": self.credentials.mini_program.app_id,
            "out_trade_no": out_trade_no,
            "amount_minor": total,
            "currency": "CNY",
            "description": "明前龙井 特级 50g",
            "expires_at": datetime(2026, 11, 11, 3, 30, tzinfo=UTC),
            "notify_url": HOOK,
            "payer_openid": "o-buyer",
            "payer_ip": "203.0.113.7",
        }
        channel = other.pop("channel", "jsapi")
        return await prepay(self.transport(), channel, **(asked | other))


def keys_of(merchant: MerchantCredentials, **other: Any) -> WeChatPayCredentials:
    given: dict[str, Any] = {
        "mch_id": merchant.mch_id,
        "mch_serial": merchant.mch_serial,
        "private_key_pem": merchant.private_key_pem,
        "api_v3_key": merchant.api_v3_key,
        "verifier_pems": merchant.verifier_pems,
    }
    return load_credentials(**(given | other))


@asynccontextmanager
async def open_shop(
    folder: Path, clock: Clock | None = None, *, tells: httpx.AsyncBaseTransport | None = None
) -> AsyncIterator[Shop]:
    """`tells` is where notifications go; without it they are kept in the mailbox."""
    clock, mailbox = clock or Clock(), Mailbox()
    tells = tells or httpx.MockTransport(mailbox)
    async with httpx.AsyncClient(transport=tells) as outgoing:
        app = create_sandbox(
            folder, http=outgoing, clock=clock, chance=lambda: 0.0, delivers_by_itself=False
        )
        # Without lifespan: nothing here waits for a loop of its own.
        transport = httpx.ASGITransport(cast(Any, app), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=SANDBOX) as http:
            yield Shop(
                app=app,
                http=http,
                credentials=msgspec.json.decode(
                    (folder / CREDENTIALS_FILE).read_bytes(), type=Credentials
                ),
                clock=clock,
                mailbox=mailbox,
            )
