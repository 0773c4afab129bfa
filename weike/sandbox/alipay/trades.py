"""Trades and refunds of the simulated Alipay, and the rules between them.

Source: Alipay's open platform, pages of `alipay.trade.*`. A trade exists from the moment a buyer
opens the cashier; refunds of one trade are told apart by `out_request_no`; a trade that is
refunded in full is TRADE_CLOSED.
"""

import re
from datetime import datetime

from msgspec import Struct

from weike.sandbox.alipay.notifications import queue_notification
from weike.sandbox.alipay.wire import CHINA, AlipayCall, AlipayRefusal, china, minor, yuan
from weike.sandbox.world import World, digits

LATEST_REFUND_SECONDS = 365 * 24 * 60 * 60
SHORTEST_PAYABLE_SECONDS = 60
DEFAULT_PAYABLE_SECONDS = 15 * 24 * 60 * 60
PRODUCTS = {
    "alipay.trade.wap.pay": ("QUICK_WAP_WAY", "QUICK_WAP_PAY"),
    "alipay.trade.page.pay": ("FAST_INSTANT_TRADE_PAY",),
}
_OUT_TRADE_NO = re.compile(r"[0-9A-Za-z_]{1,64}")


class Trade(Struct, frozen=True):
    """A row of `alipay_trades`. `token` names its cashier; `trade_no` is empty until a buyer opens
    it. Times are unix seconds, sums are fen."""

    app_id: str
    seller_id: str
    out_trade_no: str
    trade_no: str
    token: str
    method: str
    subject: str
    total: int
    notify_url: str
    return_url: str
    payable_until: int
    created_at: int
    state: str
    buyer_id: str
    paid_at: int
    closed_at: int


class RefundRow(Struct, frozen=True):
    """A row of `alipay_refunds`."""

    app_id: str
    out_request_no: str
    out_trade_no: str
    amount: int
    reason: str
    created_at: int
    done_at: int


def begin(world: World, call: AlipayCall) -> Trade:
    """A form arrived from a browser: the same order again leads to the same cashier."""
    out_trade_no, total = call.text("out_trade_no"), minor(call.text("total_amount"))
    if not _OUT_TRADE_NO.fullmatch(out_trade_no) or total <= 0:
        raise AlipayRefusal("ACQ.INVALID_PARAMETER", "参数无效")
    if call.text("product_code") not in PRODUCTS[call.method]:
        raise AlipayRefusal("ACQ.INVALID_PARAMETER", "product_code错误")
    subject = call.text("subject")
    if not 0 < len(subject) <= 256 or any(letter in subject for letter in "/=&"):
        raise AlipayRefusal("ACQ.INVALID_PARAMETER", "订单标题错误")
    known = find(world, call.app_id, out_trade_no)
    if known is None:
        world.store.run(
            "INSERT INTO alipay_trades (app_id, seller_id, out_trade_no, token, method, subject,"
            " total, notify_url, return_url, payable_until, created_at, state)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'WAIT_BUYER_PAY')",
            call.app_id,
            call.seller_id,
            out_trade_no,
            digits(24),
            call.method,
            subject,
            total,
            call.notify_url,
            call.return_url,
            _payable_until(call.text("time_expire"), world.now()),
            world.now(),
        )
        return known_trade(world, call.app_id, out_trade_no, opened=False)
    if known.total != total:
        raise AlipayRefusal("ACQ.CONTEXT_INCONSISTENT", "交易信息被篡改")
    return known


def find(world: World, app_id: str, out_trade_no: str) -> Trade | None:
    return world.store.one(
        Trade,
        "SELECT * FROM alipay_trades WHERE app_id = ? AND out_trade_no = ?",
        app_id,
        out_trade_no,
    )


def of_token(world: World, token: str) -> Trade | None:
    return world.store.one(Trade, "SELECT * FROM alipay_trades WHERE token = ?", token)


def known_trade(world: World, app_id: str, out_trade_no: str, *, opened: bool = True) -> Trade:
    """What the merchant may ask about: only what a buyer has opened. What is past its time is
    closed. Refuses with ACQ.TRADE_NOT_EXIST."""
    trade = find(world, app_id, out_trade_no)
    if trade is None or (opened and not trade.trade_no):
        raise AlipayRefusal("ACQ.TRADE_NOT_EXIST", "交易不存在")
    if trade.state == "WAIT_BUYER_PAY" and opened and world.now() > trade.payable_until:
        close(world, trade)
        return known_trade(world, app_id, out_trade_no)
    return trade


def open_cashier(world: World, trade: Trade) -> None:
    """The buyer is there: from now on the trade exists."""
    world.store.run(
        "UPDATE alipay_trades SET trade_no = ? WHERE app_id = ? AND out_trade_no = ?"
        " AND trade_no = ''",
        datetime.fromtimestamp(world.now(), CHINA).strftime("%Y%m%d") + "22001" + digits(15),
        trade.app_id,
        trade.out_trade_no,
    )


def pay(world: World, trade: Trade, *, buyer_id: str) -> Trade:
    """Refuses what is closed, paid or past its time."""
    open_cashier(world, trade)
    trade = known_trade(world, trade.app_id, trade.out_trade_no)
    if trade.state != "WAIT_BUYER_PAY":
        if trade.state == "TRADE_CLOSED":
            raise AlipayRefusal("ACQ.TRADE_HAS_CLOSE", "交易已经关闭")
        raise AlipayRefusal("ACQ.TRADE_HAS_SUCCESS", "交易已被支付")
    with world.store.write():
        world.store.run(
            "UPDATE alipay_trades SET state = 'TRADE_SUCCESS', buyer_id = ?, paid_at = ?"
            " WHERE app_id = ? AND out_trade_no = ? AND state = 'WAIT_BUYER_PAY'",
            buyer_id,
            world.now(),
            trade.app_id,
            trade.out_trade_no,
        )
        paid = known_trade(world, trade.app_id, trade.out_trade_no)
        queue_notification(world, app_id=paid.app_id, url=paid.notify_url, fields=told(paid))
    return paid


def close(world: World, trade: Trade) -> None:
    """Refuses with ACQ.TRADE_STATUS_ERROR what is paid or closed."""
    if trade.state != "WAIT_BUYER_PAY":
        raise AlipayRefusal("ACQ.TRADE_STATUS_ERROR", "交易状态不合法")
    world.store.run(
        "UPDATE alipay_trades SET state = 'TRADE_CLOSED', closed_at = ?"
        " WHERE app_id = ? AND out_trade_no = ? AND state = 'WAIT_BUYER_PAY'",
        world.now(),
        trade.app_id,
        trade.out_trade_no,
    )


def refund(world: World, call: AlipayCall) -> dict[str, object]:
    """Answers the sum of all refunds of the trade, as Alipay does."""
    trade = known_trade(world, call.app_id, call.text("out_trade_no"))
    amount = minor(call.text("refund_amount"))
    request_no = call.text("out_request_no") or trade.out_trade_no
    with world.store.write():
        known = find_refund(world, call.app_id, trade.out_trade_no, request_no)
        if known and known.amount != amount:
            raise AlipayRefusal("ACQ.DISCORDANT_REPEAT_REQUEST", "请求信息不一致")
        if known is None:
            _accept(world, trade, amount, request_no, reason=call.text("refund_reason"))
    return {
        "trade_no": trade.trade_no,
        "out_trade_no": trade.out_trade_no,
        "buyer_logon_id": "tes***@example.com",
        "fund_change": "N" if known else "Y",
        "refund_fee": yuan(_refunded(world, trade)),
        "send_back_fee": yuan(0 if known else amount),
    }


def find_refund(world: World, app_id: str, out_trade_no: str, request_no: str) -> RefundRow | None:
    return world.store.one(
        RefundRow,
        "SELECT * FROM alipay_refunds WHERE app_id = ? AND out_trade_no = ? AND out_request_no = ?",
        app_id,
        out_trade_no,
        request_no,
    )


def query_refund(world: World, call: AlipayCall) -> dict[str, object]:
    """Empty about what does not exist, as Alipay is."""
    trade = known_trade(world, call.app_id, call.text("out_trade_no"))
    row = find_refund(world, call.app_id, trade.out_trade_no, call.text("out_request_no"))
    if row is None:
        return {}
    shown: dict[str, object] = {
        "trade_no": trade.trade_no,
        "out_trade_no": trade.out_trade_no,
        "out_request_no": row.out_request_no,
        "refund_amount": yuan(row.amount),
        "total_amount": yuan(trade.total),
        "refund_reason": row.reason,
    }
    if world.now() >= row.done_at:
        shown |= {"refund_status": "REFUND_SUCCESS", "gmt_refund_pay": china(row.done_at)}
    return shown


def shown(trade: Trade) -> dict[str, object]:
    """The trade as a query shows it."""
    facts: dict[str, object] = {
        "trade_no": trade.trade_no,
        "out_trade_no": trade.out_trade_no,
        "trade_status": trade.state,
        "total_amount": yuan(trade.total),
        "buyer_logon_id": "tes***@example.com",
    }
    if trade.paid_at:
        facts |= {
            "send_pay_date": china(trade.paid_at),
            "receipt_amount": yuan(trade.total),
            "buyer_pay_amount": yuan(trade.total),
            "buyer_open_id": trade.buyer_id,
            "store_name": '沙箱 "一号" } 店',
        }
    return facts


def told(trade: Trade, **more: str) -> dict[str, str]:
    """The trade as a notification tells it."""
    return {
        "notify_type": "trade_status_sync",
        "app_id": trade.app_id,
        "seller_id": trade.seller_id,
        "out_trade_no": trade.out_trade_no,
        "trade_no": trade.trade_no,
        "trade_status": trade.state,
        "total_amount": yuan(trade.total),
        "receipt_amount": yuan(trade.total),
        "buyer_pay_amount": yuan(trade.total),
        "buyer_open_id": trade.buyer_id,
        "subject": trade.subject,
        "body": "",
        "gmt_create": china(trade.created_at),
        "gmt_payment": china(trade.paid_at),
        "fund_bill_list": f'[{{"amount":"{yuan(trade.total)}","fundChannel":"ALIPAYACCOUNT"}}]',
        **more,
    }


def _accept(world: World, trade: Trade, amount: int, request_no: str, *, reason: str) -> None:
    if trade.state not in ("TRADE_SUCCESS", "TRADE_FINISHED"):
        raise AlipayRefusal("ACQ.TRADE_STATUS_ERROR", "交易状态不合法")
    if world.now() - trade.paid_at > LATEST_REFUND_SECONDS:
        raise AlipayRefusal("ACQ.REFUND_TIME_OUT", "已超过可退款期限")
    if amount <= 0 or _refunded(world, trade) + amount > trade.total:
        raise AlipayRefusal("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", "退款金额超限")
    world.store.run(
        "INSERT INTO alipay_refunds (app_id, out_request_no, out_trade_no, amount, reason,"
        " created_at, done_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        trade.app_id,
        request_no,
        trade.out_trade_no,
        amount,
        reason,
        world.now(),
        world.now() + int(world.store.setting("alipay_refund_seconds", "0")),
    )
    refunded = _refunded(world, trade)
    if refunded == trade.total:
        world.store.run(
            "UPDATE alipay_trades SET state = 'TRADE_CLOSED', closed_at = ?"
            " WHERE app_id = ? AND out_trade_no = ?",
            world.now(),
            trade.app_id,
            trade.out_trade_no,
        )
    now = known_trade(world, trade.app_id, trade.out_trade_no)
    fields = told(
        now,
        refund_fee=yuan(refunded),
        gmt_refund=china(world.now()),
        out_biz_no=request_no,
    )
    queue_notification(world, app_id=trade.app_id, url=trade.notify_url, fields=fields)


def _refunded(world: World, trade: Trade) -> int:
    return world.store.number(
        "SELECT sum(amount) FROM alipay_refunds WHERE app_id = ? AND out_trade_no = ?",
        trade.app_id,
        trade.out_trade_no,
    )


def _payable_until(time_expire: str, now: int) -> int:
    if not time_expire:
        return now + DEFAULT_PAYABLE_SECONDS
    try:
        moment = datetime.strptime(time_expire, "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA)
    except ValueError as error:
        raise AlipayRefusal("ACQ.INVALID_PARAMETER", "time_expire格式错误") from error
    # As with the real one a minute at least; what lies in the past is not refused here, so that a
    # shop whose clock is moved can be tried out.
    return max(int(moment.timestamp()), now + SHORTEST_PAYABLE_SECONDS)
