"""HTTP of the ways to pay: what the cashier shows a buyer, and what the merchant offers where."""

from datetime import datetime
from typing import Annotated, Literal

from litestar import get, put
from litestar.handlers import HTTPRouteHandler
from msgspec import Meta, Struct

from weike import tenancy
from weike.kernel import Database, Tx
from weike.kernel.edge import MEMBER, Caller, staff
from weike.payment import queries, way_queries
from weike.payment.balance import spendable_minor
from weike.payment.errors import SettingsChanged
from weike.payment.ways import Place, Way, WayOffered, WaysOffered, ways_for


class PayWays(Struct, kw_only=True):
    """In the merchant's order; one is recommended."""

    items: list[WayOffered]


class OfferedWays(Struct, forbid_unknown_fields=True, kw_only=True):
    """`version` is that of the settings that were shown. `set_up` names the channels that can take
    money at all; it is not for writing."""

    in_browser: Annotated[list[Way], Meta(max_length=3)]
    in_wechat: Annotated[list[Literal["wechat", "balance"]], Meta(max_length=2)]
    version: int = 0
    set_up: list[str] = []


@get("/api/shop/pay-ways", opt=MEMBER, operation_id="pay_ways", tags=["shop"])
async def pay_ways(
    caller: Caller,
    database: Database,
    now: datetime,
    place: Place,
    amount_minor: Annotated[int, Meta(ge=0)] = 0,
    purpose: Literal["order", "top_up"] = "order",
) -> PayWays:
    """Inside WeChat only WeChat Pay can be offered; a balance cannot pay for itself."""

    async def read(tx: Tx) -> list[WayOffered]:
        balance = None
        if purpose == "order":
            balance = await spendable_minor(tx, caller.member_id, now=now)
        return ways_for(
            await way_queries.ways_offered(tx),
            place=place,
            usable=await queries.active_providers(tx),
            balance_minor=balance,
            amount_minor=amount_minor,
        )

    return PayWays(items=await database.run(caller.tenant_id, read))


@get("/api/console/payment/ways", opt=staff("settings.read"), operation_id="offered_ways")
async def offered_ways(caller: Caller, database: Database) -> OfferedWays:
    return await database.run(caller.tenant_id, _offered)


@put("/api/console/payment/ways", opt=staff("settings.write"), operation_id="offer_ways")
async def offer_ways(
    caller: Caller, database: Database, now: datetime, data: OfferedWays
) -> OfferedWays:
    ways = WaysOffered(
        in_browser=tuple(dict.fromkeys(data.in_browser)),
        in_wechat=tuple(dict.fromkeys(data.in_wechat)),
        version=data.version + 1,
    )

    async def keep(tx: Tx) -> OfferedWays:
        if not await way_queries.write_ways(tx, ways, now=now):
            raise SettingsChanged()
        await tenancy.record_audit(
            tx,
            actor=caller,
            action="payment.ways_offered",
            subject_type="payment_ways",
            subject_id=str(ways.version),
            detail={"in_browser": list(ways.in_browser), "in_wechat": list(ways.in_wechat)},
            now=now,
        )
        return await _offered(tx)

    return await database.run(caller.tenant_id, keep)


WAY_ROUTES: tuple[HTTPRouteHandler, ...] = (pay_ways, offered_ways, offer_ways)


async def _offered(tx: Tx) -> OfferedWays:
    ways = await way_queries.ways_offered(tx)
    return OfferedWays(
        in_browser=list(ways.in_browser),
        in_wechat=[one for one in ways.in_wechat if one != "alipay"],
        version=ways.version,
        set_up=sorted(await queries.active_providers(tx)),
    )
