"""快递100 as a simulation: subscriptions, journeys that move with the clock, pushes, queries.

A number's journey is drawn from the number itself, so it is the same after a restart. Steps lie
`express_step_seconds` apart on the business clock (a setting; `/_ctl/advance` moves the clock);
`/_ctl/express` brings a parcel to any state at once.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta, timezone
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs

import httpx
import msgspec
from litestar import Request, Router, get, post
from msgspec import Struct

from weike.sandbox.keys import Credentials
from weike.sandbox.world import World

STEP_SECONDS = 30
_CHINA = timezone(timedelta(hours=8))
_TRIES = 5
_SCHEMA = """
CREATE TABLE IF NOT EXISTS express_subscriptions (
    company text NOT NULL,
    number text NOT NULL,
    callback_url text NOT NULL,
    salt text NOT NULL,
    sent integer NOT NULL DEFAULT 0,      -- how many steps the subscriber was told
    tries integer NOT NULL DEFAULT 0,
    PRIMARY KEY (number, callback_url)
)
"""
_JOURNEYS = """
CREATE TABLE IF NOT EXISTS express_journeys (
    number text PRIMARY KEY,
    company text NOT NULL,
    begun_at integer NOT NULL,
    end_state text NOT NULL DEFAULT '3',  -- 3 signed, 2 problem, 4 returned
    hurried text NOT NULL DEFAULT '[]'    -- when the first steps were made to happen
)
"""

_CITIES = ("浙江杭州", "江苏南京", "安徽合肥", "江西南昌", "福建福州", "湖北武汉")
_PLAN = (
    ("1", "103", "【{start}市】您的快件已被揽收，揽投员：王师傅"),
    ("0", "1002", "【{start}市】快件已从{start}转运中心发出，准备发往{end}转运中心"),
    ("0", "1001", "【{end}市】快件已到达{end}转运中心"),
    ("5", "5", "【{end}市】快件正在派送中，派件员：李师傅"),
)
_ENDS = {
    "3": ("3", "301", "【{end}市】您的快件已签收，签收人：本人。感谢使用，期待再次为您服务"),
    "2": ("2", "2", "【{end}市】派送不成功，原因：联系不上收件人，已安排再次派送"),
    "4": ("4", "4", "【{start}市】快件已退回，寄件人已签收"),
}


class ExpressAccount(Struct, frozen=True):
    """What the merchant would get from 快递100."""

    customer: str
    key: str


class _Journey(Struct, frozen=True):
    number: str
    company: str
    begun_at: int
    end_state: str
    hurried: str


class _Subscription(Struct, frozen=True):
    company: str
    number: str
    callback_url: str
    salt: str
    sent: int
    tries: int


class JourneyAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """Brings a number so many steps on (all of them when not said), to this end."""

    number: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    steps: Annotated[int, msgspec.Meta(ge=0, le=5)] = 5
    end: Literal["3", "2", "4"] = "3"


def account_of(credentials: Credentials) -> ExpressAccount:
    made = hashlib.sha256(credentials.mini_program.secret.encode()).hexdigest()
    return ExpressAccount(customer=made[:32].upper(), key=made[32:44])


def prepare(world: World) -> None:
    world.store.run(_SCHEMA)
    world.store.run(_JOURNEYS)


@post("/kd100/poll", status_code=200)
async def subscribe(request: Request[Any, Any, Any], world: World) -> dict[str, Any]:
    form = _form(await request.body())
    try:
        param = msgspec.json.decode(form.get("param", ""), type=dict[str, Any])
        parameters = param["parameters"]
        company, number = str(param["company"]), str(param["number"])
        callback, salt = str(parameters["callbackurl"]), str(parameters.get("salt", ""))
    except (msgspec.DecodeError, KeyError, TypeError):
        return _told(False, "701", "拒绝订阅的快递公司或参数有误")
    if param.get("key") != account_of(world.keys.credentials).key:
        return _told(False, "600", "您不是合法的订阅者（即授权Key出错）")
    if not number or len(number) > 32 or company != company.lower():
        return _told(False, "700", "订阅方的订阅数据存在错误")
    if company == "shunfeng" and not parameters.get("phone"):
        return _told(False, "408", "快递公司参数异常：验证码错误")
    _begin(world, number, company)
    known = world.store.number(
        "SELECT count(*) FROM express_subscriptions WHERE number = ? AND callback_url = ?",
        *(number, callback),
    )
    if known:
        return _told(False, "501", "重复订阅")
    world.store.run(
        "INSERT INTO express_subscriptions (company, number, callback_url, salt)"
        " VALUES (?, ?, ?, ?)",
        *(company, number, callback, salt),
    )
    return _told(True, "200", "提交成功")


@post("/kd100/poll/query.do", status_code=200)
async def query(request: Request[Any, Any, Any], world: World) -> dict[str, Any]:
    form = _form(await request.body())
    account = account_of(world.keys.credentials)
    param = form.get("param", "")
    expected = _md5(param + account.key + account.customer).upper()
    if form.get("customer") != account.customer or form.get("sign") != expected:
        return _told(False, "503", "验证签名失败")
    try:
        asked = msgspec.json.decode(param, type=dict[str, Any])
        number, company = str(asked["num"]), str(asked["com"])
    except (msgspec.DecodeError, KeyError):
        return _told(False, "400", "数据不完整")
    journey = _journey(world, number)
    if journey is None:
        journey = _begin(world, number, company)
    steps = _steps(world, journey)
    if not steps:
        return _told(False, "500", "查询无结果，请隔段时间再查")
    return _result(journey, steps)


@post("/_ctl/express", status_code=200)
async def move(world: World, data: JourneyAsked) -> dict[str, int]:
    """Moves one parcel and pushes what became known."""
    journey = _begin(world, data.number, "")
    times = msgspec.json.decode(journey.hurried, type=list[int])
    times += [world.now() + place for place in range(len(times), data.steps)]
    world.store.run(
        "UPDATE express_journeys SET hurried = ?, end_state = ? WHERE number = ?",
        *(msgspec.json.encode(times).decode(), data.end, data.number),
    )
    return {"pushed": await push_due(world)}


@get("/_ctl/express/account")
async def account(world: World) -> ExpressAccount:
    return account_of(world.keys.credentials)


async def push_due(world: World) -> int:
    """Tells subscribers what they were not told yet."""
    pushed = 0
    for one in world.store.every(
        _Subscription, "SELECT * FROM express_subscriptions WHERE tries < ?", _TRIES
    ):
        journey = _journey(world, one.number)
        steps = _steps(world, journey) if journey else []
        if journey is None or len(steps) <= one.sent:
            continue
        result = _result(journey, steps)
        is_over = len(steps) == len(_PLAN) + 1
        param = msgspec.json.encode(
            {
                "status": "shutdown" if is_over else "polling",
                "message": "",
                "lastResult": result,
            }
        ).decode()
        form = {"param": param}
        if one.salt:
            form["sign"] = _md5(param + one.salt).upper()
        taken = await _post(world, one.callback_url, form)
        pushed += taken
        world.store.run(
            "UPDATE express_subscriptions SET sent = ?, tries = ?"
            " WHERE number = ? AND callback_url = ?",
            *(len(steps) if taken else one.sent, 0 if taken else one.tries + 1),
            *(one.number, one.callback_url),
        )
    return pushed


async def _post(world: World, url: str, form: dict[str, str]) -> bool:
    try:
        answer = await world.http.post(url, data=form, timeout=10.0)
        return bool(answer.status_code == 200 and answer.json().get("result") is True)
    except (httpx.HTTPError, ValueError):
        return False


def _begin(world: World, number: str, company: str) -> _Journey:
    world.store.run(
        "INSERT OR IGNORE INTO express_journeys (number, company, begun_at) VALUES (?, ?, ?)",
        *(number, company, world.now() + _step_seconds(world)),
    )
    found = _journey(world, number)
    assert found is not None  # noqa: S101 - it was there or is now
    return found


def _journey(world: World, number: str) -> _Journey | None:
    return world.store.one(_Journey, "SELECT * FROM express_journeys WHERE number = ?", number)


def _step_seconds(world: World) -> int:
    return int(world.store.setting("express_step_seconds", str(STEP_SECONDS)))


def _steps(world: World, journey: _Journey) -> list[dict[str, str]]:
    """Those that have happened, newest first, as 快递100 gives them."""
    drawn = int(hashlib.sha256(journey.number.encode()).hexdigest()[:6], 16)
    start = _CITIES[drawn % len(_CITIES)]
    end = _CITIES[(drawn // 7 + 1) % len(_CITIES)]
    end = "上海" if end == start else end
    times = msgspec.json.decode(journey.hurried, type=list[int])
    found = []
    for place, (state, code, text) in enumerate((*_PLAN, _ENDS[journey.end_state])):
        is_hurried = place < len(times)
        at = times[place] if is_hurried else journey.begun_at + place * _step_seconds(world)
        if not is_hurried and at > world.now():
            break
        moment = datetime.fromtimestamp(at, _CHINA).strftime("%Y-%m-%d %H:%M:%S")
        city = start if "{start}" in text and place < 2 else end
        found.append(
            {
                "context": text.format(start=start, end=end),
                "time": moment,
                "ftime": moment,
                "status": state,
                "statusCode": code,
                "areaName": city,
            }
        )
    return found[::-1]


def _result(journey: _Journey, steps: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "message": "ok",
        "nu": journey.number,
        "ischeck": "1" if steps[0]["status"] == "3" else "0",
        "com": journey.company,
        "status": "200",
        "state": steps[0]["status"],
        "data": steps,
    }


def _told(result: bool, code: str, message: str) -> dict[str, Any]:
    return {"result": result, "returnCode": code, "message": message}


def _form(body: bytes) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


express_router = Router("/", route_handlers=[subscribe, query, move, account])
