"""The merchant's pages: promoters, commissions, the programme. Given by name: `words`, `codes`."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from weike import sharing
from weike.distribution.compliance.check_plan import PlanVerdict, check_plan
from weike.distribution.compliance.plan import Plan
from weike.distribution.income import IncomeRow, income_page
from weike.distribution.model import (
    Audience,
    BindingRules,
    CommissionState,
    Conflict,
    CustomerJoins,
    Happening,
    Programme,
    PromoterState,
    Renewal,
)
from weike.distribution.promoter_desk import (
    PromoterDetail,
    PromoterRow,
    promoter_detail,
    promoters_page,
)
from weike.distribution.queries import commissions, programmes
from weike.distribution.set_programme import set_programme
from weike.distribution.suspend_promoter import resume_promoter, suspend_promoter
from weike.kernel import Database, Page, Tx
from weike.kernel.edge import Caller, staff
from weike.kernel.words import Words

_Limit = Annotated[int, QueryParameter(ge=1, le=100)]
_Words = Annotated[str | None, QueryParameter(name="q", max_length=60)]
_Number = Annotated[str | None, QueryParameter(name="q", max_length=40)]
_Days = Annotated[int, msgspec.Meta(ge=1, le=3650)]
_Rate = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
_RULES = BindingRules()


class Reason(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    reason: Annotated[str, msgspec.Meta(min_length=2, max_length=500)]


class StateSum(msgspec.Struct, kw_only=True):
    state: CommissionState
    count: int
    amount_minor: int


class CommissionSummary(msgspec.Struct, kw_only=True):
    by_state: list[StateSum]


class CommissionRows(msgspec.Struct, kw_only=True):
    items: list[IncomeRow]


class ProgrammeRules(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Rates in basis points, times in days; docs/algorithms/binding.md says what each rule of
    binding means. Null protection: nobody takes over; null validity: without end."""

    rate_bp: _Rate
    cap_bp: _Rate
    hold_days: Annotated[int, msgspec.Meta(ge=0, le=90)]
    click_window_days: Annotated[int, msgspec.Meta(ge=1, le=35)]
    trigger: Happening = _RULES.trigger
    audience: Audience = _RULES.audience
    new_member_hours: Annotated[int, msgspec.Meta(ge=1, le=8760)] = _RULES.new_member_hours
    protect_days: Annotated[int, msgspec.Meta(ge=0, le=365)] | None = _RULES.protect_days
    validity_days: _Days | None = _RULES.validity_days
    renew_on: Renewal = _RULES.renew_on
    renew_days: _Days = _RULES.renew_days
    conflict: Conflict = _RULES.conflict
    idle_days: Annotated[int, msgspec.Meta(ge=30, le=3650)] | None = _RULES.idle_days
    employees_take_over: bool = _RULES.employees_take_over
    customer_joins: CustomerJoins = _RULES.customer_joins

    def programme(self) -> Programme:
        rules = msgspec.structs.asdict(self)
        binding = BindingRules(**{field.name: rules.pop(field.name) for field in fields(_RULES)})
        return Programme(version=0, binding=binding, **rules)


class ProgrammeInForce(ProgrammeRules, kw_only=True):
    """Version 0 is what every shop starts with."""

    version: int
    effective_at: datetime | None


@get("/api/console/promoters", opt=staff("promoters.read"), operation_id="list_promoters")
async def list_promoters(
    caller: Caller,
    database: Database,
    asked: _Words = None,
    in_state: Annotated[PromoterState | None, QueryParameter(name="state")] = None,
    cursor: str | None = None,
    limit: _Limit = 20,
) -> Page[PromoterRow]:
    return await database.run(
        caller.tenant_id,
        lambda tx: promoters_page(tx, query=asked, state=in_state, cursor=cursor, limit=limit),
    )


@get(
    "/api/console/promoters/{member_id:uuid}",
    opt=staff("promoters.read"),
    operation_id="show_promoter",
)
async def show_promoter(
    member_id: UUID,
    caller: Caller,
    database: Database,
    codes: sharing.ShareCodes,
    words: Words,
) -> PromoterDetail:
    return await database.run(
        caller.tenant_id, lambda tx: promoter_detail(tx, codes, member_id, words=words)
    )


@post(
    "/api/console/promoters/{member_id:uuid}/suspend",
    opt=staff("promoters.write"),
    operation_id="suspend_promoter",
    status_code=204,
)
async def suspend(
    member_id: UUID, data: Reason, caller: Caller, database: Database, now: datetime
) -> None:
    await database.run(
        caller.tenant_id,
        lambda tx: suspend_promoter(
            tx, member_id=member_id, reason=data.reason, by=caller, now=now
        ),
    )


@post(
    "/api/console/promoters/{member_id:uuid}/resume",
    opt=staff("promoters.write"),
    operation_id="resume_promoter",
    status_code=204,
)
async def resume(
    member_id: UUID, data: Reason, caller: Caller, database: Database, now: datetime
) -> None:
    await database.run(
        caller.tenant_id,
        lambda tx: resume_promoter(tx, member_id=member_id, reason=data.reason, by=caller, now=now),
    )


@get("/api/console/commissions", opt=staff("commissions.read"), operation_id="list_commissions")
async def list_commissions(
    caller: Caller,
    database: Database,
    words: Words,
    in_state: Annotated[CommissionState | None, QueryParameter(name="state")] = None,
    promoter_id: UUID | None = None,
    number: _Number = None,
    cursor: str | None = None,
    limit: _Limit = 20,
) -> Page[IncomeRow]:
    return await database.run(
        caller.tenant_id,
        lambda tx: income_page(
            tx,
            words=words,
            masked=False,
            promoter_id=promoter_id,
            state=in_state,
            number=number,
            cursor=cursor,
            limit=limit,
        ),
    )


@get(
    "/api/console/commissions/summary",
    opt=staff("commissions.read"),
    operation_id="summarise_commissions",
)
async def summary(caller: Caller, database: Database) -> CommissionSummary:
    rows = await database.run(caller.tenant_id, lambda tx: commissions.totals_by_state(tx, None))
    found = {CommissionState(row["state"]): row for row in rows}
    return CommissionSummary(
        by_state=[
            StateSum(
                state=state,
                count=found[state]["count"] if state in found else 0,
                amount_minor=found[state]["amount_minor"] if state in found else 0,
            )
            for state in CommissionState
        ]
    )


@get(
    "/api/console/orders/{order_id:uuid}/commissions",
    opt=staff("commissions.read"),
    operation_id="commissions_of_order",
)
async def of_order(
    order_id: UUID, caller: Caller, database: Database, words: Words
) -> CommissionRows:
    page = await database.run(
        caller.tenant_id,
        lambda tx: income_page(tx, words=words, masked=False, order_id=order_id, limit=100),
    )
    return CommissionRows(items=page.items)


@get("/api/console/programme", opt=staff("promoters.read"), operation_id="show_programme")
async def show_programme(caller: Caller, database: Database, now: datetime) -> ProgrammeInForce:
    return await database.run(caller.tenant_id, lambda tx: _in_force(tx, now))


@post(
    "/api/console/programme/check",
    opt=staff("promoters.read"),
    operation_id="check_plan",
    status_code=200,
)
async def check(data: Plan, caller: Caller, database: Database, words: Words) -> PlanVerdict:
    """Of any wish, also of those that could never be stored."""
    return await database.run(caller.tenant_id, lambda tx: check_plan(tx, data, words=words))


@put("/api/console/programme", opt=staff("promoters.write"), operation_id="set_programme")
async def change_programme(
    data: ProgrammeRules, caller: Caller, database: Database, now: datetime
) -> ProgrammeInForce:
    async def work(tx: Tx) -> ProgrammeInForce:
        await set_programme(tx, data.programme(), by=caller, now=now)
        return await _in_force(tx, now)

    return await database.run(caller.tenant_id, work)


async def _in_force(tx: Tx, now: datetime) -> ProgrammeInForce:
    programme = await programmes.programme_at(tx, now)
    _, effective_at = await programmes.latest_version(tx)
    return ProgrammeInForce(
        version=programme.version,
        effective_at=effective_at,
        rate_bp=programme.rate_bp,
        cap_bp=programme.cap_bp,
        hold_days=programme.hold_days,
        click_window_days=programme.click_window_days,
        **asdict(programme.binding),
    )


ROUTES: tuple[HTTPRouteHandler, ...] = (
    list_promoters,
    show_promoter,
    suspend,
    resume,
    list_commissions,
    summary,
    of_order,
    show_programme,
    check,
    change_programme,
)
