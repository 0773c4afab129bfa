"""What follows a refund for the invoice of its order."""

from __future__ import annotations

from weike.kernel import Listener, Subscriber
from weike.trade.events import OrderRefunded
from weike.trade.invoices.request_invoice import after_refund


def invoice_subscribers() -> tuple[Listener, ...]:
    return (Subscriber("trade.invoice_after_refund", OrderRefunded, after_refund),)
