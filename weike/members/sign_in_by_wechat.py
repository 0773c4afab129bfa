"""Signing in through WeChat: inside the mini-program, or on a page by way of the official account.

Who somebody is comes from WeChat's answer to us, never from the browser. The way there and back is
tied to one browser: it holds a random cookie of which the state remembers a hash.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from weike.kernel import Database, TenantId, Tx, uuid7
from weike.kernel.sealing import TenantBox
from weike.members import queries
from weike.members.ensure_member import ensure_wechat_member
from weike.members.errors import StateUnknown, WeChatNotSetUp, WeChatRefused, WeChatUnreachable
from weike.members.events import Channel
from weike.members.model import return_address
from weike.members.ports import Ok, Refused, Unknown, WeChat, WeChatPerson
from weike.members.sessions import open_member_session
from weike.members.sign_in_by_phone import MemberSignedIn
from weike.tenancy import Limit, count_attempt

STATE_LIFE = timedelta(minutes=10)

AppKind = Literal["mini", "official"]


@dataclass(frozen=True, slots=True)
class WeChatSignIn:
    """What signing in through WeChat needs of the installation; one per process.

    `origins` are the addresses of this installation ("https://shop.example.com"), the first one is
    where paths are completed; a browser is sent nowhere else.
    """

    wechat: WeChat
    secrets: TenantBox
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WayThere:
    """`browser` goes into the browser's cookie and nowhere else."""

    url: str
    browser: str


async def sign_in_in_mini_program(
    database: Database,
    setup: WeChatSignIn,
    *,
    tenant_id: TenantId,
    code: str,
    share_code: str | None,
    ip: str,
    now: datetime,
) -> MemberSignedIn:
    """Refuses with WeChatNotSetUp, WeChatRefused, WeChatUnreachable, MemberBlocked."""
    await _count(database, tenant_id, ip, now=now)
    app_id, secret = await _app(database, setup, tenant_id, "mini")
    told = await setup.wechat.mini_program_person(app_id=app_id, secret=secret, code=code)
    return await _enter(
        database,
        tenant_id,
        told,
        provider="wechat_mini",
        app_id=app_id,
        share_code=share_code,
        now=now,
    )


async def way_to_wechat(
    database: Database, setup: WeChatSignIn, *, tenant_id: TenantId, return_to: str, now: datetime
) -> WayThere:
    """Refuses with WeChatNotSetUp, ReturnNotAllowed."""
    address = return_address(return_to, setup.origins)
    app_id, _ = await _app(database, setup, tenant_id, "official")
    state, browser = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    await database.run(
        tenant_id,
        lambda tx: queries.insert_state(
            tx,
            state_hash=_hash(state),
            browser_hash=_hash(browser),
            expires_at=now + STATE_LIFE,
        ),
    )
    url = setup.wechat.authorize_url(app_id=app_id, redirect_uri=address, state=state)
    return WayThere(url, browser)


async def sign_in_from_wechat(
    database: Database,
    setup: WeChatSignIn,
    *,
    tenant_id: TenantId,
    code: str,
    state: str,
    browser: str,
    share_code: str | None,
    ip: str,
    now: datetime,
) -> MemberSignedIn:
    """The way back. Refuses with StateUnknown and as the mini-program does."""
    await _count(database, tenant_id, ip, now=now)
    # Before WeChat is asked: a code that somebody planted in this browser is not even tried.
    is_known = await database.run(
        tenant_id,
        lambda tx: queries.use_state(
            tx, state_hash=_hash(state), browser_hash=_hash(browser), now=now
        ),
    )
    if not is_known:
        raise StateUnknown(field="state")
    app_id, secret = await _app(database, setup, tenant_id, "official")
    told = await setup.wechat.official_account_person(app_id=app_id, secret=secret, code=code)
    return await _enter(
        database,
        tenant_id,
        told,
        provider="wechat_official",
        app_id=app_id,
        share_code=share_code,
        now=now,
    )


async def _app(
    database: Database, setup: WeChatSignIn, tenant_id: TenantId, kind: AppKind
) -> tuple[str, str]:
    apps = await database.run(tenant_id, queries.wechat_apps)
    if kind not in apps:
        raise WeChatNotSetUp()
    return apps[kind]["app_id"], setup.secrets.open(tenant_id, apps[kind]["secret_cipher"])


async def _enter(
    database: Database,
    tenant_id: TenantId,
    told: Ok[WeChatPerson] | Refused | Unknown,
    *,
    provider: Channel,
    app_id: str,
    share_code: str | None,
    now: datetime,
) -> MemberSignedIn:
    if isinstance(told, Refused):
        raise WeChatRefused(field="code", wechat_code=told.code)
    if isinstance(told, Unknown):
        raise WeChatUnreachable(retry_after=3)
    person = told.value

    async def enter(tx: Tx) -> MemberSignedIn:
        ensured = await ensure_wechat_member(
            tx,
            member_id=uuid7(now),
            provider=provider,
            app_id=app_id,
            person=person,
            share_code=share_code,
            now=now,
        )
        token = await open_member_session(tx, ensured.member_id, now=now)
        return MemberSignedIn(token=token, member_id=ensured.member_id, is_new=ensured.is_new)

    return await database.run(tenant_id, enter)


async def _count(database: Database, tenant_id: TenantId, ip: str, *, now: datetime) -> None:
    tries = [Limit("wechat try ip", ip, 120, timedelta(minutes=15))]
    await count_attempt(database, tenant_id, tries, now=now)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
