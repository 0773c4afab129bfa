"""Who we are to WeChat Pay, and whose signatures we believe.

Verifiers are a map serial -> key, never one key: while a merchant moves from platform
certificates to the platform public key, notifications carry either for seven days
(vendor: "切换平台证书到微信支付公钥").
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

API_V3_KEY_BYTES = 32
PUBLIC_KEY_ID_PREFIX = "PUB_KEY_ID_"


class UnusableCredentials(ValueError):
    """The keys a merchant entered cannot be used; the message says which one and why."""


@dataclass(frozen=True, slots=True)
class WeChatPayCredentials:
    """One merchant number with its keys. `repr` shows no secret."""

    mch_id: str
    mch_serial: str
    private_key: RSAPrivateKey = field(repr=False)
    api_v3_key: bytes = field(repr=False)
    verifiers: Mapping[str, RSAPublicKey] = field(repr=False)
    answer_serial: str
    """Sent as `Wechatpay-Serial`: with which key we ask WeChat Pay to sign its answers."""


def load_credentials(
    *,
    mch_id: str,
    mch_serial: str,
    private_key_pem: str,
    api_v3_key: str,
    verifier_pems: Mapping[str, str],
) -> WeChatPayCredentials:
    """Refuses with UnusableCredentials.

    A verifier named `PUB_KEY_ID_…` is a public key, any other name is the hex serial of a
    platform certificate, which must then be the serial the certificate itself carries.
    """
    if len(api_v3_key.encode()) != API_V3_KEY_BYTES:
        raise UnusableCredentials("api_v3_key must be 32 bytes")
    if not verifier_pems:
        raise UnusableCredentials("at least one platform key or certificate is needed")
    try:
        private_key = load_pem_private_key(private_key_pem.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise UnusableCredentials("private_key_pem is not a readable private key") from error
    if not isinstance(private_key, RSAPrivateKey):
        raise UnusableCredentials("private_key_pem is not an RSA key")
    verifiers = {serial: _verifier(serial, pem) for serial, pem in verifier_pems.items()}
    # Public-key mode wins when both are known: it is the mode every merchant moves to.
    answer_serial = max(verifiers, key=lambda serial: serial.startswith(PUBLIC_KEY_ID_PREFIX))
    return WeChatPayCredentials(
        mch_id=mch_id,
        mch_serial=mch_serial,
        private_key=private_key,
        api_v3_key=api_v3_key.encode(),
        verifiers=verifiers,
        answer_serial=answer_serial,
    )


def _verifier(serial: str, pem: str) -> RSAPublicKey:
    try:
        if serial.startswith(PUBLIC_KEY_ID_PREFIX):
            key = load_pem_public_key(pem.encode())
        else:
            certificate = x509.load_pem_x509_certificate(pem.encode())
            if f"{certificate.serial_number:X}" != serial.upper().lstrip("0"):
                raise UnusableCredentials(f"the certificate's serial is not {serial}")
            key = certificate.public_key()
    except UnusableCredentials:
        raise
    except ValueError as error:
        raise UnusableCredentials(f"verifier {serial} is not readable") from error
    if not isinstance(key, RSAPublicKey):
        raise UnusableCredentials(f"verifier {serial} is not an RSA key")
    return key
