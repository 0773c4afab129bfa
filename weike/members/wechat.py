"""WeChat's sign-in: `code2session` of mini-programs, OAuth of official accounts.

Source: WeChat developer documentation, "code2Session" and "网页授权". The session key is neither
kept nor given to anybody. The secret travels in the query, as WeChat asks, so addresses of these
calls must never reach a log.
"""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlencode

import httpx
import msgspec

from weike.members.model import nickname_of
from weike.members.ports import Ok, Refused, Unknown, WeChatPerson

_BUSY = -1
"""WeChat's word for "try later": it may have used the code up or not."""


class _Answer(msgspec.Struct):
    errcode: int = 0
    openid: str = ""
    unionid: str = ""
    access_token: str = ""
    scope: str = ""
    nickname: str = ""
    headimgurl: str = ""


class HTTPWeChat:
    """`api_url` and `open_url` are WeChat's api.weixin.qq.com and open.weixin.qq.com, or a
    sandbox's."""

    def __init__(self, http: httpx.AsyncClient, *, api_url: str, open_url: str) -> None:
        self._http = http
        self._api_url = api_url.rstrip("/")
        self._open_url = open_url.rstrip("/")
        # The HTTP library tells every address it calls at the level INFO.
        logging.getLogger("httpx").setLevel(logging.WARNING)

    async def mini_program_person(
        self, *, app_id: str, secret: str, code: str
    ) -> Ok[WeChatPerson] | Refused | Unknown:
        told = await self._ask(
            "/sns/jscode2session",
            appid=app_id,
            secret=secret,
            js_code=code,
            grant_type="authorization_code",
        )
        return _person(told) if isinstance(told, _Answer) else told

    async def official_account_person(
        self, *, app_id: str, secret: str, code: str
    ) -> Ok[WeChatPerson] | Refused | Unknown:
        """Name and picture are asked for too; without them the person is known all the same."""
        told = await self._ask(
            "/sns/oauth2/access_token",
            appid=app_id,
            secret=secret,
            code=code,
            grant_type="authorization_code",
        )
        if not isinstance(told, _Answer):
            return told
        if "snsapi_userinfo" in told.scope.split(","):
            more = await self._ask(
                "/sns/userinfo", access_token=told.access_token, openid=told.openid, lang="zh_CN"
            )
            if isinstance(more, _Answer) and more.openid == told.openid:
                return _person(more)
        return _person(told)

    def authorize_url(self, *, app_id: str, redirect_uri: str, state: str) -> str:
        # In the order WeChat's documentation gives; another one is refused by some clients.
        query = urlencode(
            {
                "appid": app_id,
                "redirect_uri": redirect_uri,
                "response_type": "code",
                "scope": "snsapi_userinfo",
                "state": state,
            }
        )
        return f"{self._open_url}/connect/oauth2/authorize?{query}#wechat_redirect"

    async def _ask(self, path: str, **query: str) -> _Answer | Refused | Unknown:
        try:
            answer = await self._http.get(self._api_url + path, params=query)
        except httpx.HTTPError as error:
            return Unknown(type(error).__name__)
        if answer.status_code != httpx.codes.OK:
            return Unknown(str(answer.status_code))
        try:
            # The content type is text/plain, whatever is inside.
            told = msgspec.json.decode(answer.content, type=_Answer)
        except msgspec.DecodeError:
            return Unknown("unreadable answer")
        if told.errcode == _BUSY:
            return Unknown(str(_BUSY))
        return Refused(str(told.errcode)) if told.errcode else told


def _person(told: _Answer) -> Ok[WeChatPerson] | Unknown:
    if not told.openid:
        return Unknown("answer without an openid")
    picture = told.headimgurl if told.headimgurl.startswith("https://") else ""
    return Ok(
        WeChatPerson(
            open_id=told.openid,
            union_id=told.unionid or None,
            nickname=nickname_of(told.nickname) or None,
            avatar_url=picture[:500] or None,
        )
    )


class FakeWeChat:
    """Knows whoever it is told about, by code; a code is good once, as at WeChat."""

    def __init__(self, people: dict[str, WeChatPerson] | None = None) -> None:
        self.people = dict(people or {})
        self.outage: Unknown | None = None
        self.asked: list[dict[str, Any]] = []

    async def mini_program_person(
        self, *, app_id: str, secret: str, code: str
    ) -> Ok[WeChatPerson] | Refused | Unknown:
        self.asked.append({"app_id": app_id, "secret": secret})
        if self.outage:
            return self.outage
        person = self.people.pop(code, None)
        return Ok(person) if person else Refused("40029")

    async def official_account_person(
        self, *, app_id: str, secret: str, code: str
    ) -> Ok[WeChatPerson] | Refused | Unknown:
        return await self.mini_program_person(app_id=app_id, secret=secret, code=code)

    def authorize_url(self, *, app_id: str, redirect_uri: str, state: str) -> str:
        query = urlencode({"appid": app_id, "redirect_uri": redirect_uri, "state": state})
        return f"https://wechat.test/authorize?{query}"
