"""What courier services and WeChat post to us. Each word is proven by a signature before it is
read; a forger is told nothing."""

from __future__ import annotations

import logging
from datetime import datetime
from hmac import compare_digest
from typing import Annotated, Any
from urllib.parse import parse_qs
from uuid import UUID

from litestar import MediaType, Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import Dependency
from msgspec import Struct

from weike.kernel import Database, NotFound, TenantId
from weike.kernel.edge import HOOK, Caller, staff
from weike.trade.fulfilment.building import FulfilmentKit
from weike.trade.fulfilment.tracking.follow import take_push
from weike.trade.fulfilment.tracking.kuaidi100 import LARGEST_PUSH_BYTES, BadPush
from weike.trade.fulfilment.wechat import pushes

log = logging.getLogger(__name__)

_Kit = Annotated[FulfilmentKit, Dependency(skip_validation=True)]


class WeChatPushSettings(Struct, kw_only=True):
    """What the merchant copies into WeChat's page for the message push (JSON, secure mode)."""

    url: str
    token: str
    encoding_aes_key: str


@post(
    "/hooks/express/{tenant_id:uuid}/{wish_id:uuid}",
    opt=HOOK,
    operation_id="take_tracking_push",
    status_code=200,
    request_max_body_size=LARGEST_PUSH_BYTES,
)
async def take_tracking_push(
    request: Request[Any, Any, Any],
    tenant_id: UUID,
    wish_id: UUID,
    database: Database,
    fulfilment: _Kit,
    now: datetime,
) -> Response[dict[str, object]]:
    """Answered as 快递100 wants it; anything but `result: true` makes it send again."""
    try:
        form = _form(await request.body())
        await database.run(
            TenantId(tenant_id),
            lambda tx: take_push(
                tx,
                fulfilment.follower,
                wish_id=wish_id,
                param=form.get("param", [""])[0],
                sign=form.get("sign", [""])[0],
                now=now,
            ),
        )
    except (BadPush, NotFound) as refused:
        log.warning("tracking push refused", extra={"reason": type(refused).__name__})
        status = 404 if isinstance(refused, NotFound) else 401
        told = {"result": False, "returnCode": str(status), "message": "失败"}
        return Response(told, status_code=status)
    return Response({"result": True, "returnCode": "200", "message": "成功"}, status_code=200)


def _form(raw: bytes) -> dict[str, list[str]]:
    """Refuses with BadPush."""
    try:
        return parse_qs(raw.decode("utf-8", "replace"), max_num_fields=10)
    except ValueError as error:
        raise BadPush("form") from error


@get(
    "/hooks/wechat-messages/{tenant_id:uuid}",
    opt=HOOK,
    operation_id="prove_wechat_messages",
    media_type=MediaType.TEXT,
)
async def prove_wechat_messages(
    request: Request[Any, Any, Any], tenant_id: UUID, fulfilment: _Kit
) -> Response[str]:
    """WeChat asks once whether this address is ours."""
    query = request.query_params
    token = fulfilment.pushes.token(TenantId(tenant_id))
    expected = pushes.sign(token, query.get("timestamp", ""), query.get("nonce", ""))
    if not compare_digest(expected.encode(), query.get("signature", "").encode()):
        return Response("", status_code=401, media_type=MediaType.TEXT)
    return Response(query.get("echostr", "")[:200], media_type=MediaType.TEXT)


@post(
    "/hooks/wechat-messages/{tenant_id:uuid}",
    opt=HOOK,
    operation_id="take_wechat_message",
    status_code=200,
    media_type=MediaType.TEXT,
    request_max_body_size=pushes.LARGEST_PUSH_BYTES,
)
async def take_wechat_message(
    request: Request[Any, Any, Any],
    tenant_id: UUID,
    database: Database,
    fulfilment: _Kit,
    now: datetime,
) -> Response[str]:
    """Answers `success` when it is proven and taken; else WeChat sends it again."""
    raw = await request.body()
    try:
        await database.run(
            TenantId(tenant_id),
            lambda tx: pushes.take_push(
                tx,
                fulfilment.pushes,
                fulfilment.reporter.secrets,
                query=request.query_params,
                raw=raw,
                now=now,
            ),
        )
    except pushes.BadPush as refused:
        log.warning("wechat message refused", extra={"reason": str(refused)})
        return Response("", status_code=401, media_type=MediaType.TEXT)
    return Response("success", media_type=MediaType.TEXT)


@get(
    "/api/console/wechat-messages",
    opt=staff("settings.write"),
    operation_id="wechat_push_settings",
    tags=["console"],
)
async def wechat_push_settings(
    caller: Caller, public_url: str, fulfilment: _Kit
) -> WeChatPushSettings:
    return WeChatPushSettings(
        url=f"{public_url}/hooks/wechat-messages/{caller.tenant_id}",
        token=fulfilment.pushes.token(caller.tenant_id),
        encoding_aes_key=fulfilment.pushes.encoding_aes_key(caller.tenant_id),
    )


HOOK_ROUTES: tuple[HTTPRouteHandler, ...] = (
    take_tracking_push,
    prove_wechat_messages,
    take_wechat_message,
    wechat_push_settings,
)
