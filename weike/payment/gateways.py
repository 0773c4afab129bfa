"""From a shop's sealed config to its gateway: opens the credentials, keeps what is opened."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import httpx
import msgspec
from msgspec import Struct

from weike.payment.model import Config
from weike.payment.ports import Gateway, TransferGateway
from weike.payment.providers.alipay import AlipayTransport, load_alipay_credentials
from weike.payment.providers.alipay.gateway import AlipayGateway
from weike.payment.providers.wechat_pay import WeChatPayTransport, load_credentials
from weike.payment.providers.wechat_pay.gateway import WeChatPayGateway
from weike.payment.sealing import Sealer

_KEPT = 256
"""Parsing keys costs milliseconds; a process serves few shops at a time."""


class WeChatSecrets(Struct, frozen=True):
    """What lies sealed in `configs.credentials_cipher` of WeChat Pay."""

    mch_serial: str
    private_key_pem: str
    api_v3_key: str
    verifier_pems: dict[str, str]


class AlipaySecrets(Struct, frozen=True):
    """The same of Alipay: a public key, or the three certificates of certificate mode."""

    private_key_pem: str
    alipay_public_key_pem: str | None = None
    app_certificate_pem: str | None = None
    alipay_certificate_pem: str | None = None
    root_certificate_pem: str | None = None


class Places(Struct, frozen=True):
    """The operator's settings: where the providers are, and where they find us.

    Never a shop's input: our signature goes nowhere a stranger chose.
    """

    base_url: str
    backup_base_url: str | None
    notify_base_url: str
    alipay_gateway_url: str

    def notify_url(self, config_id: UUID) -> str:
        return f"{self.notify_base_url.rstrip('/')}/hooks/wechat/{config_id}"

    def alipay_notify_url(self, config_id: UUID) -> str:
        return f"{self.notify_base_url.rstrip('/')}/hooks/alipay/{config_id}"


class ProviderGateways:
    """The `Gateways` of the real thing and of the sandbox alike; only `places` differ."""

    def __init__(
        self,
        *,
        http: httpx.AsyncClient,
        sealer: Sealer,
        places: Places,
        clock: Callable[[], datetime],
        nonce: Callable[[], str],
    ) -> None:
        self.places = places
        self._http = http
        self.sealer = sealer
        self._clock = clock
        self._nonce = nonce
        self._kept: dict[tuple[UUID, int], Gateway] = {}

    def of(self, config: Config) -> Gateway:
        key = (config.id, config.version)
        if key not in self._kept:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            opened = self._alipay if config.provider == "alipay" else self._wechat
            self._kept[key] = opened(config)
        return self._kept[key]

    def transferring(self, config: Config) -> TransferGateway:
        return self._wechat(config)

    def seal_name(self, transfer_id: UUID, name: str) -> bytes:
        return self.sealer.seal(name.encode(), place=str(transfer_id))

    def open_name(self, transfer_id: UUID, sealed: bytes) -> str:
        return self.sealer.open(sealed, place=str(transfer_id)).decode()

    def seal(self, config_id: UUID, secrets: WeChatSecrets | AlipaySecrets) -> bytes:
        return self.sealer.seal(msgspec.json.encode(secrets), place=str(config_id))

    def open_wechat(self, config: Config) -> WeChatSecrets:
        return msgspec.json.decode(self._plain(config), type=WeChatSecrets)

    def open_alipay(self, config: Config) -> AlipaySecrets:
        return msgspec.json.decode(self._plain(config), type=AlipaySecrets)

    def _plain(self, config: Config) -> bytes:
        return self.sealer.open(config.credentials_cipher, place=str(config.id))

    def _wechat(self, config: Config) -> WeChatPayGateway:
        secrets = self.open_wechat(config)
        credentials = load_credentials(
            mch_id=config.mch_id,
            mch_serial=secrets.mch_serial,
            private_key_pem=secrets.private_key_pem,
            api_v3_key=secrets.api_v3_key,
            verifier_pems=secrets.verifier_pems,
        )
        transport = WeChatPayTransport(
            credentials,
            http=self._http,
            clock=self._clock,
            nonce=self._nonce,
            base_url=self.places.base_url,
            backup_base_url=self.places.backup_base_url,
        )
        return WeChatPayGateway(transport, notify_url=self.places.notify_url(config.id))

    def _alipay(self, config: Config) -> Gateway:
        secrets = self.open_alipay(config)
        credentials = load_alipay_credentials(
            app_id=config.app_id or "",
            seller_id=config.mch_id,
            private_key_pem=secrets.private_key_pem,
            alipay_public_key_pem=secrets.alipay_public_key_pem,
            app_certificate_pem=secrets.app_certificate_pem,
            alipay_certificate_pem=secrets.alipay_certificate_pem,
            root_certificate_pem=secrets.root_certificate_pem,
        )
        transport = AlipayTransport(
            credentials,
            http=self._http,
            clock=self._clock,
            gateway_url=self.places.alipay_gateway_url,
        )
        notify_url = self.places.alipay_notify_url(config.id)
        return AlipayGateway(transport, notify_url=notify_url, return_url=f"{notify_url}/back")
