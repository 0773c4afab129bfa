"""Who we are to Alipay, and whose signatures we believe: public-key mode or certificate mode.

In certificate mode both sides name their certificate by a number of Alipay's own: the MD5 of the
issuer's name (most specific part first) followed by the decimal serial; the root's number joins
those of its RSA-signed certificates. Source: Alipay's open platform, "公钥证书方式".
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    load_der_private_key,
    load_der_public_key,
    load_pem_private_key,
    load_pem_public_key,
)
from cryptography.x509.oid import NameOID

_PEM = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
_NAMES = {
    NameOID.COMMON_NAME: "CN",
    NameOID.ORGANIZATIONAL_UNIT_NAME: "OU",
    NameOID.ORGANIZATION_NAME: "O",
    NameOID.COUNTRY_NAME: "C",
    NameOID.STATE_OR_PROVINCE_NAME: "ST",
    NameOID.LOCALITY_NAME: "L",
}
_RSA_SIGNED = "1.2.840.113549.1.1."
KEY_MODE = ""
"""The name of the one verifier that has no certificate."""


class UnusableAlipayCredentials(ValueError):
    """The keys a merchant entered cannot be used; the message says which one and why."""


@dataclass(frozen=True, slots=True)
class AlipayCredentials:
    """One app of one seller. `repr` shows no secret."""

    app_id: str
    seller_id: str
    private_key: RSAPrivateKey = field(repr=False)
    verifiers: Mapping[str, RSAPublicKey] = field(repr=False)
    """Alipay's keys by their certificate's number; `KEY_MODE` alone without certificates."""
    app_cert_sn: str | None = None
    root_cert_sn: str | None = None


def load_alipay_credentials(
    *,
    app_id: str,
    seller_id: str,
    private_key_pem: str,
    alipay_public_key_pem: str | None = None,
    app_certificate_pem: str | None = None,
    alipay_certificate_pem: str | None = None,
    root_certificate_pem: str | None = None,
) -> AlipayCredentials:
    """Keys may come as PEM or as the bare Base64 that Alipay's tools print.

    Refuses with UnusableAlipayCredentials.
    """
    private_key = _private_key(private_key_pem)
    if not (app_certificate_pem or alipay_certificate_pem or root_certificate_pem):
        if not alipay_public_key_pem:
            raise UnusableAlipayCredentials("Alipay's public key or the certificates are needed")
        return AlipayCredentials(
            app_id, seller_id, private_key, {KEY_MODE: _public_key(alipay_public_key_pem)}
        )
    if not (app_certificate_pem and alipay_certificate_pem and root_certificate_pem):
        raise UnusableAlipayCredentials("certificate mode needs all three certificates")
    app = _certificates(app_certificate_pem, "app certificate")[0]
    if app.public_key() != private_key.public_key():
        raise UnusableAlipayCredentials("the app certificate belongs to another private key")
    verifiers = {}
    # The file may hold the issuer's certificate too; Alipay signs with the first.
    certificate = _certificates(alipay_certificate_pem, "Alipay certificate")[0]
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey):
        raise UnusableAlipayCredentials("the Alipay certificate has no RSA key")
    verifiers[certificate_number(certificate)] = key
    roots = [
        certificate_number(root)
        for root in _certificates(root_certificate_pem, "root certificate")
        if root.signature_algorithm_oid.dotted_string.startswith(_RSA_SIGNED)
    ]
    if not roots:
        raise UnusableAlipayCredentials("the root certificate has no RSA certificate")
    return AlipayCredentials(
        app_id,
        seller_id,
        private_key,
        verifiers,
        app_cert_sn=certificate_number(app),
        root_cert_sn="_".join(roots),
    )


def certificate_number(certificate: x509.Certificate) -> str:
    """What Alipay calls `cert_sn`."""
    issuer = ",".join(
        f"{_NAMES.get(part.oid, part.oid.dotted_string)}={part.value!s}"
        for part in reversed(list(certificate.issuer))
    )
    # The protocol's choice; it names a certificate and protects nothing.
    return hashlib.md5(
        f"{issuer}{certificate.serial_number}".encode(), usedforsecurity=False
    ).hexdigest()


def _private_key(given: str) -> RSAPrivateKey:
    try:
        key = (
            load_pem_private_key(given.encode(), password=None)
            if "-----BEGIN" in given
            else load_der_private_key(_bare(given), password=None)
        )
    except (ValueError, TypeError) as error:
        raise UnusableAlipayCredentials("private_key is not a readable private key") from error
    if not isinstance(key, RSAPrivateKey) or key.key_size < 2048:
        raise UnusableAlipayCredentials("private_key is not an RSA key of 2048 bits")
    return key


def _public_key(given: str) -> RSAPublicKey:
    try:
        key = (
            load_pem_public_key(given.encode())
            if "-----BEGIN" in given
            else load_der_public_key(_bare(given))
        )
    except ValueError as error:
        raise UnusableAlipayCredentials("Alipay's public key is not readable") from error
    if not isinstance(key, RSAPublicKey):
        raise UnusableAlipayCredentials("Alipay's public key is not an RSA key")
    return key


def _bare(given: str) -> bytes:
    try:
        return base64.b64decode("".join(given.split()), validate=True)
    except binascii.Error as error:
        raise ValueError("not Base64") from error


def _certificates(given: str, name: str) -> list[x509.Certificate]:
    try:
        found = [x509.load_pem_x509_certificate(pem.encode()) for pem in _PEM.findall(given)]
    except ValueError as error:
        raise UnusableAlipayCredentials(f"the {name} is not readable") from error
    if not found:
        raise UnusableAlipayCredentials(f"the {name} is not readable")
    return found
