"""WeChat's shipping information (发货信息管理) as a simulation, and the message that a buyer
confirmed receipt. Checks what the real one checks; `/_ctl/shipping` tells what it was told."""

from __future__ import annotations

import base64
import hashlib
import secrets
import struct
import time
from typing import Any

import httpx
import msgspec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from litestar import Router, get, post
from litestar.exceptions import HTTPException
from msgspec import Struct

from weike.sandbox.orders import Order
from weike.sandbox.wechat_api import live_token, refusal
from weike.sandbox.world import World, china_time

_BLOCK = 32
_SCHEMA = """
CREATE TABLE IF NOT EXISTS shipping_infos (
    transaction_id text PRIMARY KEY,
    body text NOT NULL,
    is_all integer NOT NULL,
    corrected integer NOT NULL DEFAULT 0,
    confirmed_at integer NOT NULL DEFAULT 0
)
"""


class _Info(Struct, frozen=True):
    transaction_id: str
    body: str
    is_all: int
    corrected: int
    confirmed_at: int


class ManagedAsked(Struct, frozen=True):
    appid: str


class PushSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """What the merchant would type into WeChat's page for the message push."""

    url: str
    token: str
    encoding_aes_key: str


class ConfirmAsked(Struct, frozen=True, forbid_unknown_fields=True):
    transaction_id: str


def prepare(world: World) -> None:
    world.store.run(_SCHEMA)


@post("/wxapi/wxa/sec/order/is_trade_managed", status_code=200)
async def is_trade_managed(world: World, access_token: str, data: ManagedAsked) -> dict[str, Any]:
    if live_token(world, access_token) is None:
        return refusal(40001, "invalid credential, access_token is invalid or not latest")
    return {"errcode": 0, "errmsg": "ok", "is_trade_managed": True}


@post("/wxapi/wxa/sec/order/upload_shipping_info", status_code=200)
async def upload_shipping_info(
    world: World, access_token: str, data: dict[str, Any]
) -> dict[str, Any]:
    if live_token(world, access_token) is None:
        return refusal(40001, "invalid credential, access_token is invalid or not latest")
    try:
        transaction_id = str(data["order_key"]["transaction_id"])
        kind, mode = int(data["logistics_type"]), int(data["delivery_mode"])
        shipping, openid = list(data["shipping_list"]), str(data["payer"]["openid"])
    except (KeyError, TypeError, ValueError):
        return refusal(47001, "data format error")
    order = world.store.one(Order, "SELECT * FROM orders WHERE transaction_id = ?", transaction_id)
    if order is None or order.openid not in ("", openid):
        return refusal(10060001, "支付单不存在")
    if order.state != "SUCCESS":
        return refusal(10060004, "支付单处于不可发货的状态")
    if wrong := _wrong_list(kind, mode, shipping):
        return refusal(10060013, wrong)
    is_all = mode == 1 or bool(data.get("is_all_delivered"))
    said = {key: value for key, value in data.items() if key != "upload_time"}
    body = msgspec.json.encode(said).decode()
    known = world.store.one(
        _Info, "SELECT * FROM shipping_infos WHERE transaction_id = ?", transaction_id
    )
    if known and known.body == body:
        return refusal(10060023, "发货信息未更新")
    if known and known.is_all and known.corrected:
        return refusal(10060003, "支付单已使用重新发货机会")
    corrected = 1 if known and known.is_all else 0
    world.store.run(
        "INSERT OR REPLACE INTO shipping_infos VALUES (?, ?, ?, ?, ?)",
        *(transaction_id, body, int(is_all), corrected, known.confirmed_at if known else 0),
    )
    return {"errcode": 0, "errmsg": "ok"}


def _wrong_list(kind: int, mode: int, shipping: list[dict[str, Any]]) -> str | None:
    if not shipping or len(shipping) > 15 or (mode == 1 and len(shipping) != 1):
        return "物流信息列表有误"
    if kind != 1:
        return "拆分发货仅支持物流快递" if mode == 2 else None
    for one in shipping:
        number, company = str(one.get("tracking_no", "")), str(one.get("express_company", ""))
        contact = (one.get("contact") or {}).get("receiver_contact", "")
        if not 1 <= len(number) <= 128 or not company:
            return "物流单号或物流公司编码为空"
        if company == "SF" and not str(contact)[-4:].isdigit():
            return "顺丰需要填写联系方式"
        if not 1 <= len(str(one.get("item_desc", ""))) <= 120:
            return "商品信息有误"
    return None


@post("/_ctl/message_push", status_code=200)
async def set_push(world: World, data: PushSettings) -> PushSettings:
    world.store.keep_setting("message_push", msgspec.json.encode(data).decode())
    return data


@post("/_ctl/wechat_confirm", status_code=200)
async def confirm(world: World, data: ConfirmAsked) -> dict[str, Any]:
    """The buyer confirms receipt in WeChat, and WeChat tells the shop."""
    known = world.store.one(
        _Info, "SELECT * FROM shipping_infos WHERE transaction_id = ?", data.transaction_id
    )
    order = world.store.one(
        Order, "SELECT * FROM orders WHERE transaction_id = ?", data.transaction_id
    )
    settings = world.store.setting("message_push", "")
    if known is None or order is None or not settings:
        raise HTTPException(status_code=409, detail="nothing was shipped, or no push is set up")
    now = world.now()
    world.store.run(
        "UPDATE shipping_infos SET confirmed_at = ? WHERE transaction_id = ?",
        *(now, data.transaction_id),
    )
    message = {
        "ToUserName": "gh_simulated",
        "FromUserName": order.openid,
        "CreateTime": now,
        "MsgType": "event",
        "Event": "trade_manage_order_settlement",
        "transaction_id": order.transaction_id,
        "merchant_id": order.mch_id,
        "merchant_trade_no": order.out_trade_no,
        "pay_time": order.paid_at,
        "confirm_receive_method": 1,
        "confirm_receive_time": now,
        "settlement_time": now + 86_400,
    }
    push = msgspec.json.decode(settings, type=PushSettings)
    status = await _send(world, push, message)
    return {"status": status, "confirmed_at": china_time(now)}


async def _send(world: World, push: PushSettings, message: dict[str, Any]) -> int:
    app_id = world.keys.credentials.mini_program.app_id
    key = base64.b64decode(push.encoding_aes_key + "=")
    content = msgspec.json.encode(message)
    plain = secrets.token_bytes(16) + struct.pack(">I", len(content)) + content + app_id.encode()
    fill = _BLOCK - len(plain) % _BLOCK
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    sealed = encryptor.update(plain + bytes([fill]) * fill) + encryptor.finalize()
    encrypted = base64.b64encode(sealed).decode()
    timestamp, nonce = str(int(time.time())), secrets.token_hex(5)
    parts = sorted((push.token, timestamp, nonce, encrypted))
    signature = hashlib.sha1("".join(parts).encode(), usedforsecurity=False).hexdigest()
    try:
        answer = await world.http.post(
            push.url,
            params={
                "timestamp": timestamp,
                "nonce": nonce,
                "encrypt_type": "aes",
                "msg_signature": signature,
            },
            content=msgspec.json.encode({"ToUserName": "gh_simulated", "Encrypt": encrypted}),
            headers={"content-type": "application/json"},
        )
    except httpx.HTTPError:
        return 0
    return int(answer.status_code)


@get("/_ctl/shipping")
async def shipping_infos(world: World) -> list[dict[str, Any]]:
    return [
        {
            "transaction_id": info.transaction_id,
            "is_all": bool(info.is_all),
            "corrected": info.corrected,
            "confirmed_at": info.confirmed_at,
            "body": msgspec.json.decode(info.body),
        }
        for info in world.store.every(_Info, "SELECT * FROM shipping_infos ORDER BY rowid")
    ]


shipping_router = Router(
    "/",
    route_handlers=[is_trade_managed, upload_shipping_info, set_push, confirm, shipping_infos],
)
