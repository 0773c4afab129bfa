"""The JSON of WeChat Pay v3 as typed values: what we send, what we read. Names are WeChat's.

Unknown fields are ignored (WeChat Pay adds some without notice), missing or mistyped ones that
we decide on are refused by the decoder. Source: WeChat Pay API v3, order and refund pages.
"""

from datetime import datetime
from typing import Literal

from msgspec import Struct

TradeState = Literal[
    "SUCCESS", "REFUND", "NOTPAY", "CLOSED", "REVOKED", "USERPAYING", "PAYERROR", "ACCEPT"
]
RefundState = Literal["SUCCESS", "CLOSED", "PROCESSING", "ABNORMAL"]
TransferBillState = Literal[
    "ACCEPTED",
    "PROCESSING",
    "WAIT_USER_CONFIRM",
    "TRANSFERING",
    "SUCCESS",
    "FAIL",
    "CANCELING",
    "CANCELLED",
]


class Amount(Struct, frozen=True):
    """In fen."""

    total: int
    currency: str


class Payer(Struct, frozen=True):
    openid: str = ""


class H5Info(Struct, frozen=True):
    type: str = "Wap"


class SceneInfo(Struct, frozen=True, omit_defaults=True):
    payer_client_ip: str
    h5_info: H5Info | None = None


class PrepayBody(Struct, frozen=True, omit_defaults=True):
    """One body for JSAPI, H5 and Native; what a channel does not use stays out."""

    appid: str
    mchid: str
    description: str
    out_trade_no: str
    time_expire: str
    notify_url: str
    amount: Amount
    attach: str = ""
    payer: Payer | None = None
    scene_info: SceneInfo | None = None


class PrepayAnswer(Struct, frozen=True):
    """Exactly one is filled, by channel."""

    prepay_id: str = ""
    h5_url: str = ""
    code_url: str = ""


class CloseBody(Struct, frozen=True):
    mchid: str


class TransactionAmount(Struct, frozen=True):
    """What was to be paid, and what left the buyer's pocket after WeChat's own coupons."""

    total: int
    currency: str
    payer_total: int | None = None


class Transaction(Struct, frozen=True):
    """A payment as WeChat Pay knows it: the answer of a query and the content of a notification."""

    appid: str
    mchid: str
    out_trade_no: str
    trade_state: TradeState
    transaction_id: str = ""
    trade_type: str = ""
    trade_state_desc: str = ""
    bank_type: str = ""
    attach: str = ""
    success_time: datetime | None = None
    payer: Payer | None = None
    # Absent while nothing was paid: a query of a NOTPAY order may leave it out.
    amount: TransactionAmount | None = None


class RefundAmount(Struct, frozen=True):
    refund: int
    total: int
    currency: str


class RefundBody(Struct, frozen=True, omit_defaults=True):
    """Names its payment by one of two: our number, or the transaction."""

    out_refund_no: str
    notify_url: str
    amount: RefundAmount
    out_trade_no: str = ""
    transaction_id: str = ""
    reason: str = ""


class RefundAnswerAmount(Struct, frozen=True):
    total: int
    refund: int
    currency: str = "CNY"


class Refund(Struct, frozen=True):
    """A refund as a call answers it. `PROCESSING` means accepted, not refunded."""

    refund_id: str
    out_refund_no: str
    out_trade_no: str
    status: RefundState
    amount: RefundAnswerAmount
    transaction_id: str = ""
    success_time: datetime | None = None


class RefundNoticeAmount(Struct, frozen=True):
    """Notifications of refunds carry no currency: domestic refunds are CNY."""

    total: int
    refund: int


class RefundNotice(Struct, frozen=True):
    """A refund as its notification tells it; the field is `refund_status` here."""

    mchid: str
    out_trade_no: str
    out_refund_no: str
    refund_id: str
    refund_status: RefundState
    amount: RefundNoticeAmount
    transaction_id: str = ""
    success_time: datetime | None = None


class TransferBill(Struct, frozen=True, kw_only=True):
    """The answer of both calls; `package_info` is there while the payee must confirm."""

    out_bill_no: str
    state: TransferBillState
    transfer_bill_no: str = ""
    package_info: str | None = None
    fail_reason: str = ""
    transfer_amount: int | None = None
    mch_id: str | None = None
    update_time: datetime | None = None


class ErrorAnswer(Struct, frozen=True):
    code: str
    message: str = ""


class Resource(Struct, frozen=True):
    algorithm: str
    ciphertext: str
    nonce: str
    original_type: str = ""
    associated_data: str | None = None


class Envelope(Struct, frozen=True):
    """The outside of a notification; what happened is inside `resource`, encrypted."""

    id: str
    event_type: str
    resource_type: str
    resource: Resource
    create_time: str = ""
