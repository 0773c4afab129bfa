"""The merchant's own WeChat apps: which ids and secrets members sign in through."""

from __future__ import annotations

from datetime import datetime

import msgspec

from weike.kernel import Tx
from weike.kernel.edge import Caller
from weike.kernel.sealing import TenantBox
from weike.members import queries
from weike.members.errors import WeChatNotSetUp
from weike.members.sign_in_by_wechat import AppKind
from weike.tenancy import record_audit


class WeChatApp(msgspec.Struct, frozen=True, kw_only=True):
    """The secret is written and never read back."""

    app_id: str


async def wechat_apps(tx: Tx) -> dict[AppKind, WeChatApp]:
    rows = await queries.wechat_apps(tx)
    kinds: tuple[AppKind, ...] = ("mini", "official")
    return {kind: WeChatApp(app_id=rows[kind]["app_id"]) for kind in kinds if kind in rows}


async def wechat_login(tx: Tx) -> bool:
    """Members can sign in through WeChat in this shop, one way or another."""
    return bool(await queries.wechat_apps(tx))


async def wechat_app_secret(tx: Tx, secrets: TenantBox, kind: AppKind) -> tuple[str, str] | None:
    """(app id, secret), to speak to WeChat as this app; None when the shop has none."""
    known = (await queries.wechat_apps(tx)).get(kind)
    if known is None:
        return None
    return known["app_id"], secrets.open(tx.tenant_id, known["secret_cipher"])


async def put_wechat_app(
    tx: Tx,
    secrets: TenantBox,
    *,
    actor: Caller | str,
    kind: AppKind,
    app_id: str,
    secret: str | None,
    now: datetime,
) -> None:
    """Without a secret the known one stays, if the app is the same. Refuses with WeChatNotSetUp."""
    known = (await queries.wechat_apps(tx)).get(kind)
    if secret is not None:
        sealed = secrets.seal(tx.tenant_id, secret)
    elif known is not None and known["app_id"] == app_id:
        return
    else:
        raise WeChatNotSetUp(field=f"{kind}.secret")
    await queries.put_wechat_app(tx, kind=kind, app_id=app_id, secret_cipher=sealed, now=now)
    await _record(tx, actor, "wechat_app.set", kind, app_id, now=now)


async def remove_wechat_app(tx: Tx, *, actor: Caller | str, kind: AppKind, now: datetime) -> None:
    known = (await queries.wechat_apps(tx)).get(kind)
    if known is not None:
        await queries.delete_wechat_app(tx, kind)
        await _record(tx, actor, "wechat_app.removed", kind, known["app_id"], now=now)


async def _record(
    tx: Tx, actor: Caller | str, action: str, kind: AppKind, app_id: str, *, now: datetime
) -> None:
    await record_audit(
        tx,
        actor=actor,
        action=action,
        subject_type="wechat_app",
        subject_id=kind,
        detail={"app_id": app_id},
        now=now,
    )
