"""The envelope of the simulated Alipay: checking the caller's signature, signing answers.

Source: Alipay's open platform, "公共参数", "自行实现签名", "公共错误码".
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qsl

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from weike.sandbox.alipay_keys import AlipayKeys, cert_sn

CHINA = timezone(timedelta(hours=8))
WINDOW_SECONDS = 15 * 60


class AlipayRefusal(Exception):
    """A refusal in Alipay's form. 40004 is a business refusal, 40001 and 40002 the gateway's."""

    def __init__(self, sub_code: str, message: str, *, code: str = "40004") -> None:
        super().__init__(sub_code)
        self.code, self.sub_code, self.message = code, sub_code, message


@dataclass(frozen=True, slots=True)
class AlipayCall:
    """A call whose signature is the app's own."""

    app_id: str
    seller_id: str
    method: str
    business: dict[str, object]
    notify_url: str
    return_url: str
    with_certificates: bool

    def text(self, name: str) -> str:
        value = self.business.get(name, "")
        return value if isinstance(value, str) else ""


def read_call(keys: AlipayKeys, *, query: bytes, body: bytes, real_now: int) -> AlipayCall:
    """Refuses with AlipayRefusal 40001 or 40002."""
    given = _parameters(query, body)
    merchant = keys.merchants.get(given.get("app_id", ""))
    if merchant is None:
        raise AlipayRefusal("isv.invalid-app-id", "无效的AppID参数", code="40002")
    for name, value in (("charset", "utf-8"), ("sign_type", "RSA2"), ("version", "1.0")):
        if given.get(name, "").lower() != value.lower():
            raise AlipayRefusal(f"isv.invalid-{name}", f"无效的{name}参数", code="40002")
    signature = given.get("sign", "")
    content = "&".join(
        f"{name}={value}" for name, value in sorted(given.items()) if name != "sign" and value
    )
    try:
        keys.app_keys[merchant.app_id].verify(
            base64.b64decode(signature, validate=True), content.encode(), PKCS1v15(), SHA256()
        )
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise AlipayRefusal("isv.invalid-signature", "验签出错", code="40002") from error
    with_certificates = "app_cert_sn" in given
    if with_certificates and given["app_cert_sn"] != cert_sn(merchant.app_certificate_pem):
        raise AlipayRefusal("isv.app-cert-not-match", "应用公钥证书不匹配", code="40002")
    root = cert_sn(merchant.root_certificate_pem)
    if with_certificates and given.get("alipay_root_cert_sn") != root:
        raise AlipayRefusal("isv.alipay-root-cert-sn-error", "根证书序列号错误", code="40002")
    try:
        sent = datetime.strptime(given.get("timestamp", ""), "%Y-%m-%d %H:%M:%S").replace(
            tzinfo=CHINA
        )
        business = msgspec.json.decode(given.get("biz_content", "{}"), type=dict[str, object])
    except (ValueError, msgspec.MsgspecError) as error:
        raise AlipayRefusal("isv.invalid-parameter", "参数无效", code="40002") from error
    if abs(sent.timestamp() - real_now) > WINDOW_SECONDS:
        raise AlipayRefusal("isv.invalid-timestamp", "非法的时间戳参数", code="40002")
    return AlipayCall(
        app_id=merchant.app_id,
        seller_id=merchant.seller_id,
        method=given.get("method", ""),
        business=business,
        notify_url=given.get("notify_url", ""),
        return_url=given.get("return_url", ""),
        with_certificates=with_certificates,
    )


def _parameters(query: bytes, body: bytes) -> dict[str, str]:
    try:
        pairs = [
            pair
            for part in (query, body)
            for pair in parse_qsl(part.decode("ascii"), keep_blank_values=True, errors="strict")
        ]
    except (UnicodeError, ValueError) as error:
        raise AlipayRefusal("isv.invalid-encoding", "编码错误", code="40002") from error
    given = dict(pairs)
    if len(given) != len(pairs):
        raise AlipayRefusal("isv.invalid-parameter", "参数重复", code="40002")
    return given


def answer(
    keys: AlipayKeys, node: str, content: dict[str, object], *, with_certificates: bool
) -> bytes:
    """Signed over the very characters of the object."""
    written = msgspec.json.encode(content)
    certificate = f'"alipay_cert_sn":"{keys.cert_sn}",' if with_certificates else ""
    return (
        b'{"'
        + node.encode()
        + b'":'
        + written
        + b","
        + f'{certificate}"sign":"{signature(keys, written)}"'.encode()
        + b"}"
    )


def signature(keys: AlipayKeys, content: bytes) -> str:
    return base64.b64encode(keys.private_key.sign(content, PKCS1v15(), SHA256())).decode()


def china(timestamp: int) -> str:
    return datetime.fromtimestamp(timestamp, CHINA).strftime("%Y-%m-%d %H:%M:%S")


def yuan(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"


def minor(amount: str) -> int:
    """Refuses with AlipayRefusal."""
    whole, _, part = amount.partition(".")
    if not (whole.isdigit() and len(whole) <= 9 and (part.isdigit() or not part)) or len(part) > 2:
        raise AlipayRefusal("ACQ.INVALID_PARAMETER", "金额格式错误")
    return int(whole) * 100 + int(part.ljust(2, "0"))
