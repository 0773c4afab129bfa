"""Payment: buyers' money on its way in and on its way back, and nobody's word but the provider's.

An intent is what a buyer was asked to pay; it becomes paid only by the provider's verified word
which names the same merchant, app, number, amount and currency. Every call outside ends in one of
three outcomes (ok, refused, unknown); unknown is asked again under the same number. Refunds are
promised in the transaction that decides them and sent after it. Money is in the ledger in the
same transaction in which it is in our states.
"""

from weike.payment.begin_payment import PaymentBegun, begin_payment
from weike.payment.build import CALL_SECONDS, build
from weike.payment.checks import channel_cash_check
from weike.payment.close_intent import close_intent
from weike.payment.errors import (
    IntentNotFound,
    IntentNotPayable,
    NothingPaid,
    NothingToPay,
    PayerUnknown,
    PaymentNotSetUp,
    ProviderRefused,
    ProviderUnreachable,
    RefundTooLarge,
)
from weike.payment.events import (
    CloseRequested,
    PaymentQuarantined,
    PaymentReceived,
    PaymentReturned,
    RefundRefused,
    RefundRequested,
    RefundSucceeded,
)
from weike.payment.gateways import WeChatGateways
from weike.payment.jobs import jobs
from weike.payment.model import Intent, Method, PaymentSeen, Refund, RefundSeen
from weike.payment.open_intent import open_intent
from weike.payment.outcome import Ok, Refused, Unknown
from weike.payment.ports import Gateways
from weike.payment.questions import intent_of, payment_is_set_up, quarantined_count, refunds_of
from weike.payment.request_refund import request_refund
from weike.payment.set_up_wechat import WeChatSetUp, set_up_wechat
from weike.payment.subscribers import subscribers

__all__ = [
    "CALL_SECONDS",
    "CloseRequested",
    "Gateways",
    "Intent",
    "IntentNotFound",
    "IntentNotPayable",
    "Method",
    "NothingPaid",
    "NothingToPay",
    "Ok",
    "PayerUnknown",
    "PaymentBegun",
    "PaymentNotSetUp",
    "PaymentQuarantined",
    "PaymentReceived",
    "PaymentReturned",
    "PaymentSeen",
    "ProviderRefused",
    "ProviderUnreachable",
    "Refund",
    "RefundRefused",
    "RefundRequested",
    "RefundSeen",
    "RefundSucceeded",
    "RefundTooLarge",
    "Refused",
    "Unknown",
    "WeChatGateways",
    "WeChatSetUp",
    "begin_payment",
    "build",
    "channel_cash_check",
    "close_intent",
    "intent_of",
    "jobs",
    "open_intent",
    "payment_is_set_up",
    "quarantined_count",
    "refunds_of",
    "request_refund",
    "set_up_wechat",
    "subscribers",
]
