"""WeChat's shipping-information calls, as their documentation gives them. Three outcomes.

The access token is the app's stable one; it is kept until shortly before its end, and a call that
is told its token is not valid gets a fresh one once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import httpx
import msgspec

from weike.kernel import Clock
from weike.payment import Ok, Refused, Unknown

_BUSY = frozenset({-1, 10060012})
_BAD_TOKEN = frozenset({40001, 40014, 42001})
_UNCHANGED = 10060023
"""发货信息未更新: WeChat knows exactly this already."""
_EARLY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class App:
    """The merchant's mini-program."""

    app_id: str
    secret: str


class ShippingAPI(Protocol):
    """Never raises for what the network does."""

    async def is_managed(self, app: App) -> Ok[bool] | Refused | Unknown:
        """Whether WeChat wants to be told how this mini-program ships."""
        ...

    async def upload(self, app: App, report: dict[str, Any]) -> Ok[None] | Refused | Unknown: ...


class _Told(msgspec.Struct):
    errcode: int = 0
    errmsg: str = ""
    access_token: str = ""
    expires_in: int = 0
    is_trade_managed: bool = False


class HTTPShippingAPI:
    """`ShippingAPI` over HTTP."""

    def __init__(self, http: httpx.AsyncClient, *, url: str, clock: Clock) -> None:
        self._http = http
        self._url = url.rstrip("/")
        self._clock = clock
        self._tokens: dict[str, tuple[str, datetime]] = {}

    async def is_managed(self, app: App) -> Ok[bool] | Refused | Unknown:
        told = await self._call(app, "/wxa/sec/order/is_trade_managed", {"appid": app.app_id})
        return Ok(told.is_trade_managed) if isinstance(told, _Told) else told

    async def upload(self, app: App, report: dict[str, Any]) -> Ok[None] | Refused | Unknown:
        told = await self._call(app, "/wxa/sec/order/upload_shipping_info", report)
        if isinstance(told, Refused) and told.code == str(_UNCHANGED):
            return Ok(None)
        return Ok(None) if isinstance(told, _Told) else told

    async def _call(self, app: App, path: str, body: dict[str, Any]) -> _Told | Refused | Unknown:
        for is_last in (False, True):
            token = await self._token(app, force=is_last)
            if not isinstance(token, str):
                return token
            told = await self._post(path, body, access_token=token)
            if isinstance(told, Unknown) or told.errcode not in _BAD_TOKEN or is_last:
                break
        if isinstance(told, Unknown):
            return told
        if told.errcode in _BUSY:
            return Unknown(str(told.errcode))
        return Refused(str(told.errcode), told.errmsg[:200]) if told.errcode else told

    async def _token(self, app: App, *, force: bool) -> str | Refused | Unknown:
        now = self._clock()
        token, until = self._tokens.get(app.app_id, ("", datetime.min.replace(tzinfo=UTC)))
        if token and now < until and not force:
            return token
        told = await self._post(
            "/cgi-bin/stable_token",
            {
                "grant_type": "client_credential",
                "appid": app.app_id,
                "secret": app.secret,
                "force_refresh": force,
            },
        )
        if isinstance(told, Unknown):
            return told
        if told.errcode in _BUSY:
            return Unknown(str(told.errcode))
        if told.errcode or not told.access_token:
            return Refused(str(told.errcode), told.errmsg[:200])
        self._tokens[app.app_id] = (
            told.access_token,
            now + timedelta(seconds=told.expires_in) - _EARLY,
        )
        return told.access_token

    async def _post(self, path: str, body: dict[str, Any], **query: str) -> _Told | Unknown:
        try:
            answer = await self._http.post(
                self._url + path,
                params=query,
                content=msgspec.json.encode(body),
                headers={"content-type": "application/json"},
            )
        except httpx.HTTPError as error:
            return Unknown(type(error).__name__)
        if answer.status_code != httpx.codes.OK:
            return Unknown(str(answer.status_code))
        try:
            return msgspec.json.decode(answer.content, type=_Told)
        except msgspec.DecodeError:
            return Unknown("unreadable answer")
