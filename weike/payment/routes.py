"""HTTP of payment: WeChat Pay's notifications, and the merchant's settings of it.

Handlers are given by name: `gateways: ProviderGateways` (made by `payment.build`), besides the
kernel's `caller`, `database`, `now`.
"""

import logging
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Request, Response, get, post, put
from litestar.handlers import HTTPRouteHandler
from msgspec import Meta, Struct

from weike import tenancy
from weike.kernel import Database, NotFound, Tx
from weike.kernel.edge import HOOK, Caller, staff
from weike.payment import queries
from weike.payment.alipay_routes import ALIPAY_ROUTES
from weike.payment.balance.routes import BALANCE_ROUTES
from weike.payment.desk.bill_routes import ROUTES as BILL_ROUTES
from weike.payment.desk.quarantine_routes import ROUTES as QUARANTINE_ROUTES
from weike.payment.errors import PaymentNotSetUp
from weike.payment.gateways import ProviderGateways
from weike.payment.model import Config
from weike.payment.ports import NotificationRefused
from weike.payment.providers.wechat_pay.notifications import LARGEST_NOTIFICATION_BYTES
from weike.payment.set_up_wechat import WeChatSetUp, set_up_wechat
from weike.payment.take_notification import take_notification
from weike.payment.try_keys import try_keys
from weike.payment.way_routes import WAY_ROUTES

log = logging.getLogger(__name__)

_Id = Annotated[str, Meta(pattern=r"^[0-9A-Za-z_]{1,64}$")]
_Pem = Annotated[str, Meta(min_length=64, max_length=8192)]


class Verifier(Struct, forbid_unknown_fields=True, kw_only=True):
    """`id` is `PUB_KEY_ID_…` or the serial of a platform certificate."""

    id: _Id
    pem: _Pem


class WeChatSettingsAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    """Keys that are left out stay as they were."""

    mch_id: Annotated[str, Meta(pattern=r"^[0-9]{8,10}$")]
    app_id_mini: _Id | None = None
    app_id_official: _Id | None = None
    merchant_serial: _Id
    private_key_pem: _Pem | None = None
    apiv3_key: Annotated[str, Meta(min_length=32, max_length=32)] | None = None
    verifiers: Annotated[list[Verifier], Meta(min_length=1, max_length=8)]
    state: Literal["active", "off"] = "active"
    version: int | None = None
    """Of the settings that were shown; another one is refused."""


class WeChatSettings(Struct, kw_only=True):
    """What is set; secrets are only said to be there."""

    is_set_up: bool
    base_url: str
    mch_id: str | None = None
    app_id_mini: str | None = None
    app_id_official: str | None = None
    merchant_serial: str | None = None
    has_private_key: bool = False
    has_apiv3_key: bool = False
    verifiers: list[Verifier] = []
    state: Literal["active", "off"] | None = None
    notify_url: str | None = None
    version: int = 0


class WeChatTest(Struct, kw_only=True):
    """`ok` means: our signature was accepted and theirs verified."""

    ok: bool
    code: str
    message: str


@post(
    "/hooks/wechat/{config_id:uuid}",
    opt=HOOK,
    operation_id="take_wechat_notification",
    status_code=200,
    # One more than allowed, so that the refusal is ours and in WeChat's form.
    request_max_body_size=LARGEST_NOTIFICATION_BYTES + 1,
)
async def take_wechat_notification(
    request: Request[Any, Any, Any],
    config_id: UUID,
    database: Database,
    gateways: ProviderGateways,
    now: datetime,
) -> Response[dict[str, str] | None]:
    """204 when verified and stored; anything else makes WeChat Pay send it again."""
    raw = await request.body()
    try:
        await take_notification(
            database,
            gateways,
            config_id=config_id,
            headers=request.headers,
            raw=raw,
            now=now,
        )
    except NotificationRefused as refusal:
        log.warning("notification refused", extra={"reason": refusal.reason})
        return _fail(401)
    except NotFound:
        return _fail(404)
    return Response(None, status_code=204)


@get("/api/console/payment/wechat", opt=staff("settings.read"), operation_id="wechat_settings")
async def wechat_settings(
    caller: Caller, database: Database, gateways: ProviderGateways
) -> WeChatSettings:
    config = await database.run(caller.tenant_id, lambda tx: queries.config_of_shop(tx, "wechat"))
    return _shown(gateways, config)


@put("/api/console/payment/wechat", opt=staff("settings.write"), operation_id="set_up_wechat_pay")
async def set_up_wechat_pay(
    caller: Caller,
    database: Database,
    gateways: ProviderGateways,
    now: datetime,
    data: WeChatSettingsAsked,
) -> WeChatSettings:
    asked = WeChatSetUp(
        mch_id=data.mch_id,
        app_id_mini=data.app_id_mini,
        app_id_official=data.app_id_official,
        mch_serial=data.merchant_serial,
        private_key_pem=data.private_key_pem,
        api_v3_key=data.apiv3_key,
        verifier_pems={verifier.id: verifier.pem for verifier in data.verifiers},
        state=data.state,
        seen_version=data.version,
    )

    async def set_up(tx: Tx) -> Config:
        config = await set_up_wechat(tx, gateways, asked, now=now)
        await tenancy.record_audit(
            tx,
            actor=caller,
            action="payment.wechat_set_up",
            subject_type="payment_config",
            subject_id=config.id,
            detail={
                "mch_id": config.mch_id,
                "state": config.state,
                "new_private_key": data.private_key_pem is not None,
                "new_apiv3_key": data.apiv3_key is not None,
            },
            now=now,
        )
        return config

    return _shown(gateways, await database.run(caller.tenant_id, set_up))


@post(
    "/api/console/payment/wechat/test",
    opt=staff("settings.write"),
    operation_id="test_wechat_pay",
    status_code=200,
)
async def test_wechat_pay(
    caller: Caller, database: Database, gateways: ProviderGateways
) -> WeChatTest:
    """Asks WeChat Pay about an order that cannot exist: a signed "no" proves all the keys."""
    config = await database.run(caller.tenant_id, lambda tx: queries.config_of_shop(tx, "wechat"))
    if config is None:
        raise PaymentNotSetUp(method="wechat")
    ok, code, message = await try_keys(gateways.of(config))
    return WeChatTest(ok=ok, code=code, message=message)


ROUTES: tuple[HTTPRouteHandler, ...] = (
    take_wechat_notification,
    wechat_settings,
    set_up_wechat_pay,
    test_wechat_pay,
    *ALIPAY_ROUTES,
    *WAY_ROUTES,
    *BALANCE_ROUTES,
    *BILL_ROUTES,
    *QUARANTINE_ROUTES,
)


def _fail(status: int) -> Response[dict[str, str] | None]:
    # The sender learns that it failed and not why: a forger gets no help.
    return Response({"code": "FAIL", "message": "失败"}, status_code=status)


def _shown(gateways: ProviderGateways, config: Config | None) -> WeChatSettings:
    base_url = gateways.places.base_url
    if config is None:
        return WeChatSettings(is_set_up=False, base_url=base_url)
    secrets = gateways.open_wechat(config)
    return WeChatSettings(
        is_set_up=True,
        base_url=base_url,
        mch_id=config.mch_id,
        app_id_mini=config.app_id_mini,
        app_id_official=config.app_id_official,
        merchant_serial=secrets.mch_serial,
        has_private_key=True,
        has_apiv3_key=True,
        verifiers=[Verifier(id=id, pem=pem) for id, pem in secrets.verifier_pems.items()],
        state=config.state,
        notify_url=gateways.places.notify_url(config.id),
        version=config.version,
    )
