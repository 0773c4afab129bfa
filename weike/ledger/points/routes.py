"""Points over HTTP: for their owner, and for the shop's people."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from msgspec import Meta

from weike import members, tenancy
from weike.kernel import PAGE_LIMIT, Database, Page, Tx
from weike.kernel.edge import MEMBER, Caller, staff
from weike.kernel.words import Words
from weike.ledger.points import queries, reading
from weike.ledger.points.adjust import Adjustment, adjust, adjustments, decide
from weike.ledger.points.change_settings import put_settings
from weike.ledger.points.model import Settings
from weike.ledger.points.reading import PendingPoints, PointsBalance, PointsMove

Limit = Annotated[int, QueryParameter(ge=1, le=PAGE_LIMIT)]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Reason = Annotated[str, Meta(min_length=2, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]


class MyPoints(msgspec.Struct, frozen=True, kw_only=True):
    """The balance, and what points are good for in this shop."""

    balance: PointsBalance
    pending: list[PendingPoints]
    rules: Settings
    after_sale_days: int
    """Points of an order wait this long after its receipt."""


class MemberPoints(msgspec.Struct, frozen=True, kw_only=True):
    balance: PointsBalance
    history: Page[PointsMove]


class SettingsInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    enabled: bool
    per_yuan: Annotated[int, Meta(ge=0, le=1000)]
    value_minor: Annotated[int, Meta(ge=1, le=10_000)]
    most_share_bp: Annotated[int, Meta(ge=0, le=10_000)]
    least: Count
    life_months: Annotated[int, Meta(ge=0, le=120)]
    review: Annotated[int, Meta(ge=0, le=100_000)]
    approve_above: Count


class AdjustmentInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`points` below zero takes points away."""

    id: UUID
    member_id: UUID
    points: Annotated[int, Meta(ge=-1_000_000, le=1_000_000)]
    reason: Reason


class DecisionInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    approve: bool


@get("/api/shop/points", opt=MEMBER, operation_id="my_points", tags=["shop"])
async def read_my_points(caller: Caller, database: Database, now: datetime) -> MyPoints:
    """What there is, what is on its way, what expires soon."""

    async def work(tx: Tx) -> MyPoints:
        shop = await tenancy.shop_settings(tx)
        return MyPoints(
            balance=await reading.balance_of(tx, caller.member_id, now=now),
            pending=await reading.pending_of(tx, caller.member_id),
            rules=await queries.settings(tx),
            after_sale_days=shop.after_sale_days,
        )

    return await database.run(caller.tenant_id, work)


@get("/api/shop/points/history", opt=MEMBER, operation_id="my_points_history", tags=["shop"])
async def read_my_history(
    caller: Caller,
    database: Database,
    words: Words,
    cursor: str | None = None,
    limit: Limit = 20,
) -> Page[PointsMove]:
    """Newest first."""
    return await database.run(
        caller.tenant_id,
        lambda tx: reading.history(tx, caller.member_id, cursor=cursor, limit=limit, words=words),
    )


@get(
    "/api/console/points/settings",
    opt=staff("members.read"),
    operation_id="read_points_settings",
    tags=["console"],
)
async def read_settings(caller: Caller, database: Database) -> Settings:
    return await database.run(caller.tenant_id, queries.settings)


@put(
    "/api/console/points/settings",
    opt=staff("members.write"),
    operation_id="put_points_settings",
    tags=["console"],
)
async def write_settings(
    caller: Caller, database: Database, data: SettingsInput, now: datetime
) -> Settings:
    """What was granted or spent before stays as it was."""
    settings = Settings(**msgspec.structs.asdict(data))
    return await database.run(
        caller.tenant_id, lambda tx: put_settings(tx, settings, actor=caller, now=now)
    )


@get(
    "/api/console/members/{member_id:uuid}/points",
    opt=staff("members.read"),
    operation_id="read_member_points",
    tags=["console"],
)
async def read_member_points(
    caller: Caller,
    database: Database,
    words: Words,
    member_id: UUID,
    now: datetime,
    cursor: str | None = None,
    limit: Limit = 20,
) -> MemberPoints:
    async def work(tx: Tx) -> MemberPoints:
        await members.must_be_member(tx, member_id)
        return MemberPoints(
            balance=await reading.balance_of(tx, member_id, now=now),
            history=await reading.history(tx, member_id, cursor=cursor, limit=limit, words=words),
        )

    return await database.run(caller.tenant_id, work)


@get(
    "/api/console/points/adjustments",
    opt=staff("members.read"),
    operation_id="list_points_adjustments",
    tags=["console"],
)
async def list_adjustments(
    caller: Caller,
    database: Database,
    in_state: Annotated[
        Literal["waiting", "done", "refused"] | None, QueryParameter(name="state")
    ] = None,
    member_id: UUID | None = None,
    cursor: str | None = None,
    limit: Limit = 20,
) -> Page[Adjustment]:
    """Newest first."""
    return await database.run(
        caller.tenant_id,
        lambda tx: adjustments(tx, state=in_state, member_id=member_id, cursor=cursor, limit=limit),
    )


@post(
    "/api/console/points/adjustments",
    opt=staff("members.write"),
    operation_id="adjust_points",
    tags=["console"],
)
async def write_adjustment(
    caller: Caller, database: Database, data: AdjustmentInput, now: datetime
) -> Adjustment:
    """At once, or waiting for a second person when it is above the shop's limit."""
    return await database.run(
        caller.tenant_id,
        lambda tx: adjust(
            tx,
            adjustment_id=data.id,
            member_id=data.member_id,
            points=data.points,
            reason=data.reason.strip(),
            caller=caller,
            now=now,
        ),
    )


@post(
    "/api/console/points/adjustments/{adjustment_id:uuid}/decide",
    opt=staff("points.approve"),
    operation_id="decide_points_adjustment",
    tags=["console"],
    status_code=200,
)
async def decide_adjustment(
    caller: Caller,
    database: Database,
    adjustment_id: UUID,
    data: DecisionInput,
    now: datetime,
) -> Adjustment:
    """By somebody else than who asked."""
    return await database.run(
        caller.tenant_id,
        lambda tx: decide(
            tx, adjustment_id=adjustment_id, approve=data.approve, caller=caller, now=now
        ),
    )


ROUTES: tuple[HTTPRouteHandler, ...] = (
    read_my_points,
    read_my_history,
    read_settings,
    write_settings,
    read_member_points,
    list_adjustments,
    write_adjustment,
    decide_adjustment,
)
