"""快递100's protocol: subscribe (poll), the push that follows, and the query of one number.

Forms with a JSON text in `param`; the query is signed with MD5 over param, key and customer, the
push with MD5 over param and the salt we gave. MD5 is their choice: the salt is random, secret and
belongs to one wish, and a push without a right signature is not read.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta, timezone

import httpx
import msgspec

from weike.trade.fulfilment.model import ParcelState
from weike.trade.fulfilment.tracking.ports import (
    Account,
    Journey,
    Ok,
    Refused,
    Step,
    Tracked,
    Unknown,
)

OFFICIAL_URL = "https://poll.kuaidi100.com"
LARGEST_PUSH_BYTES = 512 * 1024
_CHINA = timezone(timedelta(hours=8))
_STEPS_LIMIT = 300
_SUBSCRIBED = frozenset({"200", "501"})
"""501: this number is subscribed to already."""
_BUSY = frozenset({"500", "502", "503", "504"})
_STATES = {
    "0": ParcelState.IN_TRANSIT,
    "1": ParcelState.COLLECTED,
    "2": ParcelState.PROBLEM,
    "3": ParcelState.SIGNED,
    "4": ParcelState.RETURNED,
    "5": ParcelState.OUT_FOR_DELIVERY,
    "6": ParcelState.RETURNING,
    "7": ParcelState.IN_TRANSIT,
    "8": ParcelState.IN_TRANSIT,
    "10": ParcelState.IN_TRANSIT,
    "11": ParcelState.IN_TRANSIT,
    "12": ParcelState.IN_TRANSIT,
    "13": ParcelState.IN_TRANSIT,
    "14": ParcelState.PROBLEM,
    "101": ParcelState.CREATED,
    "102": ParcelState.CREATED,
}


class _Item(msgspec.Struct):
    context: str = ""
    time: str = ""
    ftime: str = ""
    statusCode: str = ""
    areaName: str | None = None


class _Result(msgspec.Struct):
    nu: str = ""
    state: str = "0"
    ischeck: str = "0"
    data: list[_Item] = []


class _Push(msgspec.Struct):
    status: str
    lastResult: _Result | None = None


class _Told(msgspec.Struct):
    """Either a result or an answer about one; they share few names."""

    result: bool | None = None
    returnCode: str = ""
    message: str = ""
    status: str = ""


class BadPush(Exception):
    """It is not the service's word about this wish."""


def state_of(code: str) -> ParcelState:
    """From a state or its finer code (three or four digits); what is unknown is in transit."""
    if code in _STATES:
        return _STATES[code]
    if len(code) == 3:
        return _STATES.get(code[0], ParcelState.IN_TRANSIT)
    return ParcelState.IN_TRANSIT


def read_push(*, param: str, sign: str, salt: str) -> Journey | None:
    """None when the push only says that the service gives up. Refuses with BadPush."""
    expected = _md5(param + salt)
    if not hmac.compare_digest(expected.encode(), sign.casefold().encode()):
        raise BadPush("signature")
    try:
        push = msgspec.json.decode(param, type=_Push, strict=False)
        if push.lastResult is None or not push.lastResult.nu:
            return None
        return _journey(push.lastResult, is_over=push.status in ("shutdown", "abort"))
    except (msgspec.DecodeError, ValueError) as error:
        raise BadPush("content") from error


def _journey(told: _Result, *, is_over: bool) -> Journey:
    steps = sorted((_step(item, told) for item in told.data[:_STEPS_LIMIT]), key=lambda s: s.at)
    state = state_of(told.state)
    over = is_over or told.ischeck == "1" or state in (ParcelState.SIGNED, ParcelState.RETURNED)
    return Journey(tracking_no=told.nu, state=state, steps=steps, is_over=over)


def _step(item: _Item, told: _Result) -> Step:
    moment = datetime.strptime(item.ftime or item.time, "%Y-%m-%d %H:%M:%S").replace(tzinfo=_CHINA)
    return Step(
        at=moment,
        state=state_of(item.statusCode or told.state),
        text=_plain(item.context)[:500],
        place=_plain(item.areaName or "")[:60],
    )


def _plain(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text).strip()


class Kuaidi100:
    """`TrackingService` over HTTP."""

    def __init__(self, http: httpx.AsyncClient, *, url: str = OFFICIAL_URL) -> None:
        self._http = http
        self._url = url.rstrip("/")

    async def subscribe(
        self, account: Account, parcel: Tracked, *, callback_url: str, salt: str
    ) -> Ok[None] | Refused | Unknown:
        param = {
            "company": parcel.company,
            "number": parcel.tracking_no,
            "key": account.key,
            "parameters": {
                "callbackurl": callback_url,
                "salt": salt,
                "resultv2": "4",
                "phone": parcel.phone_tail,
            },
        }
        told = await self._post("/poll", {"schema": "json", "param": _json(param)})
        if isinstance(told, Unknown):
            return told
        answer = _answer(told)
        if answer is None or answer.returnCode in _BUSY:
            return Unknown(answer.returnCode if answer else "unreadable answer")
        if answer.returnCode in _SUBSCRIBED:
            return Ok(None)
        return Refused(answer.returnCode, answer.message)

    async def query(self, account: Account, parcel: Tracked) -> Ok[Journey] | Refused | Unknown:
        param = _json(
            {
                "com": parcel.company,
                "num": parcel.tracking_no,
                "phone": parcel.phone_tail,
                "resultv2": "4",
            }
        )
        sign = _md5(param + account.key + account.customer).upper()
        form = {"customer": account.customer, "sign": sign, "param": param}
        told = await self._post("/poll/query.do", form)
        if isinstance(told, Unknown):
            return told
        answer = _answer(told)
        if answer is None:
            return Unknown("unreadable answer")
        if answer.result is False:
            if answer.returnCode in _BUSY - {"500"}:
                return Unknown(answer.returnCode)
            return Refused(answer.returnCode, answer.message)
        try:
            return Ok(
                _journey(msgspec.json.decode(told, type=_Result, strict=False), is_over=False)
            )
        except (msgspec.DecodeError, ValueError):
            return Unknown("unreadable journey")

    async def _post(self, path: str, form: dict[str, str]) -> bytes | Unknown:
        try:
            answer = await self._http.post(self._url + path, data=form)
        except httpx.HTTPError as error:
            return Unknown(type(error).__name__)
        if answer.status_code != httpx.codes.OK:
            return Unknown(str(answer.status_code))
        return answer.content


def _answer(content: bytes) -> _Told | None:
    try:
        return msgspec.json.decode(content, type=_Told, strict=False)
    except msgspec.DecodeError:
        return None


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
