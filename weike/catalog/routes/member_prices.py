"""Member prices of a product, for the console's product editor."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from litestar import get, put
from litestar.handlers import HTTPRouteHandler

from weike.catalog.member_prices import MemberPrices, member_prices, put_member_prices
from weike.kernel import Database, Tx
from weike.kernel.edge import Caller, staff
from weike.tenancy import record_audit


@get(
    "/api/console/products/{product_id:uuid}/member-prices",
    opt=staff("products.read"),
    operation_id="read_member_prices",
    tags=["console"],
)
async def read_member_prices(caller: Caller, database: Database, product_id: UUID) -> MemberPrices:
    return await database.run(caller.tenant_id, lambda tx: member_prices(tx, product_id))


@put(
    "/api/console/products/{product_id:uuid}/member-prices",
    opt=staff("products.write"),
    operation_id="put_member_prices",
    tags=["console"],
)
async def write_member_prices(
    caller: Caller, database: Database, product_id: UUID, data: MemberPrices, now: datetime
) -> MemberPrices:
    """By the level's discount, by the SKUs' own prices, or none."""

    async def work(tx: Tx) -> MemberPrices:
        kept = await put_member_prices(tx, product_id, data)
        await record_audit(
            tx,
            actor=caller,
            action="product.member_prices_set",
            subject_type="product",
            subject_id=product_id,
            detail={"member_pricing": data.member_pricing},
            now=now,
        )
        return kept

    return await database.run(caller.tenant_id, work)


ROUTES: tuple[HTTPRouteHandler, ...] = (read_member_prices, write_member_prices)
