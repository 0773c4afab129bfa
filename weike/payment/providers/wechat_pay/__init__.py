"""WeChat Pay API v3, our own client: signing, verification, orders, refunds, notifications.

Promises three outcomes for every call (`Ok`, `Refused`, `Unknown`), the same bytes signed and
sent, raw bytes verified before parsing, and no network outside a call. Time and nonces come
from the caller."""

from weike.payment.providers.wechat_pay.credentials import (
    UnusableCredentials,
    WeChatPayCredentials,
    load_credentials,
)
from weike.payment.providers.wechat_pay.messages import Refund, RefundNotice, Transaction
from weike.payment.providers.wechat_pay.notifications import Notification, open_notification
from weike.payment.providers.wechat_pay.orders import Channel, close, prepay, query
from weike.payment.providers.wechat_pay.refunds import query_refund, refund
from weike.payment.providers.wechat_pay.signing import PayCall, pay_call
from weike.payment.providers.wechat_pay.transport import WeChatPayTransport
from weike.payment.providers.wechat_pay.verification import NotVerified, verify

__all__ = [
    "Channel",
    "NotVerified",
    "Notification",
    "PayCall",
    "Refund",
    "RefundNotice",
    "Transaction",
    "UnusableCredentials",
    "WeChatPayCredentials",
    "WeChatPayTransport",
    "close",
    "load_credentials",
    "open_notification",
    "pay_call",
    "prepay",
    "query",
    "query_refund",
    "refund",
    "verify",
]
