"""Becoming a promoter: read the agreement, accept it. Given by name: `codes`, `words`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.handlers import HTTPRouteHandler

from weike import sharing
from weike.distribution.join_promoter import join_promoter
from weike.distribution.model import AGREEMENT_VERSION, PromoterState
from weike.kernel import Database, Tx
from weike.kernel.edge import MEMBER, SHOP, Caller
from weike.kernel.words import Words

_PARAGRAPHS = 6


class Agreement(msgspec.Struct, kw_only=True):
    version: str
    title: str
    paragraphs: list[str]


class JoinPromoters(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`share_code` of the invitation she came through, if any; a wrong one refuses nothing."""

    agreement_version: Annotated[str, msgspec.Meta(max_length=20)]
    share_code: Annotated[str, msgspec.Meta(max_length=32)] | None = None


class Promoter(msgspec.Struct, kw_only=True):
    member_id: UUID
    state: PromoterState


@get("/api/shop/promoter/agreement", opt=SHOP, operation_id="promoter_agreement")
async def agreement(words: Words) -> Agreement:
    return Agreement(
        version=AGREEMENT_VERSION,
        title=words("distribution.agreement.title"),
        paragraphs=[
            words(f"distribution.agreement.{number}") for number in range(1, _PARAGRAPHS + 1)
        ],
    )


@post("/api/shop/promoter", opt=MEMBER, operation_id="join_promoters", status_code=200)
async def join(
    data: JoinPromoters,
    caller: Caller,
    database: Database,
    codes: sharing.ShareCodes,
    now: datetime,
) -> Promoter:
    async def work(tx: Tx) -> PromoterState:
        code = data.share_code
        return await join_promoter(
            tx,
            member_id=caller.member_id,
            agreement_version=data.agreement_version,
            invitation=await sharing.share_of_code(tx, codes, code) if code else None,
            now=now,
        )

    state = await database.run(caller.tenant_id, work)
    return Promoter(member_id=caller.member_id, state=state)


ROUTES: tuple[HTTPRouteHandler, ...] = (agreement, join)
