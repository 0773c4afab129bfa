"""The wire to WeChat and to the inbox: three ends, whatever the other side does."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.members.builders import SECRET
from tests.members.web import AllDoors
from tests.tenancy.builders import a_shop
from tests.tenancy.web import Hands, bearer
from tests.web import web_client
from weike.kernel import Database
from weike.members import NoFigures, WeChatPerson, build
from weike.members.ports import Ok, Refused, Unknown
from weike.members.routes import ROUTES
from weike.members.sms import HTTPSMS
from weike.members.wechat import HTTPWeChat
from weike.sandbox.app import create_sandbox

Answers = Callable[[httpx.Request], httpx.Response]


def a_wechat(answers: Answers) -> HTTPWeChat:
    http = httpx.AsyncClient(transport=httpx.MockTransport(answers))
    return HTTPWeChat(http, api_url="https://api.test/", open_url="https://open.test")


def told(content: object, status: int = 200) -> Answers:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    headers = {"content-type": "text/plain"}
    return lambda request: httpx.Response(status, content=body, headers=headers)


def cut(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("cut", request=request)


@pytest.mark.parametrize(
    ("answers", "end"),
    [
        (
            told({"openid": "o1", "session_key": "k", "unionid": "u1"}),
            Ok(WeChatPerson(open_id="o1", union_id="u1")),
        ),
        (told({"openid": "o1", "session_key": "k"}), Ok(WeChatPerson(open_id="o1"))),
        (told({"errcode": 40029, "errmsg": "invalid code"}), Refused("40029")),
        (told({"errcode": 40163, "errmsg": "code been used"}), Refused("40163")),
        (told({"errcode": -1, "errmsg": "system error"}), Unknown("-1")),
        (told({"openid": "o1"}, status=502), Unknown("502")),
        (told(b"<html>"), Unknown("unreadable answer")),
        (told([1]), Unknown("unreadable answer")),
        (told({"openid": 7}), Unknown("unreadable answer")),
        (told({}), Unknown("answer without an openid")),
        (cut, Unknown("ReadTimeout")),
    ],
)
async def test_every_answer_has_one_of_three_ends(answers: Answers, end: object) -> None:
    wechat = a_wechat(answers)
    assert await wechat.mini_program_person(app_id="wx1", secret="s", code="c") == end


async def test_the_exchange_asks_what_the_documentation_says() -> None:
    asked: list[httpx.Request] = []

    def answers(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"openid": "o1"})

    await a_wechat(answers).mini_program_person(app_id="wx1", secret="s", code="c")
    (request,) = asked
    assert request.method == "GET"
    assert request.url.path == "/sns/jscode2session"
    assert dict(request.url.params) == {
        "appid": "wx1",
        "secret": "s",
        "js_code": "c",
        "grant_type": "authorization_code",
    }


def official(userinfo: dict[str, Any] | None) -> Answers:
    def answers(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/sns/oauth2/access_token":
            scope = "snsapi_userinfo" if userinfo is not None else "snsapi_base"
            return httpx.Response(200, json={"openid": "o1", "access_token": "t", "scope": scope})
        assert request.url.params["access_token"] == "t"
        return httpx.Response(200, json=userinfo)

    return answers


@pytest.mark.parametrize(
    ("userinfo", "person"),
    [
        (None, WeChatPerson(open_id="o1")),
        (
            {"openid": "o1", "nickname": "桃\u202e桃", "headimgurl": "https://pic.test/1"},
            WeChatPerson(open_id="o1", nickname="桃桃", avatar_url="https://pic.test/1"),
        ),
        (
            {"openid": "o1", "nickname": "", "headimgurl": "javascript:alert(1)"},
            WeChatPerson(open_id="o1"),
        ),
        ({"errcode": 48001, "errmsg": "api unauthorized"}, WeChatPerson(open_id="o1")),
        ({"openid": "somebody else", "nickname": "别人"}, WeChatPerson(open_id="o1")),
    ],
)
async def test_a_name_is_welcome_and_not_needed(
    userinfo: dict[str, Any] | None, person: WeChatPerson
) -> None:
    wechat = a_wechat(official(userinfo))
    found = await wechat.official_account_person(app_id="wx1", secret="s", code="c")
    assert found == Ok(person)


async def test_no_address_with_a_secret_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    wechat = a_wechat(told({"openid": "o1"}))
    await wechat.mini_program_person(app_id="wx1", secret="very-secret", code="c")
    assert "very-secret" not in caplog.text


def refused_connection(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("nobody there", request=request)


@pytest.mark.parametrize(
    ("answers", "end"),
    [
        (told({}), Ok),
        (told({}, status=400), Refused),
        (told({}, status=503), Unknown),
        (cut, Unknown),
        (refused_connection, Refused),
    ],
)
async def test_a_message_has_one_of_three_ends(answers: Answers, end: type) -> None:
    http = httpx.AsyncClient(transport=httpx.MockTransport(answers))
    sms = HTTPSMS(http, url="https://sms.test/sms")
    assert isinstance(await sms.send("13900139001", "1"), end)


# Together with the simulated WeChat, over HTTP on both sides.


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as out:
        app: Any = create_sandbox(tmp_path, http=out, delivers_by_itself=False)
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://sandbox.test") as http:
            yield http


async def test_a_buyer_signs_in_all_three_ways_against_the_sandbox(
    sandbox: httpx.AsyncClient, tmp_path: Path, database: Database, now: datetime
) -> None:
    clock, shop = Hands(now), await a_shop(database, now)
    kit = build(
        database,
        clock=clock,
        http=sandbox,
        sealing_secret=SECRET,
        sms_url="http://sandbox.test/sms",
        wechat_api_url="http://sandbox.test/wxapi",
        wechat_open_url="http://sandbox.test/wxapi",
        public_origins=("http://shop.test",),
    )
    keys = json.loads((tmp_path / "credentials.json").read_text())
    doors = AllDoors(database, clock=clock, members=kit.member_door)
    wired = {
        "phone_seal": kit.phone_seal,
        "sms": kit.sms,
        "wechat_sign_in": kit.wechat_sign_in,
        "member_door": kit.member_door,
        "member_figures": NoFigures(),
    }
    headers = {"x-shop": shop.slug}
    async with web_client(ROUTES, database, doors, dependencies=wired, clock=clock) as client:
        put = await client.put(
            "/api/console/wechat-sign-in",
            json={"mini": keys["mini_program"], "official": keys["official_account"]},
            headers=bearer(shop.token),
        )
        assert put.json() == {
            "mini": {"app_id": keys["mini_program"]["app_id"]},
            "official": {"app_id": keys["official_account"]["app_id"]},
        }

        # By phone, reading the inbox.
        await client.post("/api/shop/sign-in/code", json={"phone": "13900139001"}, headers=headers)
        inbox = (await sandbox.get("/sms.json", params={"phone": "13900139001"})).json()
        by_phone = await client.post(
            "/api/shop/sign-in/phone",
            json={"phone": "13900139001", "code": inbox["items"][0]["code"]},
            headers=headers,
        )
        assert by_phone.json()["is_new"] is True

        # In the mini-program.
        given = await sandbox.post(
            "/_ctl/login_code", json={"person": "lin", "purpose": "mini_program"}
        )
        mini = {"code": given.json()["code"]}
        in_mini = await client.post("/api/shop/sign-in/wechat-mini", json=mini, headers=headers)
        assert in_mini.json()["is_new"] is True, in_mini.text
        again = await client.post("/api/shop/sign-in/wechat-mini", json=mini, headers=headers)
        assert again.json()["code"] == "members.wechat_refused"

        # On a page: there, chosen, and back; WeChat says it is the same person.
        way = await client.get(
            "/api/shop/sign-in/wechat-oauth", params={"return_to": "/m/"}, headers=headers
        )
        assert "httponly" in way.headers["set-cookie"].lower()
        there = await sandbox.get(way.json()["url"].partition("#")[0] + "&person=lin")
        back = urlsplit(there.headers["location"])
        assert f"{back.scheme}://{back.netloc}{back.path}" == "http://shop.test/m/"
        query = {key: values[0] for key, values in parse_qs(back.query).items()}
        on_page = await client.post("/api/shop/sign-in/wechat-oauth", json=query, headers=headers)
        assert on_page.status_code == 200, on_page.text
        assert on_page.json()["member_id"] == in_mini.json()["member_id"]

        nowhere = await client.get(
            "/api/shop/sign-in/wechat-oauth",
            params={"return_to": "https://evil.example/"},
            headers=headers,
        )
        assert nowhere.json()["code"] == "members.return_not_allowed"


async def test_without_a_gateway_nobody_waits_for_a_message() -> None:
    async with httpx.AsyncClient() as http:
        for url in ("", "sms", "http://[", "http://127.0.0.1:1/sms"):
            end = await HTTPSMS(http, url=url).send("13900139001", "1")
            assert isinstance(end, Refused), (url, end)
