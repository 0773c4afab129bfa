"""The wiring: every context given what it asked for, once per process.

A `House` is the whole product without a web server: the web, the worker, the command line and the
demo are doors into it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import asyncpg
import httpx

from weike import (
    catalog,
    distribution,
    ledger,
    members,
    payment,
    sharing,
    storefront,
    tenancy,
    trade,
)
from weike.distribution.jobs import JOBS as DISTRIBUTION_JOBS
from weike.distribution.subscribers import subscribers as distribution_subscribers
from weike.entry.adapters import GUIDE_STEPS, TODOS, Buyers, Doors, MemberFigures
from weike.entry.contexts import contexts
from weike.entry.installation import Installation, Urls
from weike.entry.personal import personal_records
from weike.entry.settings import S3, Settings
from weike.insight.subscribers import subscribers as insight_subscribers
from weike.kernel import (
    Batcher,
    Clock,
    Database,
    Job,
    Listener,
    OutsideJob,
    Record,
    Texts,
    open_pool,
    utc_now,
)
from weike.kernel.edge.metrics import Metrics
from weike.kernel.edge.reads import KeptReads
from weike.kernel.jobs import CLEANING
from weike.kernel.outbox import listeners_by_topic
from weike.kernel.personal import PersonalRecords
from weike.kernel.texts import load_texts
from weike.ledger.points.expire import JOBS as POINTS_JOBS
from weike.members.jobs import JOBS as MEMBERS_JOBS
from weike.members.jobs import privacy_jobs
from weike.members.tags.keep_tags import tag_jobs
from weike.tenancy.jobs import JOBS as TENANCY_JOBS
from weike.trade.price.member_prices import MemberPrices
from weike.trade.price.points import PointsRule
from weike.trade.subscribers import subscribers as trade_subscribers

LEDGER_CHECKS: tuple[ledger.Check, ...] = (
    trade.order_checks,
    payment.channel_cash_check,
    payment.quarantine_check,
    payment.balances_check,
    *distribution.CHECKS,
    ledger.points.points_check,
)
"""What the books are proven against: the states of whoever posts to them."""

PRICE_RULES: tuple[trade.PriceRule, ...] = (MemberPrices(), PointsRule())
"""What takes something off a price, in any order: each says which step it is."""

DEPENDENCIES = (
    *("buyers", "codes", "fulfilment", "gateways", "guide_steps"),
    *("ledger_checks", "media_store", "member_door"),
    *("member_figures", "order_batcher", "passwords", "payee_seal", "personal_records"),
    *("phone_seal", "public_url", "shop_facts"),
    *("sms", "todos", "touches", "trade_ports", "wechat_sign_in"),
)
"""The names of `House.dependencies`, for whoever reads the routes without a house."""

_INSIDE_JOBS: tuple[Job | OutsideJob, ...] = (
    CLEANING,
    *TENANCY_JOBS,
    *MEMBERS_JOBS,
    *DISTRIBUTION_JOBS,
    *ledger.jobs(LEDGER_CHECKS),
    *POINTS_JOBS,
)
"""Those that need nothing of the house but its database."""

_REPORT_CONNECTIONS = 4
_MEDIA_SECONDS = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    settings: Settings
    urls: Urls
    clock: Clock
    database: Database
    reports: asyncpg.Pool[Record]
    """Connections of the read-only role that sees all tenants."""
    texts: Texts
    reads: KeptReads
    metrics: Metrics
    metrics_token: str
    doors: Doors
    gateways: payment.ProviderGateways
    members: members.MembersKit
    passwords: tenancy.Passwords
    payee_seal: distribution.PayeeSeal
    codes: sharing.ShareCodes
    personal_records: PersonalRecords
    media_store: catalog.MediaStore
    fulfilment: trade.FulfilmentKit
    trade_ports: trade.Ports
    order_batcher: trade.OrderBatcher
    touches: Batcher[sharing.Touch, sharing.Share]
    listeners: tuple[Listener, ...]
    jobs: tuple[Job | OutsideJob, ...]

    def dependencies(self) -> dict[str, object]:
        """What handlers may ask for by name, besides what the edge gives them."""
        return {
            "buyers": Buyers(),
            "codes": self.codes,
            "fulfilment": self.fulfilment,
            "gateways": self.gateways,
            "guide_steps": GUIDE_STEPS,
            "ledger_checks": LEDGER_CHECKS,
            "media_store": self.media_store,
            "member_door": self.members.member_door,
            "member_figures": MemberFigures(clock=self.clock),
            "order_batcher": self.order_batcher,
            "passwords": self.passwords,
            "payee_seal": self.payee_seal,
            "personal_records": self.personal_records,
            "phone_seal": self.members.phone_seal,
            "public_url": self.settings.web.public_url,
            "shop_facts": storefront.ShopFacts(wechat_login=members.wechat_login),
            "sms": self.members.sms,
            "todos": TODOS,
            "touches": self.touches,
            "trade_ports": self.trade_ports,
            "wechat_sign_in": self.members.wechat_sign_in,
        }


@asynccontextmanager
async def open_house(
    here: Installation, urls: Urls, *, clock: Callable[[], datetime] = utc_now
) -> AsyncIterator[House]:
    """The database must have been migrated."""
    settings, vault = here.settings, here.vault
    async with AsyncExitStack() as stack:
        people_http = await _http(stack, members.CALL_SECONDS)
        pay_http = await _http(stack, payment.CALL_SECONDS)
        media_http = await _http(stack, _MEDIA_SECONDS)
        gateways = _gateways(here, pay_http, clock=clock)
        fulfilment = _fulfilment(here, pay_http, clock=clock)
        listeners = _listeners(gateways, fulfilment)
        reads = KeptReads()
        pool = await _pool(stack, urls.app, size=settings.database.connections)
        reports = await _pool(stack, urls.report, size=_REPORT_CONNECTIONS)
        database = Database(
            pool,
            listeners=listeners_by_topic(listeners),
            clock=clock,
            on_public_change=reads.forget,
        )
        kit = _members(here, database, people_http, clock=clock)
        passwords = tenancy.Passwords()
        stack.callback(passwords.close)
        codes = sharing.ShareCodes(vault.secret("sharing.codes").encode())
        ports = _trade_ports(codes, kit)
        texts = load_texts(contexts())
        records = personal_records(kit.phone_seal)
        yield House(
            settings=settings,
            urls=urls,
            clock=clock,
            database=database,
            reports=reports,
            texts=texts,
            reads=reads,
            metrics=Metrics(),
            metrics_token=vault.secret("metrics.token"),
            doors=Doors(tenancy.TenancyDoors(database, clock=clock), kit.member_door),
            gateways=gateways,
            members=kit,
            passwords=passwords,
            payee_seal=distribution.PayeeSeal(vault.secret("distribution.payees")),
            codes=codes,
            personal_records=records,
            media_store=catalog.build_media_store(
                folder=settings.data / "media",
                s3=_s3(settings.s3),
                client=media_http,
                clock=clock,
            ),
            fulfilment=fulfilment,
            trade_ports=ports,
            order_batcher=trade.order_batcher(database, ports, clock=clock),
            touches=Batcher(database, partial(sharing.record_touches, codes=codes), clock=clock),
            listeners=listeners,
            jobs=(
                *_INSIDE_JOBS,
                *tag_jobs(Buyers()),
                *privacy_jobs(records, texts),
                *trade.jobs(ports),
                *trade.outside_jobs(fulfilment),
                *payment.jobs(gateways),
            ),
        )


def _listeners(
    gateways: payment.ProviderGateways, fulfilment: trade.FulfilmentKit
) -> tuple[Listener, ...]:
    return (
        *trade_subscribers(),
        *trade.errands(fulfilment),
        *distribution_subscribers(),
        *insight_subscribers(),
        *payment.subscribers(gateways),
    )


def _gateways(
    here: Installation, http: httpx.AsyncClient, *, clock: Clock
) -> payment.ProviderGateways:
    return payment.build(
        sealing_secret=here.vault.secret("payment.credentials"),
        notify_base_url=here.settings.web.public_url,
        http=http,
        clock=clock,
        base_url=here.settings.outside.wechat_pay_url,
        alipay_gateway_url=here.settings.outside.alipay_url,
    )


def _fulfilment(
    here: Installation, http: httpx.AsyncClient, *, clock: Clock
) -> trade.FulfilmentKit:
    return trade.build_fulfilment(
        clock=clock,
        http=http,
        sealing_secret=here.vault.secret("trade.fulfilment"),
        public_url=here.settings.web.public_url,
        kuaidi100_url=here.settings.outside.kuaidi100_url,
        wechat_api_url=here.settings.outside.wechat_api_url,
        app_secrets=members.TenantBox(here.vault.secret("members.phone"), "wechat app"),
    )


def _members(
    here: Installation, database: Database, http: httpx.AsyncClient, *, clock: Clock
) -> members.MembersKit:
    outside = here.settings.outside
    return members.build(
        database,
        clock=clock,
        http=http,
        sealing_secret=here.vault.secret("members.phone"),
        sms_url=outside.sms_url,
        wechat_api_url=outside.wechat_api_url,
        wechat_open_url=outside.wechat_open_url,
        public_origins=(here.settings.web.public_url,),
    )


def _trade_ports(codes: sharing.ShareCodes, kit: members.MembersKit) -> trade.Ports:
    return trade.Ports(
        attribution=distribution.Attributor(codes),
        price_rules=PRICE_RULES,
        commission=distribution.Estimator(),
        pickup=trade.PickupPlaces(kit.phone_seal),
    )


async def _http(stack: AsyncExitStack, seconds: float | httpx.Timeout) -> httpx.AsyncClient:
    return await stack.enter_async_context(httpx.AsyncClient(timeout=seconds))


async def _pool(stack: AsyncExitStack, url: str, *, size: int) -> asyncpg.Pool[Record]:
    pool = await open_pool(url, size=size)
    stack.push_async_callback(pool.close)
    return pool


def _s3(settings: S3 | None) -> catalog.S3Settings | None:
    if settings is None:
        return None
    return catalog.S3Settings(
        endpoint=settings.endpoint,
        bucket=settings.bucket,
        access_key_id=settings.access_key,
        secret_access_key=settings.secret_key,
        region=settings.region,
    )


def routes() -> Sequence[Any]:
    """The routes of all contexts."""
    from weike.catalog.routes import ROUTES as catalog_routes
    from weike.distribution.routes import ROUTES as distribution_routes
    from weike.insight.routes import ROUTES as insight_routes
    from weike.kernel.edge.system import ROUTES as system_routes
    from weike.ledger.routes import ROUTES as ledger_routes
    from weike.members.routes import ROUTES as members_routes
    from weike.payment.routes import ROUTES as payment_routes
    from weike.sharing.routes import ROUTES as sharing_routes
    from weike.storefront.console_routes import ROUTES as storefront_console_routes
    from weike.storefront.routes import ROUTES as storefront_routes
    from weike.tenancy.routes import ROUTES as tenancy_routes
    from weike.trade.routes import ROUTES as trade_routes

    return (
        *tenancy_routes,
        *members_routes,
        *catalog_routes,
        *storefront_routes,
        *storefront_console_routes,
        *ledger_routes,
        *payment_routes,
        *trade_routes,
        *sharing_routes,
        *distribution_routes,
        *insight_routes,
        *system_routes,
    )
