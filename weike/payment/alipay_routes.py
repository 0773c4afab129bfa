"""HTTP of Alipay: its notifications, the way back from its cashier, and the merchant's settings.

Handlers are given by name: `gateways: ProviderGateways`, besides the kernel's `caller`,
`database`, `now`.
"""

import logging
from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import quote
from uuid import UUID

from litestar import Request, Response, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect
from msgspec import Meta, Struct

from weike import tenancy
from weike.kernel import Database, NotFound, Tx
from weike.kernel.edge import HOOK, Caller, staff
from weike.payment import queries
from weike.payment.errors import PaymentNotSetUp
from weike.payment.gateways import ProviderGateways
from weike.payment.model import Config
from weike.payment.ports import NotificationRefused
from weike.payment.providers.alipay.notifications import LARGEST_NOTIFICATION_BYTES
from weike.payment.set_up_alipay import AlipaySetUp, set_up_alipay
from weike.payment.take_notification import take_notification
from weike.payment.try_keys import try_keys

log = logging.getLogger(__name__)

_Key = Annotated[str, Meta(min_length=64, max_length=16_384)]
_Certificate = Annotated[str, Meta(min_length=64, max_length=65_536)]


class AlipaySettingsAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    """Keys that are left out stay as they were. Public-key mode: `alipay_public_key_pem`;
    certificate mode: the three certificates."""

    app_id: Annotated[str, Meta(pattern=r"^[0-9]{16,20}$")]
    seller_id: Annotated[str, Meta(pattern=r"^2088[0-9]{12}$")]
    private_key_pem: _Key | None = None
    alipay_public_key_pem: _Key | None = None
    app_certificate_pem: _Certificate | None = None
    alipay_certificate_pem: _Certificate | None = None
    root_certificate_pem: _Certificate | None = None
    state: Literal["active", "off"] = "active"
    version: int | None = None
    """Of the settings that were shown; another one is refused."""


class AlipaySettings(Struct, kw_only=True):
    """What is set; secrets are only said to be there."""

    is_set_up: bool
    gateway_url: str
    app_id: str | None = None
    seller_id: str | None = None
    mode: Literal["public_key", "certificate"] | None = None
    has_private_key: bool = False
    state: Literal["active", "off"] | None = None
    notify_url: str | None = None
    version: int = 0


class AlipayTest(Struct, kw_only=True):
    """`ok` means: our signature was accepted and theirs verified."""

    ok: bool
    code: str
    message: str


@post(
    "/hooks/alipay/{config_id:uuid}",
    opt=HOOK,
    operation_id="take_alipay_notification",
    status_code=200,
    media_type="text/plain",
    request_max_body_size=LARGEST_NOTIFICATION_BYTES + 1,
)
async def take_alipay_notification(
    request: Request[Any, Any, Any],
    config_id: UUID,
    database: Database,
    gateways: ProviderGateways,
    now: datetime,
) -> Response[str]:
    """Exactly `success` when verified and stored; anything else makes Alipay send it again."""
    raw = await request.body()
    try:
        await take_notification(
            database, gateways, config_id=config_id, headers=request.headers, raw=raw, now=now
        )
    except NotificationRefused as refusal:
        log.warning("notification refused", extra={"reason": refusal.reason})
        # The sender learns that it failed and not why: a forger gets no help.
        return Response("failure", status_code=401)
    except NotFound:
        return Response("failure", status_code=404)
    return Response("success")


@get(
    "/hooks/alipay/{config_id:uuid}/back",
    opt=HOOK,
    operation_id="back_from_alipay",
    status_code=303,
)
async def back_from_alipay(config_id: UUID, database: Database, out_trade_no: str = "") -> Redirect:
    """The buyer's way back to the page that waits for the money. What Alipay adds to the address
    ("paid!") is not read: only its notification and our questions count (attack list A-11)."""
    tenant_id = await queries.tenant_of_hook(database, config_id)
    if tenant_id is None:
        raise NotFound()

    async def address(tx: Tx) -> str:
        shop = (await tenancy.tenant_of(tx)).slug
        intent = await queries.intent_of_number(tx, config_id, out_trade_no[:64])
        if intent is None:
            return f"/m/?shop={quote(shop)}"
        page = (
            f"/buy/balance/index?top_up={intent.order_id}&back=1"
            if intent.subject == "top_up"
            else f"/buy/pay/index?id={intent.order_id}&back=1"
        )
        return f"/m/?shop={quote(shop)}#{page}"

    return Redirect(await database.run(tenant_id, address), status_code=303)


@get("/api/console/payment/alipay", opt=staff("settings.read"), operation_id="alipay_settings")
async def alipay_settings(
    caller: Caller, database: Database, gateways: ProviderGateways
) -> AlipaySettings:
    return _shown(gateways, await database.run(caller.tenant_id, _config))


@put("/api/console/payment/alipay", opt=staff("settings.write"), operation_id="set_up_alipay")
async def set_up(
    caller: Caller,
    database: Database,
    gateways: ProviderGateways,
    now: datetime,
    data: AlipaySettingsAsked,
) -> AlipaySettings:
    asked = AlipaySetUp(
        app_id=data.app_id,
        seller_id=data.seller_id,
        private_key_pem=data.private_key_pem,
        alipay_public_key_pem=data.alipay_public_key_pem,
        app_certificate_pem=data.app_certificate_pem,
        alipay_certificate_pem=data.alipay_certificate_pem,
        root_certificate_pem=data.root_certificate_pem,
        state=data.state,
        seen_version=data.version,
    )

    async def keep(tx: Tx) -> Config:
        config = await set_up_alipay(tx, gateways, asked, now=now)
        await tenancy.record_audit(
            tx,
            actor=caller,
            action="payment.alipay_set_up",
            subject_type="payment_config",
            subject_id=config.id,
            detail={
                "app_id": config.app_id,
                "seller_id": config.mch_id,
                "state": config.state,
                "new_private_key": data.private_key_pem is not None,
            },
            now=now,
        )
        return config

    return _shown(gateways, await database.run(caller.tenant_id, keep))


@post(
    "/api/console/payment/alipay/test",
    opt=staff("settings.write"),
    operation_id="test_alipay",
    status_code=200,
)
async def test_alipay(caller: Caller, database: Database, gateways: ProviderGateways) -> AlipayTest:
    """Asks Alipay about a trade that cannot exist: a signed "no" proves all the keys."""
    config = await database.run(caller.tenant_id, _config)
    if config is None:
        raise PaymentNotSetUp(method="alipay")
    ok, code, message = await try_keys(gateways.of(config))
    return AlipayTest(ok=ok, code=code, message=message)


ALIPAY_ROUTES: tuple[HTTPRouteHandler, ...] = (
    take_alipay_notification,
    back_from_alipay,
    alipay_settings,
    set_up,
    test_alipay,
)


async def _config(tx: Tx) -> Config | None:
    return await queries.config_of_shop(tx, "alipay")


def _shown(gateways: ProviderGateways, config: Config | None) -> AlipaySettings:
    gateway_url = gateways.places.alipay_gateway_url
    if config is None:
        return AlipaySettings(is_set_up=False, gateway_url=gateway_url)
    secrets = gateways.open_alipay(config)
    return AlipaySettings(
        is_set_up=True,
        gateway_url=gateway_url,
        app_id=config.app_id,
        seller_id=config.mch_id,
        mode="public_key" if secrets.alipay_public_key_pem else "certificate",
        has_private_key=True,
        state=config.state,
        notify_url=gateways.places.alipay_notify_url(config.id),
        version=config.version,
    )
