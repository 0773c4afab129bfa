"""Set up WeChat Pay for a shop: check the keys, seal them, open the shop's notification address."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from weike.kernel import Tx, uuid7
from weike.payment import queries
from weike.payment.errors import CredentialsIncomplete, CredentialsUnusable
from weike.payment.gateways import ProviderGateways, WeChatSecrets
from weike.payment.keep_config import keep_config, refuse_unseen
from weike.payment.model import Config
from weike.payment.providers.wechat_pay import UnusableCredentials, load_credentials


class WeChatSetUp(Struct, frozen=True):
    """What a merchant enters. Keys that are None stay as they were."""

    mch_id: str
    app_id_mini: str | None
    app_id_official: str | None
    mch_serial: str
    private_key_pem: str | None
    api_v3_key: str | None
    verifier_pems: dict[str, str]
    state: Literal["active", "off"]
    seen_version: int | None = None
    """The version of the settings that were on the screen."""


async def set_up_wechat(
    tx: Tx, gateways: ProviderGateways, asked: WeChatSetUp, *, now: datetime
) -> Config:
    """Another merchant number is another config; the old one goes off and still listens.

    Refuses with CredentialsIncomplete, CredentialsUnusable, SettingsChanged.
    """
    earlier = await queries.config_of_shop(tx, "wechat")
    refuse_unseen(earlier, asked.seen_version)
    if earlier and earlier.mch_id != asked.mch_id:
        await queries.switch_off(tx, earlier.id, now=now)
        earlier = None
    known = gateways.open_wechat(earlier) if earlier else None
    private_key_pem = asked.private_key_pem or (known.private_key_pem if known else None)
    api_v3_key = asked.api_v3_key or (known.api_v3_key if known else None)
    if private_key_pem is None or api_v3_key is None:
        raise CredentialsIncomplete(field="api_v3_key" if private_key_pem else "private_key_pem")
    secrets = WeChatSecrets(
        mch_serial=asked.mch_serial,
        private_key_pem=private_key_pem,
        api_v3_key=api_v3_key,
        verifier_pems=asked.verifier_pems,
    )
    try:
        load_credentials(
            mch_id=asked.mch_id,
            mch_serial=secrets.mch_serial,
            private_key_pem=secrets.private_key_pem,
            api_v3_key=secrets.api_v3_key,
            verifier_pems=secrets.verifier_pems,
        )
    except UnusableCredentials as error:
        raise CredentialsUnusable(problem=str(error)) from error
    config_id = earlier.id if earlier else uuid7(now)
    config = Config(
        id=config_id,
        mch_id=asked.mch_id,
        app_id_mini=asked.app_id_mini,
        app_id_official=asked.app_id_official,
        credentials_cipher=gateways.seal(config_id, secrets),
        state=asked.state,
        version=earlier.version + 1 if earlier else 1,
    )
    await keep_config(tx, config, is_new=earlier is None, now=now)
    return config
