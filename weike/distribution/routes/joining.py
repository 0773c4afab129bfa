"""Becoming a promoter: read the agreement, accept it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.handlers import HTTPRouteHandler

from weike.distribution.join_promoter import join_promoter
from weike.distribution.model import AGREEMENT_VERSION, PromoterState
from weike.kernel import Database
from weike.kernel.edge import MEMBER, SHOP, Caller
from weike.kernel.words import Words

_PARAGRAPHS = 6


class Agreement(msgspec.Struct, kw_only=True):
    version: str
    title: str
    paragraphs: list[str]


class JoinPromoters(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    agreement_version: Annotated[str, msgspec.Meta(max_length=20)]


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
async def join(data: JoinPromoters, caller: Caller, database: Database, now: datetime) -> Promoter:
    state = await database.run(
        caller.tenant_id,
        lambda tx: join_promoter(
            tx, member_id=caller.member_id, agreement_version=data.agreement_version, now=now
        ),
    )
    return Promoter(member_id=caller.member_id, state=state)


ROUTES: tuple[HTTPRouteHandler, ...] = (agreement, join)
