"""Signing what we send: parameters sorted by name, joined unescaped, RSA2 (SHA256 with RSA).

Source: Alipay's open platform, "自行实现签名": `sign` and empty values stay out, names in ASCII
order, values as they are before any URL escaping.
"""

import base64
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

SIGN_TYPE = "RSA2"


def content_to_sign(parameters: Mapping[str, str]) -> bytes:
    return "&".join(
        f"{name}={value}" for name, value in sorted(parameters.items()) if value and name != "sign"
    ).encode()


def signed(parameters: Mapping[str, str], key: RSAPrivateKey) -> dict[str, str]:
    """The parameters with their signature."""
    signature = key.sign(content_to_sign(parameters), PKCS1v15(), SHA256())
    return {**parameters, "sign": base64.b64encode(signature).decode()}
