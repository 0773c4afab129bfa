"""Members as the merchant sees them, and the WeChat apps they sign in through."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from litestar.response import Stream
from msgspec import Meta

from weike.kernel import PAGE_LIMIT, Database, Page, Tx
from weike.kernel.edge import Caller, staff
from weike.kernel.edge.sheets import FileForm
from weike.kernel.words import Words
from weike.members import wechat_apps
from weike.members.list_queries import MemberSort
from weike.members.member_list import (
    ListedMember,
    MemberDetail,
    MemberSearch,
    member_detail,
    member_page,
    members_sheet,
)
from weike.members.ports import MemberFigures
from weike.members.sealing import PhoneSeal
from weike.members.sign_in_by_wechat import AppKind, WeChatSignIn
from weike.members.wechat_apps import WeChatApp
from weike.tenancy import record_audit


class WeChatAppInput(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Without a secret the known one stays."""

    app_id: Annotated[str, Meta(pattern="^wx[0-9A-Za-z]{6,30}$")]
    secret: Annotated[str, Meta(min_length=8, max_length=128)] | None = None


class WeChatAppsInput(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Null removes an app."""

    mini: WeChatAppInput | None = None
    official: WeChatAppInput | None = None


class WeChatAppsOutput(msgspec.Struct, kw_only=True):
    """Secrets are never read back."""

    mini: WeChatApp | None
    official: WeChatApp | None


Find = Annotated[str, QueryParameter(max_length=50)]


@get(
    "/api/console/members",
    opt=staff("members.read"),
    operation_id="list_members",
    tags=["console"],
)
async def list_members(
    caller: Caller,
    database: Database,
    phone_seal: PhoneSeal,
    member_figures: MemberFigures,
    words: Words,
    q: Find = "",
    tag_id: UUID | None = None,
    level_id: UUID | None = None,
    joined_from: datetime | None = None,
    joined_until: datetime | None = None,
    sort: MemberSort = "newest",
    cursor: str | None = None,
    limit: Annotated[int, QueryParameter(ge=1, le=PAGE_LIMIT)] = 20,
) -> Page[ListedMember]:
    """`q` is part of a nickname, a phone number, its last four digits, or an id."""
    search = MemberSearch(
        query=q,
        tag_id=tag_id,
        level_id=level_id,
        joined_from=joined_from,
        joined_until=joined_until,
        sort=sort,
    )
    return await database.run(
        caller.tenant_id,
        lambda tx: member_page(
            tx, phone_seal, member_figures, search, cursor=cursor, limit=limit, words=words
        ),
    )


@get(
    "/api/console/members/export",
    opt=staff("members.read"),
    operation_id="export_members",
    tags=["console"],
)
async def export_members(
    caller: Caller,
    database: Database,
    phone_seal: PhoneSeal,
    member_figures: MemberFigures,
    words: Words,
    now: datetime,
    form: FileForm = "xlsx",
    q: Find = "",
    tag_id: UUID | None = None,
    level_id: UUID | None = None,
    joined_from: datetime | None = None,
    joined_until: datetime | None = None,
    sort: MemberSort = "newest",
) -> Stream:
    """What the list shows, as a file; who took it stands in the audit log."""
    search = MemberSearch(
        query=q,
        tag_id=tag_id,
        level_id=level_id,
        joined_from=joined_from,
        joined_until=joined_until,
        sort=sort,
    )
    await database.run(
        caller.tenant_id,
        lambda tx: record_audit(
            tx,
            actor=caller,
            action="members.exported",
            subject_type="shop",
            subject_id=tx.tenant_id,
            detail={"form": form},
            now=now,
        ),
    )
    return members_sheet(
        database,
        phone_seal,
        member_figures,
        search,
        tenant_id=caller.tenant_id,
        form=form,
        words=words,
    )


@get(
    "/api/console/members/{member_id:uuid}",
    opt=staff("members.read"),
    operation_id="read_member",
    tags=["console"],
)
async def read_member(
    caller: Caller,
    database: Database,
    member_figures: MemberFigures,
    words: Words,
    member_id: UUID,
) -> MemberDetail:
    return await database.run(
        caller.tenant_id,
        lambda tx: member_detail(tx, member_figures, member_id=member_id, words=words),
    )


@get(
    "/api/console/wechat-sign-in",
    opt=staff("settings.read"),
    operation_id="read_wechat_sign_in",
    tags=["console"],
)
async def read_wechat_apps(caller: Caller, database: Database) -> WeChatAppsOutput:
    return await database.run(caller.tenant_id, _apps)


@put(
    "/api/console/wechat-sign-in",
    opt=staff("settings.write"),
    operation_id="put_wechat_sign_in",
    tags=["console"],
)
async def put_wechat_apps(
    caller: Caller,
    database: Database,
    wechat_sign_in: WeChatSignIn,
    data: WeChatAppsInput,
    now: datetime,
) -> WeChatAppsOutput:
    """The apps that members sign in through."""
    asked: tuple[tuple[AppKind, WeChatAppInput | None], ...] = (
        ("mini", data.mini),
        ("official", data.official),
    )

    async def work(tx: Tx) -> WeChatAppsOutput:
        for kind, app in asked:
            if app is None:
                await wechat_apps.remove_wechat_app(tx, actor=caller, kind=kind, now=now)
                continue
            await wechat_apps.put_wechat_app(
                tx,
                wechat_sign_in.secrets,
                actor=caller,
                kind=kind,
                app_id=app.app_id,
                secret=app.secret,
                now=now,
            )
        return await _apps(tx)

    return await database.run(caller.tenant_id, work)


async def _apps(tx: Tx) -> WeChatAppsOutput:
    apps = await wechat_apps.wechat_apps(tx)
    return WeChatAppsOutput(mini=apps.get("mini"), official=apps.get("official"))


CONSOLE_ROUTES: tuple[HTTPRouteHandler, ...] = (
    list_members,
    export_members,
    read_member,
    read_wechat_apps,
    put_wechat_apps,
)
