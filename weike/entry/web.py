"""The web process: opens the house when the server starts it, closes it when the server stops.

`application()` is the factory that granian calls in every worker.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import threading
import time
from collections.abc import MutableMapping
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

from weike import payment
from weike.entry.api_file import OPENAPI
from weike.entry.fronts import Fronts
from weike.entry.installation import installation
from weike.entry.settings import read_settings
from weike.entry.wiring import House, open_house, routes
from weike.kernel.edge.application import Edge, Web, build_web
from weike.kernel.edge.logs import AccessLog, configure_logging
from weike.kernel.edge.shell import Receive, Send
from weike.kernel.outbox import outbox_figures

log = logging.getLogger("weike.web")

_PARENT_ASKED_SECONDS = 0.5
_LEAVING_SECONDS = 5.0


def web_of(house: House, *, access_log: AccessLog | None = None) -> Web:
    settings = house.settings.web
    return build_web(
        routes(),
        Edge(
            doors=house.doors,
            database=house.database,
            clock=house.clock,
            texts=house.texts,
            reads=house.reads,
            metrics=house.metrics,
            metrics_token=house.metrics_token,
            figures=partial(outbox_figures, house.reports),
            access_log=access_log,
            rate_factor=settings.rate_factor,
            trusted_proxies=settings.trusted_proxies,
            strict_transport=settings.public_url.startswith("https://"),
        ),
        dependencies=house.dependencies(),
        openapi=OPENAPI,
    )


class LateWeb:
    """An ASGI application that becomes itself at the server's start, inside its event loop."""

    def __init__(self) -> None:
        self._settings = read_settings(os.environ)
        configure_logging(level=self._settings.log_level)
        self._fronts = Fronts(
            self._settings.web.fronts,
            forms_to=payment.form_origins(self._settings.outside.alipay_url),
        )
        self._stack = AsyncExitStack()
        self._web: Web | None = None

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http" and self._fronts.owns(scope["path"]):
            await self._fronts(scope, receive, send)
        elif self._web is not None:
            await self._web.application(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                try:
                    await self._open()
                except Exception as error:
                    # The server itself is told to be quiet, so this is where it is heard.
                    log.error("the web did not start", exc_info=error)
                    await self._stack.aclose()
                    await send({"type": "lifespan.startup.failed", "message": str(error)})
                    raise
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self._stack.aclose()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _open(self) -> None:
        here = installation(self._settings, os.environ)
        urls = self._stack.enter_context(here.database())
        house = await self._stack.enter_async_context(open_house(here, urls))
        access_log = AccessLog() if self._settings.web.access_log else None
        if access_log is not None:
            self._stack.callback(access_log.flush)
        self._web = web_of(house, access_log=access_log)
        # What lives as long as the process need not be looked at by every collection.
        gc.collect()
        gc.freeze()
        # A request leaves few cycles behind; looking for them after every 700 objects costs a
        # twentieth of the processor.
        gc.set_threshold(50_000, 20, 50)


def application() -> LateWeb:
    _leave_with_parent()
    return LateWeb()


def _leave_with_parent() -> None:
    """The server's main process may be killed; its children would hold the port for ever."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_PARENT_ASKED_SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(_LEAVING_SECONDS)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, name="parent", daemon=True).start()
