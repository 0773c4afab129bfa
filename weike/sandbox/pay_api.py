"""`/v3/…`: the calls of the simulated WeChat Pay, as one bare ASGI application.

Bare, because it must see and send exact bytes: the signature covers the raw path and the raw
body, every answer is signed, and a fault may cut the connection in the middle of one.
"""

import asyncio
import base64
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import parse_qs, unquote

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from weike.sandbox import bills, orders, refunds, transfers
from weike.sandbox.faults import CallTarget, Fault, take_fault
from weike.sandbox.wire import (
    ProtocolRefusal,
    SignedCall,
    read_call,
    refusal_body,
    signed_headers,
)
from weike.sandbox.world import World, china_time

LARGEST_BODY_BYTES = 1024 * 1024
_PREPAYS = "/v3/pay/transactions"
_TRANSFERS = "/v3/fund-app/mch-transfer/transfer-bills"


class ConnectionCut(Exception):
    """Raised in the middle of an answer: the server then drops the connection."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A file of bills is not signed; its hash is, in the answer before it."""

    status: int
    body: bytes = b""
    content_type: str = "application/json; charset=utf-8"
    is_signed: bool = True


@dataclass(frozen=True, slots=True)
class Route:
    """`deed` gets the world, the verified call and what the pattern captured."""

    method: str
    pattern: re.Pattern[str]
    target: CallTarget | None
    """The name under which a fault can be set; None for what never fails on purpose."""
    deed: Callable[[World, SignedCall, str, str], Answer]


def pay_api(world: World, *, public_url: Callable[[HTTPScope], str]) -> ASGIApp:
    """The ASGI application; `public_url` says under which address the cashier page is reached."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            return
        body = await _read(receive)
        path = scope["raw_path"].decode("ascii")
        query = scope["query_string"].decode("ascii")
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in scope["headers"]
        }
        try:
            call = read_call(
                world.keys,
                method=scope["method"],
                target=f"{path}?{query}" if query else path,
                headers=headers,
                body=body,
                real_now=world.real_now(),
            )
        except ProtocolRefusal as refusal:
            await _send(send, world, Answer(refusal.status, refusal_body(refusal)), None, None)
            return
        fault: Fault | None = None
        try:
            route, captured = _find(call.method, path)
            if route.target:
                fault = take_fault(world.store, route.target, chance=world.chance)
            await _before(fault)
            # Bills are fetched from where the shop sends its calls, whoever else is told another
            # address.
            place = _base_url(scope, headers) if route.target == "bill" else public_url(scope)
            answer = route.deed(world, call, captured, place)
            # After the answer was made: a refund is answered as PROCESSING and done at once.
            refunds.settle_refunds(world)
        except ProtocolRefusal as refusal:
            answer = Answer(refusal.status, refusal_body(refusal))
        except ConnectionCut:
            await _cut(send)
        if fault and fault.kind == "cut_after":
            await _cut(send)
        if fault and fault.kind == "error_after":
            answer = Answer(
                500, msgspec.json.encode({"code": "SYSTEM_ERROR", "message": "系统错误"})
            )
        await _send(send, world, answer, call.answer_serial, fault)

    return app


def _base_url(scope: HTTPScope, headers: dict[str, str]) -> str:
    return f"{scope.get('scheme', 'http')}://{headers.get('host', '127.0.0.1')}"


async def _before(fault: Fault | None) -> None:
    """Faults that act before anything happens."""
    if fault is None:
        return
    if fault.kind == "delay":
        await asyncio.sleep(fault.seconds)
    if fault.kind == "refuse":
        raise ProtocolRefusal(fault.status, fault.code, "沙箱按设定拒绝")
    if fault.kind == "cut_before":
        raise ConnectionCut


def _find(method: str, path: str) -> tuple[Route, str]:
    for route in ROUTES:
        found = route.pattern.fullmatch(path)
        if found and route.method == method:
            return route, unquote(found.group(1)) if found.groups() else ""
    raise ProtocolRefusal(404, "RESOURCE_NOT_EXISTS", "沙箱没有这个接口")


async def _read(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ConnectionCut
        body += message["body"]
        if len(body) > LARGEST_BODY_BYTES:
            raise ConnectionCut
        if not message.get("more_body"):
            return body


async def _send(
    send: Send, world: World, answer: Answer, serial: str | None, fault: Fault | None
) -> None:
    """Signed with the serial the merchant asked for; 204 is signed over nothing."""
    headers, body = signed_headers(
        world.keys,
        answer.body,
        serial=serial or world.keys.public_key_id,
        real_now=world.real_now(),
        fault=fault,
    )
    if not answer.is_signed:
        headers = {}
    if answer.status != 204:
        headers |= {
            "Content-Type": answer.content_type,
            "Content-Length": str(len(body)),
        }
    encoded = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": encoded})
    await send(
        {
            "type": "http.response.body",
            "body": b"" if answer.status == 204 else body,
            "more_body": False,
        }
    )


async def _cut(send: Send) -> NoReturn:
    """Promises a thousand bytes, sends one, and is gone."""
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]}
    )
    await send({"type": "http.response.body", "body": b"{", "more_body": True})
    raise ConnectionCut


def _json(value: object) -> Answer:
    return Answer(200, msgspec.json.encode(value))


def _prepay(world: World, call: SignedCall, channel: str, public_url: str) -> Answer:
    prepay_id = orders.prepay(world, call.mch_id, channel, call.body)
    cashier = f"{public_url}/cashier/{prepay_id}"
    match channel:
        case "h5":
            return _json({"h5_url": cashier})
        case "native":
            # The real one is `weixin://…`, which only WeChat can scan; any phone scans this one.
            return _json({"code_url": cashier})
        case _:
            return _json({"prepay_id": prepay_id})


def _query(world: World, call: SignedCall, out_trade_no: str, _url: str) -> Answer:
    _require_own_merchant(call)
    order = orders.known_order(world, call.mch_id, out_trade_no)
    return _json(orders.transaction(order))


def _query_transaction(world: World, call: SignedCall, number: str, _url: str) -> Answer:
    _require_own_merchant(call)
    return _json(orders.transaction(orders.order_by_transaction(world, call.mch_id, number)))


def _close(world: World, call: SignedCall, out_trade_no: str, _url: str) -> Answer:
    try:
        asked = msgspec.json.decode(call.body, type=dict[str, str])
    except msgspec.MsgspecError as error:
        raise ProtocolRefusal(400, "PARAM_ERROR", "请求参数错误") from error
    if asked.get("mchid") != call.mch_id:
        raise ProtocolRefusal(400, "PARAM_ERROR", "商户号与签名不一致")
    orders.close(world, orders.known_order(world, call.mch_id, out_trade_no))
    return Answer(204)


def _refund(world: World, call: SignedCall, _captured: str, _url: str) -> Answer:
    return _json(refunds.refund(world, call.mch_id, call.body))


def _query_refund(world: World, call: SignedCall, out_refund_no: str, _url: str) -> Answer:
    return _json(refunds.query_refund(world, call.mch_id, out_refund_no))


def _transfer(world: World, call: SignedCall, _captured: str, _url: str) -> Answer:
    return _json(transfers.transfer(world, call.mch_id, call.body))


def _transfer_of(world: World, call: SignedCall, out_bill_no: str, _url: str) -> Answer:
    return _json(transfers.query_transfer(world, call.mch_id, out_bill_no))


def _tradebill(world: World, call: SignedCall, _captured: str, url: str) -> Answer:
    return _json(bills.tradebill(world, call, url))


def _bill_file(world: World, call: SignedCall, _captured: str, _url: str) -> Answer:
    content = bills.download(world, call)
    return Answer(200, content, content_type="application/x-gzip", is_signed=False)


def _certificates(world: World, call: SignedCall, _captured: str, _url: str) -> Answer:
    """The platform certificate, encrypted like a notification."""
    nonce, about = secrets.token_hex(6), "certificate"
    key = world.keys.merchants[call.mch_id].api_v3_key.encode()
    ciphertext = AESGCM(key).encrypt(
        nonce.encode(), world.keys.certificate_pem.encode(), about.encode()
    )
    now = world.real_now()
    return _json(
        {
            "data": [
                {
                    "serial_no": world.keys.certificate_serial,
                    "effective_time": china_time(now - 24 * 60 * 60),
                    "expire_time": china_time(now + 365 * 24 * 60 * 60),
                    "encrypt_certificate": {
                        "algorithm": "AEAD_AES_256_GCM",
                        "nonce": nonce,
                        "associated_data": about,
                        "ciphertext": base64.b64encode(ciphertext).decode(),
                    },
                }
            ]
        }
    )


def _require_own_merchant(call: SignedCall) -> None:
    query = parse_qs(call.target.partition("?")[2])
    if query.get("mchid") != [call.mch_id]:
        raise ProtocolRefusal(400, "PARAM_ERROR", "缺少参数mchid或与签名不一致")


ROUTES = (
    Route("POST", re.compile(rf"{_PREPAYS}/(jsapi|h5|native)"), "prepay", _prepay),
    Route("GET", re.compile(rf"{_PREPAYS}/out-trade-no/([^/]+)"), "query", _query),
    Route("GET", re.compile(rf"{_PREPAYS}/id/([^/]+)"), "query", _query_transaction),
    Route("POST", re.compile(rf"{_PREPAYS}/out-trade-no/([^/]+)/close"), "close", _close),
    Route("POST", re.compile("/v3/refund/domestic/refunds"), "refund", _refund),
    Route("GET", re.compile("/v3/refund/domestic/refunds/([^/]+)"), "query_refund", _query_refund),
    Route("GET", re.compile("/v3/bill/tradebill"), "bill", _tradebill),
    Route("GET", re.compile("/v3/billdownload/file"), "download_bill", _bill_file),
    Route("POST", re.compile(_TRANSFERS), "transfer", _transfer),
    Route("GET", re.compile(rf"{_TRANSFERS}/out-bill-no/([^/]+)"), "query_transfer", _transfer_of),
    Route("GET", re.compile("/v3/certificates"), None, _certificates),
)
