"""Values and rules of being paid. No SQL, no web, no clock."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from msgspec import Struct

Provider = Literal["wechat", "alipay", "balance"]
"""The channels, and the shop itself, which keeps its members' balances."""
Method = Literal["jsapi", "mini", "h5", "native", "alipay_wap", "alipay_page", "balance"]
"""`mini` and `jsapi` inside WeChat, `h5` and `native` outside; `alipay_wap` on a phone,
`alipay_page` on a desk; `balance` asks nobody outside."""
Subject = Literal["order", "top_up"]
"""What money is for: an order's goods, or a member's balance."""
IntentState = Literal["created", "prepaid", "unknown", "paid", "closed", "quarantined"]
RefundState = Literal["requested", "sent", "unknown", "succeeded", "refused"]
Purpose = Literal["order", "return", "balance_out"]

# A prepay id lives two hours; one that is nearly over is not handed to a buyer who still has
# to find her password.
PREPAY_LASTS = timedelta(minutes=110)

# When we ask by ourselves, because a notification "is not guaranteed to arrive".
QUERY_AFTER_SECONDS = (30, 30, 60, 120, 300, 600, 1800, 3600)
REFUND_AFTER_SECONDS = (15, 30, 60, 300, 900, 3600, 3 * 3600)


PROVIDER_OF: dict[Method, Provider] = {
    "jsapi": "wechat",
    "mini": "wechat",
    "h5": "wechat",
    "native": "wechat",
    "alipay_wap": "alipay",
    "alipay_page": "alipay",
    "balance": "balance",
}


class Config(Struct, frozen=True, kw_only=True):
    """One merchant number of a shop. The credentials are sealed; `Gateways` opens them.

    `mch_id` is what the provider calls the merchant: Alipay's is the seller's number 2088….
    """

    id: UUID
    provider: Provider = "wechat"
    mch_id: str
    app_id: str | None = None
    app_id_mini: str | None
    app_id_official: str | None
    credentials_cipher: bytes
    state: Literal["active", "off"]
    version: int

    def app_id_for(self, method: Method) -> str | None:
        """The app a buyer pays through; None when the shop has none for this method."""
        if PROVIDER_OF[method] != self.provider:
            return None
        match method:
            case "alipay_wap" | "alipay_page" | "balance":
                return self.app_id
            case "mini":
                return self.app_id_mini
            case "jsapi":
                return self.app_id_official
            case _:
                # WeChat's page or code may be paid through either app of the merchant.
                return self.app_id_official or self.app_id_mini


class Intent(Struct, frozen=True):
    """What a buyer was asked to pay for one order (or one top-up, whose id is `order_id`), one
    way. `member_id` is named where a balance is meant."""

    id: UUID
    order_id: UUID
    config_id: UUID
    method: Method
    app_id: str
    out_trade_no: str
    description: str
    amount_minor: int
    currency: str
    payer_openid: str | None
    state: IntentState
    prepay: dict[str, str] | None
    prepaid_at: datetime | None
    expires_at: datetime
    close_requested_at: datetime | None
    transaction_id: str | None
    paid_at: datetime | None
    refunding_minor: int
    queries: int
    subject: Subject = "order"
    member_id: UUID | None = None

    @property
    def is_open(self) -> bool:
        return self.state in ("created", "prepaid", "unknown")

    def has_live_prepay(self, now: datetime) -> bool:
        return (
            self.state == "prepaid"
            and self.prepaid_at is not None
            and now < self.prepaid_at + PREPAY_LASTS
        )


class Refund(Struct, frozen=True):
    """Money on its way back to the buyer, under one number for ever."""

    id: UUID
    intent_id: UUID
    order_id: UUID
    purpose: Purpose
    out_refund_no: str
    amount_minor: int
    currency: str
    reason: str
    state: RefundState
    last_code: str | None
    attempts: int
    request_id: UUID | None = None
    """Of a wish that became several refunds: a balance that goes back to its top-ups."""


class PaymentSeen(Struct, frozen=True):
    """What a provider says about a payment, already verified to be its word."""

    mch_id: str
    app_id: str
    out_trade_no: str
    state: Literal["paid", "open", "closed"]
    transaction_id: str = ""
    payer: str = ""
    amount_minor: int | None = None
    currency: str | None = None
    paid_at: datetime | None = None


class RefundSeen(Struct, frozen=True):
    """What a provider says about a refund. `currency` and `mch_id` only where it tells them."""

    out_trade_no: str
    out_refund_no: str
    provider_refund_id: str
    state: Literal["done", "processing", "closed", "abnormal"]
    refund_minor: int
    total_minor: int
    done_at: datetime | None = None
    mch_id: str | None = None
    currency: str | None = None


def mismatch(seen: PaymentSeen, intent: Intent, *, mch_id: str) -> str | None:
    """Why this payment is not the one we asked for; None when everything is equal.

    Merchant, app, number, amount and currency: attack list A-12 (a valid notification for
    another merchant) and A-14 (short-paid) of the project's threat list.
    """
    if seen.mch_id != mch_id:
        return "merchant"
    if seen.app_id != intent.app_id:
        return "app"
    if seen.out_trade_no != intent.out_trade_no:
        return "number"
    if seen.state == "paid":
        if seen.amount_minor != intent.amount_minor:
            return "amount"
        if seen.currency != intent.currency:
            return "currency"
        if not seen.transaction_id:
            return "transaction"
    return None


def refund_mismatch(seen: RefundSeen, refund: Refund, intent: Intent, *, mch_id: str) -> str | None:
    if seen.mch_id is not None and seen.mch_id != mch_id:
        return "merchant"
    if (seen.out_trade_no, seen.out_refund_no) != (intent.out_trade_no, refund.out_refund_no):
        return "number"
    if (seen.refund_minor, seen.total_minor) != (refund.amount_minor, intent.amount_minor):
        return "amount"
    if seen.currency is not None and seen.currency != refund.currency:
        return "currency"
    return None


def next_try(ladder: tuple[int, ...], tries: int, now: datetime) -> datetime:
    """The last step repeats: what is unknown is asked until it is known."""
    return now + timedelta(seconds=ladder[min(tries, len(ladder) - 1)])
