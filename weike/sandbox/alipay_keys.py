"""Keys of the simulated Alipay, made on first start and kept in the data folder.

`alipay.json` is what a merchant would copy from Alipay's console (both modes: public key and
certificates), `alipay_platform.json` is the simulation's own.
"""

import hashlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID
from msgspec import Struct

ALIPAY_CREDENTIALS_FILE = "alipay.json"
ALIPAY_PLATFORM_FILE = "alipay_platform.json"


class AlipayMerchant(Struct, frozen=True):
    """Everything that is entered into a merchant's payment settings, for either mode."""

    app_id: str
    seller_id: str
    private_key_pem: str
    alipay_public_key_pem: str
    app_certificate_pem: str
    alipay_certificate_pem: str
    root_certificate_pem: str


class AlipayCredentials(Struct, frozen=True):
    """The content of `alipay.json`: the shop's app, and somebody else's for attack tests."""

    simulation: bool
    merchants: list[AlipayMerchant]


class AlipayPlatform(Struct, frozen=True):
    private_key_pem: str


@dataclass(frozen=True, slots=True)
class AlipayKeys:
    credentials: AlipayCredentials
    private_key: RSAPrivateKey
    """Signs answers and notifications."""
    merchants: Mapping[str, AlipayMerchant]
    app_keys: Mapping[str, RSAPublicKey]
    cert_sn: str


def load_or_make_alipay_keys(folder: Path, *, now: datetime) -> AlipayKeys:
    """A second start finds the keys of the first."""
    credentials_file = folder / ALIPAY_CREDENTIALS_FILE
    platform_file = folder / ALIPAY_PLATFORM_FILE
    if not (credentials_file.exists() and platform_file.exists()):
        folder.mkdir(parents=True, exist_ok=True)
        platform, credentials = _make(now)
        _write_private(platform_file, platform)
        _write_private(credentials_file, credentials)
    return _loaded(
        msgspec.json.decode(platform_file.read_bytes(), type=AlipayPlatform),
        msgspec.json.decode(credentials_file.read_bytes(), type=AlipayCredentials),
    )


def cert_sn(pem: str) -> str:
    """MD5 of the issuer, most specific first, and the decimal serial: Alipay's own number."""
    certificate = x509.load_pem_x509_certificate(pem.encode())
    parts = {part.oid: part.value for part in certificate.issuer}
    issuer = ",".join(
        f"{name}={parts[oid]!s}"
        for name, oid in (
            ("CN", NameOID.COMMON_NAME),
            ("OU", NameOID.ORGANIZATIONAL_UNIT_NAME),
            ("O", NameOID.ORGANIZATION_NAME),
            ("C", NameOID.COUNTRY_NAME),
        )
    )
    given = f"{issuer}{certificate.serial_number}".encode()
    return hashlib.md5(given, usedforsecurity=False).hexdigest()


def _loaded(platform: AlipayPlatform, credentials: AlipayCredentials) -> AlipayKeys:
    return AlipayKeys(
        credentials=credentials,
        private_key=_rsa(platform.private_key_pem),
        merchants={one.app_id: one for one in credentials.merchants},
        app_keys={
            one.app_id: _rsa(one.private_key_pem).public_key() for one in credentials.merchants
        },
        cert_sn=cert_sn(credentials.merchants[0].alipay_certificate_pem),
    )


def _make(now: datetime) -> tuple[AlipayPlatform, AlipayCredentials]:
    own, root = _new_key(), _new_key()
    root_pem = _certificate(root, "Weike sandbox root", root, "Weike sandbox root", now=now)
    own_pem = _certificate(own, "Weike sandbox Alipay", root, "Weike sandbox root", now=now)
    public_pem = (
        own.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    )
    merchants = []
    for number in ("1", "2"):
        key = _new_key()
        merchants.append(
            AlipayMerchant(
                app_id=f"202100000000000{number}",
                seller_id=f"208800000000000{number}",
                private_key_pem=_pem(key),
                alipay_public_key_pem=public_pem,
                app_certificate_pem=_certificate(
                    key, f"Weike sandbox app {number}", root, "Weike sandbox root", now=now
                ),
                alipay_certificate_pem=own_pem,
                root_certificate_pem=root_pem,
            )
        )
    return AlipayPlatform(_pem(own)), AlipayCredentials(simulation=True, merchants=merchants)


def _certificate(
    key: RSAPrivateKey, name: str, signer: RSAPrivateKey, issuer: str, *, now: datetime
) -> str:
    start = now.astimezone(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(secrets.randbits(120))
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=5 * 365))
        .sign(signer, hashes.SHA256())
    )
    return made.public_bytes(Encoding.PEM).decode()


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "A simulation"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Certification Authority"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _new_key() -> RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _pem(key: RSAPrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _rsa(pem: str) -> RSAPrivateKey:
    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("the sandbox's keys are RSA keys")
    return key


def _write_private(path: Path, content: Struct) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(content)))
