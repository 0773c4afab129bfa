"""The parts of the simulation put together: one ASGI application over one folder."""

import asyncio
import contextlib
import random
import warnings
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
from litestar import Litestar, asgi
from litestar.di import Provide
from litestar.exceptions.base_exceptions import LitestarDeprecationWarning
from litestar.types import HTTPScope, Receive, Scope, Send

from weike.sandbox.alipay.cashier import ALIPAY_PAGES
from weike.sandbox.alipay.control import alipay_control
from weike.sandbox.alipay.gateway import alipay_gateway
from weike.sandbox.alipay.notifications import deliver_alipay
from weike.sandbox.cashier import cashier, home, pay_by_hand
from weike.sandbox.control import control_router
from weike.sandbox.express import express_router, push_due
from weike.sandbox.express import prepare as prepare_express
from weike.sandbox.keys import load_or_make_keys
from weike.sandbox.notifications import keep_delivering
from weike.sandbox.pay_api import pay_api
from weike.sandbox.refunds import settle_refunds
from weike.sandbox.shipping import prepare as prepare_shipping
from weike.sandbox.shipping import shipping_router
from weike.sandbox.sms import receive_text_message, text_message_page, text_messages
from weike.sandbox.store import Store
from weike.sandbox.transfers import confirm_transfer, transfers_page
from weike.sandbox.wechat_api import wechat_router
from weike.sandbox.world import World

DATABASE_FILE = "sandbox.sqlite"
DELIVERY_PAUSE_SECONDS = 0.5


def system_clock() -> datetime:
    return datetime.now(UTC)


def create_sandbox(
    folder: Path,
    *,
    http: httpx.AsyncClient,
    clock: Callable[[], datetime] = system_clock,
    chance: Callable[[], float] = random.random,
    public_url: str | None = None,
    delivers_by_itself: bool = True,
) -> Litestar:
    """State and keys live in `folder` and survive a restart.

    Notifications go out through `http`. With `delivers_by_itself` false they wait for
    `/_ctl/deliver`, `/_ctl/pay` or the cashier page, so that a test decides the moment.
    """
    world = World(
        store=Store(folder / DATABASE_FILE),
        keys=load_or_make_keys(folder, now=clock()),
        http=http,
        clock=clock,
        chance=chance,
    )

    prepare_express(world)
    prepare_shipping(world)

    def address(scope: HTTPScope) -> str:
        if public_url:
            return public_url.rstrip("/")
        host = dict(scope["headers"]).get(b"host", b"127.0.0.1").decode("latin-1")
        return f"{scope.get('scheme', 'http')}://{host}"

    answer = pay_api(world, public_url=address)

    @asgi("/v3", is_mount=True, copy_scope=True)
    async def wechat_pay(scope: Scope, receive: Receive, send: Send) -> None:
        await answer(scope, receive, send)

    at_alipay = alipay_gateway(world, public_url=address)

    @asgi("/alipay/gateway.do", is_mount=True, copy_scope=True)
    async def alipay(scope: Scope, receive: Receive, send: Send) -> None:
        await at_alipay(scope, receive, send)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        settle_refunds(world)

        async def deliver_others(world: World) -> int:
            return await deliver_alipay(world) + await push_due(world)

        loop = (
            asyncio.create_task(
                keep_delivering(world, pause_seconds=DELIVERY_PAUSE_SECONDS, also=deliver_others)
            )
            if delivers_by_itself
            else None
        )
        yield
        if loop:
            loop.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await loop
        world.store.close()

    async def provide_world() -> World:
        return world

    with warnings.catch_warnings():
        # Litestar 3 wants every injected name marked; here they are plain, as in all of Weike.
        warnings.simplefilter("ignore", LitestarDeprecationWarning)
        return Litestar(
            route_handlers=[
                home,
                cashier,
                pay_by_hand,
                receive_text_message,
                text_message_page,
                text_messages,
                transfers_page,
                confirm_transfer,
                wechat_router,
                control_router,
                express_router,
                shipping_router,
                *ALIPAY_PAGES,
                alipay_control,
                alipay,
                wechat_pay,
            ],
            dependencies={"world": Provide(provide_world)},
            lifespan=[lifespan],
            openapi_config=None,
            logging_config=None,
        )
