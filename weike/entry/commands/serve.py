"""`weike serve`: the web, in as many processes as the settings say."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops

from weike.entry.installation import Installation
from weike.kernel.clock import utc_now


class PortTaken(Exception):
    """Something else answers on the port; the message says which setting changes ours."""


def refuse_taken_port(host: str, port: int, setting: str) -> None:
    """Refuses with PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(
                f"cannot listen on {host}:{port} ({error.strerror}); set {setting} to another port"
            ) from error


def serve(here: Installation) -> None:
    """Until SIGTERM or SIGINT. Migrates first; a killed worker process is replaced."""
    web = here.settings.web
    refuse_taken_port(web.host, web.port, "WEIKE_PORT")
    if web.workers > 1:
        # Processes count their metrics into files of this folder, one set per start.
        counters = here.settings.data / "run" / "metrics"
        shutil.rmtree(counters, ignore_errors=True)
        counters.mkdir(parents=True)
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(counters)
    with here.database() as urls:
        asyncio.run(here.migrate(urls, now=utc_now()))
        Granian(
            "weike.entry.web:application",
            factory=True,
            address=web.host,
            port=web.port,
            interface=Interfaces.ASGI,
            workers=web.workers,
            loop=Loops.auto,
            http=HTTPModes.auto,
            websockets=False,
            log_access=False,
            log_enabled=False,
            respawn_failed_workers=True,
            workers_kill_timeout=10,
        ).serve()
