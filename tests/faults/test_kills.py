"""kill -9 of web, worker and database at random moments: nothing paid is lost, no fen appears.

Buyers do what phones do: they ask again, with the same id, until they are answered. The seed is
printed; `WEIKE_TEST_SEED` replays the moments as far as processes can be replayed.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import httpx
import pytest

from tests.running import Member, Merchant, Part, Running, new_id, out_trade_no_of, running, until

ORDERS = int(os.environ.get("WEIKE_TEST_KILL_ORDERS", "500"))
SEED = int(os.environ.get("WEIKE_TEST_SEED", "20261122"))
BUYERS = 8
PIECES = 100_000


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("kills")) as shop:
        yield shop


class Killer:
    """Kills one of the three, starts it again, waits, until told to stop."""

    def __init__(self, shop: Running, random: Random) -> None:
        self._shop = shop
        self._random = random
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work)
        self.kills: dict[str, int] = {"web": 0, "worker": 0, "database": 0}
        self.failure: BaseException | None = None

    def __enter__(self) -> Killer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _work(self) -> None:
        try:
            turn: list[str] = []
            while not self._over.wait(self._random.uniform(0.3, 2.0)):
                if not turn:  # Everybody dies equally often, in an order of chance.
                    turn = self._random.sample(list(self.kills), len(self.kills))
                victim = turn.pop()
                self.kills[victim] += 1
                if victim == "database":
                    self._shop.kill_database()
                else:
                    part: Part = "web" if victim == "web" else "worker"
                    self._shop.kill(part)
                    self._shop.start(part)
                self._shop.wait_until_ready()
        except BaseException as failure:
            self.failure = failure


def stubborn(ask: Any) -> Any:
    """Asks again while the answer is a broken connection or our own 5xx."""
    ends_at = time.monotonic() + 90
    while True:
        try:
            answer: httpx.Response = ask()
        except httpx.HTTPError as error:
            if time.monotonic() > ends_at:
                raise AssertionError("no answer in 90 s") from error
        else:
            if answer.status_code < 500:
                assert answer.is_success, f"{answer.request.url}: {answer.text}"
                return answer.json()
            assert time.monotonic() < ends_at, answer.text
        time.sleep(0.1)


def buy_and_pay(member: Member, sku_id: str, address_id: str, method: str = "h5") -> str:
    """One order to the end, whatever dies meanwhile; answers its id."""
    wish = {
        "id": new_id(),
        "lines": [{"sku_id": sku_id, "quantity": 1}],
        "address_id": address_id,
    }
    order = stubborn(lambda: member.http.post("/api/shop/orders", json=wish))
    again = stubborn(lambda: member.http.post("/api/shop/orders", json=wish))
    assert again["number"] == order["number"]
    asked = stubborn(
        lambda: member.http.post(f"/api/shop/orders/{order['id']}/pay", json={"method": method})
    )
    outside = member.shop.outside
    if method == "alipay_wap":
        form = asked["form"]
        assert outside.post(form["action"], data=form["fields"]).status_code == 302
        number = json.loads(form["fields"]["biz_content"])["out_trade_no"]
        paid = outside.post("/_ctl/alipay/pay", json={"out_trade_no": number})
    else:
        number = out_trade_no_of(member.shop, asked["h5_url"])
        paid = outside.post("/_ctl/pay", json={"out_trade_no": number})
    assert paid.status_code in (200, 409), paid.text
    return str(order["id"])


def test_nothing_is_lost_when_processes_are_killed(
    shop: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    merchant = Merchant.sign_up(shop)
    merchant.set_up_alipay()
    sku_id = put_goods(merchant)
    members = [Member.sign_in(shop, merchant.slug, f"1370000{n:04d}") for n in range(BUYERS)]
    places = [member.put_address() for member in members]

    with Killer(shop, Random(SEED)) as killer, ThreadPoolExecutor(BUYERS) as pool:  # noqa: S311
        orders = list(
            pool.map(
                lambda n: buy_and_pay(
                    members[n % BUYERS],
                    sku_id,
                    places[n % BUYERS],
                    "alipay_wap" if n % 3 == 0 else "h5",
                ),
                range(ORDERS),
            )
        )
    assert killer.failure is None, killer.failure
    assert len(set(orders)) == ORDERS

    truth = shop.outside.get("/_ctl/truth").json()
    at_alipay = shop.outside.get("/_ctl/alipay/truth").json()
    paid_there = [order for order in truth["orders"] if order["state"] == "SUCCESS"]
    paid_there += [trade for trade in at_alipay["trades"] if trade["state"] == "TRADE_SUCCESS"]
    assert len(paid_there) == ORDERS

    # The query job finds what no notification told.
    until(lambda: counts(merchant)["paid"] == ORDERS, seconds=180, what="every payment is known")
    until(lambda: unsettled_messages(merchant) == 0, seconds=60, what="the outbox is empty")
    dead = merchant.ask("GET", "/api/console/system/outbox", params={"state": "dead"})["items"]
    assert dead == []
    until(lambda: differences(merchant) == [], seconds=30, what="the ledger is sound")
    accounts = {
        row["account"]: row["balance_minor"]
        for row in merchant.ask("GET", "/api/console/ledger/accounts")["items"]
    }
    assert accounts["channel_cash:wechat"] == truth["paid_minor"]
    assert accounts["channel_cash:alipay"] == at_alipay["paid_minor"]
    assert accounts["escrow"] == truth["paid_minor"] + at_alipay["paid_minor"]
    (stock,) = merchant.ask("GET", "/api/console/products")["items"]
    assert stock["stock"] == PIECES - ORDERS
    with capsys.disabled():
        print(f"\nseed {SEED}: {ORDERS} orders, kills {killer.kills}: 0 lost, 0 fen difference")


def put_goods(merchant: Merchant) -> str:
    sku_id = new_id()
    merchant.ask(
        "PUT",
        f"/api/console/products/{new_id()}",
        json={
            "title": "赣南脐橙",
            "subtitle": "现摘现发",
            "description": "",
            "tags": [],
            "media_ids": [],
            "specs": [],
            "skus": [
                {
                    "id": sku_id,
                    "code": "orange",
                    "spec_values": [],
                    "price_minor": 2990,
                    "stock": PIECES,
                }
            ],
            "state": "on_sale",
        },
    )
    return sku_id


def counts(merchant: Merchant) -> dict[str, int]:
    found: dict[str, int] = stubborn(lambda: merchant.http.get("/api/console/orders/counts"))
    return found


def unsettled_messages(merchant: Merchant) -> int:
    page = merchant.ask("GET", "/api/console/system/outbox", params={"state": "ready"})
    return len(page["items"])


def differences(merchant: Merchant) -> list[Any]:
    report = merchant.ask("GET", "/api/console/ledger/reconciliation")
    return [check for check in report["checks"] if not check["ok"]]
