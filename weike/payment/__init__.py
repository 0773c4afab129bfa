"""Payment: buyers' money on its way in and on its way back, and nobody's word but the provider's.

An intent is what a buyer was asked to pay; it becomes paid only by the provider's verified word
which names the same merchant, app, number, amount and currency. Every call outside ends in one of
three outcomes (ok, refused, unknown); unknown is asked again under the same number. Refunds are
promised in the transaction that decides them and sent after it. Money is in the ledger in the
same transaction in which it is in our states.
"""

from weike.payment.balance import BalanceSettings, balances_check, pay_by_balance, set_balance
from weike.payment.begin_payment import PaymentBegun, begin_payment
from weike.payment.build import CALL_SECONDS, build
from weike.payment.checks import channel_cash_check, quarantine_check
from weike.payment.close_intent import close_intent
from weike.payment.errors import (
    IntentNotFound,
    IntentNotPayable,
    NothingPaid,
    NothingToPay,
    PayeeUnknown,
    PayerUnknown,
    PaymentNotSetUp,
    ProviderRefused,
    ProviderUnreachable,
    RefundTooLarge,
    WayNotOffered,
)
from weike.payment.events import (
    BalanceToppedUp,
    CloseRequested,
    PaymentQuarantined,
    PaymentReceived,
    PaymentReturned,
    RefundRefused,
    RefundRequested,
    RefundSucceeded,
)
from weike.payment.gateways import ProviderGateways
from weike.payment.jobs import jobs
from weike.payment.model import Intent, Method, PaymentSeen, Refund, RefundSeen
from weike.payment.open_intent import open_intent
from weike.payment.outcome import Ok, Refused, Unknown
from weike.payment.personal_data import forget_payers
from weike.payment.ports import Gateways, PayForm, PayoutGateways
from weike.payment.providers.alipay import form_origins
from weike.payment.queries import order_of_number
from weike.payment.questions import intent_of, payment_is_set_up, quarantined_count, refunds_of
from weike.payment.request_refund import request_refund
from weike.payment.set_up_alipay import AlipaySetUp, set_up_alipay
from weike.payment.set_up_wechat import WeChatSetUp, set_up_wechat
from weike.payment.subscribers import subscribers
from weike.payment.transfers.events import TransferFailed, TransferSucceeded, TransferWaits
from weike.payment.transfers.queries import transfer_of
from weike.payment.transfers.request_transfer import NameSeal, request_transfer

__all__ = [
    "CALL_SECONDS",
    "AlipaySetUp",
    "BalanceSettings",
    "BalanceToppedUp",
    "CloseRequested",
    "Gateways",
    "Intent",
    "IntentNotFound",
    "IntentNotPayable",
    "Method",
    "NameSeal",
    "NothingPaid",
    "NothingToPay",
    "Ok",
    "PayForm",
    "PayeeUnknown",
    "PayerUnknown",
    "PaymentBegun",
    "PaymentNotSetUp",
    "PaymentQuarantined",
    "PaymentReceived",
    "PaymentReturned",
    "PaymentSeen",
    "PayoutGateways",
    "ProviderGateways",
    "ProviderRefused",
    "ProviderUnreachable",
    "Refund",
    "RefundRefused",
    "RefundRequested",
    "RefundSeen",
    "RefundSucceeded",
    "RefundTooLarge",
    "Refused",
    "TransferFailed",
    "TransferSucceeded",
    "TransferWaits",
    "Unknown",
    "WayNotOffered",
    "WeChatSetUp",
    "balances_check",
    "begin_payment",
    "build",
    "channel_cash_check",
    "close_intent",
    "forget_payers",
    "form_origins",
    "intent_of",
    "jobs",
    "open_intent",
    "order_of_number",
    "pay_by_balance",
    "payment_is_set_up",
    "quarantine_check",
    "quarantined_count",
    "refunds_of",
    "request_refund",
    "request_transfer",
    "set_balance",
    "set_up_alipay",
    "set_up_wechat",
    "subscribers",
    "transfer_of",
]
