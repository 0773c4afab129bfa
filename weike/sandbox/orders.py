"""Orders of the simulated WeChat Pay: announce, pay, query, close, and the rules between them.

Source: WeChat Pay API v3, "JSAPI下单", "H5下单", "Native下单", "查询订单", "关闭订单".
"""

import re
import secrets
from datetime import datetime

import msgspec
from msgspec import Struct

from weike.sandbox.notifications import queue_notification
from weike.sandbox.wire import ProtocolRefusal
from weike.sandbox.world import World, china_time, digits

PREPAY_SECONDS = 2 * 60 * 60
DEFAULT_PAYABLE_SECONDS = 7 * 24 * 60 * 60
SHORTEST_PAYABLE_SECONDS = 60
LONGEST_PAYABLE_SECONDS = 90 * 24 * 60 * 60
CHANNELS = {"jsapi": "JSAPI", "h5": "MWEB", "native": "NATIVE"}

_OUT_TRADE_NO = re.compile(r"[0-9A-Za-z_\-*]{6,32}")


class AskedAmount(Struct, frozen=True):
    total: int
    currency: str = "CNY"


class AskedPayer(Struct, frozen=True):
    openid: str = ""


class AskedScene(Struct, frozen=True):
    payer_client_ip: str = ""
    h5_info: dict[str, str] = {}


class PrepayAsked(Struct, frozen=True):
    """The body of a prepay call, as the manual describes it."""

    appid: str
    mchid: str
    description: str
    out_trade_no: str
    notify_url: str
    amount: AskedAmount
    time_expire: str = ""
    attach: str = ""
    payer: AskedPayer = AskedPayer()
    scene_info: AskedScene = AskedScene()


class Order(Struct, frozen=True):
    """A row of `orders`."""

    mch_id: str
    out_trade_no: str
    app_id: str
    channel: str
    fingerprint: str
    description: str
    attach: str
    total: int
    currency: str
    openid: str
    notify_url: str
    payable_until: int
    created_at: int
    state: str
    transaction_id: str
    paid_at: int


def prepay(world: World, mch_id: str, channel: str, body: bytes) -> str:
    """Returns a prepay id. The same order again gets a fresh one, a changed one is refused."""
    try:
        asked = msgspec.json.decode(body, type=PrepayAsked)
    except msgspec.MsgspecError as error:
        raise ProtocolRefusal(400, "PARAM_ERROR", f"请求参数错误: {error}") from error
    _check(world, mch_id, channel, asked)
    now, fingerprint = world.now(), f"{channel} {_fingerprint(asked)}"
    with world.store.write():
        earlier = find_order(world, mch_id, asked.out_trade_no)
        if earlier is None:
            _insert(world, channel, asked, fingerprint, now)
        elif earlier.state in ("SUCCESS", "REFUND"):
            raise ProtocolRefusal(400, "ORDERPAID", "该订单已支付")
        elif earlier.state == "CLOSED":
            raise ProtocolRefusal(400, "ORDER_CLOSED", "该订单已关闭")
        elif earlier.fingerprint != fingerprint:
            raise ProtocolRefusal(403, "OUT_TRADE_NO_USED", "商户订单号重复, 且请求参数不一致")
        prepay_id = f"wx{digits(14)}{secrets.token_hex(10)}"
        world.store.run(
            "INSERT INTO prepays VALUES (?, ?, ?, ?)",
            prepay_id,
            mch_id,
            asked.out_trade_no,
            now + PREPAY_SECONDS,
        )
    return prepay_id


def find_order(world: World, mch_id: str, out_trade_no: str) -> Order | None:
    return world.store.one(
        Order,
        "SELECT * FROM orders WHERE mch_id = ? AND out_trade_no = ?",
        mch_id,
        out_trade_no,
    )


def order_of_prepay(world: World, prepay_id: str) -> Order | None:
    """None for an unknown prepay id and for one older than two hours."""
    return world.store.one(
        Order,
        "SELECT o.* FROM prepays p JOIN orders o USING (mch_id, out_trade_no)"
        " WHERE p.prepay_id = ? AND p.expires_at > ?",
        prepay_id,
        world.now(),
    )


def known_order(world: World, mch_id: str, out_trade_no: str) -> Order:
    order = find_order(world, mch_id, out_trade_no)
    if order is None:
        raise ProtocolRefusal(404, "ORDER_NOT_EXIST", "订单不存在")
    return order


def order_by_transaction(world: World, mch_id: str, transaction_id: str) -> Order:
    order = world.store.one(
        Order,
        "SELECT * FROM orders WHERE mch_id = ? AND transaction_id = ? AND transaction_id <> ''",
        mch_id,
        transaction_id,
    )
    if order is None:
        raise ProtocolRefusal(404, "ORDER_NOT_EXIST", "订单不存在")
    return order


def pay(world: World, order: Order, *, openid: str, seconds_ago: int = 0) -> Order:
    """The buyer pays, now or in a made-up past. Refuses what is closed, paid or past its
    `time_expire`."""
    now = world.now()
    if order.state != "NOTPAY":
        message = "订单已支付" if order.state == "SUCCESS" else "订单已关闭"
        raise ProtocolRefusal(400, "INVALID_REQUEST", message)
    if now > order.payable_until:
        raise ProtocolRefusal(400, "INVALID_REQUEST", "订单已过支付期限")
    with world.store.write():
        world.store.run(
            "UPDATE orders SET state = 'SUCCESS', transaction_id = ?, paid_at = ?, openid = ?"
            " WHERE mch_id = ? AND out_trade_no = ? AND state = 'NOTPAY'",
            "42" + digits(26),
            now - seconds_ago,
            order.openid or openid,
            order.mch_id,
            order.out_trade_no,
        )
        paid = known_order(world, order.mch_id, order.out_trade_no)
        queue_notification(
            world,
            mch_id=paid.mch_id,
            url=paid.notify_url,
            event_type="TRANSACTION.SUCCESS",
            original_type="transaction",
            summary="支付成功",
            content=transaction(paid),
        )
    return paid


def close(world: World, order: Order) -> None:
    """Closing twice is fine. A paid order is not closed."""
    if order.state in ("SUCCESS", "REFUND"):
        raise ProtocolRefusal(400, "ORDERPAID", "订单已支付, 不能关闭")
    world.store.run(
        "UPDATE orders SET state = 'CLOSED' WHERE mch_id = ? AND out_trade_no = ?"
        " AND state = 'NOTPAY'",
        order.mch_id,
        order.out_trade_no,
    )


def transaction(order: Order) -> dict[str, object]:
    """The order as queries and notifications show it. An expired one is still NOTPAY."""
    shown: dict[str, object] = {
        "appid": order.app_id,
        "mchid": order.mch_id,
        "out_trade_no": order.out_trade_no,
        "trade_state": order.state,
        "trade_state_desc": {
            "NOTPAY": "订单未支付",
            "SUCCESS": "支付成功",
            "CLOSED": "订单已关闭",
            "REFUND": "订单发生过退款",
        }[order.state],
        "attach": order.attach,
        "amount": {"total": order.total, "currency": order.currency},
        "promotion_detail": [],
    }
    if order.transaction_id:
        shown |= {
            "transaction_id": order.transaction_id,
            "trade_type": CHANNELS[order.channel],
            "bank_type": "OTHERS",
            "success_time": china_time(order.paid_at),
            "payer": {"openid": order.openid},
            "amount": {
                "total": order.total,
                "payer_total": order.total,
                "currency": order.currency,
                "payer_currency": order.currency,
            },
        }
    return shown


def _check(world: World, mch_id: str, channel: str, asked: PrepayAsked) -> None:
    def require(holds: bool, message: str) -> None:
        if not holds:
            raise ProtocolRefusal(400, "PARAM_ERROR", message)

    apps = world.keys.credentials
    if asked.mchid != mch_id or asked.appid not in (
        apps.mini_program.app_id,
        apps.official_account.app_id,
    ):
        raise ProtocolRefusal(400, "APPID_MCHID_NOT_MATCH", "appid和mch_id不匹配")
    require(bool(_OUT_TRADE_NO.fullmatch(asked.out_trade_no)), "商户订单号格式错误")
    require(0 < asked.amount.total <= 10**10, "金额错误")
    require(asked.amount.currency == "CNY", "货币类型错误")
    require(0 < len(asked.description.encode()) <= 127, "商品描述长度错误")
    require(len(asked.attach.encode()) <= 128, "附加数据过长")
    require(asked.notify_url.startswith(("https://", "http://")), "通知地址错误")
    require("?" not in asked.notify_url and len(asked.notify_url) <= 255, "通知地址不能带参数")
    require(channel != "jsapi" or bool(asked.payer.openid), "缺少参数payer.openid")
    require(channel != "h5" or bool(asked.scene_info.payer_client_ip), "缺少参数scene_info")


def _fingerprint(asked: PrepayAsked) -> str:
    # Where the buyer sits is not part of the order: she may ask again from another network.
    asked = msgspec.structs.replace(asked, scene_info=AskedScene())
    return msgspec.json.encode(asked, order="deterministic").decode()


def _insert(world: World, channel: str, asked: PrepayAsked, fingerprint: str, now: int) -> None:
    world.store.run(
        "INSERT INTO orders (mch_id, out_trade_no, app_id, channel, fingerprint, description,"
        " attach, total, currency, openid, notify_url, payable_until, created_at, state)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'NOTPAY')",
        asked.mchid,
        asked.out_trade_no,
        asked.appid,
        channel,
        fingerprint,
        asked.description,
        asked.attach,
        asked.amount.total,
        asked.amount.currency,
        asked.payer.openid,
        asked.notify_url,
        _payable_until(asked.time_expire, now),
        now,
    )


def _payable_until(time_expire: str, now: int) -> int:
    """The last moment the buyer can pay; too near or too far is moved, not refused."""
    if not time_expire:
        return now + DEFAULT_PAYABLE_SECONDS
    try:
        moment = datetime.fromisoformat(time_expire)
    except ValueError as error:
        raise ProtocolRefusal(400, "PARAM_ERROR", "time_expire格式错误") from error
    if moment.tzinfo is None:
        raise ProtocolRefusal(400, "PARAM_ERROR", "time_expire缺少时区")
    seconds = int(moment.timestamp()) - now
    return now + min(max(seconds, SHORTEST_PAYABLE_SECONDS), LONGEST_PAYABLE_SECONDS)
