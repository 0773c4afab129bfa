"""The promoter's own pages. Given by name: `codes`, `words`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from weike import catalog, sharing
from weike.distribution.income import IncomeRow, income_page
from weike.distribution.model import CommissionState
from weike.distribution.promoter_pages import (
    Customer,
    Estimate,
    PromoterHome,
    PushGood,
    SharedThing,
    customers_page,
    estimate_of,
    goods_to_push,
    promoter_home,
    require_promoter,
    shared_things,
)
from weike.kernel import Database, Page, Tx
from weike.kernel.edge import MEMBER, Caller
from weike.kernel.words import Words

_Limit = Annotated[int, QueryParameter(ge=1, le=100)]
_Words = Annotated[str | None, QueryParameter(name="q", max_length=60)]


@get("/api/promoter/home", opt=MEMBER, operation_id="promoter_home")
async def home(caller: Caller, database: Database, now: datetime) -> PromoterHome:
    return await database.run(
        caller.tenant_id, lambda tx: promoter_home(tx, caller.member_id, now=now)
    )


@get("/api/promoter/goods", opt=MEMBER, operation_id="promoter_goods")
async def goods(
    caller: Caller,
    database: Database,
    words: Words,
    now: datetime,
    asked: _Words = None,
    sort: catalog.ProductOrder = catalog.ProductOrder.DEFAULT,
    cursor: str | None = None,
    limit: _Limit = 20,
) -> Page[PushGood]:
    return await database.run(
        caller.tenant_id,
        lambda tx: goods_to_push(
            tx,
            caller.member_id,
            query=asked,
            sort=sort,
            cursor=cursor,
            limit=limit,
            words=words,
            now=now,
        ),
    )


@get(
    "/api/promoter/products/{product_id:uuid}/estimate",
    opt=MEMBER,
    operation_id="promoter_estimate",
)
async def estimate(product_id: UUID, caller: Caller, database: Database, now: datetime) -> Estimate:
    return await database.run(
        caller.tenant_id, lambda tx: estimate_of(tx, caller.member_id, product_id, now=now)
    )


@get("/api/promoter/income", opt=MEMBER, operation_id="promoter_income")
async def income(
    caller: Caller,
    database: Database,
    words: Words,
    in_state: Annotated[CommissionState | None, QueryParameter(name="state")] = None,
    cursor: str | None = None,
    limit: _Limit = 20,
) -> Page[IncomeRow]:
    async def work(tx: Tx) -> Page[IncomeRow]:
        await require_promoter(tx, caller.member_id)
        return await income_page(
            tx,
            words=words,
            masked=True,
            promoter_id=caller.member_id,
            state=in_state,
            cursor=cursor,
            limit=limit,
        )

    return await database.run(caller.tenant_id, work)


@get("/api/promoter/shares", opt=MEMBER, operation_id="promoter_shares")
async def shares(
    caller: Caller,
    database: Database,
    codes: sharing.ShareCodes,
    words: Words,
    cursor: str | None = None,
    limit: _Limit = 20,
) -> Page[SharedThing]:
    async def work(tx: Tx) -> Page[SharedThing]:
        await require_promoter(tx, caller.member_id)
        return await shared_things(
            tx, codes, caller.member_id, words=words, cursor=cursor, limit=limit
        )

    return await database.run(caller.tenant_id, work)


@get("/api/promoter/customers", opt=MEMBER, operation_id="promoter_customers")
async def customers(
    caller: Caller, database: Database, cursor: str | None = None, limit: _Limit = 20
) -> Page[Customer]:
    async def work(tx: Tx) -> Page[Customer]:
        await require_promoter(tx, caller.member_id)
        return await customers_page(tx, caller.member_id, cursor=cursor, limit=limit)

    return await database.run(caller.tenant_id, work)


ROUTES: tuple[HTTPRouteHandler, ...] = (home, goods, estimate, income, shares, customers)
