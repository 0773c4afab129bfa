"""The envelope of the simulated WeChat Pay: checking the caller's signature, signing answers.

Written from the protocol's description and not from our client, so that a mistake in one of
them does not hide in the other. Source: WeChat Pay API v3, "如何生成请求签名", "如何验证签名".
"""

import base64
import binascii
import re
import secrets
from dataclasses import dataclass

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from weike.sandbox.faults import DEFAULT_STALE_SECONDS, Fault
from weike.sandbox.keys import Keys

SCHEME = "WECHATPAY2-SHA256-RSA2048"
CALLER_WINDOW_SECONDS = 300
_PART = re.compile(r'(mchid|nonce_str|signature|timestamp|serial_no)="([^"]*)"')


class ProtocolRefusal(Exception):
    """A refusal in WeChat Pay's form: a status, a code and a sentence."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message


@dataclass(frozen=True, slots=True)
class SignedCall:
    """A call whose signature is the merchant's own, over exactly these bytes."""

    mch_id: str
    method: str
    target: str
    body: bytes
    answer_serial: str


def read_call(
    keys: Keys, *, method: str, target: str, headers: dict[str, str], body: bytes, real_now: int
) -> SignedCall:
    """Refuses with ProtocolRefusal 401 SIGN_ERROR."""
    scheme, _, rest = headers.get("authorization", "").partition(" ")
    parts = dict(_PART.findall(rest))
    merchant = keys.merchants.get(parts.get("mchid", ""))
    if scheme != SCHEME or len(parts) != 5 or merchant is None:
        raise ProtocolRefusal(401, "SIGN_ERROR", "Http头缺少Authorization或内容不正确")
    if parts["serial_no"] != merchant.mch_serial:
        raise ProtocolRefusal(401, "SIGN_ERROR", "商户证书序列号有误")
    if not re.fullmatch(r"\d{10}", parts["timestamp"]) or (
        abs(real_now - int(parts["timestamp"])) > CALLER_WINDOW_SECONDS
    ):
        raise ProtocolRefusal(401, "SIGN_ERROR", "Http头Authorization中的timestamp已过期")
    head = f"{method}\n{target}\n{parts['timestamp']}\n{parts['nonce_str']}\n"
    try:
        keys.merchant_keys[merchant.mch_id].verify(
            base64.b64decode(parts["signature"], validate=True),
            head.encode() + body + b"\n",
            PKCS1v15(),
            SHA256(),
        )
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise ProtocolRefusal(401, "SIGN_ERROR", "签名错误, 请检查后再试") from error
    if not headers.get("user-agent") or "accept" not in headers:
        raise ProtocolRefusal(400, "PARAM_ERROR", "Http头缺少Accept或User-Agent")
    asked = headers.get("wechatpay-serial", "")
    return SignedCall(
        mch_id=merchant.mch_id,
        method=method,
        target=target,
        body=body,
        # Answers follow the serial the merchant sends; without one, the public key signs.
        answer_serial=asked if asked in keys.signers else keys.public_key_id,
    )


def signed_headers(
    keys: Keys, body: bytes, *, serial: str, real_now: int, fault: Fault | None = None
) -> tuple[dict[str, str], bytes]:
    """Signature headers for these bytes, and the bytes; a fault may spoil either."""
    kind = fault.kind if fault else None
    if kind == "unsigned":
        return {}, body
    if fault and kind == "stale":
        real_now -= int(fault.seconds or DEFAULT_STALE_SECONDS)
    nonce, timestamp = secrets.token_hex(16), str(real_now)
    message = f"{timestamp}\n{nonce}\n".encode() + body + b"\n"
    if kind == "bad_signature":
        message += b"spoiled"
    signature = base64.b64encode(keys.signers[serial].sign(message, PKCS1v15(), SHA256())).decode()
    if kind == "signtest":
        signature = "WECHATPAY/SIGNTEST/" + signature
    headers = {
        "Wechatpay-Timestamp": timestamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Signature": signature,
        "Wechatpay-Signature-Type": SCHEME,
        "Wechatpay-Serial": "PUB_KEY_ID_0000" if kind == "wrong_serial" else serial,
        "Request-ID": secrets.token_hex(16).upper(),
    }
    return headers, body + b" " if kind == "tamper" else body


def refusal_body(refusal: ProtocolRefusal) -> bytes:
    return msgspec.json.encode({"code": refusal.code, "message": refusal.message})
