"""`/wxapi/…`: signing in with the simulated WeChat, mini-program and official account.

Refusals are answers of status 200 with an `errcode`, as at WeChat. Source: WeChat developer
documentation, "code2Session", "getStableAccessToken", "getPhoneNumber", "网页授权".
"""

import secrets
from typing import Annotated
from urllib.parse import urlencode

from litestar import MediaType, Response, Router, get, post
from litestar.params import QueryParameter
from litestar.response import Redirect
from msgspec import Struct

from weike.sandbox.pages import choose_person_page
from weike.sandbox.people import PEOPLE, Person, person_by_id, person_by_openid
from weike.sandbox.world import World

CODE_SECONDS = 5 * 60
TOKEN_SECONDS = 7200

Answered = dict[str, object]
AppId = Annotated[str, QueryParameter(name="appid")]


class _Code(Struct, frozen=True):
    app_id: str
    person_id: str
    scope: str
    expires_at: int
    used: int


class _Token(Struct, frozen=True):
    token: str
    app_id: str
    person_id: str
    scope: str
    expires_at: int


class StableTokenAsked(Struct, frozen=True):
    grant_type: str
    appid: str
    secret: str
    force_refresh: bool = False


class PhoneAsked(Struct, frozen=True):
    code: str


def refusal(code: int, message: str) -> Answered:
    return {"errcode": code, "errmsg": message}


def issue_code(world: World, *, purpose: str, app_id: str, person: Person, scope: str = "") -> str:
    """A code that works once and for five minutes."""
    code = secrets.token_urlsafe(24)
    world.store.run(
        "INSERT INTO login_codes VALUES (?, ?, ?, ?, ?, ?, 0)",
        code,
        purpose,
        app_id,
        person.id,
        scope,
        world.now() + CODE_SECONDS,
    )
    return code


@get("/sns/jscode2session")
async def jscode2session(
    world: World, app_id: AppId, secret: str, js_code: str, grant_type: str
) -> Answered:
    if failed := _wrong_app(world, app_id, secret):
        return failed
    if grant_type != "authorization_code":
        return refusal(40002, "invalid grant_type")
    code = _use_code(world, js_code, purpose="mini_program", app_id=app_id)
    if not isinstance(code, _Code):
        return code
    person = _person(code.person_id)
    return {
        "openid": person.openid(app_id),
        "unionid": person.unionid,
        "session_key": secrets.token_urlsafe(16)[:22] + "==",
    }


@post("/cgi-bin/stable_token", status_code=200)
async def stable_token(world: World, data: StableTokenAsked) -> Answered:
    """The same token until five minutes before its end, unless a new one is forced."""
    if failed := _wrong_app(world, data.appid, data.secret):
        return failed
    if data.grant_type != "client_credential":
        return refusal(40002, "invalid grant_type")
    now = world.now()
    kept = world.store.one(
        _Token,
        "SELECT * FROM tokens WHERE app_id = ? AND person_id = '' AND expires_at > ?"
        " ORDER BY expires_at DESC LIMIT 1",
        data.appid,
        now + 300,
    )
    if kept is None or data.force_refresh:
        if data.force_refresh:
            world.store.run("DELETE FROM tokens WHERE app_id = ? AND person_id = ''", data.appid)
        kept = _issue_token(world, app_id=data.appid, person_id="", scope="")
    return {"access_token": kept.token, "expires_in": kept.expires_at - now}


@post("/wxa/business/getuserphonenumber", status_code=200)
async def getuserphonenumber(world: World, access_token: str, data: PhoneAsked) -> Answered:
    token = live_token(world, access_token)
    if token is None or token.person_id:
        return refusal(40001, "invalid credential, access_token is invalid or not latest")
    code = _use_code(world, data.code, purpose="phone", app_id=token.app_id)
    if not isinstance(code, _Code):
        return code
    phone = _person(code.person_id).phone
    return {
        "errcode": 0,
        "errmsg": "ok",
        "phone_info": {
            "phoneNumber": phone,
            "purePhoneNumber": phone,
            "countryCode": "86",
            "watermark": {"timestamp": world.now(), "appid": token.app_id},
        },
    }


@get("/connect/oauth2/authorize", media_type=MediaType.HTML)
async def authorize(
    world: World,
    app_id: AppId,
    redirect_uri: str,
    response_type: str,
    asked_scope: Annotated[str, QueryParameter(name="scope")],
    oauth_state: Annotated[str, QueryParameter(name="state")] = "",
    person: str | None = None,
) -> Response[str] | Redirect:
    """A page on which the tester says who she is; a chosen person goes back with a code."""
    if (
        app_id != world.keys.credentials.official_account.app_id
        or response_type != "code"
        or asked_scope not in ("snsapi_base", "snsapi_userinfo")
        or not redirect_uri.startswith(("http://", "https://"))
    ):
        return Response("参数错误", status_code=400, media_type=MediaType.TEXT)
    chosen = person_by_id(person) if person else None
    if chosen is None:
        return Response(
            choose_person_page(
                PEOPLE,
                app_id=app_id,
                redirect_uri=redirect_uri,
                scope=asked_scope,
                state=oauth_state,
            ),
            media_type=MediaType.HTML,
        )
    code = issue_code(world, purpose="oauth", app_id=app_id, person=chosen, scope=asked_scope)
    joint = "&" if "?" in redirect_uri else "?"
    return Redirect(f"{redirect_uri}{joint}{urlencode({'code': code, 'state': oauth_state})}")


@get("/sns/oauth2/access_token")
async def oauth_access_token(
    world: World, app_id: AppId, secret: str, code: str, grant_type: str
) -> Answered:
    if failed := _wrong_app(world, app_id, secret):
        return failed
    if grant_type != "authorization_code":
        return refusal(40002, "invalid grant_type")
    used = _use_code(world, code, purpose="oauth", app_id=app_id)
    if not isinstance(used, _Code):
        return used
    token = _issue_token(world, app_id=app_id, person_id=used.person_id, scope=used.scope)
    person = _person(used.person_id)
    return {
        "access_token": token.token,
        "expires_in": TOKEN_SECONDS,
        "refresh_token": secrets.token_urlsafe(32),
        "openid": person.openid(app_id),
        "unionid": person.unionid,
        "scope": used.scope,
    }


@get("/sns/userinfo")
async def userinfo(world: World, access_token: str, openid: str) -> Answered:
    token = live_token(world, access_token)
    if token is None or not token.person_id:
        return refusal(40001, "invalid credential, access_token is invalid or not latest")
    if token.scope != "snsapi_userinfo":
        return refusal(48001, "api unauthorized")
    person = person_by_openid(token.app_id, openid)
    if person is None or person.id != token.person_id:
        return refusal(40003, "invalid openid")
    return {
        "openid": openid,
        "unionid": person.unionid,
        "nickname": person.nickname,
        "sex": 0,
        "province": "",
        "city": "",
        "country": "",
        "headimgurl": "",
        "privilege": [],
    }


wechat_router = Router(
    "/wxapi",
    route_handlers=[
        jscode2session,
        stable_token,
        getuserphonenumber,
        authorize,
        oauth_access_token,
        userinfo,
    ],
)


def _wrong_app(world: World, app_id: str, secret: str) -> Answered | None:
    apps = world.keys.credentials
    for app in (apps.mini_program, apps.official_account):
        if app.app_id == app_id:
            matches = secrets.compare_digest(app.secret.encode(), secret.encode())
            return None if matches else refusal(40125, "invalid appsecret")
    return refusal(40013, "invalid appid")


def _use_code(world: World, code: str, *, purpose: str, app_id: str) -> _Code | Answered:
    found = world.store.one(
        _Code,
        "SELECT * FROM login_codes WHERE code = ? AND purpose = ? AND app_id = ?",
        code,
        purpose,
        app_id,
    )
    if found is None or found.expires_at <= world.now():
        return refusal(40029, "invalid code")
    once = "UPDATE login_codes SET used = 1 WHERE code = ? AND used = 0"
    if not world.store.run(once, code):
        return refusal(40163, "code been used")
    return found


def _issue_token(world: World, *, app_id: str, person_id: str, scope: str) -> _Token:
    token = _Token(
        token=secrets.token_urlsafe(48),
        app_id=app_id,
        person_id=person_id,
        scope=scope,
        expires_at=world.now() + TOKEN_SECONDS,
    )
    world.store.run(
        "INSERT INTO tokens VALUES (?, ?, ?, ?, ?)",
        token.token,
        token.app_id,
        token.person_id,
        token.scope,
        token.expires_at,
    )
    return token


def live_token(world: World, token: str) -> _Token | None:
    return world.store.one(
        _Token, "SELECT * FROM tokens WHERE token = ? AND expires_at > ?", token, world.now()
    )


def _person(person_id: str) -> Person:
    person = person_by_id(person_id)
    if person is None:
        raise LookupError(person_id)
    return person
