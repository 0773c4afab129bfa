"""Signing what we send: the Authorization header of a call, and the pay call of the front end.

Source: WeChat Pay API v3, "如何生成请求签名" and "小程序调起支付签名".
"""

import base64
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from weike.payment.providers.wechat_pay.credentials import WeChatPayCredentials

SCHEME = "WECHATPAY2-SHA256-RSA2048"


def sign(private_key: RSAPrivateKey, message: bytes) -> str:
    return base64.b64encode(private_key.sign(message, PKCS1v15(), SHA256())).decode()


def authorization(
    credentials: WeChatPayCredentials,
    *,
    method: str,
    target: str,
    body: bytes,
    now: datetime,
    nonce: str,
) -> str:
    """`target` is path and query exactly as sent; `body` the very bytes that are sent."""
    timestamp = str(int(now.timestamp()))
    message = f"{method}\n{target}\n{timestamp}\n{nonce}\n".encode() + body + b"\n"
    signature = sign(credentials.private_key, message)
    return (
        f'{SCHEME} mchid="{credentials.mch_id}",nonce_str="{nonce}",signature="{signature}",'
        f'timestamp="{timestamp}",serial_no="{credentials.mch_serial}"'
    )


@dataclass(frozen=True, slots=True)
class PayCall:
    """What `wx.requestPayment` and `WeixinJSBridge` are called with; names are WeChat's."""

    app_id: str
    time_stamp: str
    nonce_str: str
    package: str
    sign_type: str
    pay_sign: str


def pay_call(
    credentials: WeChatPayCredentials,
    *,
    app_id: str,
    prepay_id: str,
    now: datetime,
    nonce: str,
) -> PayCall:
    """The signed call with which the buyer's phone opens the payment of this `prepay_id`."""
    timestamp = str(int(now.timestamp()))
    package = f"prepay_id={prepay_id}"
    message = f"{app_id}\n{timestamp}\n{nonce}\n{package}\n".encode()
    return PayCall(
        app_id=app_id,
        time_stamp=timestamp,
        nonce_str=nonce,
        package=package,
        sign_type="RSA",
        pay_sign=sign(credentials.private_key, message),
    )
