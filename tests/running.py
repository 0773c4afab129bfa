"""A whole installation as its user runs it: web, worker and sandbox processes on a data folder.

Everything goes over HTTP; nothing here reaches into the database but the checks that read it.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

import httpx

from weike.kernel import utc_now, uuid7

Part = Literal["sandbox", "web", "worker"]
_TLS = ssl.create_default_context()
"""Shared: making one costs more than a hundred requests, and nothing here is encrypted."""

PASSWORD = "a long password of the tests"


def new_id() -> str:
    """A fresh uuid v7, as every client makes its ids."""
    return str(uuid7(utc_now()))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Running:
    """Start it with `with running(folder) as shop:`. `kill` is kill -9."""

    data: Path
    workers: int = 1
    fronts: Path | None = None
    """Built fronts that lie elsewhere than in the repository."""
    web_port: int = field(default_factory=free_port)
    sandbox_port: int = field(default_factory=free_port)
    processes: dict[Part, subprocess.Popen[bytes]] = field(default_factory=dict)
    clients: list[httpx.Client] = field(default_factory=list)

    @property
    def web_url(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def sandbox_url(self) -> str:
        return f"http://127.0.0.1:{self.sandbox_port}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("WEIKE_")}
        return {
            **kept,
            "WEIKE_DATA": str(self.data),
            "WEIKE_PORT": str(self.web_port),
            "WEIKE_WORKERS": str(self.workers),
            "WEIKE_SANDBOX_URL": self.sandbox_url,
            "WEIKE_SANDBOX_PORT": str(self.sandbox_port),
            "WEIKE_RATE_FACTOR": "1000000",
            # Every phone of a test has an address of its own, as outside.
            "WEIKE_TRUSTED_PROXIES": "1",
            "WEIKE_LOG_LEVEL": "WARNING",
            **({"WEIKE_FRONTS": str(self.fronts)} if self.fronts else {}),
        }

    def start(self, part: Part) -> None:
        with (self.data / f"{part}.log").open("ab") as log:
            self.processes[part] = subprocess.Popen(  # noqa: S603 - our own program
                self._command(part),
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _command(self, part: Part) -> list[str]:
        if part == "sandbox":
            folder = str(self.data / "sandbox")
            return [sys.executable, "-m", "weike.sandbox", folder, "--port", str(self.sandbox_port)]
        return [sys.executable, "-m", "weike.entry.cli", "serve" if part == "web" else "worker"]

    def kill(self, part: Part) -> None:
        """kill -9 of the process and of those it started."""
        process = self.processes.pop(part)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def kill_database(self) -> None:
        """kill -9 of the postmaster; whoever uses it starts it again."""
        pid = int((self.data / "postgres" / "postmaster.pid").read_text().split()[0])
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def wait_until_ready(self, *, seconds: float = 60) -> None:
        ends_at = time.monotonic() + seconds
        while time.monotonic() < ends_at:
            for part, process in self.processes.items():
                if process.poll() is not None:
                    raise AssertionError(f"{part} ended:\n{self.log_of(part)}")
            with contextlib.suppress(httpx.HTTPError):
                ready = self.outside.get(f"{self.web_url}/readyz", timeout=5)
                truth = self.outside.get("/_ctl/people", timeout=5)
                if ready.status_code == truth.status_code == 200:
                    return
            time.sleep(0.1)
        raise AssertionError(f"not ready in {seconds} s:\n{self.log_of('web')}")

    def log_of(self, part: Part) -> str:
        path = self.data / f"{part}.log"
        return path.read_text(errors="replace")[-4000:] if path.exists() else ""

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`weike …`, to its end."""
        return subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "weike.entry.cli", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def client(self, **headers: str) -> httpx.Client:
        """Closed with the installation."""
        client = httpx.Client(base_url=self.web_url, timeout=60, headers=headers, verify=_TLS)
        self.clients.append(client)
        return client

    @cached_property
    def outside(self) -> httpx.Client:
        """Speaks to the sandbox, and to any address that is given whole."""
        client = httpx.Client(base_url=self.sandbox_url, timeout=60, verify=_TLS)
        self.clients.append(client)
        return client

    def stop(self) -> None:
        for client in self.clients:
            client.close()
        for process in self.processes.values():
            process.terminate()
        for part, process in self.processes.items():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                raise AssertionError(f"{part} did not stop:\n{self.log_of(part)}") from None


@contextmanager
def running(data: Path, *, workers: int = 1, fronts: Path | None = None) -> Iterator[Running]:
    shop = Running(data, workers=workers, fronts=fronts)
    migrated = shop.run("migrate")
    assert migrated.returncode == 0, migrated.stderr
    parts: tuple[Part, ...] = ("sandbox", "web", "worker")
    try:
        for part in parts:
            shop.start(part)
        shop.wait_until_ready()
        yield shop
    finally:
        shop.stop()


@dataclass
class Merchant:
    """Staff of one shop, over the console's own routes."""

    shop: Running
    http: httpx.Client
    slug: str

    @classmethod
    def sign_up(cls, shop: Running, *, name: str = "橙心小店") -> Merchant:
        slug = f"shop-{uuid4().hex[:8]}"
        http = shop.client()
        answer = http.post(
            "/api/console/sign-up",
            json={
                "id": new_id(),
                "shop_name": name,
                "slug": slug,
                "owner_name": "林橙",
                "login": f"{slug}-owner",
                "password": PASSWORD,
            },
        )
        assert answer.is_success, answer.text
        http.headers["authorization"] = f"Bearer {answer.json()['token']}"
        merchant = cls(shop, http, slug)
        merchant.set_up_payment()
        return merchant

    def set_up_payment(self) -> None:
        """The sandbox's merchant number, as a real merchant types in a real one."""
        known = json.loads((self.shop.data / "sandbox" / "credentials.json").read_text())
        account = known["merchants"][0]
        self.ask(
            "PUT",
            "/api/console/payment/wechat",
            json={
                "mch_id": account["mch_id"],
                "app_id_mini": known["mini_program"]["app_id"],
                "app_id_official": known["official_account"]["app_id"],
                "merchant_serial": account["mch_serial"],
                "private_key_pem": account["private_key_pem"],
                "apiv3_key": account["api_v3_key"],
                "verifiers": [
                    {"id": id, "pem": pem} for id, pem in account["verifier_pems"].items()
                ],
                "state": "active",
            },
        )

    def set_up_alipay(self) -> None:
        known = json.loads((self.shop.data / "sandbox" / "alipay.json").read_text())
        account = known["merchants"][0]
        names = ("app_id", "seller_id", "private_key_pem", "alipay_public_key_pem")
        self.ask("PUT", "/api/console/payment/alipay", json={name: account[name] for name in names})

    def ask(self, method: str, path: str, **more: Any) -> Any:
        answer = self.http.request(method, path, **more)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None


@dataclass
class Member:
    """A buyer's phone: signed in by the code that arrived in the sandbox's inbox."""

    shop: Running
    http: httpx.Client
    id: str

    @classmethod
    def sign_in(cls, shop: Running, slug: str, phone: str) -> Member:
        number = int(phone) % 2**24
        address = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
        http = shop.client(**{"x-shop": slug, "x-forwarded-for": address})
        asked = http.post("/api/shop/sign-in/code", json={"phone": phone})
        assert asked.is_success, asked.text
        answer = http.post(
            "/api/shop/sign-in/phone", json={"phone": phone, "code": code_for(shop, phone)}
        )
        assert answer.is_success, answer.text
        http.headers["authorization"] = f"Bearer {answer.json()['token']}"
        return cls(shop, http, answer.json()["member_id"])

    def ask(self, method: str, path: str, **more: Any) -> Any:
        answer = self.http.request(method, path, **more)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def put_address(self) -> str:
        address_id = new_id()
        self.ask(
            "PUT",
            f"/api/shop/addresses/{address_id}",
            json={
                "id": address_id,
                "name": "陈晓棠",
                "phone": "13800138000",
                "province": "浙江省",
                "city": "杭州市",
                "district": "西湖区",
                "street": "龙井路 1 号",
                "region_code": "330106",
                "is_default": True,
            },
        )
        return address_id

    def place(
        self, lines: list[tuple[str, int]], address_id: str, *, share_code: str | None = None
    ) -> dict[str, Any]:
        order: dict[str, Any] = self.ask(
            "POST",
            "/api/shop/orders",
            json={
                "id": new_id(),
                "lines": [{"sku_id": sku, "quantity": quantity} for sku, quantity in lines],
                "address_id": address_id,
                **({"share_code": share_code} if share_code else {}),
            },
        )
        return order

    def pay(self, order_id: str, *, seconds_ago: int = 0) -> str:
        """Asks for a payment and pays it in the sandbox; answers the cashier's address."""
        asked = self.ask("POST", f"/api/shop/orders/{order_id}/pay", json={"method": "h5"})
        number = out_trade_no_of(self.shop, asked["h5_url"])
        paid = self.shop.outside.post(
            "/_ctl/pay", json={"out_trade_no": number, "seconds_ago": seconds_ago}
        )
        assert paid.is_success, paid.text
        return str(asked["h5_url"])


def code_for(shop: Running, phone: str) -> str:
    for _ in range(100):
        found = shop.outside.get("/sms.json", params={"phone": phone}).json()["items"]
        if found:
            return str(found[0]["code"])
        time.sleep(0.05)
    raise AssertionError(f"no code arrived for {phone}")


def out_trade_no_of(shop: Running, h5_url: str) -> str:
    """The order number the cashier page shows, read from the page as a person would."""
    page = shop.outside.get(h5_url).text
    found = re.search(r"商户订单号</dt><dd>([^<]+)</dd>", page)
    assert found, page[:2000]
    return found.group(1)


def until(condition: Any, *, seconds: float = 30, what: str = "it") -> Any:
    """The first true answer of `condition()`."""
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at:
        if answer := condition():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"{what} did not happen in {seconds} s")
