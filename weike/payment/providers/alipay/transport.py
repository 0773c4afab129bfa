"""One signed call to Alipay's gateway and its three outcomes; and signed forms for a browser.

`gateway_url` is the operator's configuration, never a tenant's input, and redirects are not
followed: nobody can point our signature at another host.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import BinaryIO, TypeVar
from urllib.parse import urlencode, urlsplit

import httpx
import msgspec

from weike.payment.outcome import Ok, Outcome, Refused, Unknown
from weike.payment.providers.alipay.credentials import KEY_MODE, AlipayCredentials
from weike.payment.providers.alipay.messages import Head, china_time
from weike.payment.providers.alipay.signing import SIGN_TYPE, signed
from weike.payment.providers.alipay.verification import NotVerified, members_of, verify
from weike.payment.providers.downloads import fetch_into, is_of

OFFICIAL_GATEWAY_URL = "https://openapi.alipay.com/gateway.do"
_ALIPAY_S_OWN = ("alipay.com", "alipaydev.com")

DONE = "10000"
# The service was away, or it works on it: nobody knows.
UNDECIDED_CODES = frozenset({"20000", "10003"})
UNDECIDED_SUB_CODES = frozenset(
    {"ACQ.SYSTEM_ERROR", "aop.ACQ.SYSTEM_ERROR", "SYSTEM_ERROR", "AOP.SYSTEM_ERROR"}
)
# Refusals of the gateway itself (parameters, rights, keys), which it cannot always sign.
GATEWAY_CODES = frozenset({"20001", "40001", "40002", "40003", "40006"})

T = TypeVar("T")


class AlipayTransport:
    """Holds the keys, the connection pool and the source of time. Opens nothing."""

    def __init__(
        self,
        credentials: AlipayCredentials,
        *,
        http: httpx.AsyncClient,
        clock: Callable[[], datetime],
        gateway_url: str = OFFICIAL_GATEWAY_URL,
    ) -> None:
        self.credentials = credentials
        self.clock = clock
        self.gateway_url = gateway_url
        self._http = http

    def parameters(
        self, method: str, business: msgspec.Struct | Mapping[str, object], **more: str
    ) -> dict[str, str]:
        """Common parameters and the business content, signed."""
        given = {
            "app_id": self.credentials.app_id,
            "method": method,
            "format": "JSON",
            "charset": "utf-8",
            "sign_type": SIGN_TYPE,
            # In China's time wherever the server stands: the gateway refuses what is too far off.
            "timestamp": china_time(self.clock()),
            "version": "1.0",
            "biz_content": msgspec.json.encode(business).decode(),
            **more,
        }
        if self.credentials.app_cert_sn and self.credentials.root_cert_sn:
            given["app_cert_sn"] = self.credentials.app_cert_sn
            given["alipay_root_cert_sn"] = self.credentials.root_cert_sn
        return signed(given, self.credentials.private_key)

    def form(
        self, method: str, business: Mapping[str, object], **more: str
    ) -> tuple[str, dict[str, str]]:
        """Where a browser posts to, and what: the common parameters stand in the address, which
        is also how the gateway learns in which charset the rest is written."""
        given = self.parameters(method, business, **more)
        content = given.pop("biz_content")
        return f"{self.gateway_url}?{urlencode(given)}", {"biz_content": content}

    async def call(
        self, method: str, business: msgspec.Struct | Mapping[str, object], *, answer: type[T]
    ) -> Outcome[T]:
        given = self.parameters(method, business)
        content = given.pop("biz_content")
        try:
            response = await self._http.post(
                f"{self.gateway_url}?{urlencode(given)}",
                content=urlencode({"biz_content": content}).encode(),
                headers={
                    "Content-Type": "application/x-www-form-urlencoded;charset=utf-8",
                    "User-Agent": "weike-payment/1",
                },
                follow_redirects=False,
            )
        except httpx.HTTPError as error:
            return Unknown(type(error).__name__)
        if response.status_code != 200:
            return Unknown(f"status_{response.status_code}")
        return self._read(response.content, method.replace(".", "_") + "_response", answer)

    async def download(self, url: str, into: BinaryIO) -> Outcome[None]:
        """A file at an address we were told; only Alipay's own hosts are asked."""
        if not is_of(url, [self.gateway_url], also_under=_ALIPAY_S_OWN):
            return Unknown("foreign_address")
        return await fetch_into(self._http, url, into, headers={})

    def _read(self, raw: bytes, node: str, answer: type[T]) -> Outcome[T]:
        try:
            members = members_of(raw.decode())
        except (NotVerified, UnicodeDecodeError):
            return Unknown("answer_unreadable")
        written = members.get(node) or members.get("error_response")
        if written is None:
            return Unknown("answer_without_content")
        try:
            head = msgspec.json.decode(written, type=Head)
            sign = msgspec.json.decode(members.get("sign", '""'), type=str)
            serial = msgspec.json.decode(members.get("alipay_cert_sn", '""'), type=str)
        except msgspec.MsgspecError:
            return Unknown("answer_unreadable")
        refused_by_gateway = head.code in GATEWAY_CODES
        if sign or not refused_by_gateway:
            known = KEY_MODE if KEY_MODE in self.credentials.verifiers else serial
            try:
                verify(self.credentials.verifiers, known, written.encode(), sign)
            except NotVerified as refusal:
                return Unknown(f"answer_{refusal.reason}")
        return _outcome(head, written, answer)


def _outcome(head: Head, written: str, answer: type[T]) -> Outcome[T]:
    sub_code = head.sub_code
    if head.code == DONE and not sub_code:
        try:
            return Ok(msgspec.json.decode(written, type=answer))
        except msgspec.MsgspecError:
            return Unknown("answer_unreadable")
    if (
        head.code in UNDECIDED_CODES
        or sub_code in UNDECIDED_SUB_CODES
        or (sub_code.startswith("isp.") and sub_code != "isp.bill_not_exist")
    ):
        return Unknown(sub_code or head.code)
    return Refused(sub_code or head.code, head.sub_msg or head.msg)


def form_origins(gateway_url: str) -> tuple[str, ...]:
    """Where a browser may be led when it sends a form to this gateway: the official one goes on
    to cashiers on other hosts of the same house."""
    parts = urlsplit(gateway_url)
    own = f"{parts.scheme}://{parts.netloc}"
    for name in _ALIPAY_S_OWN:
        if (parts.hostname or "").endswith(f".{name}"):
            return (own, f"https://*.{name}")
    return (own,)
