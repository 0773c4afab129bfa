"""Following parcels: our client and our hook against the simulated 快递100, and its word forged."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest

from tests.trade.fulfilling import House, Switch, open_house
from weike.kernel import Database, Unavailable
from weike.sandbox.app import create_sandbox
from weike.sandbox.express import account_of
from weike.sandbox.keys import load_or_make_keys
from weike.trade.events import ParcelCorrected, ParcelSent
from weike.trade.fulfilment.model import ParcelState
from weike.trade.fulfilment.tracking.follow import ask_to_be_told, query_silent
from weike.trade.fulfilment.tracking.kuaidi100 import (
    BadPush,
    Kuaidi100,
    read_push,
    state_of,
)
from weike.trade.fulfilment.tracking.ports import (
    Account,
    Journey,
    Ok,
    Refused,
    Step,
    Tracked,
    Unknown,
)

NUMBER = "SF1234567890123"


@pytest.fixture(scope="module")
def sandbox_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once: keys cost half a second."""
    folder = tmp_path_factory.mktemp("express")
    load_or_make_keys(folder, now=datetime(2026, 11, 1, tzinfo=UTC))
    return folder


def _forget(folder: Path) -> None:
    for leftover in folder.glob("sandbox.sqlite*"):
        leftover.unlink()


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


@dataclass
class Express:
    """A shop whose parcels are followed by the simulated 快递100."""

    house: House
    http: httpx.AsyncClient
    account: Account

    async def control(self, number: str, **asked: Any) -> int:
        answer = await self.http.post("/_ctl/express", json={"number": number, **asked})
        assert answer.status_code == 200, answer.text
        return int(answer.json()["pushed"])

    async def follow(self, event: ParcelSent | ParcelCorrected) -> None:
        house = self.house
        await ask_to_be_told(
            house.kit.follower, house.database, house.shop.tenant_id, event, house.now
        )


@pytest.fixture
async def house(database: Database, now: datetime) -> AsyncIterator[House]:
    async with open_house(database, now) as house:
        yield house


@pytest.fixture
async def express(house: House, sandbox_folder: Path, now: datetime) -> AsyncIterator[Express]:
    _forget(sandbox_folder)
    app: Any = create_sandbox(
        sandbox_folder, http=house.client, clock=lambda: now, delivers_by_itself=False
    )
    transport: Any = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox.test") as http:
        told = account_of(load_or_make_keys(sandbox_folder, now=now).credentials)
        switch = house.kit.follower.service
        assert isinstance(switch, Switch)
        switch.to = Kuaidi100(http, url="http://sandbox.test/kd100")
        answer = await house.console("PUT", "/tracking", customer=told.customer, key=told.key)
        assert answer.status_code == 200, answer.text
        yield Express(house, http, Account(told.customer, told.key))


async def sent(house: House, number: str = NUMBER) -> tuple[ParcelSent, str]:
    """A parcel on its way, and the address of its journey for its buyer."""
    order = await house.buy({house.stall.skus[0]: 1})
    await house.ship(order, number)
    (parcel,) = (await house.order(order))["parcels"]
    event = ParcelSent(
        order_id=order.id,
        member_id=house.stall.buyer.member_id,
        parcel_id=UUID(parcel["id"]),
        kind="express",
        is_last=True,
        at=house.now,
    )
    return event, f"/orders/{order.id}/parcels/{parcel['id']}"


async def test_a_journey_is_told_step_by_step(express: Express) -> None:
    house = express.house
    event, path = await sent(house)
    await express.follow(event)
    assert (await house.as_buyer("GET", path)).json()["steps"] == []

    assert await express.control(NUMBER, steps=2) == 1
    seen = (await house.as_buyer("GET", path)).json()
    assert [step["state"] for step in seen["steps"]] == ["in_transit", "collected"]
    assert seen["parcel"]["state_text"] == "运输中"
    assert await express.control(NUMBER, steps=5) == 1
    seen = (await house.as_buyer("GET", path)).json()
    assert [step["state"] for step in seen["steps"]][:2] == ["signed", "out_for_delivery"]
    assert "签收" in seen["steps"][0]["text"]
    assert seen["parcel"]["state"] == "signed"
    stranger = await house.as_buyer("GET", path, house.stall.buyers[1])
    assert stranger.status_code == 404
    # Asking once more changes nothing: the wish has ended.
    await express.follow(event)
    assert await express.control(NUMBER, steps=5) == 0


async def test_the_desk_asks_now(express: Express) -> None:
    house = express.house
    event, _ = await sent(house)
    path = f"/orders/{event.order_id}/parcels/{event.parcel_id}/query"
    early = await house.console("POST", path)
    assert (early.status_code, early.json()["code"]) == (409, "trade.tracking_refused")
    await express.control(NUMBER, steps=1)
    answer = await house.console("POST", path)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert [step["state"] for step in told["items"][0]["steps"]] == ["collected"]


async def test_a_corrected_number_begins_a_new_journey(express: Express) -> None:
    house = express.house
    event, path = await sent(house)
    await express.follow(event)
    await express.control(NUMBER, steps=5)
    # Signed under the wrong number: nothing to correct any more; another one that is underway is.
    other, other_path = await sent(house, "SF0000000000002")
    await express.follow(other)
    await express.control("SF0000000000002", steps=2)
    answer = await house.console(
        "PUT",
        f"/orders/{other.order_id}/parcels/{other.parcel_id}",
        courier="zto",
        tracking_no="73100000000001",
    )
    assert answer.status_code == 200
    await express.follow(
        ParcelCorrected(order_id=other.order_id, parcel_id=other.parcel_id, at=house.now)
    )
    assert (await house.as_buyer("GET", other_path)).json()["steps"] == []
    await express.control("SF0000000000002", steps=3)  # Still told of the wrong number.
    seen = (await house.as_buyer("GET", other_path)).json()
    assert (seen["steps"], seen["parcel"]["state"]) == ([], "created")
    await express.control("73100000000001", steps=1)
    assert len((await house.as_buyer("GET", other_path)).json()["steps"]) == 1
    assert (await house.as_buyer("GET", path)).json()["parcel"]["state"] == "signed"


async def test_the_services_refusals_are_known(express: Express) -> None:
    client = Kuaidi100(express.http, url="http://sandbox.test/kd100")
    parcel = Tracked(company="shunfeng", tracking_no=NUMBER, phone_tail="8000")
    hook = "https://shop.test/hooks/express/x"
    wrong = Account(express.account.customer, "not the key")
    assert isinstance(await client.subscribe(wrong, parcel, callback_url=hook, salt="s"), Refused)
    assert isinstance(await client.query(wrong, parcel), Unknown | Refused)
    for _ in range(2):  # 重复订阅 is no error.
        told = await client.subscribe(express.account, parcel, callback_url=hook, salt="s")
        assert told == Ok(None)
    nowhere = Kuaidi100(express.http, url="http://sandbox.test/nothing")
    assert isinstance(await nowhere.query(express.account, parcel), Unknown)


# Without the simulation.


async def set_up(house: House) -> None:
    answer = await house.console("PUT", "/tracking", customer="C", key="K2345678")
    assert answer.status_code == 200


async def test_three_outcomes_of_asking_to_be_told(house: House) -> None:
    await set_up(house)
    event, _ = await sent(house)

    async def ask() -> str:
        await ask_to_be_told(
            house.kit.follower, house.database, house.shop.tenant_id, event, house.now
        )
        return await state()

    async def state() -> str:
        found: str = await house.run(
            lambda tx: tx.fetchval(
                "select w.state from trade.tracking_wishes w where w.tenant_id = $1", tx.tenant_id
            )
        )
        return found

    house.tracking.answer = Unknown("timeout")
    with pytest.raises(Unavailable):
        await ask()
    assert await state() == "unknown"
    house.tracking.answer = Refused("701", "")
    assert await ask() == "refused"
    house.tracking.answer = None
    assert await ask() == "following"
    asked = house.tracking.subscribed
    assert [parcel.phone_tail for parcel, _, _ in asked] == ["8000"] * 3
    assert len({(url, salt) for _, url, salt in asked}) == 1


async def test_without_an_account_or_a_known_courier_nobody_is_asked(house: House) -> None:
    event, _ = await sent(house)
    await ask_to_be_told(house.kit.follower, house.database, house.shop.tenant_id, event, house.now)
    assert house.tracking.subscribed == []


async def test_who_is_silent_is_asked(house: House) -> None:
    await set_up(house)
    event, path = await sent(house)
    await ask_to_be_told(house.kit.follower, house.database, house.shop.tenant_id, event, house.now)
    step = Step(at=house.now, state=ParcelState.COLLECTED, text="已揽收", place="杭州")
    house.tracking.journeys[NUMBER] = Journey(
        tracking_no=NUMBER, state=ParcelState.COLLECTED, steps=[step]
    )
    tenant = house.shop.tenant_id
    for hours, asked in ((1, 0), (13, 1), (14, 0)):
        later = house.now + timedelta(hours=hours)
        assert await query_silent(house.kit.follower, house.database, tenant, later) == asked
    steps = (await house.as_buyer("GET", path)).json()["steps"]
    assert [(one["text"], one["place"]) for one in steps] == [("已揽收", "杭州")]


def a_push(salt: str, number: str = NUMBER, **changes: Any) -> dict[str, str]:
    item = {"context": "已签收", "ftime": "2026-11-20 10:00:00", "statusCode": "301"}
    result = {"nu": number, "state": "3", "ischeck": "1", "data": [item]} | changes
    param = msgspec.json.encode({"status": "shutdown", "lastResult": result}).decode()
    return {"param": param, "sign": _md5(param + salt).upper()}


async def test_a_forged_push_is_not_read(house: House) -> None:
    await set_up(house)
    event, path = await sent(house)
    await ask_to_be_told(house.kit.follower, house.database, house.shop.tenant_id, event, house.now)
    ((_, url, salt),) = house.tracking.subscribed
    hook = url.removeprefix("https://shop.test")
    genuine = a_push(salt)
    for forged in (
        genuine | {"sign": ""},
        {"param": genuine["param"]},
        a_push("another salt"),
        genuine | {"param": genuine["param"].replace("已签收", "已签收。")},
        {"param": "not json", "sign": _md5(f"not json{salt}")},
        genuine | {"sign": "é"},
        genuine | {f"more{nth}": "1" for nth in range(20)},
    ):
        answer = await house.client.post(hook, data=forged)
        assert answer.status_code == 401
        assert answer.json()["result"] is False
    unknown = hook.rpartition("/")[0] + "/01a1c88c-4b80-713c-94c5-7873d83dea2d"
    assert (await house.client.post(unknown, data=genuine)).status_code == 404
    assert (await house.as_buyer("GET", path)).json()["steps"] == []

    other = await house.client.post(hook, data=a_push(salt, "SF9999999999999"))
    assert other.status_code == 200  # Theirs and proven, but about something else.
    assert (await house.as_buyer("GET", path)).json()["steps"] == []
    for _ in range(2):
        assert (await house.client.post(hook, data=genuine)).json()["result"] is True
    seen = (await house.as_buyer("GET", path)).json()
    assert [step["state"] for step in seen["steps"]] == ["signed"]


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("0", "in_transit"),
        ("1002", "in_transit"),
        ("1", "collected"),
        ("103", "collected"),
        ("102", "created"),
        ("5", "out_for_delivery"),
        ("501", "out_for_delivery"),
        ("3", "signed"),
        ("304", "signed"),
        ("2", "problem"),
        ("14", "problem"),
        ("4", "returned"),
        ("6", "returning"),
        ("12", "in_transit"),
        ("999", "in_transit"),
    ],
)
def test_their_states_in_our_words(code: str, state: str) -> None:
    assert state_of(code) == state


def test_a_push_needs_its_salt_and_its_form() -> None:
    told = a_push("s")
    journey = read_push(param=told["param"], sign=told["sign"], salt="s")
    assert journey is not None
    assert journey.is_over
    assert journey.steps[0].at == datetime(2026, 11, 20, 2, tzinfo=UTC)
    with pytest.raises(BadPush):
        read_push(param=told["param"], sign=told["sign"], salt="t")
    bad = a_push("s", data=[{"context": "x", "ftime": "gestern"}])
    with pytest.raises(BadPush):
        read_push(param=bad["param"], sign=bad["sign"], salt="s")
