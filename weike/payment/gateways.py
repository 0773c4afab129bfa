"""From a shop's sealed config to its gateway: opens the credentials, keeps what is opened."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import httpx
import msgspec
from msgspec import Struct

from weike.payment.model import Config
from weike.payment.ports import Gateway
from weike.payment.providers.wechat_pay import WeChatPayTransport, load_credentials
from weike.payment.providers.wechat_pay.gateway import WeChatPayGateway
from weike.payment.sealing import Sealer

_KEPT = 256
"""Parsing keys costs milliseconds; a process serves few shops at a time."""


class WeChatSecrets(Struct, frozen=True):
    """What lies sealed in `configs.credentials_cipher`."""

    mch_serial: str
    private_key_pem: str
    api_v3_key: str
    verifier_pems: dict[str, str]


class Places(Struct, frozen=True):
    """The operator's settings: where WeChat Pay is, and where it finds us.

    Never a shop's input: our signature goes nowhere a stranger chose.
    """

    base_url: str
    backup_base_url: str | None
    notify_base_url: str

    def notify_url(self, config_id: UUID) -> str:
        return f"{self.notify_base_url.rstrip('/')}/hooks/wechat/{config_id}"


class WeChatGateways:
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
        self._sealer = sealer
        self._clock = clock
        self._nonce = nonce
        self._kept: dict[tuple[UUID, int], Gateway] = {}

    def of(self, config: Config) -> Gateway:
        key = (config.id, config.version)
        if key not in self._kept:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            self._kept[key] = self._opened(config)
        return self._kept[key]

    def seal(self, config_id: UUID, secrets: WeChatSecrets) -> bytes:
        return self._sealer.seal(msgspec.json.encode(secrets), place=str(config_id))

    def open(self, config: Config) -> WeChatSecrets:
        plain = self._sealer.open(config.credentials_cipher, place=str(config.id))
        return msgspec.json.decode(plain, type=WeChatSecrets)

    def _opened(self, config: Config) -> Gateway:
        secrets = self.open(config)
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
