"""How entry makes payment's parts: one factory, everything that is needed passed in."""

import secrets
from collections.abc import Callable
from datetime import datetime

import httpx

from weike.payment.gateways import Places, ProviderGateways
from weike.payment.providers.alipay import OFFICIAL_GATEWAY_URL
from weike.payment.providers.wechat_pay.transport import (
    OFFICIAL_BACKUP_BASE_URL,
    OFFICIAL_BASE_URL,
)
from weike.payment.sealing import Sealer

CALL_SECONDS = httpx.Timeout(15.0, connect=5.0)


def build(
    *,
    sealing_secret: str,
    notify_base_url: str,
    http: httpx.AsyncClient,
    clock: Callable[[], datetime],
    nonce: Callable[[], str] = lambda: secrets.token_hex(16),
    base_url: str = OFFICIAL_BASE_URL,
    backup_base_url: str | None = None,
    alipay_gateway_url: str = OFFICIAL_GATEWAY_URL,
) -> ProviderGateways:
    """`sealing_secret` is the vault's "payment.credentials"; `http` should carry CALL_SECONDS.

    `base_url` is WeChat Pay or the sandbox, as `alipay_gateway_url` is; the official one of
    WeChat Pay brings its own backup.
    """
    if base_url == OFFICIAL_BASE_URL and backup_base_url is None:
        backup_base_url = OFFICIAL_BACKUP_BASE_URL
    return ProviderGateways(
        http=http,
        sealer=Sealer(sealing_secret),
        places=Places(
            base_url=base_url,
            backup_base_url=backup_base_url,
            notify_base_url=notify_base_url,
            alipay_gateway_url=alipay_gateway_url,
        ),
        clock=clock,
        nonce=nonce,
    )
