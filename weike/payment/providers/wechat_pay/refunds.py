"""Refunds at WeChat Pay: ask, query. An accepted refund is not yet money with the buyer.

Rules of the vendor (WeChat Pay API v3, "申请退款"): within 365 days, at most 50 per order,
their sum never above what was paid, and a failed one is asked again under the same number.
"""

from weike.payment.outcome import Outcome
from weike.payment.providers.wechat_pay.messages import Refund, RefundAmount, RefundBody
from weike.payment.providers.wechat_pay.transport import WeChatPayTransport, path_segment

REFUNDS = "/v3/refund/domestic/refunds"
_REASON_BYTES = 80


async def refund(
    transport: WeChatPayTransport,
    *,
    out_trade_no: str,
    out_refund_no: str,
    refund_minor: int,
    total_minor: int,
    currency: str,
    reason: str,
    notify_url: str,
    transaction_id: str = "",
) -> Outcome[Refund]:
    """With `transaction_id`, of that very payment, should our number have been paid twice."""
    body = RefundBody(
        out_trade_no="" if transaction_id else out_trade_no,
        transaction_id=transaction_id,
        out_refund_no=out_refund_no,
        notify_url=notify_url,
        amount=RefundAmount(refund=refund_minor, total=total_minor, currency=currency),
        reason=reason.encode()[:_REASON_BYTES].decode(errors="ignore"),
    )
    return await transport.call("POST", REFUNDS, answer=Refund, body=body)


async def query_refund(transport: WeChatPayTransport, out_refund_no: str) -> Outcome[Refund]:
    return await transport.call("GET", f"{REFUNDS}/{path_segment(out_refund_no)}", answer=Refund)
