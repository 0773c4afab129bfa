"""Buyers sign in and out: by phone and code, in the mini-program, through the official account."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.handlers import HTTPRouteHandler
from litestar.params import CookieParameter, QueryParameter
from msgspec import Meta

from weike.kernel import Database
from weike.kernel.edge import MEMBER, SHOP, Caller, limited
from weike.kernel.texts import Texts
from weike.members import queries
from weike.members.ports import SMS
from weike.members.sealing import PhoneSeal
from weike.members.sessions import MemberDoor
from weike.members.sign_in_by_phone import MemberSignedIn, send_code, sign_in_by_phone
from weike.members.sign_in_by_wechat import (
    STATE_LIFE,
    WeChatSignIn,
    sign_in_from_wechat,
    sign_in_in_mini_program,
    way_to_wechat,
)

BROWSER_COOKIE = "weike_way"
"""Holds what only the browser that set out for WeChat knows."""

Phone = Annotated[str, Meta(min_length=1, max_length=30)]
ShareCode = Annotated[str, Meta(min_length=1, max_length=40, pattern="^[0-9A-Za-z]+$")]
WeChatCode = Annotated[str, Meta(min_length=1, max_length=128, pattern=r"^[0-9A-Za-z_\-]+$")]


class CodeInput(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    phone: Phone


class CodeSent(msgspec.Struct, kw_only=True):
    """Seconds until another code may be asked for."""

    retry_after: int


class PhoneInput(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    phone: Phone
    code: Annotated[str, Meta(pattern="^[0-9]{6}$")]
    share_code: ShareCode | None = None


class MiniProgramInput(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    code: WeChatCode
    share_code: ShareCode | None = None


class FromWeChatInput(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    code: WeChatCode
    state: WeChatCode
    share_code: ShareCode | None = None


class MemberSession(msgspec.Struct, kw_only=True):
    token: str
    member_id: UUID
    is_new: bool


class ToWeChat(msgspec.Struct, kw_only=True):
    url: str


@post(
    "/api/shop/sign-in/code",
    opt=limited(SHOP, per_minute=20),
    operation_id="send_sign_in_code",
    tags=["shop"],
    status_code=200,
)
async def send_code_route(
    caller: Caller,
    database: Database,
    phone_seal: PhoneSeal,
    sms: SMS,
    texts: Texts,
    language: str,
    client_address: str,
    data: CodeInput,
    now: datetime,
) -> CodeSent:
    """A code by short message; the answer is the same whether the number is known or not."""
    retry_after = await send_code(
        database,
        phone_seal,
        sms,
        texts,
        tenant_id=caller.tenant_id,
        phone=data.phone,
        ip=client_address,
        language=language,
        now=now,
    )
    return CodeSent(retry_after=retry_after)


@post(
    "/api/shop/sign-in/phone",
    opt=limited(SHOP, per_minute=60),
    operation_id="sign_in_by_phone",
    tags=["shop"],
    status_code=200,
)
async def phone_route(
    caller: Caller,
    database: Database,
    phone_seal: PhoneSeal,
    client_address: str,
    data: PhoneInput,
    now: datetime,
) -> MemberSession:
    done = await sign_in_by_phone(
        database,
        phone_seal,
        tenant_id=caller.tenant_id,
        phone=data.phone,
        code=data.code,
        share_code=data.share_code,
        ip=client_address,
        now=now,
    )
    return _session(done)


@post(
    "/api/shop/sign-in/wechat-mini",
    opt=limited(SHOP, per_minute=60),
    operation_id="sign_in_by_wechat_mini",
    tags=["shop"],
    status_code=200,
)
async def mini_program_route(
    caller: Caller,
    database: Database,
    wechat_sign_in: WeChatSignIn,
    client_address: str,
    data: MiniProgramInput,
    now: datetime,
) -> MemberSession:
    """Inside the mini-program, with what `wx.login` gave."""
    done = await sign_in_in_mini_program(
        database,
        wechat_sign_in,
        tenant_id=caller.tenant_id,
        code=data.code,
        share_code=data.share_code,
        ip=client_address,
        now=now,
    )
    return _session(done)


@get(
    "/api/shop/sign-in/wechat-oauth",
    opt=limited(SHOP, per_minute=60),
    operation_id="way_to_wechat",
    tags=["shop"],
)
async def way_to_wechat_route(
    caller: Caller,
    database: Database,
    wechat_sign_in: WeChatSignIn,
    return_to: Annotated[str, QueryParameter(min_length=1, max_length=500)],
    now: datetime,
) -> Response[ToWeChat]:
    """Where to send the browser; it comes back to `return_to` with a code and a state."""
    way = await way_to_wechat(
        database, wechat_sign_in, tenant_id=caller.tenant_id, return_to=return_to, now=now
    )
    cookie = Cookie(
        key=BROWSER_COOKIE,
        value=way.browser,
        path="/api/shop/sign-in",
        max_age=int(STATE_LIFE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=wechat_sign_in.origins[0].startswith("https://"),
    )
    return Response(ToWeChat(url=way.url), cookies=[cookie], headers={"cache-control": "no-store"})


@post(
    "/api/shop/sign-in/wechat-oauth",
    opt=limited(SHOP, per_minute=60),
    operation_id="sign_in_from_wechat",
    tags=["shop"],
    status_code=200,
)
async def from_wechat_route(
    caller: Caller,
    database: Database,
    wechat_sign_in: WeChatSignIn,
    client_address: str,
    data: FromWeChatInput,
    now: datetime,
    browser: Annotated[str, CookieParameter(name=BROWSER_COOKIE)] = "",
) -> MemberSession:
    """Back from WeChat; only the browser that set out, and only once."""
    done = await sign_in_from_wechat(
        database,
        wechat_sign_in,
        tenant_id=caller.tenant_id,
        code=data.code,
        state=data.state,
        browser=browser,
        share_code=data.share_code,
        ip=client_address,
        now=now,
    )
    return _session(done)


@post(
    "/api/shop/sign-out",
    opt=MEMBER,
    operation_id="member_sign_out",
    tags=["shop"],
    status_code=204,
)
async def sign_out_route(
    caller: Caller, database: Database, member_door: MemberDoor, now: datetime
) -> None:
    """Ends the session of the token."""
    if caller.session_id is not None:
        session_id = caller.session_id
        await database.run(
            caller.tenant_id, lambda tx: queries.end_session(tx, session_id, now=now)
        )
        member_door.forget(session_id)


def _session(done: MemberSignedIn) -> MemberSession:
    return MemberSession(token=done.token, member_id=done.member_id, is_new=done.is_new)


SIGN_IN_ROUTES: tuple[HTTPRouteHandler, ...] = (
    send_code_route,
    phone_route,
    mini_program_route,
    way_to_wechat_route,
    from_wechat_route,
    sign_out_route,
)
