"""Set up Alipay for a shop: check the keys, seal them, open the shop's notification address."""

from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct

from weike.kernel import Tx, uuid7
from weike.payment import queries
from weike.payment.errors import CredentialsIncomplete, CredentialsUnusable
from weike.payment.gateways import AlipaySecrets, ProviderGateways
from weike.payment.keep_config import keep_config, refuse_unseen
from weike.payment.model import Config
from weike.payment.providers.alipay import UnusableAlipayCredentials, load_alipay_credentials


class AlipaySetUp(Struct, frozen=True, kw_only=True):
    """What a merchant enters. What is None stays as it was; a public key ends certificate mode,
    and certificates end public-key mode."""

    app_id: str
    seller_id: str
    private_key_pem: str | None = None
    alipay_public_key_pem: str | None = None
    app_certificate_pem: str | None = None
    alipay_certificate_pem: str | None = None
    root_certificate_pem: str | None = None
    state: Literal["active", "off"] = "active"
    seen_version: int | None = None
    """The version of the settings that were on the screen."""


async def set_up_alipay(
    tx: Tx, gateways: ProviderGateways, asked: AlipaySetUp, *, now: datetime
) -> Config:
    """Another app or seller is another config; the old one goes off and still listens.

    Refuses with CredentialsIncomplete, CredentialsUnusable, SettingsChanged.
    """
    earlier = await queries.config_of_shop(tx, "alipay")
    refuse_unseen(earlier, asked.seen_version)
    if earlier and (earlier.app_id, earlier.mch_id) != (asked.app_id, asked.seller_id):
        await queries.switch_off(tx, earlier.id, now=now)
        earlier = None
    secrets = _merged(asked, gateways.open_alipay(earlier) if earlier else None)
    try:
        load_alipay_credentials(
            app_id=asked.app_id, seller_id=asked.seller_id, **msgspec.structs.asdict(secrets)
        )
    except UnusableAlipayCredentials as error:
        raise CredentialsUnusable(problem=str(error)) from error
    config_id = earlier.id if earlier else uuid7(now)
    config = Config(
        id=config_id,
        provider="alipay",
        mch_id=asked.seller_id,
        app_id=asked.app_id,
        app_id_mini=None,
        app_id_official=None,
        credentials_cipher=gateways.seal(config_id, secrets),
        state=asked.state,
        version=earlier.version + 1 if earlier else 1,
    )
    await keep_config(tx, config, is_new=earlier is None, now=now)
    return config


def _merged(asked: AlipaySetUp, known: AlipaySecrets | None) -> AlipaySecrets:
    """Refuses with CredentialsIncomplete."""
    private_key = asked.private_key_pem or (known.private_key_pem if known else None)
    if private_key is None:
        raise CredentialsIncomplete(field="private_key_pem")
    certificates = (
        asked.app_certificate_pem,
        asked.alipay_certificate_pem,
        asked.root_certificate_pem,
    )
    if asked.alipay_public_key_pem:
        return AlipaySecrets(private_key, alipay_public_key_pem=asked.alipay_public_key_pem)
    if any(certificates):
        if known and known.alipay_public_key_pem is None:
            certificates = (
                certificates[0] or known.app_certificate_pem,
                certificates[1] or known.alipay_certificate_pem,
                certificates[2] or known.root_certificate_pem,
            )
        return AlipaySecrets(private_key, None, *certificates)
    if known is None:
        raise CredentialsIncomplete(field="alipay_public_key_pem")
    return msgspec.structs.replace(known, private_key_pem=private_key)
