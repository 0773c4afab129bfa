"""`weike demo`: a shop full of life on this machine, and the processes that serve it.

Starts the sandbox, opens the demo shop if there is none, then runs the web and a worker beside
each other. A process that dies is started again; Ctrl-C stops them all.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from urllib.request import urlopen

from weike.entry.commands.serve import refuse_taken_port
from weike.entry.installation import Installation, Urls
from weike.entry.progress import ProgressBar
from weike.entry.settings import read_settings
from weike.entry.wiring import open_house
from weike.kernel.clock import utc_now

_READY_SECONDS = 60.0
_STOP_SECONDS = 15.0
_BREATH_SECONDS = 2.0


class DidNotStart(Exception):
    """A part of the demo did not come up; the message names it."""


@dataclass
class Part:
    """A child process that is started again when it dies."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    ready_url: str | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        # Its own session: Ctrl-C reaches us alone, and we stop the parts in order.
        self.process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-m", "weike.entry.cli", *self.command],
            env=self.environment,
            start_new_session=True,
        )

    def has_died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def wait_ready(self) -> None:
        """Refuses with DidNotStart."""
        if self.ready_url is None:
            return
        give_up = time.monotonic() + _READY_SECONDS
        while time.monotonic() < give_up:
            if self.has_died():
                break
            try:
                with urlopen(self.ready_url, timeout=2):  # noqa: S310 - our own address
                    return
            except OSError:
                time.sleep(0.1)
        raise DidNotStart(f"{self.name} did not answer at {self.ready_url}")

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def run_demo(here: Installation) -> None:
    """Until SIGTERM or SIGINT. Refuses with PortTaken or DidNotStart."""
    settings = here.settings
    sandbox_url = f"http://127.0.0.1:{settings.sandbox_port}"
    environment = {**os.environ, "WEIKE_SANDBOX_URL": sandbox_url}
    environment["WEIKE_DATA"] = str(settings.data)
    here = replace(here, settings=read_settings(environment))
    refuse_taken_port(settings.web.host, settings.web.port, "WEIKE_PORT")
    refuse_taken_port("127.0.0.1", settings.sandbox_port, "WEIKE_SANDBOX_PORT")

    sandbox = Part("sandbox", ["sandbox"], environment, f"{sandbox_url}/_ctl/people")
    web_url = f"http://127.0.0.1:{settings.web.port}"
    web = Part("web", ["serve"], environment, f"{web_url}/readyz")
    worker = Part("worker", ["worker"], environment)
    parts = (sandbox, web, worker)
    stopping = _stop_on_signals()
    with here.database() as urls:
        try:
            sandbox.start()
            sandbox.wait_ready()
            access = asyncio.run(_open(here, urls))
            web.start()
            worker.start()
            web.wait_ready()
            _tell(web_url, sandbox_url, access)
            _watch(parts, stopping)
        finally:
            for part in reversed(parts):
                part.stop()


async def _open(here: Installation, urls: Urls) -> list[tuple[str, str]]:
    from weike.entry.demo import open_demo

    bar = ProgressBar()
    try:
        await here.migrate(urls, now=utc_now())
        async with open_house(here, urls) as house:
            return await open_demo(house, now=utc_now(), progress=bar)
    finally:
        bar.close()


def _stop_on_signals() -> list[bool]:
    stopping = [False]

    def stop(*_: object) -> None:
        if stopping[0]:
            return
        stopping[0] = True
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return stopping


def _watch(parts: Sequence[Part], stopping: list[bool]) -> None:
    while not stopping[0]:
        try:
            time.sleep(0.5)
        except KeyboardInterrupt:
            return
        for part in parts:
            if part.has_died():
                # What a killed server leaves behind lets go of its port within a second or two.
                time.sleep(_BREATH_SECONDS)
                print(f"{part.name} stopped; starting it again", file=sys.stderr)
                part.start()


def _tell(web_url: str, sandbox_url: str, access: list[tuple[str, str]]) -> None:
    lines = [
        ("手机商城 Mobile shop", f"{web_url}/m/"),
        ("商家后台 Console", f"{web_url}/console/"),
        ("支付沙箱 Payment sandbox", f"{sandbox_url}/"),
        *access,
    ]
    print()
    for label, value in lines:
        print(f"  {label}: {value}")
    print("\n  Ctrl-C 停止 stops everything.\n", flush=True)
