"""One signed call to WeChat Pay and its three outcomes. Signs and sends the same bytes.

`base_url` is the operator's configuration, never a tenant's input, and redirects are not
followed: nobody can point our signature at another host.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import BinaryIO, TypeVar
from urllib.parse import quote

import httpx
import msgspec

from weike.payment.outcome import Ok, Outcome, Refused, Unknown
from weike.payment.providers.downloads import fetch_into, is_of
from weike.payment.providers.wechat_pay.credentials import WeChatPayCredentials
from weike.payment.providers.wechat_pay.messages import ErrorAnswer
from weike.payment.providers.wechat_pay.signing import authorization
from weike.payment.providers.wechat_pay.verification import NotVerified, verify

OFFICIAL_BASE_URL = "https://api.mch.weixin.qq.com"
OFFICIAL_BACKUP_BASE_URL = "https://api2.mch.weixin.qq.com"

# Codes that come with a 4xx or 2xx status and still mean that nobody knows.
UNDECIDED_CODES = frozenset({"SYSTEM_ERROR", "SYSTEMERROR", "BANK_ERROR", "BANKERROR"})

_ID = re.compile(r"[0-9A-Za-z_\-*|@]{1,64}")

T = TypeVar("T")


class UnsafeIdentifier(ValueError):
    """An id that would be put into a path holds characters no WeChat Pay id has."""


def path_segment(identifier: str) -> str:
    """Refuses with UnsafeIdentifier, so that no id can become another path."""
    if not _ID.fullmatch(identifier):
        raise UnsafeIdentifier(identifier)
    return quote(identifier, safe="")


class WeChatPayTransport:
    """Holds the keys, the connection pool and the sources of time and chance. Opens nothing."""

    def __init__(
        self,
        credentials: WeChatPayCredentials,
        *,
        http: httpx.AsyncClient,
        clock: Callable[[], datetime],
        nonce: Callable[[], str],
        base_url: str = OFFICIAL_BASE_URL,
        backup_base_url: str | None = None,
    ) -> None:
        self.credentials = credentials
        self.clock = clock
        self.nonce = nonce
        self._http = http
        self._base_urls = [url.rstrip("/") for url in (base_url, backup_base_url) if url]

    async def call(
        self, method: str, target: str, *, answer: type[T], body: msgspec.Struct | None = None
    ) -> Outcome[T]:
        """Asks for `target` (path and query, already escaped) and reads an `answer` from 2xx.

        An answer type of `NoneType` expects no content.
        """
        sent = b"" if body is None else msgspec.json.encode(body)
        try:
            response = await self._send(method, target, sent)
        except httpx.HTTPError as error:
            return Unknown(type(error).__name__)
        return self._read(response, answer)

    def is_at_home(self, url: str) -> bool:
        """Whether a url that we were told lies where we send our calls."""
        return is_of(url, self._base_urls)

    async def download(self, url: str, target: str, into: BinaryIO) -> Outcome[None]:
        """Fetches a file with a signed call; `target` is the path and query of `url`."""
        return await fetch_into(self._http, url, into, headers=self._headers("GET", target, b""))

    async def _send(self, method: str, target: str, sent: bytes) -> httpx.Response:
        *first, last = self._base_urls
        for base_url in first:
            try:
                return await self._send_to(base_url, method, target, sent)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                # Only a connection that never opened is safe to try elsewhere: the request
                # was not executed.
                continue
        return await self._send_to(last, method, target, sent)

    async def _send_to(
        self, base_url: str, method: str, target: str, sent: bytes
    ) -> httpx.Response:
        return await self._http.request(
            method,
            base_url + target,
            content=sent,
            headers=self._headers(method, target, sent),
            follow_redirects=False,
        )

    def _headers(self, method: str, target: str, sent: bytes) -> dict[str, str]:
        return {
            "Authorization": authorization(
                self.credentials,
                method=method,
                target=target,
                body=sent,
                now=self.clock(),
                nonce=self.nonce(),
            ),
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": "weike-payment/1",
            "Wechatpay-Serial": self.credentials.answer_serial,
        }

    def _read(self, response: httpx.Response, answer: type[T]) -> Outcome[T]:
        status = response.status_code
        if 400 <= status < 500:
            return self._read_refusal(response)
        if not 200 <= status < 300:
            return Unknown(f"status_{status}")
        if reason := self._not_verified(response):
            return Unknown(f"answer_{reason}")
        if answer is type(None):
            return Ok(None)
        try:
            return Ok(msgspec.json.decode(response.content, type=answer))
        except msgspec.MsgspecError:
            return Unknown("answer_unreadable")

    def _read_refusal(self, response: httpx.Response) -> Refused | Unknown:
        # WeChat Pay does not sign every refusal (it cannot sign one to a merchant it does not
        # know), so a signature is checked only when there is one.
        if "wechatpay-signature" in response.headers and (reason := self._not_verified(response)):
            return Unknown(f"answer_{reason}")
        try:
            error = msgspec.json.decode(response.content, type=ErrorAnswer)
        except msgspec.MsgspecError:
            # A proxy's page, not a decision of WeChat Pay.
            return Unknown(f"status_{response.status_code}")
        if error.code in UNDECIDED_CODES:
            return Unknown(error.code)
        return Refused(error.code, error.message)

    def _not_verified(self, response: httpx.Response) -> str | None:
        try:
            verify(self.credentials.verifiers, response.headers, response.content, now=self.clock())
        except NotVerified as refusal:
            return refusal.reason
        return None
