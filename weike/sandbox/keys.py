"""The keys of the simulated world, made on first start and kept in the data folder.

Two files, readable by their owner only: `platform.json` is the simulation's own (its private
keys never leave it), `credentials.json` is what a real merchant would copy from the WeChat Pay
console, and what a demo or a test sets its merchant up with.
"""

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
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID
from msgspec import Struct

from weike.sandbox.alipay_keys import AlipayKeys, load_or_make_alipay_keys

CREDENTIALS_FILE = "credentials.json"
PLATFORM_FILE = "platform.json"


class App(Struct, frozen=True):
    """A mini-program or an official account."""

    app_id: str
    secret: str


class MerchantCredentials(Struct, frozen=True):
    """Everything that is entered into a merchant's payment settings."""

    mch_id: str
    mch_serial: str
    private_key_pem: str
    api_v3_key: str
    verifier_pems: dict[str, str]
    """`PUB_KEY_ID_…` -> public key, certificate serial -> certificate."""


class Credentials(Struct, frozen=True):
    """The content of `credentials.json`."""

    simulation: bool
    merchants: list[MerchantCredentials]
    """Two of them: the shop's, and somebody else's for attack tests."""
    mini_program: App
    official_account: App


class PlatformSecrets(Struct, frozen=True):
    """The content of `platform.json`: private keys by the serial they sign under."""

    public_key_id: str
    certificate_serial: str
    private_key_pems: dict[str, str]


@dataclass(frozen=True, slots=True)
class Keys:
    """Loaded and ready to sign. Merchants' public keys are derived from their private ones."""

    credentials: Credentials
    public_key_id: str
    certificate_serial: str
    certificate_pem: str
    signers: Mapping[str, RSAPrivateKey]
    merchants: Mapping[str, MerchantCredentials]
    merchant_keys: Mapping[str, rsa.RSAPublicKey]
    alipay: AlipayKeys


def load_or_make_keys(folder: Path, *, now: datetime) -> Keys:
    """A second start finds the keys of the first."""
    credentials_file, platform_file = folder / CREDENTIALS_FILE, folder / PLATFORM_FILE
    if not (credentials_file.exists() and platform_file.exists()):
        folder.mkdir(parents=True, exist_ok=True)
        platform, credentials = _make(now)
        _write_private(platform_file, platform)
        _write_private(credentials_file, credentials)
    return _loaded(
        msgspec.json.decode(platform_file.read_bytes(), type=PlatformSecrets),
        msgspec.json.decode(credentials_file.read_bytes(), type=Credentials),
        load_or_make_alipay_keys(folder, now=now),
    )


def _loaded(platform: PlatformSecrets, credentials: Credentials, alipay: AlipayKeys) -> Keys:
    return Keys(
        credentials=credentials,
        public_key_id=platform.public_key_id,
        certificate_serial=platform.certificate_serial,
        certificate_pem=credentials.merchants[0].verifier_pems[platform.certificate_serial],
        signers={serial: _rsa(pem) for serial, pem in platform.private_key_pems.items()},
        merchants={merchant.mch_id: merchant for merchant in credentials.merchants},
        merchant_keys={
            merchant.mch_id: _rsa(merchant.private_key_pem).public_key()
            for merchant in credentials.merchants
        },
        alipay=alipay,
    )


def _make(now: datetime) -> tuple[PlatformSecrets, Credentials]:
    platform_key, certificate_key = _new_key(), _new_key()
    certificate = _certificate(certificate_key, now=now)
    serial = f"{certificate.serial_number:X}"
    public_key_id = "PUB_KEY_ID_" + "".join(secrets.choice("0123456789") for _ in range(32))
    verifiers = {
        public_key_id: platform_key.public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        .decode(),
        serial: certificate.public_bytes(Encoding.PEM).decode(),
    }
    platform = PlatformSecrets(
        public_key_id=public_key_id,
        certificate_serial=serial,
        private_key_pems={public_key_id: _pem(platform_key), serial: _pem(certificate_key)},
    )
    credentials = Credentials(
        simulation=True,
        merchants=[_merchant("1900000001", verifiers), _merchant("1900000002", verifiers)],
        mini_program=App(app_id="wx" + secrets.token_hex(8), secret=secrets.token_hex(16)),
        official_account=App(app_id="wx" + secrets.token_hex(8), secret=secrets.token_hex(16)),
    )
    return platform, credentials


def _merchant(mch_id: str, verifiers: dict[str, str]) -> MerchantCredentials:
    return MerchantCredentials(
        mch_id=mch_id,
        mch_serial=secrets.token_hex(20).upper(),
        private_key_pem=_pem(_new_key()),
        api_v3_key=secrets.token_hex(16),
        verifier_pems=verifiers,
    )


def _certificate(key: RSAPrivateKey, *, now: datetime) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Weike sandbox, a simulation")])
    start = now.astimezone(UTC) - timedelta(days=1)
    # A serial whose first hex digit is not zero, so that every way of printing it agrees.
    serial = int("7" + secrets.token_hex(19), 16)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=5 * 365))
        .sign(key, hashes.SHA256())
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
    # Created with its final mode: there is no moment at which others could read it.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(content)))
