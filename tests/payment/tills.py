"""A shop that is paid through the sandbox, in one process: our web edge, our database, its hook.

`Till.work` does what the worker would: delivers errands and runs the jobs that are due.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import httpx
import msgspec

from tests.databases import FreshDatabases, Urls
from tests.sandbox.shops import SANDBOX, Clock, Shop, open_shop
from tests.web import OpenDoors, web_client
from weike import ledger, payment
from weike.kernel import Database, Errand, Event, Money, TenantId, Tx, uuid7
from weike.payment import ProviderGateways, WeChatSetUp
from weike.payment.model import Config, Intent
from weike.payment.routes import ROUTES
from weike.payment.transfers.events import TransferRequested
from weike.sandbox import ALIPAY_CREDENTIALS_FILE, AlipayCredentials, MerchantCredentials

WEB = "http://web.test"
EVENTS: tuple[type[Event], ...] = (
    payment.PaymentReceived,
    payment.PaymentQuarantined,
    payment.PaymentReturned,
    payment.RefundSucceeded,
    payment.RefundRefused,
    payment.TransferWaits,
    payment.TransferSucceeded,
    payment.TransferFailed,
)


@dataclass
class Counted(httpx.AsyncBaseTransport):
    """Outgoing calls of the shop, counted: an attack must cause none."""

    inner: httpx.AsyncBaseTransport
    calls: list[str] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.calls.append(f"{request.method} {request.url.path}")
        return await self.inner.handle_async_request(request)


@dataclass
class Till:
    """Everything a test of being paid needs in its hands."""

    shop: Shop
    database: Database
    tenant_id: TenantId
    gateways: ProviderGateways
    config: Config
    outgoing: Counted
    web: httpx.AsyncClient
    alipay: Config

    @property
    def now(self) -> datetime:
        return self.shop.clock()

    async def asked(
        self, *, amount: int = 1234, order_id: UUID | None = None, **other: Any
    ) -> Intent:
        """An order that may be paid, announced at the sandbox."""
        intent = await self.opened(amount=amount, order_id=order_id, **other)
        await self.begin(intent)
        return intent

    async def opened(
        self, *, amount: int = 1234, order_id: UUID | None = None, **other: Any
    ) -> Intent:
        given: dict[str, Any] = {
            "intent_id": uuid7(self.now),
            "order_id": order_id or uuid7(self.now),
            "amount": Money(amount),
            "description": "明前龙井 特级 50g",
            "expires_at": datetime(2026, 11, 11, 3, 30, tzinfo=self.now.tzinfo),
            "method": "mini",
            "payer_openid": "o-buyer",
            "now": self.now,
        }
        opened: Intent = await self.run(lambda tx: payment.open_intent(tx, **(given | other)))
        return opened

    async def begin(self, intent: Intent) -> payment.PaymentBegun:
        return await payment.begin_payment(
            self.database,
            self.gateways,
            self.tenant_id,
            intent_id=intent.id,
            payer_ip="203.0.113.7",
            now=self.now,
        )

    async def pays(self, intent: Intent, *, notify: bool = True) -> None:
        await self.shop.control("pay", out_trade_no=intent.out_trade_no, notify=notify)

    async def asked_at_alipay(self, *, amount: int = 1234, **other: Any) -> Intent:
        """An order that a buyer is about to pay at Alipay: her browser has sent the form, and
        its answer has led her to the cashier."""
        intent = await self.opened(amount=amount, method="alipay_wap", payer_openid=None, **other)
        begun = await self.begin(intent)
        await self.opens_cashier(begun)
        return intent

    async def opens_cashier(self, begun: payment.PaymentBegun) -> httpx.Response:
        assert begun.form is not None
        sent = await self.shop.http.post(begun.form.action, data=begun.form.fields)
        assert sent.status_code == 302, sent.text
        return await self.shop.http.get(sent.headers["location"])

    async def pays_at_alipay(self, intent: Intent, *, notify: bool = True) -> None:
        await self.shop.control("alipay/pay", out_trade_no=intent.out_trade_no, notify=notify)

    async def refund(self, order_id: UUID, amount: int, refund_id: UUID | None = None) -> Any:
        refund_id = refund_id or uuid7(self.now)
        return await self.run(
            lambda tx: payment.request_refund(
                tx,
                refund_id=refund_id,
                order_id=order_id,
                amount=Money(amount),
                reason="不想要了",
                now=self.now,
            )
        )

    async def close(self, order_id: UUID) -> bool:
        return bool(
            await self.run(lambda tx: payment.close_intent(tx, order_id=order_id, now=self.now))
        )

    async def run(self, work: Any) -> Any:
        return await self.database.run(self.tenant_id, work)

    async def state(self, intent: Intent) -> str:
        async def read(tx: Tx) -> str:
            return str(
                await tx.fetchval(
                    "select i.state from payment.intents i where i.tenant_id = $1 and i.id = $2",
                    tx.tenant_id,
                    intent.id,
                )
            )

        return str(await self.run(read))

    async def events(self, kind: type[Event]) -> list[dict[str, Any]]:
        """What was announced to somebody else, in order."""

        async def read(tx: Tx) -> Any:
            return await tx.fetch(
                "select o.payload from kernel.outbox o where o.tenant_id = $1 and o.topic = $2"
                " and o.subscriber = 'test' order by o.at, o.id",
                tx.tenant_id,
                kind.topic,
            )

        return [row["payload"] for row in await self.run(read)]

    async def inbox(self) -> list[tuple[str, str | None]]:
        async def read(tx: Tx) -> Any:
            return await tx.fetch(
                "select n.outcome, n.reason from payment.inbox n where n.tenant_id = $1"
                " order by n.received_at, n.notification_id",
                tx.tenant_id,
            )

        return [(row["outcome"], row["reason"]) for row in await self.run(read)]

    async def refunds(self) -> list[tuple[str, int]]:
        async def read(tx: Tx) -> Any:
            return await tx.fetch(
                "select r.state, r.amount_minor from payment.refunds r where r.tenant_id = $1"
                " order by r.id",
                tx.tenant_id,
            )

        return [(row["state"], row["amount_minor"]) for row in await self.run(read)]

    async def balance(self, account: str) -> int:
        money = await self.run(lambda tx: ledger.balance(tx, account))
        return int(money.minor)

    async def work(self, *, later: timedelta = timedelta(0)) -> None:
        """Time passes; then the errands of undelivered events, the jobs, the sandbox's letters."""
        self.shop.clock.at += later
        errands = {
            listener.event.topic: listener
            for listener in payment.subscribers(self.gateways)
            if isinstance(listener, Errand)
        }

        async def take(tx: Tx) -> Any:
            return await tx.fetch(
                "update kernel.outbox o set state = 'done' where o.tenant_id = $1"
                " and o.state = 'ready' and o.subscriber like 'payment.%'"
                " returning o.topic, o.payload",
                tx.tenant_id,
            )

        for row in await self.run(take):
            errand = errands[row["topic"]]
            event = msgspec.convert(row["payload"], type=errand.event, strict=False)
            await errand.handle(self.database, self.tenant_id, event, self.now)
        for job in payment.jobs(self.gateways):
            await job.run(self.database, self.tenant_id, self.now)
        await self.shop.control("deliver")

    async def books_agree(self) -> None:
        """Our states, the ledger and the sandbox's truth say the same."""
        checks = {check.key: check for check in await self.run(payment.channel_cash_check)}
        assert all(check.ok for check in checks.values()), checks
        truth = await self.shop.truth()
        wechat = checks["payment.channel_cash"]
        assert wechat.found == truth["paid_minor"] - truth["refunded_minor"]
        at_alipay = (await self.shop.http.get("/_ctl/alipay/truth")).json()
        alipay = checks["payment.channel_cash_alipay"]
        assert alipay.found == at_alipay["paid_minor"] - at_alipay["refunded_minor"]


def set_up_of(merchant: MerchantCredentials, *, mini: str, official: str) -> WeChatSetUp:
    return WeChatSetUp(
        mch_id=merchant.mch_id,
        app_id_mini=mini,
        app_id_official=official,
        mch_serial=merchant.mch_serial,
        private_key_pem=merchant.private_key_pem,
        api_v3_key=merchant.api_v3_key,
        verifier_pems=merchant.verifier_pems,
        state="active",
    )


def alipay_set_up(
    folder: Path, merchant: int = 0, *, certificates: bool = False
) -> payment.AlipaySetUp:
    """What a merchant copies out of the simulated Alipay's console."""
    known = msgspec.json.decode(
        (folder / ALIPAY_CREDENTIALS_FILE).read_bytes(), type=AlipayCredentials
    ).merchants[merchant]
    return payment.AlipaySetUp(
        app_id=known.app_id,
        seller_id=known.seller_id,
        private_key_pem=known.private_key_pem,
        alipay_public_key_pem=None if certificates else known.alipay_public_key_pem,
        app_certificate_pem=known.app_certificate_pem if certificates else None,
        alipay_certificate_pem=known.alipay_certificate_pem if certificates else None,
        root_certificate_pem=known.root_certificate_pem if certificates else None,
    )


@asynccontextmanager
async def open_till(
    folder: Path, databases: FreshDatabases, urls: Urls, tenant_id: TenantId
) -> AsyncIterator[Till]:
    clock = Clock()
    listeners: dict[str, list[str]] = {kind.topic: ["test"] for kind in EVENTS}
    for kind, name in (
        (payment.CloseRequested, "payment.close_at_provider"),
        (payment.RefundRequested, "payment.refund_at_provider"),
        (TransferRequested, "payment.transfer_at_provider"),
    ):
        listeners[kind.topic] = [name]
    database = await databases.open(urls, listeners=listeners, size=16)
    hook = Switch()
    async with open_shop(folder, clock, tells=hook) as shop:
        outgoing = Counted(httpx.ASGITransport(cast(Any, shop.app), raise_app_exceptions=False))
        async with httpx.AsyncClient(transport=outgoing) as http:
            gateways = payment.build(
                sealing_secret="a secret of this test",
                notify_base_url=WEB,
                http=http,
                clock=clock,
                nonce=lambda: secrets.token_hex(16),
                base_url=SANDBOX,
                alipay_gateway_url=f"{SANDBOX}/alipay/gateway.do",
            )
            set_up = set_up_of(
                shop.credentials.merchants[0],
                mini=shop.credentials.mini_program.app_id,
                official=shop.credentials.official_account.app_id,
            )
            config = await database.run(
                tenant_id, lambda tx: payment.set_up_wechat(tx, gateways, set_up, now=clock())
            )
            at_alipay = alipay_set_up(folder)
            alipay = await database.run(
                tenant_id, lambda tx: payment.set_up_alipay(tx, gateways, at_alipay, now=clock())
            )
            async with web_client(
                ROUTES,
                database,
                OpenDoors(tenant_id),
                dependencies={"gateways": gateways},
                clock=clock,
            ) as web:
                hook.shop = web
                yield Till(shop, database, tenant_id, gateways, config, outgoing, web, alipay)


class Switch(httpx.AsyncBaseTransport):
    """The sandbox is there before the shop it notifies."""

    shop: httpx.AsyncClient

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self.shop.request(
            request.method,
            request.url.raw_path.decode(),
            content=await request.aread(),
            headers=request.headers,
        )
        return httpx.Response(answer.status_code, content=answer.content)
