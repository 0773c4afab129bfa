"""Alipay's open gateway, our own client: signing, verification, trades, refunds, notifications.

Promises three outcomes for every call (`Ok`, `Refused`, `Unknown`), answers verified over their
exact bytes before they are believed, and no network outside a call. Time comes from the caller."""

from weike.payment.providers.alipay.credentials import (
    AlipayCredentials,
    UnusableAlipayCredentials,
    load_alipay_credentials,
)
from weike.payment.providers.alipay.notifications import open_notification
from weike.payment.providers.alipay.transport import (
    OFFICIAL_GATEWAY_URL,
    AlipayTransport,
    form_origins,
)
from weike.payment.providers.alipay.verification import NotVerified

__all__ = [
    "OFFICIAL_GATEWAY_URL",
    "AlipayCredentials",
    "AlipayTransport",
    "NotVerified",
    "UnusableAlipayCredentials",
    "form_origins",
    "load_alipay_credentials",
    "open_notification",
]
