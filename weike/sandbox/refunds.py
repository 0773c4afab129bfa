"""Refunds of the simulated WeChat Pay: accepted at once, with the buyer a moment later.

Source: WeChat Pay API v3, "申请退款": within 365 days, at most 50 for an order, their sum never
above what was paid, the same number again answers the same refund. The vendor also wants a
minute between two refunds of one order; the simulation does so only when told to
(`/_ctl/settings`: `refund_gap_seconds`), because it is a rate and not a rule of money.
"""

import re

import msgspec
from msgspec import Struct

from weike.sandbox.notifications import queue_notification
from weike.sandbox.orders import Order, known_order, order_by_transaction
from weike.sandbox.wire import ProtocolRefusal
from weike.sandbox.world import World, china_time, digits

MOST_REFUNDS = 50
LATEST_SECONDS = 365 * 24 * 60 * 60
_OUT_REFUND_NO = re.compile(r"[0-9A-Za-z_\-|*@]{1,64}")


class AskedRefundAmount(Struct, frozen=True):
    refund: int
    total: int
    currency: str


class RefundAsked(Struct, frozen=True):
    out_refund_no: str
    amount: AskedRefundAmount
    out_trade_no: str = ""
    transaction_id: str = ""
    reason: str = ""
    notify_url: str = ""


class RefundRow(Struct, frozen=True):
    """A row of `refunds`."""

    mch_id: str
    out_refund_no: str
    refund_id: str
    out_trade_no: str
    refund: int
    reason: str
    notify_url: str
    status: str
    created_at: int
    done_at: int


def refund(world: World, mch_id: str, body: bytes) -> dict[str, object]:
    """Accepts, and settles within the same second; the answer still says PROCESSING."""
    try:
        asked = msgspec.json.decode(body, type=RefundAsked)
    except msgspec.MsgspecError as error:
        raise ProtocolRefusal(400, "PARAM_ERROR", f"请求参数错误: {error}") from error
    if not _OUT_REFUND_NO.fullmatch(asked.out_refund_no):
        raise ProtocolRefusal(400, "PARAM_ERROR", "商户退款单号格式错误")
    if asked.out_trade_no:
        order = known_order(world, mch_id, asked.out_trade_no)
    else:
        order = order_by_transaction(world, mch_id, asked.transaction_id)
    with world.store.write():
        if earlier := find_refund(world, mch_id, asked.out_refund_no):
            if (earlier.out_trade_no, earlier.refund) != (order.out_trade_no, asked.amount.refund):
                raise ProtocolRefusal(400, "INVALID_REQUEST", "退款单号重复, 且参数不一致")
            return shown(earlier, order)
        _check(world, order, asked)
        accepted = _accept(world, order, asked)
    return shown(accepted, order)


def find_refund(world: World, mch_id: str, out_refund_no: str) -> RefundRow | None:
    return world.store.one(
        RefundRow,
        "SELECT * FROM refunds WHERE mch_id = ? AND out_refund_no = ?",
        mch_id,
        out_refund_no,
    )


def query_refund(world: World, mch_id: str, out_refund_no: str) -> dict[str, object]:
    found = find_refund(world, mch_id, out_refund_no)
    if found is None:
        raise ProtocolRefusal(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
    return shown(found, known_order(world, mch_id, found.out_trade_no))


def settle_refunds(world: World) -> None:
    """Moves accepted refunds to the buyer and announces them."""
    waiting = world.store.every(RefundRow, "SELECT * FROM refunds WHERE status = 'PROCESSING'")
    for row in waiting:
        _settle(world, row)


def shown(row: RefundRow, order: Order) -> dict[str, object]:
    answer: dict[str, object] = {
        "refund_id": row.refund_id,
        "out_refund_no": row.out_refund_no,
        "transaction_id": order.transaction_id,
        "out_trade_no": order.out_trade_no,
        "channel": "ORIGINAL",
        "user_received_account": "支付用户零钱",
        "create_time": china_time(row.created_at),
        "status": row.status,
        "funds_account": "UNSETTLED",
        "amount": {
            "total": order.total,
            "refund": row.refund,
            "payer_total": order.total,
            "payer_refund": row.refund,
            "settlement_refund": row.refund,
            "settlement_total": order.total,
            "discount_refund": 0,
            "currency": order.currency,
        },
    }
    if row.done_at:
        answer["success_time"] = china_time(row.done_at)
    return answer


def _check(world: World, order: Order, asked: RefundAsked) -> None:
    if order.state not in ("SUCCESS", "REFUND"):
        raise ProtocolRefusal(400, "INVALID_REQUEST", "订单未支付, 不能退款")
    if world.now() - order.paid_at > LATEST_SECONDS:
        raise ProtocolRefusal(400, "INVALID_REQUEST", "订单已超过退款期限")
    if asked.amount.total != order.total or asked.amount.currency != order.currency:
        raise ProtocolRefusal(400, "INVALID_REQUEST", "订单金额或币种不一致")
    of_order = "FROM refunds WHERE mch_id = ? AND out_trade_no = ?"
    key = (order.mch_id, order.out_trade_no)
    already = world.store.number(f"SELECT sum(refund) {of_order}", *key)  # constant
    if asked.amount.refund <= 0 or already + asked.amount.refund > order.total:
        raise ProtocolRefusal(400, "INVALID_REQUEST", "申请退款金额大于订单可退金额")
    if world.store.number(f"SELECT count(*) {of_order}", *key) >= MOST_REFUNDS:
        raise ProtocolRefusal(400, "INVALID_REQUEST", "退款次数已达上限")
    gap = int(world.store.setting("refund_gap_seconds", "0"))
    latest = world.store.number(f"SELECT max(created_at) {of_order}", *key)
    if latest and world.now() - latest < gap:
        raise ProtocolRefusal(429, "FREQUENCY_LIMITED", "同一订单退款间隔不足一分钟")


def _accept(world: World, order: Order, asked: RefundAsked) -> RefundRow:
    world.store.run(
        "INSERT INTO refunds VALUES (?, ?, ?, ?, ?, ?, ?, 'PROCESSING', ?, 0)",
        order.mch_id,
        asked.out_refund_no,
        "50" + digits(27),
        order.out_trade_no,
        asked.amount.refund,
        asked.reason,
        asked.notify_url,
        world.now(),
    )
    accepted = find_refund(world, order.mch_id, asked.out_refund_no)
    assert accepted is not None  # noqa: S101  # written two lines above, in this transaction
    return accepted


def _settle(world: World, row: RefundRow) -> None:
    abnormal = world.store.setting("refunds_end", "SUCCESS") == "ABNORMAL"
    status, now = ("ABNORMAL" if abnormal else "SUCCESS"), world.now()
    with world.store.write():
        world.store.run(
            "UPDATE refunds SET status = ?, done_at = ? WHERE mch_id = ? AND out_refund_no = ?",
            status,
            0 if abnormal else now,
            row.mch_id,
            row.out_refund_no,
        )
        world.store.run(
            "UPDATE orders SET state = 'REFUND' WHERE mch_id = ? AND out_trade_no = ?",
            row.mch_id,
            row.out_trade_no,
        )
        if not row.notify_url:
            return
        order = known_order(world, row.mch_id, row.out_trade_no)
        content: dict[str, object] = {
            "mchid": row.mch_id,
            "out_trade_no": row.out_trade_no,
            "transaction_id": order.transaction_id,
            "out_refund_no": row.out_refund_no,
            "refund_id": row.refund_id,
            "refund_status": status,
            "user_received_account": "支付用户零钱",
            "amount": {
                "total": order.total,
                "refund": row.refund,
                "payer_total": order.total,
                "payer_refund": row.refund,
            },
        }
        if not abnormal:
            content["success_time"] = china_time(now)
        queue_notification(
            world,
            mch_id=row.mch_id,
            url=row.notify_url,
            event_type=f"REFUND.{status}",
            original_type="refund",
            summary="退款成功" if not abnormal else "退款异常",
            content=content,
        )
