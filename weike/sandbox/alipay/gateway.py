"""`/alipay/gateway.do`: the one address of the simulated Alipay, as a bare ASGI application.

Calls get a signed JSON answer; a form from a browser is led to the cashier.
"""

import asyncio
from collections.abc import Callable
from datetime import date
from typing import NoReturn

import msgspec
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from weike.sandbox import bills
from weike.sandbox.alipay import trades
from weike.sandbox.alipay.pages import refusal_page
from weike.sandbox.alipay.wire import AlipayCall, AlipayRefusal, answer, read_call, signature
from weike.sandbox.bills_alipay import bill_file
from weike.sandbox.faults import AlipayTarget, Fault, take_fault
from weike.sandbox.world import World

LARGEST_BODY_BYTES = 1024 * 1024
PAGES = tuple(trades.PRODUCTS)
_TARGETS: dict[str, AlipayTarget] = {
    "alipay.trade.query": "alipay_query",
    "alipay.trade.close": "alipay_close",
    "alipay.trade.refund": "alipay_refund",
    "alipay.trade.fastpay.refund.query": "alipay_query_refund",
    "alipay.data.dataservice.bill.downloadurl.query": "alipay_bill",
}


class ConnectionCut(Exception):
    """Raised in the middle of an answer: the server then drops the connection."""


def alipay_gateway(world: World, *, public_url: Callable[[HTTPScope], str]) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            return
        body = await _read(receive)
        query = scope["query_string"]
        try:
            call = read_call(world.keys.alipay, query=query, body=body, real_now=world.real_now())
        except AlipayRefusal as refusal:
            if any(page.encode() in query for page in PAGES):
                await _page(send, 200, refusal_page(refusal.message))
                return
            # As the real one: what it cannot attribute to an app, it does not sign.
            content = _refused(refusal)
            await _json(send, msgspec.json.encode({"error_response": content}))
            return
        if call.method in PAGES:
            await _to_cashier(world, call, send)
            return
        await _answer(world, call, send, public_url(scope))

    return app


async def _to_cashier(world: World, call: AlipayCall, send: Send) -> None:
    try:
        trade = trades.begin(world, call)
    except AlipayRefusal as refusal:
        await _page(send, 200, refusal_page(refusal.message))
        return
    location = f"/alipay/cashier/{trade.token}".encode()
    await send(
        {
            "type": "http.response.start",
            "status": 302,
            "headers": [(b"location", location), (b"content-length", b"0")],
        }
    )
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _answer(world: World, call: AlipayCall, send: Send, base_url: str) -> None:
    target = _TARGETS.get(call.method)
    fault = take_fault(world.store, target, chance=world.chance) if target else None
    if fault and fault.kind == "delay":
        await asyncio.sleep(fault.seconds)
    if fault and fault.kind == "cut_before":
        await _cut(send)
    try:
        if fault and fault.kind == "refuse":
            raise AlipayRefusal(fault.code, "沙箱按设定拒绝")
        content: dict[str, object] = {"code": "10000", "msg": "Success"}
        content |= _done(world, call, base_url)
    except AlipayRefusal as refusal:
        content = _refused(refusal)
    if fault and fault.kind == "cut_after":
        await _cut(send)
    if fault and fault.kind == "error_after":
        content = {
            "code": "20000",
            "msg": "Service Currently Unavailable",
            "sub_code": "isp.unknow-error",
            "sub_msg": "系统繁忙",
        }
    await _json(send, _signed(world, call, content, fault))


def _done(world: World, call: AlipayCall, base_url: str) -> dict[str, object]:
    out_trade_no = call.text("out_trade_no")
    match call.method:
        case "alipay.trade.query":
            return trades.shown(trades.known_trade(world, call.app_id, out_trade_no))
        case "alipay.trade.close":
            trade = trades.known_trade(world, call.app_id, out_trade_no)
            trades.close(world, trade)
            return {"trade_no": trade.trade_no, "out_trade_no": trade.out_trade_no}
        case "alipay.trade.refund":
            return trades.refund(world, call)
        case "alipay.trade.fastpay.refund.query":
            return trades.query_refund(world, call)
        case "alipay.data.dataservice.bill.downloadurl.query":
            return {"bill_download_url": _bill(world, call, base_url)}
        case _:
            raise AlipayRefusal("isv.invalid-method", "不存在的方法名", code="40002")


def _bill(world: World, call: AlipayCall, base_url: str) -> str:
    try:
        day = date.fromisoformat(call.text("bill_date"))
    except ValueError as error:
        raise AlipayRefusal("isv.invalid-parameter", "账单日期错误", code="40002") from error
    content = bill_file(world, call.app_id, day)
    if content is None:
        raise AlipayRefusal("isp.bill_not_exist", "账单不存在")
    token = bills.keep_file(world, call.app_id, content)
    return f"{base_url}/alipay/bills/{call.app_id}/{token}"


def _signed(
    world: World, call: AlipayCall, content: dict[str, object], fault: Fault | None
) -> bytes:
    keys, kind = world.keys.alipay, fault.kind if fault else None
    node = call.method.replace(".", "_") + "_response"
    written = answer(keys, node, content, with_certificates=call.with_certificates)
    if kind == "unsigned":
        return msgspec.json.encode({node: content})
    if kind == "bad_signature":
        own = signature(keys, msgspec.json.encode(content))
        return written.replace(own.encode(), signature(keys, b"other bytes").encode())
    if kind == "tamper":
        return written.replace(b'"Success"', b'"success"', 1)
    if kind == "wrong_serial":
        return written.replace(keys.cert_sn.encode(), b"0" * 32)
    return written


def _refused(refusal: AlipayRefusal) -> dict[str, object]:
    return {
        "code": refusal.code,
        "msg": "Business Failed" if refusal.code == "40004" else "Invalid Arguments",
        "sub_code": refusal.sub_code,
        "sub_msg": refusal.message,
    }


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


async def _json(send: Send, body: bytes) -> None:
    await _send(send, 200, b"text/html;charset=utf-8", body)


async def _page(send: Send, status: int, page: str) -> None:
    await _send(send, status, b"text/html; charset=utf-8", page.encode())


async def _send(send: Send, status: int, kind: bytes, body: bytes) -> None:
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _cut(send: Send) -> NoReturn:
    """Promises a thousand bytes, sends one, and is gone."""
    headers = [(b"content-length", b"1000")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"{", "more_body": True})
    raise ConnectionCut
