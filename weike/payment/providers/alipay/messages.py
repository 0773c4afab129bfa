"""The JSON of Alipay's trade calls as typed values, and its forms of sums and times.

Unknown fields are ignored, missing or mistyped ones that we decide on are refused by the
decoder. Source: Alipay's open platform, pages of `alipay.trade.*`.
"""

import re
from datetime import datetime, timedelta, timezone
from typing import Literal

from msgspec import Struct

from weike.kernel import written

CHINA = timezone(timedelta(hours=8))
_SUM = re.compile(r"(\d{1,12})(?:\.(\d{1,2}))?")

TradeStatus = Literal["WAIT_BUYER_PAY", "TRADE_CLOSED", "TRADE_SUCCESS", "TRADE_FINISHED"]


class Head(Struct, frozen=True):
    """What every answer begins with. Decisions are made by `code` and `sub_code` only."""

    code: str
    msg: str = ""
    sub_code: str = ""
    sub_msg: str = ""


class Trade(Struct, frozen=True):
    """The answer of `alipay.trade.query`."""

    out_trade_no: str
    trade_no: str
    trade_status: TradeStatus
    total_amount: str
    send_pay_date: str = ""
    buyer_open_id: str = ""
    buyer_user_id: str = ""


class Closed(Struct, frozen=True):
    out_trade_no: str = ""
    trade_no: str = ""


class Refunded(Struct, frozen=True):
    """The answer of `alipay.trade.refund`. `refund_fee` is the sum of all refunds of the trade."""

    out_trade_no: str
    trade_no: str
    refund_fee: str
    fund_change: str = "N"


class RefundKnown(Struct, frozen=True):
    """The answer of `alipay.trade.fastpay.refund.query`; empty but for the head when there is
    no such refund, or not yet."""

    out_trade_no: str = ""
    trade_no: str = ""
    out_request_no: str = ""
    refund_status: str = ""
    refund_amount: str = ""
    total_amount: str = ""
    gmt_refund_pay: str = ""


class BillAddress(Struct, frozen=True):
    bill_download_url: str


def yuan(minor: int) -> str:
    """Alipay's form of a sum: yuan with two decimals."""
    return written(minor)


def fen(amount: str) -> int | None:
    """None for what is no sum of money."""
    found = _SUM.fullmatch(amount)
    if found is None or not amount.isascii():
        return None
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def china_time(moment: datetime) -> str:
    """Alipay's form of a time, which names no zone and means +08:00."""
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def moment_of(text: str) -> datetime | None:
    """None for what is no time of Alipay's form; fractions of a second are dropped."""
    try:
        return datetime.strptime(text[:19], "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA)
    except ValueError:
        return None
