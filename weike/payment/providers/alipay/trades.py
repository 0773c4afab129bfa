"""Trades at Alipay: the signed forms that begin one, query, close; refunds and their query.

A form begins nothing by itself: the trade exists from the moment a buyer signs in at the cashier,
so a query before that answers ACQ.TRADE_NOT_EXIST. Source: Alipay's open platform,
`alipay.trade.wap.pay`, `.page.pay`, `.query`, `.close`, `.refund`, `.fastpay.refund.query`.
"""

import re
from datetime import datetime
from typing import Literal

from weike.payment.outcome import Outcome
from weike.payment.providers.alipay.messages import (
    Closed,
    Refunded,
    RefundKnown,
    Trade,
    china_time,
    yuan,
)
from weike.payment.providers.alipay.transport import AlipayTransport

_SUBJECT_LETTERS = 256
_REASON_LETTERS = 256
_NOT_IN_SUBJECTS = re.compile(r"[/=&\s]+")
_PRODUCTS = {
    "alipay.trade.wap.pay": "QUICK_WAP_WAY",
    "alipay.trade.page.pay": "FAST_INSTANT_TRADE_PAY",
}

PayPage = Literal["alipay.trade.wap.pay", "alipay.trade.page.pay"]


def pay_form(
    transport: AlipayTransport,
    page: PayPage,
    *,
    out_trade_no: str,
    amount_minor: int,
    subject: str,
    expires_at: datetime,
    notify_url: str,
    return_url: str,
) -> tuple[str, dict[str, str]]:
    """The address and the fields of a form for the buyer's browser."""
    business: dict[str, object] = {
        "out_trade_no": out_trade_no,
        "total_amount": yuan(amount_minor),
        "subject": subject_of(subject),
        "product_code": _PRODUCTS[page],
        "time_expire": china_time(expires_at),
    }
    if page == "alipay.trade.wap.pay":
        business["quit_url"] = return_url
    return transport.form(page, business, notify_url=notify_url, return_url=return_url)


async def query(transport: AlipayTransport, out_trade_no: str) -> Outcome[Trade]:
    return await transport.call("alipay.trade.query", {"out_trade_no": out_trade_no}, answer=Trade)


async def close(transport: AlipayTransport, out_trade_no: str) -> Outcome[Closed]:
    return await transport.call("alipay.trade.close", {"out_trade_no": out_trade_no}, answer=Closed)


async def refund(
    transport: AlipayTransport,
    *,
    out_trade_no: str,
    out_request_no: str,
    amount_minor: int,
    reason: str,
) -> Outcome[Refunded]:
    """`out_request_no` is what makes asking twice harmless."""
    business = {
        "out_trade_no": out_trade_no,
        "out_request_no": out_request_no,
        "refund_amount": yuan(amount_minor),
        "refund_reason": reason[:_REASON_LETTERS],
    }
    return await transport.call("alipay.trade.refund", business, answer=Refunded)


async def query_refund(
    transport: AlipayTransport, *, out_trade_no: str, out_request_no: str
) -> Outcome[RefundKnown]:
    business = {
        "out_trade_no": out_trade_no,
        "out_request_no": out_request_no,
        "query_options": ["gmt_refund_pay"],
    }
    return await transport.call("alipay.trade.fastpay.refund.query", business, answer=RefundKnown)


def subject_of(description: str) -> str:
    """Alipay allows neither `/`, `=` nor `&` in it."""
    return _NOT_IN_SUBJECTS.sub(" ", description).strip()[:_SUBJECT_LETTERS] or "order"
