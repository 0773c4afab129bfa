"""Orders at WeChat Pay: prepay on three channels, query, close.

Source: WeChat Pay API v3, "下单", "查询订单", "关闭订单".
"""

from datetime import datetime, timedelta, timezone
from types import NoneType
from typing import Literal

from weike.payment.outcome import Outcome
from weike.payment.providers.wechat_pay.messages import (
    Amount,
    CloseBody,
    H5Info,
    Payer,
    PrepayAnswer,
    PrepayBody,
    SceneInfo,
    Transaction,
)
from weike.payment.providers.wechat_pay.transport import WeChatPayTransport, path_segment

Channel = Literal["jsapi", "h5", "native"]

ORDERS = "/v3/pay/transactions"
_CHINA = timezone(timedelta(hours=8))
_DESCRIPTION_BYTES = 127

# Refusals of `close` which say that the buyer was faster; both spellings are in use.
REFUSALS_THAT_MEAN_PAID = frozenset({"ORDER_PAID", "ORDERPAID"})


async def prepay(
    transport: WeChatPayTransport,
    channel: Channel,
    *,
    app_id: str,
    out_trade_no: str,
    amount_minor: int,
    currency: str,
    description: str,
    expires_at: datetime,
    notify_url: str,
    payer_openid: str | None = None,
    payer_ip: str | None = None,
) -> Outcome[PrepayAnswer]:
    """Announces the order; asking again with the same content answers a fresh prepay id.

    JSAPI (which is also the mini-program's) needs `payer_openid`, H5 needs `payer_ip`.
    """
    if channel == "jsapi" and not payer_openid:
        raise ValueError("jsapi needs the payer's openid")
    if channel == "h5" and not payer_ip:
        raise ValueError("h5 needs the payer's address")
    body = PrepayBody(
        appid=app_id,
        mchid=transport.credentials.mch_id,
        description=shortened(description),
        out_trade_no=out_trade_no,
        time_expire=china_time(expires_at),
        notify_url=notify_url,
        amount=Amount(total=amount_minor, currency=currency),
        payer=Payer(openid=payer_openid) if channel == "jsapi" and payer_openid else None,
        scene_info=_scene(channel, payer_ip),
    )
    return await transport.call("POST", f"{ORDERS}/{channel}", answer=PrepayAnswer, body=body)


async def query(transport: WeChatPayTransport, out_trade_no: str) -> Outcome[Transaction]:
    number, merchant = path_segment(out_trade_no), path_segment(transport.credentials.mch_id)
    return await transport.call(
        "GET", f"{ORDERS}/out-trade-no/{number}?mchid={merchant}", answer=Transaction
    )


async def close(transport: WeChatPayTransport, out_trade_no: str) -> Outcome[None]:
    """A refusal with `ORDER_PAID` means: the buyer was faster, go and query."""
    return await transport.call(
        "POST",
        f"{ORDERS}/out-trade-no/{path_segment(out_trade_no)}/close",
        answer=NoneType,
        body=CloseBody(mchid=transport.credentials.mch_id),
    )


def china_time(moment: datetime) -> str:
    """WeChat Pay's form of a time: RFC 3339, whole seconds, `+08:00`."""
    return moment.astimezone(_CHINA).isoformat(timespec="seconds")


def shortened(description: str) -> str:
    """At most 127 bytes of UTF-8, never half a character; WeChat Pay refuses longer ones."""
    return description.encode()[:_DESCRIPTION_BYTES].decode(errors="ignore")


def _scene(channel: Channel, payer_ip: str | None) -> SceneInfo | None:
    if not payer_ip:
        return None
    return SceneInfo(payer_client_ip=payer_ip, h5_info=H5Info() if channel == "h5" else None)
